/** Bulk import of hosts: read row by row, judged a few thousand at a time, and written all together or not at all. */

import { createHash } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { parseAddress, reach } from "../../base/address.ts";
import { makeSecretText } from "../../base/chance.ts";
import { countVerdicts, importRowsMax } from "../../core/host-import.ts";
import type { ImportLogin, ImportRow, RowFault, RowVerdict } from "../../core/host-import.ts";
import { parseHostName } from "../../core/host-name.ts";
import { parseIdentifier } from "../../core/interface-identifier.ts";
import { findUsernameFault, loginOctetsMax } from "../../core/login.ts";
import type { User } from "../../core/user.ts";
import { makeVerifier } from "../../core/verifier.ts";
import type { Zone } from "../../core/zone.ts";
import { readText } from "../body.ts";
import type { ReplyOf } from "../contract.ts";
import { contract } from "../contract.ts";
import type { Call, Handlers } from "../handler.ts";
import { findEnclosingZone, findPlaceFault } from "../host-place.ts";
import type { HostParts } from "../host-parts.ts";
import { readCsvRows, readNdjson } from "../import-text.ts";
import type { ImportCells, ImportLine } from "../import-text.ts";
import { mayTouch } from "../may-touch.ts";
import { Refusal, invalid } from "../refusal.ts";
import { passwordCharacters, toOctets, usernameCharacters } from "./logins.ts";

type Report = ReplyOf<"importHosts">;

/** Between so many rows others get their turn, in the event loop and at the store. */
const rowsPerTurn = 1_000;
const rowsPerJudgement = 2_000;
const faultsToldMax = 1_000;
const sampleMax = 100;
const noteCharactersMax = 1_000;
/** As the draft of the HTTP API working group has it: a key is the client's to choose. */
const keyForm = /^[\x21-\x7e]{1,255}$/;

/** A row that was read, with what is told of its login once. */
interface ReadRow {
  readonly row: ImportRow;
  readonly login: { readonly username: string; readonly password: string } | undefined;
}

export function importHandlers(parts: HostParts): Handlers<"importHosts"> {
  return { importHosts: (call) => importHosts(call, parts) };
}

async function importHosts(call: Call<"importHosts">, parts: HostParts): Promise<Report> {
  const { caller, query, request } = call;
  const text = await readText(request, contract.importHosts.bodyOctetsMax);
  const owner = await findOwner(call, query.owner, parts);
  const key = readKey(call, text);
  const { rows, faults } = await readRows(call, text, owner, parts);
  const verdicts = await judge(rows, parts);
  faults.push(...listRefused(rows, verdicts), ...(await findQuotaFaults(rows, verdicts, parts)));
  faults.sort((a, b) => a.line - b.line);
  if (query.dryRun) return makeReport(rows, verdicts, faults, true);
  if (faults.length > 0) throw refuse(faults);
  const outcome = await parts.notes.importHosts(
    rows.map(({ row }) => row),
    key,
  );
  switch (outcome.kind) {
    case "refused": // somebody else was quicker
      throw refuse(outcome.faults);
    case "key-used":
      throw new Refusal(422, "key-used", "This Idempotency-Key came with something else before.", {
        hint: "Send a new key with a new import.",
      });
    case "repeat":
      return { ...makeReport([], [], [], false), ...outcome.counts, isRepeat: true };
    case "done":
  }
  const report = makeReport(rows, outcome.verdicts, [], false);
  const detail = `${report.rows} rows: ${report.created} created, ${report.changed} changed`;
  const target = owner.name;
  await parts.audit.note(
    { actor: caller, action: "host.import", target, result: "ok", detail },
    call,
  );
  return report;
}

function readKey(call: Call<"importHosts">, text: string) {
  const key = call.request.headers.get("idempotency-key");
  if (key === null || call.query.dryRun) return undefined;
  if (!keyForm.test(key)) {
    throw invalid("/headers/Idempotency-Key", "1 to 255 visible ASCII characters, no blanks.");
  }
  const hash = createHash("sha256")
    .update(call.query.owner ?? "")
    .update("\0")
    .update(text);
  return { user: call.caller.user.id, key, requestHash: new Uint8Array(hash.digest()) };
}

/** Whose the hosts are that name nobody. */
async function findOwner(
  { caller }: Call<"importHosts">,
  name: string | undefined,
  parts: HostParts,
): Promise<User> {
  if (name === undefined || name === caller.user.name) return caller.user;
  if (!caller.user.isAdmin) throw new Refusal(403, "not-allowed", "Hosts are made for oneself.");
  const found = await parts.findUser(name);
  if (found === undefined) throw invalid("/query/owner", "There is no such account.");
  return found;
}

