/** Passkeys in the database. */

import type { Database } from "bun:sqlite";
import { passkeysMax } from "../core/accounts/passkey.ts";
import type { NewPasskey, Passkey } from "../core/accounts/passkey.ts";
import type { UserId } from "../core/user.ts";

interface PasskeyRow {
  readonly id: string;
  readonly user: number;
  readonly name: string;
  readonly public_key: Uint8Array;
  readonly counter: number;
  readonly transports: string;
  readonly created_at_ms: number;
  readonly used_at_ms: number | null;
}

const columns = "id, user, name, public_key, counter, transports, created_at_ms, used_at_ms";

export function addPasskey(
  to: Database,
  passkey: NewPasskey,
  nowMs: number,
): "added" | "taken" | "too-many" {
  const { id, user, name, publicKey, counter, transports } = passkey;
  if (findPasskey(to, id) !== undefined) return "taken";
  if (listPasskeys(to, user).length >= passkeysMax) return "too-many";
  to.query(`insert into passkey (${columns}) values (?, ?, ?, ?, ?, ?, ?, null)`).run(
    id,
    user,
    name,
    publicKey,
    counter,
    JSON.stringify(transports),
    nowMs,
  );
  return "added";
}

export function listPasskeys(from: Database, user: UserId): readonly Passkey[] {
  return from
    .query<PasskeyRow, [number]>(
      `select ${columns} from passkey where user = ? order by created_at_ms, id`,
    )
    .all(user)
    .map(passkeyFromRow);
}

export function findPasskey(from: Database, id: string): Passkey | undefined {
  const row = from
    .query<PasskeyRow, [string]>(`select ${columns} from passkey where id = ?`)
    .get(id);
  return row === null ? undefined : passkeyFromRow(row);
}

export function usePasskey(to: Database, id: string, counter: number, nowMs: number): boolean {
  const { changes } = to
    .query(
      `update passkey set counter = ?2, used_at_ms = ?3
       where id = ?1 and (counter < ?2 or (counter = 0 and ?2 = 0))`,
    )
    .run(id, counter, nowMs);
  return changes > 0;
}

export function removePasskey(from: Database, user: UserId, id: string): "removed" | "not-found" {
  const { changes } = from.query("delete from passkey where user = ? and id = ?").run(user, id);
  from
    .query(
      `delete from recovery_code where user = ?1
       and not exists (select 1 from passkey where user = ?1)
       and exists (select 1 from user where id = ?1 and totp is null)`,
    )
    .run(user);
  return changes > 0 ? "removed" : "not-found";
}

function passkeyFromRow(row: PasskeyRow): Passkey {
  return {
    id: row.id,
    user: row.user,
    name: row.name,
    publicKey: row.public_key,
    counter: row.counter,
    transports: JSON.parse(row.transports) as readonly string[],
    createdAtMs: row.created_at_ms,
    usedAtMs: row.used_at_ms ?? undefined,
  };
}
