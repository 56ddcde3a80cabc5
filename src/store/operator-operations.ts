/** What can be asked of the writer for whoever runs the service: one row an operation, as in `operations.ts`. */

import type { NewPasskey } from "../core/accounts/passkey.ts";
import type { NewAuditEntry } from "../core/audit-entry.ts";
import type { HostId } from "../core/host.ts";
import type {
  DeliveryId,
  DeliveryResult,
  IncidentKind,
  NewChannel,
  NotificationKind,
  Telling,
} from "../core/notification.ts";
import type { UserId } from "../core/user.ts";
import { appendAudit, findAuditEnd, listAudit, readAudit } from "./audit-rows.ts";
import * as rows from "./channel-rows.ts";
import { listHeld, listSignals } from "./held-rows.ts";
import type { AuditFilter, OperatorStore, SettingChange } from "./operator-store.ts";
import * as passkeys from "./passkey-rows.ts";
import { forgetBefore } from "./retention-rows.ts";
import { changeSettings, listSettings } from "./setting-rows.ts";
import type { Writer } from "./writer.ts";

export const operatorOperations = {
  appendAudit: (writer: Writer, entry: NewAuditEntry) =>
    writer.edit(({ database, nowMs }) => appendAudit(database, entry, nowMs)),
  readAudit: (writer: Writer, afterId: number, limit: number) =>
    writer.read((database) => readAudit(database, afterId, limit)),
  findAuditEnd: (writer: Writer) => writer.read((database) => findAuditEnd(database)),
  listAudit: (writer: Writer, filter: AuditFilter) =>
    writer.read((database) => listAudit(database, filter)),
  listSettings: (writer: Writer) => writer.read((database) => listSettings(database)),
  changeSettings: (writer: Writer, changes: readonly SettingChange[]) =>
    writer.edit(({ database, nowMs }) => changeSettings(database, changes, nowMs)),

  addChannel: (writer: Writer, channel: NewChannel) =>
    writer.edit(({ database, nowMs }) => rows.addChannel(database, channel, nowMs)),
  listChannels: (writer: Writer, user: UserId) =>
    writer.read((database) => rows.listChannels(database, user)),
  findChannel: (writer: Writer, id: string) =>
    writer.read((database) => rows.findChannel(database, id)),
  setChannelEvents: (writer: Writer, id: string, events: readonly NotificationKind[]) =>
    writer.edit(({ database }) => rows.setChannelEvents(database, id, events)),
  removeChannel: (writer: Writer, id: string) =>
    writer.edit(({ database }) => rows.removeChannel(database, id)),
  tell: (writer: Writer, telling: Telling) =>
    writer.edit(({ database, nowMs }) => rows.tell(database, telling, nowMs)),
  endIncident: (writer: Writer, host: HostId, kind: IncidentKind) =>
    writer.edit(({ database }) => rows.endIncident(database, host, kind)),
  listIncidents: (writer: Writer, kind: IncidentKind, after: HostId, limit: number) =>
    writer.read((database) => rows.listIncidents(database, kind, after, limit)),
  addDelivery: (writer: Writer, channel: string, event: NotificationKind, body: string) =>
    writer.edit(({ database, nowMs }) => rows.addDelivery(database, channel, event, body, nowMs)),
  listDeliveries: (
    writer: Writer,
    channel: string,
    beforeId: DeliveryId | undefined,
    limit: number,
  ) => writer.read((database) => rows.listDeliveries(database, channel, beforeId, limit)),
  findDelivery: (writer: Writer, channel: string, id: DeliveryId) =>
    writer.read((database) => rows.findDelivery(database, channel, id)),
  listDue: (writer: Writer, nowMs: number, limit: number) =>
    writer.read((database) => rows.listDue(database, nowMs, limit)),
  noteDelivery: (writer: Writer, id: DeliveryId, result: DeliveryResult) =>
    writer.edit(({ database }) => rows.noteDelivery(database, id, result)),
  findConfirmedMail: (writer: Writer, user: UserId) =>
    writer.read((database) => rows.findConfirmedMail(database, user)),

  addPasskey: (writer: Writer, passkey: NewPasskey) =>
    writer.edit(({ database, nowMs }) => passkeys.addPasskey(database, passkey, nowMs)),
  listPasskeys: (writer: Writer, user: UserId) =>
    writer.read((database) => passkeys.listPasskeys(database, user)),
  findPasskey: (writer: Writer, id: string) =>
    writer.read((database) => passkeys.findPasskey(database, id)),
  usePasskey: (writer: Writer, id: string, counter: number) =>
    writer.edit(({ database, nowMs }) => passkeys.usePasskey(database, id, counter, nowMs)),
  removePasskey: (writer: Writer, user: UserId, id: string) =>
    writer.edit(({ database }) => passkeys.removePasskey(database, user, id)),

  forgetBefore: (writer: Writer, beforeMs: number, after: HostId) =>
    writer.edit(({ database }) => forgetBefore(database, beforeMs, after)),
  listHeld: (writer: Writer) => writer.read((database) => listHeld(database)),
  listSignals: (writer: Writer, nowMs: number) =>
    writer.read((database) => listSignals(database, nowMs)),
} as const satisfies {
  readonly [Name in keyof OperatorStore]: (
    writer: Writer,
    ...values: Parameters<OperatorStore[Name]>
  ) => Awaited<ReturnType<OperatorStore[Name]>>;
};

type Ask = (name: keyof OperatorStore, values: readonly unknown[]) => Promise<unknown>;

/** Every operation as a function that asks the writer. The table above is held to the interface by the compiler. */
export function makeOperatorStore(ask: Ask): OperatorStore {
  const names = Object.keys(operatorOperations) as (keyof OperatorStore)[];
  const asking = names.map((name) => [name, (...values: unknown[]) => ask(name, values)]);
  return Object.fromEntries(asking) as OperatorStore;
}
