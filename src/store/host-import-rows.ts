/** Bulk import into the database: every row is judged before the first is written, so that all are or none. */

import type { Database } from "bun:sqlite";
import { countVerdicts } from "../core/host-import.ts";
import type {
  ImportCounts,
  ImportKey,
  ImportLogin,
  ImportOutcome,
  ImportRow,
  RowFault,
  RowVerdict,
} from "../core/host-import.ts";
import type { Host } from "../core/host.ts";
import type { ZoneId } from "../core/zone.ts";
import { appendEntry } from "./feed.ts";
import { changeHostNote, findHostNote } from "./host-note-rows.ts";
import { findHostObstacle, Surroundings } from "./host-place.ts";
import { findHostByName, insertHost } from "./host-rows.ts";
import { findIdentifier, setIdentifier } from "./interface-rows.ts";
import { findLoginByUsername, insertLoginRows } from "./login-rows.ts";
import type { Edit } from "./manage.ts";
import { deleteTombstone, findTombstone } from "./tombstone-rows.ts";
import { raiseSerial } from "./zone-serials.ts";

/** A repeat with the same key does nothing for so long. */
const keyKeptMs = 24 * 60 * 60 * 1_000;

/** What would become of each row, in their order. */
export function judgeImport(
  from: Database,
  rows: readonly ImportRow[],
  nowMs: number,
): readonly RowVerdict[] {
  const surroundings = new Surroundings(from);
  return rows.map((row) => judge(from, row, findHostByName(from, row.name), surroundings, nowMs));
}

export function importHosts(
  edit: Edit,
  rows: readonly ImportRow[],
  key: ImportKey | undefined,
): ImportOutcome {
  const { database, nowMs } = edit;
  const before = key === undefined ? undefined : findDone(database, key, nowMs);
  if (before !== undefined) return before;
  const hosts = rows.map((row) => findHostByName(database, row.name));
  const surroundings = new Surroundings(database);
  const verdicts = rows.map((row, index) =>
    judge(database, row, hosts[index], surroundings, nowMs),
  );
  const faults = verdicts.flatMap((verdict, index): readonly RowFault[] =>
    verdict.kind === "refused" ? [{ line: rows[index]!.line, why: verdict.why }] : [],
  );
  if (faults.length > 0) return { kind: "refused", faults };
  const zones = new Set<ZoneId>();
  for (const [index, row] of rows.entries()) {
    const verdict = verdicts[index]!;
    if (verdict.kind === "unchanged") continue;
    write(edit, row, hosts[index] ?? make(edit, row), verdict);
    zones.add(row.zone);
  }
  for (const zone of zones) raiseSerial(database, zone, nowMs);
  if (key !== undefined) keepDone(database, key, countVerdicts(verdicts), nowMs);
  return { kind: "done", verdicts };
}

function judge(
  from: Database,
  row: ImportRow,
  host: Host | undefined,
  surroundings: Surroundings,
  nowMs: number,
): RowVerdict {
  const { name, zone, user, login } = row;
  if (host === undefined) {
    const obstacle =
      findHostObstacle(from, name, zone, surroundings) ??
      findTombstone(from, name, user, nowMs) ??
      (login === undefined ? undefined : findLoginObstacle(from, login));
    return obstacle === undefined ? { kind: "create" } : { kind: "refused", why: obstacle };
  }
  if (host.user !== user) return { kind: "refused", why: "The name is taken." };
  const what: string[] = [];
  if (isOther(row.v4, host.v4)) what.push("v4");
  if (isOther(row.v6, host.v6)) what.push("v6");
  if (isOther(row.interfaceId, findIdentifier(from, host.id))) what.push("interfaceId");
  const note = row.note === undefined ? undefined : (findHostNote(from, host.id)?.note ?? "");
  if (note !== row.note) what.push("note");
  if (login !== undefined && !login.isForNew && !isLoginOf(from, login, host)) {
    const obstacle = findLoginObstacle(from, login);
    if (obstacle !== undefined) return { kind: "refused", why: obstacle };
    what.push("login");
  }
  return what.length === 0 ? { kind: "unchanged" } : { kind: "change", what };
}

/** Undefined stays, null is none. */
function isOther(wanted: Uint8Array | null | undefined, there: Uint8Array | undefined): boolean {
  if (wanted === undefined) return false;
  if (wanted === null || there === undefined) return wanted !== null || there !== undefined;
  return Buffer.compare(wanted, there) !== 0;
}

function findLoginObstacle(from: Database, { username }: ImportLogin): string | undefined {
  return findLoginByUsername(from, username) === undefined
    ? undefined
    : "The user name of the device login is taken.";
}

/** The very same: of this host, with this password. */
function isLoginOf(from: Database, { username, verifier }: ImportLogin, host: Host): boolean {
  const there = findLoginByUsername(from, username);
  if (there === undefined || there.user !== host.user) return false;
  const isForIt = there.hosts === "all-of-user" || there.hosts.includes(host.id);
  return isForIt && Buffer.compare(there.verifier, verifier) === 0;
}

function make({ database, nowMs }: Edit, { name, zone, user }: ImportRow): Host {
  deleteTombstone(database, name);
  return insertHost(database, name, zone, user, nowMs);
}

function write(edit: Edit, row: ImportRow, host: Host, verdict: RowVerdict): void {
  const { database, nowMs } = edit;
  const { id } = host;
  const v4 = row.v4 === undefined ? (host.v4 ?? null) : row.v4;
  const v6 = row.v6 === undefined ? (host.v6 ?? null) : row.v6;
  if (isOther(v4, host.v4) || isOther(v6, host.v6)) {
    database
      .query("update host set v4 = ?, v6 = ?, changed_at_ms = ? where id = ?")
      .run(v4, v6, nowMs, id);
    const span = database.query(
      "insert or replace into host_span (host, family, from_ms, address) values (?, ?, ?, ?)",
    );
    if (isOther(v4, host.v4)) span.run(id, 4, nowMs, v4);
    if (isOther(v6, host.v6)) span.run(id, 6, nowMs, v6);
  }
  appendEntry(database, "host", id, nowMs);
  const identifier = row.interfaceId ?? undefined;
  if (row.interfaceId !== undefined && setIdentifier(database, id, identifier)) {
    appendEntry(database, "interface", id, nowMs);
  }
  if (row.note !== undefined) changeHostNote(database, id, { note: row.note });
  const isMissed =
    verdict.kind === "create" || (verdict.kind === "change" && verdict.what.includes("login"));
  if (row.login === undefined || !isMissed) return;
  const { username, verifier } = row.login;
  const login = insertLoginRows(database, { user: row.user, username, verifier, hosts: [id] });
  appendEntry(database, "login", login, nowMs);
}

function findDone(from: Database, key: ImportKey, nowMs: number): ImportOutcome | undefined {
  from.query("delete from idempotency where at_ms <= ?").run(nowMs - keyKeptMs);
  const row = from
    .query<{ request_hash: Uint8Array; reply: string }, [number, string]>(
      "select request_hash, reply from idempotency where user = ? and key = ?",
    )
    .get(key.user, key.key);
  if (row === null) return undefined;
  if (Buffer.compare(row.request_hash, key.requestHash) !== 0) return { kind: "key-used" };
  return { kind: "repeat", counts: JSON.parse(row.reply) as ImportCounts };
}

function keepDone(to: Database, key: ImportKey, counts: ImportCounts, nowMs: number): void {
  to.query(
    "insert into idempotency (user, key, request_hash, reply, at_ms) values (?, ?, ?, ?, ?)",
  ).run(key.user, key.key, key.requestHash, JSON.stringify(counts), nowMs);
}
