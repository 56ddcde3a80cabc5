/** What can be asked of the writer, here or in its thread: one row an operation. */

import { accountOperations } from "./account-operations.ts";
import type { AddressGroup } from "./address-group.ts";
import type { Enrolment } from "../core/enrolment.ts";
import type { HostName } from "../core/host-name.ts";
import type { HostId } from "../core/host.ts";
import type { InterfaceIdentifier } from "../core/interface-identifier.ts";
import type { KeyState } from "../core/key-state.ts";
import type { NewLogin, ProofKind } from "../core/login.ts";
import type { Receipt } from "../core/receipt.ts";
import type { AdapterState, SeenShape, StoredAdapter } from "../core/stored-adapter.ts";
import { listAdapters } from "./adapter-rows.ts";
import type { ChallengeChange } from "../core/update.ts";
import type { UserId } from "../core/user.ts";
import type { KeyChange, NewZoneKey } from "../core/zone-key.ts";
import type { OpeningKind, ZoneId, ZoneOpening, ZoneRecord } from "../core/zone.ts";
import { findHostByName, listHosts } from "./host-rows.ts";
import type { HostFilter } from "./host-rows.ts";
import { findLoginAccepting, listLoginsOf, readLogins } from "./login-rows.ts";
import { listChallenges } from "./challenge-rows.ts";
import * as extras from "./host-extras.ts";
import { findIdentifier } from "./interface-rows.ts";
import * as manage from "./manage.ts";
import { hostNoteOperations } from "./host-note-operations.ts";
import { operatorOperations } from "./operator-operations.ts";
import { recordOperations } from "./record-operations.ts";
import {
  findReceipts,
  findReceiptsOfAdapter,
  insertReceipts,
  listReceipts,
} from "./receipt-rows.ts";
import { closeZone, enrol, openZone, withdraw } from "./sign-up.ts";
import type { FeedPosition } from "./store.ts";
import { tokenOperations } from "./token-operations.ts";
import { deleteUnmatched, listUnmatched, noteUnmatched } from "./unmatched-rows.ts";
import { readUsers } from "./user-rows.ts";
import type { Writer } from "./writer.ts";
import { listZoneKeys } from "./zone-key-rows.ts";
import { listRecords, readZones } from "./zone-rows.ts";

