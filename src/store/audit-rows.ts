/** The audit log in the database. Rows are appended and read; nothing here changes or removes one. */

import type { Database } from "bun:sqlite";
import { hashEntry, noHash } from "../core/audit-entry.ts";
import type { AuditEntry, NewAuditEntry } from "../core/audit-entry.ts";
import type { AuditFilter } from "./operator-store.ts";

interface AuditRow {
  readonly id: number;
  readonly at_ms: number;
  readonly actor: string;
  readonly actor_user: number | null;
  readonly action: string;
  readonly target: string;
  readonly peer: string;
  readonly result: string;
  readonly request_id: string;
  readonly detail: string;
  readonly hash: Uint8Array;
}

const columns =
  "id, at_ms, actor, actor_user, action, target, peer, result, request_id, detail, hash";

/** The number goes on behind rows that somebody took away, so that they are missed. */
export function appendAudit(to: Database, given: NewAuditEntry, nowMs: number): AuditEntry {
  const last = to
    .query<{ hash: Uint8Array }, []>("select hash from audit order by id desc limit 1")
    .get();
  const entry = { ...given, id: findAuditEnd(to) + 1, atMs: nowMs };
  const hash = hashEntry(last?.hash ?? noHash, entry);
  to.query(`insert into audit (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    entry.id,
    nowMs,
    given.actor,
    given.user ?? null,
    given.action,
    given.target,
    given.peer,
    given.result,
    given.requestId,
    given.detail,
    hash,
  );
  return { ...entry, hash };
}

/** SQLite remembers the highest number that it gave (AUTOINCREMENT). */
export function findAuditEnd(from: Database): number {
  const row = from
    .query<{ seq: number }, []>("select seq from sqlite_sequence where name = 'audit'")
    .get();
  return row?.seq ?? 0;
}

export function readAudit(from: Database, afterId: number, limit: number): readonly AuditEntry[] {
  return from
    .query<AuditRow, [number, number]>(
      `select ${columns} from audit where id > ? order by id limit ?`,
    )
    .all(afterId, limit)
    .map(entryFromRow);
}

/** What an action is about, where its target is the name of an account. */
const ownKinds = ["user", "account", "session", "second-factor", "password", "recovery-code"];

/** Newest first. */
export function listAudit(from: Database, filter: AuditFilter): readonly AuditEntry[] {
  const wanted: string[] = [];
  const values: (string | number)[] = [];
  const add = (sql: string, ...given: readonly (string | number)[]): void => {
    wanted.push(sql);
    values.push(...given);
  };
  if (filter.beforeId !== undefined) add("id < ?", filter.beforeId);
  if (filter.account !== undefined) {
    const { user, name } = filter.account;
    const own = ownKinds.map((kind) => `action like '${kind}.%'`).join(" or ");
    add(`(actor_user = ? or (target = ? and (${own})))`, user, name);
  }
  if (filter.actor !== undefined) add("actor like ? escape '\\'", prefix(filter.actor));
  if (filter.action !== undefined) add("action like ? escape '\\'", prefix(filter.action));
  if (filter.target !== undefined) add("target like ? escape '\\'", `%${prefix(filter.target)}`);
  for (const word of filter.words ?? []) {
    const all = "actor || ' ' || action || ' ' || target || ' ' || peer || ' ' || detail";
    add(`${all} like ? escape '\\'`, `%${prefix(word)}`);
  }
  const where = wanted.length === 0 ? "" : `where ${wanted.join(" and ")}`;
  return from
    .query<AuditRow, (string | number)[]>(
      `select ${columns} from audit ${where} order by id desc limit ?`,
    )
    .all(...values, filter.limit)
    .map(entryFromRow);
}

function prefix(text: string): string {
  return `${text.replace(/[\\%_]/g, (special) => `\\${special}`)}%`;
}

function entryFromRow(row: AuditRow): AuditEntry {
  const { id, actor, action, target, peer, result, detail, hash } = row;
  const user = row.actor_user ?? undefined;
  const requestId = row.request_id;
  return {
    id,
    atMs: row.at_ms,
    actor,
    user,
    action,
    target,
    peer,
    result,
    requestId,
    detail,
    hash,
  };
}
