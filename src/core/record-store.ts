/** What the store does with single records of zones. Every engine keeps it. */

import type {
  RecordChange,
  RecordId,
  RecordPlace,
  RecordsChanged,
  StoredRecord,
} from "./record-change.ts";
import type { ZoneId } from "./zone.ts";

export interface RecordStore {
  /** The apex first, then in order of owner, type and id; behind `after`. */
  listRecordsAfter(
    zone: ZoneId,
    after: RecordPlace | undefined,
    limit: number,
  ): Promise<readonly StoredRecord[]>;
  /** In the order of the ids; undefined for one that is not there. */
  findRecords(
    zone: ZoneId,
    ids: readonly RecordId[],
  ): Promise<readonly (StoredRecord | undefined)[]>;
  listRecordsAt(zone: ZoneId, owner: string): Promise<readonly StoredRecord[]>;
  countRecords(zone: ZoneId): Promise<number>;
  /** All or nothing, by the rules of a zone file. Resolves when the listener has been told. */
  changeRecords(zone: ZoneId, change: RecordChange): Promise<RecordsChanged>;
}
