/** Zones and their records in the database. */

import type { Database } from "bun:sqlite";
import type { HostName } from "../core/host-name.ts";
import type { OpeningKind, Zone, ZoneId, ZoneOpening, ZoneRecord } from "../core/zone.ts";
import type { FeedPosition } from "./store.ts";

interface ZoneRow {
  readonly id: number;
  readonly apex: string;
  readonly is_private: number;
  readonly serial: number;
  readonly is_shared: number;
}

interface RecordRow {
  readonly owner: string;
  readonly type: number;
  readonly ttl_seconds: number;
  readonly rdata: Uint8Array;
}

interface OpeningRow {
  readonly zone: number;
  readonly kind: OpeningKind;
  readonly user: number;
  readonly hosts_max: number;
}

const zoneColumns = "id, apex, is_private, serial, is_shared";

function zoneFromRow(row: ZoneRow, openings: readonly ZoneOpening[]): Zone {
  return {
    id: row.id,
    apex: row.apex as HostName, // only `insertZone` writes it
    isPrivate: row.is_private !== 0,
    serial: row.serial,
    ...(row.is_shared === 0 ? {} : { isShared: true as const }),
    ...(openings.length === 0 ? {} : { openings }),
  };
}

export function listOpenings(from: Database, zone: ZoneId): readonly ZoneOpening[] {
  return from
    .query<OpeningRow, [number]>(
      "select zone, kind, user, hosts_max from zone_opening where zone = ? order by kind",
    )
    .all(zone)
    .map(openingFromRow);
}

function openingFromRow({ kind, user, hosts_max }: OpeningRow): ZoneOpening {
  return { by: kind, user, hostsMax: hosts_max };
}

/** Zones that are open for this. */
export function listZonesOpenFor(from: Database, by: OpeningKind): readonly ZoneId[] {
  return from
    .query<{ zone: number }, [string]>("select zone from zone_opening where kind = ? order by zone")
    .all(by)
    .map((row) => row.zone);
}

export function setOpening(to: Database, zone: ZoneId, { by, user, hostsMax }: ZoneOpening): void {
  to.query(
    "insert or replace into zone_opening (zone, kind, user, hosts_max) values (?, ?, ?, ?)",
  ).run(zone, by, user, hostsMax);
}

export function deleteOpening(from: Database, zone: ZoneId, by: OpeningKind): void {
  from.query("delete from zone_opening where zone = ? and kind = ?").run(zone, by);
}

export function findZoneById(from: Database, id: ZoneId): Zone | undefined {
  const row = from.query<ZoneRow, [number]>(`select ${zoneColumns} from zone where id = ?`).get(id);
  return row === null ? undefined : zoneFromRow(row, listOpenings(from, id));
}

export function findZoneByApex(from: Database, apex: string): Zone | undefined {
  const row = from
    .query<ZoneRow, [string]>(`select ${zoneColumns} from zone where apex = ?`)
    .get(apex);
  return row === null ? undefined : zoneFromRow(row, listOpenings(from, row.id));
}

/** In order of id. */
export function* readZones(from: Database): Generator<Zone> {
  const rows = from.query<ZoneRow, []>(`select ${zoneColumns} from zone order by id`);
  // Few zones have any.
  const openings = Map.groupBy(
    from
      .query<OpeningRow, []>("select zone, kind, user, hosts_max from zone_opening order by kind")
      .all(),
    ({ zone }) => zone,
  );
  for (const row of rows.iterate()) {
    yield zoneFromRow(row, (openings.get(row.id) ?? []).map(openingFromRow));
  }
}

/** Throws a violation of uniqueness when the apex is taken. */
export function insertZone(
  to: Database,
  apex: HostName,
  isPrivate: boolean,
  serial: number,
): ZoneId {
  const { lastInsertRowid } = to
    .query(
      "insert into zone (apex, is_private, serial, serial_seq, content_seq) values (?, ?, ?, 0, 0)",
    )
    .run(apex, Number(isPrivate), serial);
  return Number(lastInsertRowid);
}

export function deleteZone(from: Database, id: ZoneId): void {
  from.query("delete from zone where id = ?").run(id);
}

/** The zone answers differently since entry `at`; its serial does not say so yet. */
export function setContent(to: Database, id: ZoneId, at: FeedPosition): void {
  to.query("update zone set content_seq = ? where id = ?").run(at, id);
}

/** The serial stands for everything up to entry `at`. */
export function setSerial(to: Database, id: ZoneId, serial: number, at: FeedPosition): void {
  to.query("update zone set serial = ?, serial_seq = ?, content_seq = ? where id = ?").run(
    serial,
    at,
    at,
    id,
  );
}

/** Zones whose content is newer than their serial: a writer ended before it could raise it. */
export function listZonesBehind(from: Database): readonly ZoneId[] {
  return from
    .query<{ id: number }, []>("select id from zone where content_seq > serial_seq order by id")
    .all()
    .map((row) => row.id);
}

/** In the order they were given. */
export function listRecords(from: Database, zone: ZoneId): readonly ZoneRecord[] {
  const rows = from.query<RecordRow, [number]>(
    "select owner, type, ttl_seconds, rdata from record where zone = ? order by id",
  );
  return rows.all(zone).map((row) => ({
    owner: row.owner,
    type: row.type,
    ttlSeconds: row.ttl_seconds,
    rdata: row.rdata,
  }));
}

export function listTypesAt(from: Database, zone: ZoneId, owner: string): readonly number[] {
  return from
    .query<{ type: number }, [number, string]>(
      "select type from record where zone = ? and owner = ?",
    )
    .all(zone, owner)
    .map((row) => row.type);
}

export function setRecords(to: Database, zone: ZoneId, records: readonly ZoneRecord[]): void {
  to.query("delete from record where zone = ?").run(zone);
  const insert = to.query(
    "insert into record (zone, owner, type, ttl_seconds, rdata) values (?, ?, ?, ?, ?)",
  );
  for (const { owner, type, ttlSeconds, rdata } of records) {
    insert.run(zone, owner, type, ttlSeconds, rdata);
  }
}