export const operations = {
  ...accountOperations,

  writeGroup: (writer: Writer, group: AddressGroup) => writer.writeGroup(group),
  writeReceipts: (writer: Writer, receipts: readonly Receipt[]) =>
    writer.edit(({ database }) => insertReceipts(database, receipts)),
  follow: (writer: Writer, from: FeedPosition) => writer.follow(from),
  tellHosts: (writer: Writer, hosts: readonly HostId[]) => writer.tellHosts(hosts),
  raiseBehind: (writer: Writer) => writer.raiseBehind(),
  close: (writer: Writer) => writer[Symbol.dispose](),

  addUser: (writer: Writer, name: string, isAdmin: boolean, hash: string) =>
    writer.edit((edit) => manage.addUser(edit, name, isAdmin, hash)),
  addZone: (
    writer: Writer,
    apex: HostName,
    isPrivate: boolean,
    serial: number,
    records: readonly ZoneRecord[],
  ) => writer.edit((edit) => manage.addZone(edit, apex, isPrivate, serial, records)),
  replaceRecords: (writer: Writer, zone: ZoneId, serial: number, records: readonly ZoneRecord[]) =>
    writer.edit((edit) => manage.replaceRecords(edit, zone, serial, records)),
  removeZone: (writer: Writer, zone: ZoneId) =>
    writer.edit((edit) => manage.removeZone(edit, zone)),
  addKey: (writer: Writer, zone: ZoneId, key: NewZoneKey, state: KeyState, waitsUntilMs: number) =>
    writer.edit((edit) => manage.addKey(edit, zone, key, state, waitsUntilMs)),
  setKeyStates: (writer: Writer, zone: ZoneId, changes: readonly KeyChange[]) =>
    writer.edit((edit) => manage.setKeyStates(edit, zone, changes)),
  addHost: (writer: Writer, name: HostName, zone: ZoneId, user: UserId, overrides: boolean) =>
    writer.edit((edit) => manage.addHost(edit, name, zone, user, overrides)),
  removeHost: (writer: Writer, name: HostName, blocks?: boolean) =>
    writer.edit((edit) => manage.removeHost(edit, name, blocks)),
  changeChallenges: (
    writer: Writer,
    hosts: readonly HostId[],
    change: ChallengeChange,
    receipts: readonly Receipt[],
  ) => writer.edit((edit) => extras.changeChallenges(edit, hosts, change, receipts)),
  setInterface: (writer: Writer, host: HostId, identifier: InterfaceIdentifier | undefined) =>
    writer.edit((edit) => extras.setInterface(edit, host, identifier)),
  addLogin: (writer: Writer, login: NewLogin) =>
    writer.edit((edit) => manage.addLogin(edit, login)),
  openZone: (writer: Writer, zone: ZoneId, opening: ZoneOpening) =>
    writer.edit((edit) => openZone(edit, zone, opening)),
  closeZone: (writer: Writer, zone: ZoneId, by: OpeningKind) =>
    writer.edit((edit) => closeZone(edit, zone, by)),
  enrol: (writer: Writer, enrolment: Enrolment) => writer.edit((edit) => enrol(edit, enrolment)),
  withdraw: (writer: Writer, username: string) => writer.edit((edit) => withdraw(edit, username)),
  removeLogin: (writer: Writer, username: string) =>
    writer.edit((edit) => manage.removeLogin(edit, username)),
  addAdapter: (writer: Writer, adapter: Omit<StoredAdapter, "id" | "changedAtMs">) =>
    writer.edit((edit) => manage.addAdapter(edit, adapter)),
  setAdapterState: (writer: Writer, name: string, state: AdapterState) =>
    writer.edit((edit) => manage.setAdapterState(edit, name, state)),
  removeAdapter: (writer: Writer, name: string) =>
    writer.edit((edit) => manage.removeAdapter(edit, name)),
  noteUnmatched: (writer: Writer, seen: readonly SeenShape[]) =>
    writer.edit(({ database }) => noteUnmatched(database, seen)),
  forgetUnmatched: (writer: Writer, id: number | "all") =>
    writer.edit(({ database }) => deleteUnmatched(database, id)),

  listUsers: (writer: Writer) => writer.read((database) => [...readUsers(database)]),
  listZones: (writer: Writer) => writer.read((database) => [...readZones(database)]),
  listRecords: (writer: Writer, zone: ZoneId) =>
    writer.read((database) => listRecords(database, zone)),
  listKeys: (writer: Writer, zone: ZoneId) =>
    writer.read((database) => listZoneKeys(database, zone)),
  findHost: (writer: Writer, name: HostName) =>
    writer.read((database) => findHostByName(database, name)),
  listHosts: (writer: Writer, filter: HostFilter) =>
    writer.read((database) => listHosts(database, filter)),
  listChallenges: (writer: Writer, host: HostId) =>
    writer.read((database) => listChallenges(database, host)),
  findInterface: (writer: Writer, host: HostId) =>
    writer.read((database) => findIdentifier(database, host)),
  listLogins: (writer: Writer, user: UserId | undefined) =>
    writer.read((database) =>
      user === undefined ? [...readLogins(database)] : listLoginsOf(database, user),
    ),
  findLoginAccepting: (writer: Writer, kind: ProofKind) =>
    writer.read((database) => findLoginAccepting(database, kind)),
  findReceipts: (writer: Writer, host: HostName, limit: number) =>
    writer.read((database) => findReceipts(database, host, limit)),
  listReceipts: (writer: Writer, limit: number) =>
    writer.read((database) => listReceipts(database, limit)),
  findReceiptsOfAdapter: (writer: Writer, adapter: string, limit: number) =>
    writer.read((database) => findReceiptsOfAdapter(database, adapter, limit)),
  listAdapters: (writer: Writer) => writer.read((database) => listAdapters(database)),
  listUnmatched: (writer: Writer) => writer.read((database) => listUnmatched(database)),

  ...operatorOperations,
  ...hostNoteOperations,
  ...recordOperations,
  ...tokenOperations,
} as const;

type Operations = typeof operations;
export type OperationName = keyof Operations;
export type OperationArguments<Name extends OperationName> =
  Parameters<Operations[Name]> extends [Writer, ...infer Rest] ? Rest : never;
export type OperationResult<Name extends OperationName> = ReturnType<Operations[Name]>;

/** Ask the writer for something. Rejects with `StoreFailed`. */
export interface WriterLink {
  ask<Name extends OperationName>(
    name: Name,
    ...values: OperationArguments<Name>
  ): Promise<OperationResult<Name>>;
  /** Lets go of the writer, also of one that no longer answers. */
  end(): void;
}

/** The compiler cannot follow a name from the table to its arguments through a variable; callers can. */
export function runOperation(
  writer: Writer,
  name: OperationName,
  values: readonly unknown[],
): unknown {
  const run = operations[name] as (writer: Writer, ...values: readonly unknown[]) => unknown;
  return run(writer, ...values);
}
