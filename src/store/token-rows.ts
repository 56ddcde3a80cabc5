/** API tokens in the database. */

import type { Database } from "bun:sqlite";
import type { ApiToken, NewToken } from "../core/api-token.ts";
import type { Policy } from "../core/token-policy.ts";
import type { UserId } from "../core/user.ts";
import type { Removed } from "./store.ts";

interface TokenRow {
  readonly id: string;
  readonly user: number;
  readonly user_name: string;
  readonly is_admin: number;
  readonly name: string;
  readonly policy: string;
  readonly allowed_from: string;
  readonly created_at_ms: number;
  readonly expires_at_ms: number | null;
  readonly unused_days: number | null;
  readonly used_at_ms: number | null;
  readonly used_from: string | null;
}

const select = `
  select token.id, token.user, user.name as user_name, user.is_admin, token.name, token.policy, token.allowed_from,
    token.created_at_ms, token.expires_at_ms, token.unused_days, token.used_at_ms, token.used_from
  from api_token as token join user on user.id = token.user`;

export function insertToken(
  to: Database,
  token: NewToken,
  tokensMax: number,
  nowMs: number,
): ApiToken | "too-many" {
  if (countTokens(to, token.user) >= tokensMax) return "too-many";
  to.query(
    `insert into api_token
      (id, hash, user, name, policy, allowed_from, created_at_ms, expires_at_ms, unused_days)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    token.id,
    token.hash,
    token.user,
    token.name,
    JSON.stringify(token.policy),
    JSON.stringify(token.from),
    nowMs,
    token.expiresAtMs ?? null,
    token.unusedDays ?? null,
  );
  const row = to.query<TokenRow, [string]>(`${select} where token.id = ?`).get(token.id);
  return fromRow(row!);
}

function countTokens(from: Database, user: UserId): number {
  const row = from
    .query<{ tokens: number }, [number]>("select count(*) as tokens from api_token where user = ?")
    .get(user);
  return row!.tokens;
}

export function listTokens(from: Database, user: UserId): readonly ApiToken[] {
  return from
    .query<TokenRow, [number]>(
      `${select} where token.user = ? order by token.created_at_ms desc, token.id`,
    )
    .all(user)
    .map(fromRow);
}

export function findTokenByHash(from: Database, hash: Uint8Array): ApiToken | undefined {
  const row = from
    .query<TokenRow, [Uint8Array]>(`${select} where token.hash = ? and user.state = 'active'`)
    .get(hash);
  return row === null ? undefined : fromRow(row);
}

export function deleteToken(from: Database, user: UserId, id: string): Removed {
  const { changes } = from.query("delete from api_token where id = ? and user = ?").run(id, user);
  return changes === 0 ? "not-found" : "removed";
}

export function noteTokenUse(to: Database, id: string, usedFrom: string, nowMs: number): void {
  to.query("update api_token set used_at_ms = ?, used_from = ? where id = ?").run(
    nowMs,
    usedFrom,
    id,
  );
}

function fromRow(row: TokenRow): ApiToken {
  return {
    id: row.id,
    user: { id: row.user, name: row.user_name, isAdmin: row.is_admin !== 0 },
    name: row.name,
    policy: JSON.parse(row.policy) as Policy,
    from: JSON.parse(row.allowed_from) as string[],
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms ?? undefined,
    unusedDays: row.unused_days ?? undefined,
    usedAtMs: row.used_at_ms ?? undefined,
    usedFrom: row.used_from ?? undefined,
  };
}
