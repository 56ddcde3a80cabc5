/** Accounts in the database, whole: what their person and the operator look at. */

import type { Database, SQLQueryBindings } from "bun:sqlite";
import type { Account, QuotaKind } from "../core/accounts/account.ts";
import type { User, UserId } from "../core/user.ts";
import type {
  AccountChange,
  AccountFilter,
  AccountKey,
  NewAccount,
  StoredAccount,
} from "../core/accounts/account-store.ts";
import { findConfirmedMail, followMail } from "./channel-rows.ts";

interface AccountRow {
  readonly id: number;
  readonly name: string;
  readonly is_admin: number;
  readonly password_hash: string;
  readonly created_at_ms: number;
  readonly mail: string | null;
  readonly mail_confirmed_at_ms: number | null;
  readonly state: "active" | "suspended";
  readonly deletes_at_ms: number | null;
  readonly seen_at_ms: number | null;
  readonly totp: Uint8Array | null;
  readonly hosts_max: number | null;
  readonly logins_max: number | null;
  readonly tokens_max: number | null;
  readonly passkeys: number;
  readonly recovery_codes: number;
  readonly hosts: number;
  readonly logins: number;
  readonly tokens: number;
}

const select = `
  select id, name, is_admin, password_hash, created_at_ms, mail, mail_confirmed_at_ms, state, deletes_at_ms,
    seen_at_ms, totp, hosts_max, logins_max, tokens_max,
    (select count(*) from passkey where user = user.id) as passkeys,
    (select count(*) from recovery_code where user = user.id) as recovery_codes,
    (select count(*) from host where user = user.id) as hosts,
    (select count(*) from login where user = user.id) as logins,
    (select count(*) from api_token where user = user.id) as tokens
  from user`;

function accountFromRow(row: AccountRow): StoredAccount {
  return {
    id: row.id,
    name: row.name,
    isAdmin: row.is_admin !== 0,
    mail: row.mail ?? undefined,
    mailConfirmedAtMs: row.mail_confirmed_at_ms ?? undefined,
    isSuspended: row.state === "suspended",
    deletesAtMs: row.deletes_at_ms ?? undefined,
    createdAtMs: row.created_at_ms,
    seenAtMs: row.seen_at_ms ?? undefined,
    hasTotp: row.totp !== null,
    passkeys: row.passkeys,
    recoveryCodesLeft: row.recovery_codes,
    quota: {
      hosts: row.hosts_max ?? undefined,
      logins: row.logins_max ?? undefined,
      tokens: row.tokens_max ?? undefined,
    },
    used: { hosts: row.hosts, logins: row.logins, tokens: row.tokens },
    passwordHash: row.password_hash,
    totp: row.totp ?? undefined,
  };
}

export function findAccount(from: Database, key: AccountKey): StoredAccount | undefined {
  const [where, value] =
    "id" in key
      ? (["id = ?", key.id] as const)
      : "name" in key
        ? (["name = ?", key.name] as const)
        : // An address that nobody confirmed is only what somebody wrote.
          (["mail = ? order by mail_confirmed_at_ms is null, id limit 1", key.mail] as const);
  const row = from.query<AccountRow, [string | number]>(`${select} where ${where}`).get(value);
  return row === null ? undefined : accountFromRow(row);
}

export function listAccounts(
  from: Database,
  {
    after = "",
    limit,
    text = "",
    state,
    isAdmin,
  }: AccountFilter & { readonly after?: string | undefined; readonly limit: number },
): readonly Account[] {
  const ofState = state === undefined ? "" : `and ${inState[state]}`;
  const ofRole = isAdmin === undefined ? "" : `and is_admin = ${Number(isAdmin)}`;
  return from
    .query<AccountRow, [string, string, string, number]>(
      `${select} where name > ? and (instr(name, lower(?)) > 0 or instr(lower(coalesce(mail, '')), lower(?)) > 0)
       ${ofState} ${ofRole} order by name limit ?`,
    )
    .all(after, text, text, limit)
    .map((row) => {
      const { passwordHash: _hash, totp: _totp, ...account } = accountFromRow(row);
      return account;
    });
}

const inState: Readonly<Record<NonNullable<AccountFilter["state"]>, string>> = {
  active: "state = 'active' and deletes_at_ms is null",
  suspended: "state = 'suspended'",
  deleting: "deletes_at_ms is not null",
};

