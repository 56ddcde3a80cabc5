/** What can be asked of the writer about hosts for people: one row an operation, as in `operations.ts`. */

import type { ContactBatch } from "../core/contacts.ts";
import type { ImportKey, ImportRow } from "../core/host-import.ts";
import type { HostId } from "../core/host.ts";
import type { LoginUse } from "../core/login-uses.ts";
import type { LoginId } from "../core/login.ts";
import type { ZoneId } from "../core/zone.ts";
import { importHosts, judgeImport } from "./host-import-rows.ts";
import * as rows from "./host-note-rows.ts";
import type { HostNoteChange, HostNoteStore } from "./host-note-store.ts";
import { listLoginUses, writeLoginUses } from "./login-use-rows.ts";
import type { Writer } from "./writer.ts";

export const hostNoteOperations = {
  writeContacts: (writer: Writer, batch: ContactBatch) =>
    writer.edit(({ database }) => rows.writeContacts(database, batch)),
  listHeard: (writer: Writer, after: HostId, limit: number) =>
    writer.read((database) => rows.listHeard(database, after, limit)),
  listAlerts: (writer: Writer, after: HostId, limit: number) =>
    writer.read((database) => rows.listAlerts(database, after, limit)),
  writeLoginUses: (writer: Writer, uses: readonly LoginUse[]) =>
    writer.edit(({ database }) => writeLoginUses(database, uses)),
  listLoginUses: (writer: Writer, after: LoginId, limit: number) =>
    writer.read((database) => listLoginUses(database, after, limit)),
  findHostNote: (writer: Writer, host: HostId) =>
    writer.read((database) => rows.findHostNote(database, host)),
  changeHostNote: (writer: Writer, host: HostId, change: HostNoteChange) =>
    writer.edit(({ database }) => rows.changeHostNote(database, host, change)),
  setHeld: (writer: Writer, host: HostId, by: string | undefined, why: string) =>
    writer.edit(({ database, nowMs }) => rows.setHeld(database, host, by, why, nowMs)),
  setFixed: (writer: Writer, host: HostId, isFixed: boolean) =>
    writer.edit(({ database, nowMs }) => rows.setFixed(database, host, isFixed, nowMs)),
  setShared: (writer: Writer, zone: ZoneId, isShared: boolean) =>
    writer.edit(({ database, nowMs }) => rows.setShared(database, zone, isShared, nowMs)),
  judgeImport: (writer: Writer, hosts: readonly ImportRow[]) =>
    writer.read((database) => judgeImport(database, hosts, writer.nowMs())),
  importHosts: (writer: Writer, hosts: readonly ImportRow[], key: ImportKey | undefined) =>
    writer.edit((edit) => importHosts(edit, hosts, key)),
  countHostsIn: (writer: Writer, zone: ZoneId) =>
    writer.read((database) => rows.countHostsIn(database, zone)),
  listDays: (writer: Writer, host: HostId, fromDay: number) =>
    writer.read((database) => rows.listDays(database, host, fromDay)),
  listSpans: (writer: Writer, host: HostId, fromMs: number) =>
    writer.read((database) => rows.listSpans(database, host, fromMs)),
} as const satisfies {
  readonly [Name in keyof HostNoteStore]: (
    writer: Writer,
    ...values: Parameters<HostNoteStore[Name]>
  ) => Awaited<ReturnType<HostNoteStore[Name]>>;
};
