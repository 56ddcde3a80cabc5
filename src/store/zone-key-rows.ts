/** Keys of zones in the database, each with its secret sealed. */

import type { Database } from "bun:sqlite";
import type { KeyState } from "../core/key-state.ts";
import type { NewZoneKey, ZoneKey, ZoneKeyId } from "../core/zone-key.ts";
import type { ZoneId } from "../core/zone.ts";

interface ZoneKeyRow {
  readonly id: number;
  readonly zone: number;
  readonly algorithm: number;
  readonly dnskey: Uint8Array;
  readonly key_tag: number;
  readonly sealed: Uint8Array;
  readonly state: string;
  readonly state_since_ms: number;
  readonly waits_until_ms: number;
}

const columns =
  "id, zone, algorithm, dnskey, key_tag, sealed, state, state_since_ms, waits_until_ms";

function zoneKeyFromRow(row: ZoneKeyRow): ZoneKey {
  return {
    id: row.id,
    zone: row.zone,
    algorithm: row.algorithm as ZoneKey["algorithm"], // only `insertZoneKey` writes it
    dnskey: row.dnskey,
    keyTag: row.key_tag,
    sealed: row.sealed,
    state: row.state as KeyState, // this file writes it, and the table checks it
    stateSinceMs: row.state_since_ms,
    waitsUntilMs: row.waits_until_ms,
  };
}

/** In order of age. */
export function listZoneKeys(from: Database, zone: ZoneId): readonly ZoneKey[] {
  return from
    .query<ZoneKeyRow, [number]>(`select ${columns} from zone_key where zone = ? order by id`)
    .all(zone)
    .map(zoneKeyFromRow);
}

/** Throws a violation of uniqueness when the zone has a key in that place, or with that tag. */
export function insertZoneKey(
  to: Database,
  zone: ZoneId,
  key: NewZoneKey,
  state: KeyState,
  sinceMs: number,
  waitsUntilMs: number,
): ZoneKey {
  const { algorithm, dnskey, keyTag, sealed } = key;
  const { lastInsertRowid } = to
    .query(
      "insert into zone_key (zone, algorithm, dnskey, key_tag, sealed, state, state_since_ms, waits_until_ms) values (?, ?, ?, ?, ?, ?, ?, ?)",
    )
    .run(zone, algorithm, dnskey, keyTag, sealed, state, sinceMs, waitsUntilMs);
  const id = Number(lastInsertRowid);
  return { ...key, id, zone, state, stateSinceMs: sinceMs, waitsUntilMs };
}

export function updateKeyState(
  to: Database,
  id: ZoneKeyId,
  state: KeyState,
  sinceMs: number,
  waitsUntilMs: number,
): void {
  to.query(
    "update zone_key set state = ?, state_since_ms = ?, waits_until_ms = ? where id = ?",
  ).run(state, sinceMs, waitsUntilMs, id);
}

export function deleteZoneKey(from: Database, id: ZoneKeyId): void {
  from.query("delete from zone_key where id = ?").run(id);
}