async function readRows(
  call: Call<"importHosts">,
  text: string,
  owner: User,
  parts: HostParts,
): Promise<{ rows: ReadRow[]; faults: RowFault[] }> {
  const isCsv = call.request.headers.get("content-type")?.toLowerCase().startsWith("text/csv");
  const reader = new RowReader(call, owner, parts);
  const rows: ReadRow[] = [];
  const faults: RowFault[] = [];
  let looked = 0;
  for (const line of isCsv === true ? readCsvRows(text) : readNdjson(text)) {
    if (++looked > importRowsMax) {
      throw new Refusal(413, "too-many-rows", `More than ${importRowsMax} rows.`, {
        hint: "Split the file: each part is taken as a whole.",
      });
    }
    if (looked % rowsPerTurn === 0) await setImmediate();
    const read = await reader.read(line);
    if ("why" in read) faults.push(read);
    else rows.push(read);
  }
  return { rows, faults };
}

class RowReader {
  readonly #call: Call<"importHosts">;
  readonly #owner: User;
  readonly #parts: HostParts;
  /** By name, the line in which it stood first. */
  readonly #lines = new Map<string, number>();
  readonly #usernames = new Map<string, number>();
  readonly #owners = new Map<string, User | undefined>();
  /** Zones are few, and asked for in every row. */
  readonly #zones: readonly Zone[];

  constructor(call: Call<"importHosts">, owner: User, parts: HostParts) {
    this.#call = call;
    this.#owner = owner;
    this.#parts = parts;
    this.#zones = [...parts.directory.zones()];
  }

  async read(given: ImportLine): Promise<ReadRow | RowFault> {
    if ("why" in given) return given;
    const { line, cells } = given;
    const read = this.#readRow(line, cells, await this.#findOwner(cells.owner));
    return typeof read === "string" ? { line, why: read } : read;
  }

  async #findOwner(name: string | undefined): Promise<User | undefined> {
    if (name === undefined) return this.#owner;
    if (!this.#owners.has(name)) this.#owners.set(name, await this.#parts.findUser(name));
    return this.#owners.get(name);
  }

  #readRow(line: number, cells: ImportCells, owner: User | undefined): ReadRow | string {
    const { caller } = this.#call;
    const { directory } = this.#parts;
    const name = parseHostName(cells.name ?? "");
    if (name === undefined) return "name is no full host name, as cam1.dyn.example.net.";
    const before = this.#lines.get(name);
    if (before !== undefined) return `${name} stands in line ${before} too.`;
    this.#lines.set(name, line);
    if (owner === undefined) return `There is no account ${cells.owner}.`;
    if (owner.id !== caller.user.id && !caller.user.isAdmin) return "Hosts are made for oneself.";
    const zone = findEnclosingZone(name, this.#zones);
    if (zone === undefined) return `${name} lies in no zone that is served here.`;
    const isNew = directory.hosts.find(name) === undefined;
    if (isNew && !caller.user.isAdmin) {
      const fault = findPlaceFault(name, zone, this.#parts.isShared);
      if (fault !== undefined) return fault.why;
    }
    const thing = { owner: owner.id, zone: zone.apex, name };
    if (!mayTouch(caller, "hosts:write", thing)) return `The token may not touch ${name}.`;
    const setsAddress = cells.v4 !== undefined || cells.v6 !== undefined;
    if (setsAddress && !mayTouch(caller, "addresses:write", thing)) {
      return `The token may not set addresses of ${name}.`;
    }
    if ((cells.note?.length ?? 0) > noteCharactersMax) {
      return `note has more than ${noteCharactersMax} characters.`;
    }
    const v4 = readAddress(cells.v4, 4, zone);
    const v6 = readAddress(cells.v6, 6, zone);
    if (typeof v4 === "string") return v4;
    if (typeof v6 === "string") return v6;
    const interfaceId =
      typeof cells.interfaceId === "string"
        ? parseIdentifier(cells.interfaceId)
        : cells.interfaceId;
    if (interfaceId === undefined && cells.interfaceId !== undefined) {
      return "interfaceId is no interface identifier, as ::1:2:3:4.";
    }
    const login = this.#readLogin(line, cells);
    if (typeof login === "string") return login;
    if (login !== undefined && !mayTouch(caller, "logins:write", thing)) {
      return `The token may not make a device login for ${name}.`;
    }
    const { note } = cells;
    const kept = login?.kept;
    const row = { line, name, zone: zone.id, user: owner.id, v4, v6, note, interfaceId };
    return { row: { ...row, login: kept }, login: login?.told };
  }

  /** A fault as a text. */
  #readLogin(
    line: number,
    cells: ImportCells,
  ): { kept: ImportLogin; told: ReadRow["login"] } | string | undefined {
    const { chance, pepper } = this.#parts;
    if (cells.username === undefined && cells.password !== undefined) {
      return "A password needs a username beside it.";
    }
    if (cells.username === undefined && cells.login !== true) return undefined;
    const given = cells.username ?? makeSecretText(chance, usernameCharacters);
    const username = toOctets(given);
    const fault = findUsernameFault(username);
    if (fault !== undefined) return `username: ${fault}`;
    const before = this.#usernames.get(username);
    if (before !== undefined) return `The username stands in line ${before} too.`;
    this.#usernames.set(username, line);
    const password = cells.password ?? makeSecretText(chance, passwordCharacters);
    const octets = toOctets(password);
    if (octets.length > loginOctetsMax) return `password has more than ${loginOctetsMax} octets.`;
    const isForNew = cells.password === undefined;
    const verifier = makeVerifier(pepper, username, octets);
    return { kept: { username, verifier, isForNew }, told: { username: given, password } };
  }
}