/** Throws a violation of uniqueness when the name or the mail address is taken. */
export function insertAccount(
  to: Database,
  { name, passwordHash, mail }: NewAccount,
  isAdmin: boolean,
  isMailConfirmed: boolean,
  nowMs: number,
): User {
  const { lastInsertRowid } = to
    .query(
      `insert into user (name, is_admin, password_hash, created_at_ms, mail, mail_confirmed_at_ms)
       values (?, ?, ?, ?, ?, ?)`,
    )
    .run(
      name,
      Number(isAdmin),
      passwordHash,
      nowMs,
      mail ?? null,
      mail !== undefined && isMailConfirmed ? nowMs : null,
    );
  const id = Number(lastInsertRowid);
  if (mail !== undefined && isMailConfirmed) followMail(to, id, mail, true, nowMs);
  return { id, name, isAdmin };
}

/** Who could still manage the service if this one could not. */
export function isLastAdmin(from: Database, user: UserId): boolean {
  const others = from
    .query<{ found: number }, [number]>(
      "select 1 as found from user where is_admin = 1 and state = 'active' and deletes_at_ms is null and id <> ? limit 1",
    )
    .get(user);
  const self = from
    .query<{ found: number }, [number]>("select 1 as found from user where is_admin = 1 and id = ?")
    .get(user);
  return self !== null && others === null;
}

const quotaColumns: Readonly<Record<QuotaKind, string>> = {
  hosts: "hosts_max",
  logins: "logins_max",
  tokens: "tokens_max",
};

export function updateAccount(to: Database, user: UserId, change: AccountChange): void {
  const set = (column: string, value: SQLQueryBindings): void => {
    to.query(`update user set ${column} = ? where id = ?`).run(value, user);
  };
  if (change.isAdmin !== undefined) set("is_admin", Number(change.isAdmin));
  if (change.isSuspended !== undefined) set("state", change.isSuspended ? "suspended" : "active");
  for (const [kind, column] of Object.entries(quotaColumns) as [QuotaKind, string][]) {
    const most = change.quota?.[kind];
    if (most !== undefined) set(column, most);
  }
}

export function updatePassword(to: Database, user: UserId, hash: string): void {
  to.query("update user set password_hash = ? where id = ?").run(hash, user);
}

export function updateMail(to: Database, user: UserId, mail: string, nowMs: number): void {
  const isFirst = findConfirmedMail(to, user) === undefined;
  to.query("update user set mail = ?, mail_confirmed_at_ms = ? where id = ?").run(
    mail,
    nowMs,
    user,
  );
  followMail(to, user, mail, isFirst, nowMs);
}

export function updateTotp(
  to: Database,
  user: UserId,
  sealed: Uint8Array | undefined,
  step: number,
): void {
  to.query("update user set totp = ?, totp_step = ? where id = ?").run(sealed ?? null, step, user);
}

/** In one statement: of two requests with one code one comes first. */
export function updateTotpStep(to: Database, user: UserId, step: number): boolean {
  return (
    to.query("update user set totp_step = ? where id = ? and totp_step < ?").run(step, user, step)
      .changes === 1
  );
}

export function updateDeletion(to: Database, user: UserId, atMs: number | undefined): void {
  to.query("update user set deletes_at_ms = ? where id = ?").run(atMs ?? null, user);
}

export function listDueForDeletion(from: Database, nowMs: number): readonly User[] {
  return from
    .query<{ id: number; name: string; is_admin: number }, [number]>(
      "select id, name, is_admin from user where deletes_at_ms <= ? order by id",
    )
    .all(nowMs)
    .map(({ id, name, is_admin }) => ({ id, name, isAdmin: is_admin !== 0 }));
}

export function replaceRecoveryCodes(to: Database, user: UserId, hashes: readonly string[]): void {
  to.query("delete from recovery_code where user = ?").run(user);
  for (const hash of hashes) {
    to.query("insert into recovery_code (user, hash) values (?, ?)").run(user, hash);
  }
}

export function listRecoveryCodes(
  from: Database,
  user: UserId,
): readonly { readonly id: number; readonly hash: string }[] {
  return from
    .query<{ id: number; hash: string }, [number]>(
      "select id, hash from recovery_code where user = ? order by id",
    )
    .all(user);
}

export function deleteRecoveryCode(to: Database, user: UserId, id: number): boolean {
  const { changes } = to.query("delete from recovery_code where user = ? and id = ?").run(user, id);
  return changes === 1;
}
