/** Sessions in the database. */

import type { Database } from "bun:sqlite";
import { longestLife } from "../core/accounts/session.ts";
import type { Session } from "../core/accounts/session.ts";
import type { UserId } from "../core/user.ts";
import type { FoundSession, NewSession } from "../core/accounts/account-store.ts";

/** Of one person: more browsers than anybody has. The one that was seen longest ago goes first. */
const sessionsMax = 50;
/** Of what a browser says of itself. */
const userAgentCharactersMax = 256;

interface SessionRow {
  readonly id: string;
  readonly user: number;
  readonly created_at_ms: number;
  readonly seen_at_ms: number;
  readonly proved_at_ms: number;
  readonly peer: string;
  readonly user_agent: string;
}

const columns =
  "session.id, session.user, session.created_at_ms, session.seen_at_ms, session.proved_at_ms, session.peer, session.user_agent";

function sessionFromRow(row: SessionRow): Session {
  return {
    id: row.id,
    user: row.user,
    createdAtMs: row.created_at_ms,
    seenAtMs: row.seen_at_ms,
    provedAtMs: row.proved_at_ms,
    peer: row.peer,
    userAgent: row.user_agent,
  };
}

export function insertSession(
  to: Database,
  { id, hash, user, peer, userAgent }: NewSession,
  nowMs: number,
): void {
  to.query("delete from session where user = ? and (created_at_ms < ? or seen_at_ms < ?)").run(
    user,
    nowMs - longestLife.wholeMs,
    nowMs - longestLife.idleMs,
  );
  to.query(
    `delete from session where id in
       (select id from session where user = ? order by seen_at_ms desc, id limit -1 offset ?)`,
  ).run(user, sessionsMax - 1);
  to.query(
    `insert into session (id, hash, user, created_at_ms, seen_at_ms, proved_at_ms, peer, user_agent)
     values (?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(id, hash, user, nowMs, nowMs, nowMs, peer, userAgent.slice(0, userAgentCharactersMax));
}

/** When it began stays: no number of renewals makes it last longer. */
export function renewSession(to: Database, id: string, hash: Uint8Array, nowMs: number): void {
  to.query("update session set hash = ?, seen_at_ms = ?, proved_at_ms = ? where id = ?").run(
    hash,
    nowMs,
    nowMs,
    id,
  );
}

interface SessionOfUserRow extends SessionRow {
  readonly name: string;
  readonly is_admin: number;
  readonly state: string;
  readonly has_second_factor: number;
  readonly account_made_at_ms: number;
}

export function findSession(from: Database, hash: Uint8Array): FoundSession | undefined {
  const row = from
    .query<SessionOfUserRow, [Uint8Array]>(
      `select ${columns}, user.name, user.is_admin, user.state,
         user.totp is not null or exists (select 1 from passkey where passkey.user = user.id)
           as has_second_factor,
         user.created_at_ms as account_made_at_ms
       from session join user on user.id = session.user where session.hash = ?`,
    )
    .get(hash);
  if (row === null) return undefined;
  return {
    session: sessionFromRow(row),
    user: { id: row.user, name: row.name, isAdmin: row.is_admin !== 0 },
    isSuspended: row.state === "suspended",
    hasSecondFactor: row.has_second_factor !== 0,
    accountMadeAtMs: row.account_made_at_ms,
  };
}

export function listSessions(from: Database, user: UserId): readonly Session[] {
  return from
    .query<SessionRow, [number]>(
      `select ${columns} from session where user = ? order by seen_at_ms desc, id`,
    )
    .all(user)
    .map(sessionFromRow);
}

export function touchSession(to: Database, id: string, nowMs: number): void {
  to.query("update session set seen_at_ms = max(seen_at_ms, ?) where id = ?").run(nowMs, id);
  to.query("update user set seen_at_ms = ? where id = (select user from session where id = ?)").run(
    nowMs,
    id,
  );
}

export function deleteSession(to: Database, user: UserId, id: string): boolean {
  return to.query("delete from session where user = ? and id = ?").run(user, id).changes === 1;
}

export function deleteSessions(to: Database, user: UserId, keep: string | undefined): void {
  to.query("delete from session where user = ? and id is not ?").run(user, keep ?? null);
}
