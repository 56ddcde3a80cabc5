/** What can be asked of the writer for whoever runs the service: one row an operation, as in `operations.ts`. */

import type { NewAuditEntry } from "../core/audit-entry.ts";
import { appendAudit, findAuditEnd, listAudit, readAudit } from "./audit-rows.ts";
import type { AuditFilter, OperatorStore, SettingChange } from "./operator-store.ts";
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
