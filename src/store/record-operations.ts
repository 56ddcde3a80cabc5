/** What can be asked of the writer about single records: one row an operation, as in `operations.ts`. */

import type { RecordChange, RecordId, RecordPlace } from "../core/record-change.ts";
import type { ZoneId } from "../core/zone.ts";
import { changeRecords } from "./change-records.ts";
import * as rows from "./record-rows.ts";
import type { RecordStore } from "../core/record-store.ts";
import type { Writer } from "./writer.ts";

export const recordOperations = {
  listRecordsAfter: (writer: Writer, zone: ZoneId, after: RecordPlace | undefined, limit: number) =>
    writer.read((database) => rows.listRecordsAfter(database, zone, after, limit)),
  findRecords: (writer: Writer, zone: ZoneId, ids: readonly RecordId[]) =>
    writer.read((database) => ids.map((id) => rows.findRecord(database, zone, id))),
  listRecordsAt: (writer: Writer, zone: ZoneId, owner: string) =>
    writer.read((database) => rows.listRecordsAt(database, zone, owner)),
  countRecords: (writer: Writer, zone: ZoneId) =>
    writer.read((database) => rows.countRecords(database, zone)),
  changeRecords: (writer: Writer, zone: ZoneId, change: RecordChange) =>
    writer.edit((edit) => changeRecords(edit, zone, change)),
} as const satisfies {
  readonly [Name in keyof RecordStore]: (
    writer: Writer,
    ...values: Parameters<RecordStore[Name]>
  ) => Awaited<ReturnType<RecordStore[Name]>>;
};
