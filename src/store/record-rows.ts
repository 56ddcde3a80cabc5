/** Single records of zones in the database. */

import type { Database } from "bun:sqlite";
import type { RecordId, RecordPlace, StoredRecord } from "../core/record-change.ts";
import type { ZoneId, ZoneRecord } from "../core/zone.ts";
import { findZoneById } from "./zone-rows.ts";

interface Row {
  readonly id: number;
  readonly owner: string;
  readonly type: number;
  readonly ttl_seconds: number;
  readonly rdata: Uint8Array;
}

const columns = "id, owner, type, ttl_seconds, rdata";

function fromRow({ id, owner, type, ttl_seconds, rdata }: Row): StoredRecord {
  return { id, owner, type, ttlSeconds: ttl_seconds, rdata };
}

/** Those at the apex first, then in order of owner; within an owner by type and id. Behind `after`. */
export function listRecordsAfter(
  from: Database,
  zone: ZoneId,
  after: RecordPlace | undefined,
  limit: number,
): readonly StoredRecord[] {
  const { owner, type, id } = after ?? { owner: "", type: 0, id: 0 };
  const apex = `${findZoneById(from, zone)?.apex ?? ""}.`;
  const isAtApex = after === undefined || owner.toLowerCase() === apex;
  const atApex = !isAtApex
    ? []
    : from
        .query<Row, [number, string, number, number, number]>(
          `select ${columns} from record
           where zone = ? and owner = ? and (type, id) > (?, ?) order by type, id limit ?`,
        )
        .all(zone, apex, type, id, limit);
  const place = isAtApex ? (["", 0, 0] as const) : ([owner, type, id] as const);
  const others = from
    .query<Row, [number, string, string, number, number, number]>(
      `select ${columns} from record
       where zone = ? and owner <> ? and (owner, type, id) > (?, ?, ?)
       order by owner, type, id limit ?`,
    )
    .all(zone, apex, ...place, limit - atApex.length);
  return [...atApex, ...others].map(fromRow);
}

export function findRecord(from: Database, zone: ZoneId, id: RecordId): StoredRecord | undefined {
  const row = from
    .query<Row, [number, number]>(`select ${columns} from record where zone = ? and id = ?`)
    .get(zone, id);
  return row === null ? undefined : fromRow(row);
}

export function countRecords(from: Database, zone: ZoneId): number {
  return from
    .query<{ many: number }, [number]>("select count(*) as many from record where zone = ?")
    .get(zone)!.many;
}

/** Owners compare as names do: without regard to the case of ASCII letters (RFC 4343 §3). */
export function listRecordsAt(
  from: Database,
  zone: ZoneId,
  owner: string,
): readonly StoredRecord[] {
  return from
    .query<Row, [number, string]>(
      `select ${columns} from record where zone = ? and owner = ? order by id`,
    )
    .all(zone, owner)
    .map(fromRow);
}

/** Looks through all records of the zone. */
export function listRecordsBelow(
  from: Database,
  zone: ZoneId,
  owner: string,
  limit: number,
): readonly StoredRecord[] {
  const tail = `.${owner}`;
  return from
    .query<Row, [number, number, string, number]>(
      `select ${columns} from record
       where zone = ? and substr(owner, ?) = ? collate nocase order by id limit ?`,
    )
    .all(zone, -tail.length, tail, limit)
    .map(fromRow);
}

export function insertRecord(to: Database, zone: ZoneId, record: ZoneRecord): void {
  const { owner, type, ttlSeconds, rdata } = record;
  to.query("insert into record (zone, owner, type, ttl_seconds, rdata) values (?, ?, ?, ?, ?)").run(
    zone,
    owner,
    type,
    ttlSeconds,
    rdata,
  );
}

export function updateRecordTtl(to: Database, id: RecordId, ttlSeconds: number): void {
  to.query("update record set ttl_seconds = ? where id = ?").run(ttlSeconds, id);
}

export function deleteRecord(from: Database, id: RecordId): void {
  from.query("delete from record where id = ?").run(id);
}
