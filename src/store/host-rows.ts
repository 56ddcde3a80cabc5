/** Hosts in the database. */

import type { Database } from "bun:sqlite";
import type { HostColumns } from "../core/host-columns.ts";
import type { HostName } from "../core/host-name.ts";
import type { Host, HostId } from "../core/host.ts";
import type { UserId } from "../core/user.ts";
import type { ZoneId } from "../core/zone.ts";
import type { Store } from "./store.ts";

export type HostFilter = Parameters<Store["listHosts"]>[0];

interface HostRow {
  readonly id: number;
  readonly zone: number;
  readonly user: number;
  readonly name: string;
  readonly is_blocked: number;
  readonly is_fixed: number;
  readonly created_at_ms: number;
  readonly changed_at_ms: number | null;
  readonly v4: Uint8Array | null;
  readonly v6: Uint8Array | null;
}

const columns = "id, zone, user, name, is_blocked, is_fixed, created_at_ms, changed_at_ms, v4, v6";

function hostFromRow(row: HostRow): Host {
  return {
    id: row.id,
    zone: row.zone,
    user: row.user,
    name: row.name as HostName, // only `insertHost` writes it
    isBlocked: row.is_blocked !== 0,
    isFixed: row.is_fixed !== 0,
    createdAtMs: row.created_at_ms,
    changedAtMs: row.changed_at_ms ?? undefined,
    v4: row.v4 ?? undefined,
    v6: row.v6 ?? undefined,
  };
}

export function findHostById(from: Database, id: HostId): Host | undefined {
  const row = from.query<HostRow, [number]>(`select ${columns} from host where id = ?`).get(id);
  return row === null ? undefined : hostFromRow(row);
}

export function findHostByName(from: Database, name: string): Host | undefined {
  const row = from.query<HostRow, [string]>(`select ${columns} from host where name = ?`).get(name);
  return row === null ? undefined : hostFromRow(row);
}

export function countHosts(from: Database): number {
  return from.query<{ hosts: number }, []>("select count(*) as hosts from host").get()!.hosts;
}

export function countHostsOf(from: Database, zone: ZoneId, user: UserId): number {
  return from
    .query<{ hosts: number }, [number, number]>(
      "select count(*) as hosts from host where zone = ? and user = ?",
    )
    .get(zone, user)!.hosts;
}

/** Rows are read so many at once: one by one each costs twice as much, and all at once a lot of memory. */
const rowsPerRead = 1_000;

type HostValues = [
  id: number,
  zone: number,
  user: number,
  name: string,
  isBlocked: number,
  isFixed: number,
  createdAtMs: number,
  changedAtMs: number | null,
  v4: Uint8Array | null,
  v6: Uint8Array | null,
];

/** In order of id. Call it inside a transaction. */
export function* readHosts(from: Database): Generator<Host> {
  let after = 0;
  for (;;) {
    const rows = readPage(from, after, rowsPerRead);
    for (const row of rows) yield hostFromValues(row);
    if (rows.length < rowsPerRead) return;
    after = rows.at(-1)![0];
  }
}

function readPage(from: Database, after: HostId, limit: number): HostValues[] {
  return from
    .query<HostRow, [number, number]>(
      `select ${columns} from host where id > ? order by id limit ?`,
    )
    .values(after, limit) as HostValues[];
}

function hostFromValues(row: HostValues): Host {
  return {
    id: row[0],
    zone: row[1],
    user: row[2],
    name: row[3] as HostName,
    isBlocked: row[4] !== 0,
    isFixed: row[5] !== 0,
    createdAtMs: row[6],
    changedAtMs: row[7] ?? undefined,
    v4: row[8] ?? undefined,
    v6: row[9] ?? undefined,
  };
}

/** Puts the hosts behind `after` into the columns, as many as there is room for, and returns the last one's id. */
export function fillHosts(from: Database, after: HostId, columns: HostColumns): HostId {
  columns.clear();
  for (const row of readPage(from, after, columns.room)) columns.add(hostFromValues(row));
  return columns.rows === 0 ? after : columns.ids[columns.rows - 1]!;
}

/** In order of name, each filter by an index of its own. */
export function listHosts(from: Database, filter: HostFilter): readonly Host[] {
  const wanted: string[] = [];
  const values: (string | number)[] = [];
  if (filter.user !== undefined) {
    wanted.push("user = ?");
    values.push(filter.user);
  }
  if (filter.zone !== undefined) {
    wanted.push("zone = ?");
    values.push(filter.zone);
  }
  if (filter.after !== undefined) {
    wanted.push("name > ?");
    values.push(filter.after);
  }
  values.push(filter.limit);
  const where = wanted.length === 0 ? "" : `where ${wanted.join(" and ")}`;
  return from
    .query<HostRow, (string | number)[]>(
      `select ${columns} from host ${where} order by name limit ?`,
    )
    .all(...values)
    .map(hostFromRow);
}

/** Throws a violation of uniqueness when the name is taken. */
export function insertHost(
  to: Database,
  name: HostName,
  zone: ZoneId,
  user: UserId,
  nowMs: number,
): Host {
  const { lastInsertRowid } = to
    .query("insert into host (zone, user, name, created_at_ms) values (?, ?, ?, ?)")
    .run(zone, user, name, nowMs);
  return {
    id: Number(lastInsertRowid),
    zone,
    user,
    name,
    isBlocked: false,
    isFixed: false,
    createdAtMs: nowMs,
    changedAtMs: undefined,
    v4: undefined,
    v6: undefined,
  };
}

export function deleteHost(from: Database, id: HostId): void {
  from.query("delete from host where id = ?").run(id);
}
