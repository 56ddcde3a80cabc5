/** Device logins in the database. */

import type { Database } from "bun:sqlite";
import { assert } from "../base/assert.ts";
import { parseCidr } from "../base/address.ts";
import type { Cidr } from "../base/address.ts";
import type { HostId } from "../core/host.ts";
import type { Login, LoginId, LoginProof, LoginScope, NewLogin, ProofKind } from "../core/login.ts";
import type { UserId } from "../core/user.ts";

interface LoginRow {
  readonly id: number;
  readonly user: number;
  readonly username: string;
  readonly verifier: Uint8Array;
  readonly is_for_all_hosts: number;
  readonly scope: LoginScope;
  readonly allowed_from: string;
}

interface ProofRow {
  readonly login: number;
  readonly kind: ProofKind;
  readonly value: Uint8Array;
}

interface NamedHostRow {
  readonly login: number;
  readonly host: number;
  readonly is_default: number;
}

const columns = "id, user, username, verifier, is_for_all_hosts, scope, allowed_from";

function loginFromRow(from: Database, row: LoginRow): Login {
  return makeLogin(row, listNamedHosts(from, row.id), listProofsOf(from, row.id));
}

function makeLogin(
  row: LoginRow,
  named: readonly NamedHostRow[],
  proofs: readonly LoginProof[],
): Login {
  const { id, user, username, verifier, scope, allowed_from } = row;
  return {
    id,
    user,
    username,
    verifier,
    hosts: row.is_for_all_hosts !== 0 ? "all-of-user" : named.map(({ host }) => host),
    proofs,
    scope,
    from: allowed_from === "" ? none : allowed_from.split(",").map(readCidr),
    ...defaultHostOf(named),
  };
}

/** Nothing at all where there is none: a fleet has a million logins. */
function defaultHostOf(named: readonly NamedHostRow[]): Pick<Login, "defaultHost"> | undefined {
  const row = named.find(({ is_default }) => is_default !== 0);
  return row === undefined ? undefined : { defaultHost: row.host };
}

/** One for all of a fleet. */
const none: readonly never[] = [];

function readCidr(text: string): Cidr {
  const cidr = parseCidr(text);
  assert(cidr !== undefined, "a stored network is one");
  return cidr;
}

function listProofsOf(from: Database, login: LoginId): readonly LoginProof[] {
  return from
    .query<ProofRow, [number]>(
      "select login, kind, value from login_proof where login = ? order by kind",
    )
    .all(login)
    .map(proofFromRow);
}

function proofFromRow({ kind, value }: ProofRow): LoginProof {
  return kind === "gnudip" ? { kind, sealed: value } : { kind, verifier: value };
}

function listNamedHosts(from: Database, login: LoginId): readonly NamedHostRow[] {
  return from
    .query<NamedHostRow, [number]>(
      "select login, host, is_default from login_host where login = ? order by host",
    )
    .all(login);
}

export function findLoginById(from: Database, id: LoginId): Login | undefined {
  const row = from.query<LoginRow, [number]>(`select ${columns} from login where id = ?`).get(id);
  return row === null ? undefined : loginFromRow(from, row);
}

export function findLoginByUsername(from: Database, username: string): Login | undefined {
  const row = from
    .query<LoginRow, [string]>(`select ${columns} from login where username = ?`)
    .get(username);
  return row === null ? undefined : loginFromRow(from, row);
}

/** In order of id. A fleet has as many logins as hosts: both tables are read once, side by side. */
export function* readLogins(from: Database): Generator<Login> {
  const rows = from.query<LoginRow, []>(`select ${columns} from login order by id`);
  const named = from
    .query<NamedHostRow, []>("select login, host, is_default from login_host order by login, host")
    .iterate();
  let next = named.next();
  // Few logins have any.
  const proofs = Map.groupBy(
    from
      .query<ProofRow, []>("select login, kind, value from login_proof order by login, kind")
      .all(),
    ({ login }) => login,
  );
  for (const row of rows.iterate()) {
    const hosts: NamedHostRow[] = [];
    for (; next.done !== true && next.value.login <= row.id; next = named.next()) {
      if (next.value.login === row.id) hosts.push(next.value);
    }
    yield makeLogin(row, hosts, proofs.get(row.id)?.map(proofFromRow) ?? none);
  }
}

export function listLoginsOf(from: Database, user: UserId): readonly Login[] {
  return from
    .query<LoginRow, [number]>(`select ${columns} from login where user = ? order by id`)
    .all(user)
    .map((row) => loginFromRow(from, row));
}

/** One that accepts this, where there is any. */
export function findLoginAccepting(from: Database, kind: ProofKind): Login | undefined {
  const row = from
    .query<LoginRow, [string]>(
      `select ${columns} from login where id in (select login from login_proof where kind = ?) limit 1`,
    )
    .get(kind);
  return row === null ? undefined : loginFromRow(from, row);
}

/** Logins that name the host; those for all hosts of their user do so only by default. */
export function listLoginsNaming(from: Database, host: HostId): readonly LoginId[] {
  return from
    .query<{ login: number }, [number]>(
      "select login from login_host where host = ? order by login",
    )
    .all(host)
    .map((row) => row.login);
}

/** Throws a violation of uniqueness when the user name is taken. */
export function insertLogin(to: Database, login: NewLogin): Login {
  return findLoginById(to, insertLoginRows(to, login))!;
}

/** For many: to read each back costs as much as to write it. */
export function insertLoginRows(to: Database, login: NewLogin): LoginId {
  const isForAllHosts = login.hosts === "all-of-user";
  const { lastInsertRowid } = to
    .query(
      "insert into login (user, username, verifier, is_for_all_hosts, scope, allowed_from) values (?, ?, ?, ?, ?, ?)",
    )
    .run(
      login.user,
      login.username,
      login.verifier,
      Number(isForAllHosts),
      login.scope ?? "all",
      (login.from ?? none).map(({ text }) => text).join(","),
    );
  const id = Number(lastInsertRowid);
  const { defaultHost } = login;
  const insert = to.query(
    "insert or ignore into login_host (login, host, is_default) values (?, ?, ?)",
  );
  if (defaultHost !== undefined) insert.run(id, defaultHost, 1);
  if (login.hosts !== "all-of-user") for (const host of login.hosts) insert.run(id, host, 0);
  const insertProof = to.query("insert into login_proof (login, kind, value) values (?, ?, ?)");
  for (const proof of login.proofs ?? none) {
    insertProof.run(id, proof.kind, proof.kind === "gnudip" ? proof.sealed : proof.verifier);
  }
  return id;
}

export function deleteLogin(from: Database, id: LoginId): void {
  from.query("delete from login where id = ?").run(id);
}