/** A fault as a text. */
function readAddress(
  text: string | null | undefined,
  family: 4 | 6,
  { isPrivate, apex }: Zone,
): Uint8Array | null | undefined | string {
  if (text === null || text === undefined) return text;
  const address = parseAddress(text);
  if (address?.family !== family) return `v${family} is no IPv${family} address.`;
  if (!isPrivate && reach(address) === "not-global") {
    return `${address.text} cannot be reached from outside, and ${apex} is a public zone.`;
  }
  return address.octets;
}

async function judge(rows: readonly ReadRow[], parts: HostParts): Promise<readonly RowVerdict[]> {
  const verdicts: RowVerdict[] = [];
  for (let at = 0; at < rows.length; at += rowsPerJudgement) {
    const some = rows.slice(at, at + rowsPerJudgement).map(({ row }) => row);
    for (const verdict of await parts.notes.judgeImport(some)) verdicts.push(verdict);
  }
  return verdicts;
}

function listRefused(rows: readonly ReadRow[], verdicts: readonly RowVerdict[]): RowFault[] {
  return verdicts.flatMap((verdict, index) =>
    verdict.kind === "refused" ? [{ line: rows[index]!.row.line, why: verdict.why }] : [],
  );
}

/** Each row beyond what its owner may have. */
async function findQuotaFaults(
  rows: readonly ReadRow[],
  verdicts: readonly RowVerdict[],
  parts: HostParts,
): Promise<RowFault[]> {
  const left = new Map<number, { hosts: number; logins: number }>();
  const faults: RowFault[] = [];
  for (const [index, { row }] of rows.entries()) {
    const verdict = verdicts[index]!;
    if (verdict.kind !== "create" && verdict.kind !== "change") continue;
    let room = left.get(row.user);
    if (room === undefined) left.set(row.user, (room = await findRoom(row.user, parts)));
    if (verdict.kind === "create" && --room.hosts < 0) {
      faults.push({ line: row.line, why: "The account may have no more hosts." });
    } else if (makesLogin(row, verdict) && --room.logins < 0) {
      faults.push({ line: row.line, why: "The account may have no more device logins." });
    }
  }
  return faults;
}

async function findRoom(id: number, parts: HostParts): Promise<{ hosts: number; logins: number }> {
  const { directory } = parts;
  const user = directory.findUser(id);
  const quota = user === undefined ? { hosts: 0, logins: 0 } : await parts.quotaOf(user);
  const hosts = [...directory.hosts.ofUser(id)].length;
  const logins = (await parts.logins.listLogins(id)).length;
  return { hosts: quota.hosts - hosts, logins: quota.logins - logins };
}

function makesLogin({ login }: ImportRow, verdict: RowVerdict): boolean {
  if (login === undefined) return false;
  return verdict.kind === "create" || (verdict.kind === "change" && verdict.what.includes("login"));
}

function makeReport(
  rows: readonly ReadRow[],
  verdicts: readonly RowVerdict[],
  faults: readonly RowFault[],
  isDryRun: boolean,
): Report {
  const counts = countVerdicts(verdicts);
  const refusedByStore = verdicts.filter(({ kind }) => kind === "refused").length;
  const sample: Report["sample"] = [];
  const logins: Report["logins"] = [];
  for (const [index, { row, login }] of rows.entries()) {
    const verdict = verdicts[index]!;
    const { line, name } = row;
    if (sample.length < sampleMax && (verdict.kind === "create" || verdict.kind === "change")) {
      const change = verdict.kind === "create" ? "create" : verdict.what.join(", ");
      sample.push({ line, name, change });
    }
    if (!isDryRun && login !== undefined && makesLogin(row, verdict))
      logins.push({ name, ...login });
  }
  return {
    isDryRun,
    isRepeat: false,
    ...counts,
    rows: rows.length + faults.length - refusedByStore,
    refused: faults.length,
    faults: faults.slice(0, faultsToldMax),
    sample,
    logins,
  };
}

function refuse(faults: readonly RowFault[]): Refusal {
  const rows = faults.length === 1 ? "One row" : `${faults.length} rows`;
  return new Refusal(422, "bad-rows", `${rows} cannot be taken; nothing was changed.`, {
    hint: "Mend the lines that are named; with dryRun=true nothing is changed in any case.",
    errors: faults
      .slice(0, faultsToldMax)
      .map(({ line, why }) => ({ pointer: `/lines/${line}`, detail: why })),
  });
}
