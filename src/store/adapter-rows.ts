/** Rules of the operator in the database. */

import type { Database } from "bun:sqlite";
import type { AdapterId, AdapterState, StoredAdapter } from "../core/stored-adapter.ts";

interface AdapterRow {
  readonly id: number;
  readonly name: string;
  readonly rule: string;
  readonly requests: string;
  readonly state: AdapterState;
  readonly changed_at_ms: number;
}

const columns = "id, name, rule, requests, state, changed_at_ms";

function adapterFromRow(row: AdapterRow): StoredAdapter {
  const { id, name, rule, requests, state, changed_at_ms } = row;
  return { id, name, rule, requests, state, changedAtMs: changed_at_ms };
}

export function findAdapterById(from: Database, id: AdapterId): StoredAdapter | undefined {
  const row = from
    .query<AdapterRow, [number]>(`select ${columns} from adapter where id = ?`)
    .get(id);
  return row === null ? undefined : adapterFromRow(row);
}

export function findAdapterByName(from: Database, name: string): StoredAdapter | undefined {
  const row = from
    .query<AdapterRow, [string]>(`select ${columns} from adapter where name = ?`)
    .get(name);
  return row === null ? undefined : adapterFromRow(row);
}

/** In the order they were made, which is the order in which they are tried. */
export function listAdapters(from: Database): readonly StoredAdapter[] {
  return from
    .query<AdapterRow, []>(`select ${columns} from adapter order by id`)
    .all()
    .map(adapterFromRow);
}

/** Throws a violation of uniqueness when the name is taken. */
export function insertAdapter(
  to: Database,
  adapter: Omit<StoredAdapter, "id" | "changedAtMs">,
  nowMs: number,
): StoredAdapter {
  const { name, rule, requests, state } = adapter;
  const { lastInsertRowid } = to
    .query(
      "insert into adapter (name, rule, requests, state, changed_at_ms) values (?, ?, ?, ?, ?)",
    )
    .run(name, rule, requests, state, nowMs);
  return { ...adapter, id: Number(lastInsertRowid), changedAtMs: nowMs };
}

export function updateAdapterState(
  to: Database,
  id: AdapterId,
  state: AdapterState,
  nowMs: number,
): void {
  to.query("update adapter set state = ?, changed_at_ms = ? where id = ?").run(state, nowMs, id);
}

export function deleteAdapter(from: Database, id: AdapterId): void {
  from.query("delete from adapter where id = ?").run(id);
}
