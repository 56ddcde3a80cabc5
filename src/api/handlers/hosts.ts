/** Hosts: the list with its filter, one host with its strip and timeline, and what its owner may do with it. */

import { addressFromOctets, parseAddress, reach } from "../../base/address.ts";
import { parseHostName } from "../../core/host-name.ts";
import type { HostName } from "../../core/host-name.ts";
import { isSameAddress, joinSpans } from "../../core/contacts.ts";
import { stateOf } from "../../core/host-state.ts";
import type { HostState } from "../../core/host-state.ts";
import type { Host, HostId } from "../../core/host.ts";
import { parseIdentifier, printIdentifier } from "../../core/interface-identifier.ts";
import type { UserId } from "../../core/user.ts";
import type { Zone } from "../../core/zone.ts";
import type { Person, Program } from "../caller.ts";
import { CallLimit } from "../call-limit.ts";
import type { Action } from "../contract/route.ts";
import { hostStates } from "../contract/hosts.ts";
import type { ReplyOf } from "../contract.ts";
import type { Call, Handlers } from "../handler.ts";
import { isWanted, parseFilter } from "../host-filter.ts";
import type { HostTerm } from "../host-filter.ts";
import { findEnclosingZone, findPlaceFault } from "../host-place.ts";
import type { HostParts } from "../host-parts.ts";
import { mayTouch } from "../may-touch.ts";
import { Refusal, invalid, notFound } from "../refusal.ts";
import { receiptReply } from "./receipts.ts";

type HostReply = ReplyOf<"addHost">;

const dayMs = 86_400_000;
const stripDays = 30;
/** Rows are read so many at a time, and one call looks at no more than this. */
const rowsPerRead = 500;
const rowsPerCallMax = 20_000;

/** A page that is open asks every 20 seconds, and at once when an address changes. */
const answersAsked = { burst: 20, refillMs: 3_000 };

export function hostHandlers(
  parts: HostParts,
): Handlers<
  | "listHosts"
  | "countHosts"
  | "addHost"
  | "getHost"
  | "changeHost"
  | "deleteHost"
  | "setAddresses"
  | "fixHost"
  | "holdHost"
  | "getTimeline"
  | "getAnswers"
  | "sendTest"
  | "exportHosts"
> {
  const answers = new CallLimit(answersAsked, parts.clock);
  return {
    listHosts: (call) => listHosts(call, parts),
    countHosts: (call) => countHosts(call, parts),
    addHost: (call) => addHost(call, parts),
    getHost: async (call) => {
      const host = await findOwn(call, "hosts:read", parts);
      return { ...(await toReply(host, parts)), strip: await readStrip(host.id, parts) };
    },
    changeHost: (call) => changeHost(call, parts),
    deleteHost: async (call) => {
      const host = await findOwn(call, "hosts:write", parts);
      const { block } = call.query;
      if (block && !call.caller.user.isAdmin) {
        throw new Refusal(403, "forbidden", "Only an administrator blocks a name for ever.");
      }
      await parts.hosts.removeHost(host.name, block);
      await note(call, block ? "host.delete-and-block" : "host.delete", host.name, parts);
      return undefined;
    },
    setAddresses: (call) => setAddresses(call, parts),
    holdHost: (call) => holdHost(call, parts),
    fixHost: (call) => fixHost(call, parts),
    getTimeline: (call) => getTimeline(call, parts),
    getAnswers: (call) => getAnswers(call, answers, parts),
    sendTest: (call) => sendTest(call, parts),
    exportHosts: (call) => exportHosts(call, parts),
  };
}

async function listHosts(
  { caller, query }: Call<"listHosts">,
  parts: HostParts,
): Promise<ReplyOf<"listHosts">> {
  const terms = parseFilter(query.q ?? "");
  const after = query.after === undefined ? undefined : parseHostName(query.after);
  if (query.after !== undefined && after === undefined)
    throw invalid("/query/after", "No place in this list.");
  const items: ReplyOf<"listHosts">["items"] = [];
  let looked = 0;
  let last: HostName | undefined = after;
  for await (const host of readHosts(caller, terms, after, parts)) {
    looked++;
    if (
      mayTouch(caller, "hosts:read", subjectOf(host, parts)) &&
      isHostWanted(host, terms, parts)
    ) {
      if (items.length === query.limit) return { items, next: last ?? null };
      const strip = query.strip ? await readStrip(host.id, parts) : [];
      items.push({ ...(await toReply(host, parts)), strip });
    }
    last = host.name;
    if (looked === rowsPerCallMax) return { items, next: last };
  }
  return { items, next: null };
}

/** In order of name. Of others' hosts only an administrator sees any; what the filter says of zone and owner is asked of the store. */
async function* readHosts(
  caller: Person | Program,
  terms: readonly HostTerm[],
  after: HostName | undefined,
  parts: HostParts,
): AsyncGenerator<Host> {
  const only = (key: "zone" | "owner"): string | undefined =>
    terms.find((term) => term.key === key && !term.isNot)?.text;
  const zone = only("zone");
  const zoneId = zone === undefined ? undefined : findZone(zone, parts)?.id;
  if (zone !== undefined && zoneId === undefined) return;
  const owner = only("owner");
  const named = owner === undefined ? undefined : await parts.findUser(owner);
  if (owner !== undefined && named === undefined) return;
  const user: UserId | undefined = caller.user.isAdmin ? named?.id : caller.user.id;
  let from = after;
  for (;;) {
    const rows = await parts.hosts.listHosts({
      limit: rowsPerRead,
      ...(user === undefined ? {} : { user }),
      ...(zoneId === undefined ? {} : { zone: zoneId }),
      ...(from === undefined ? {} : { after: from }),
    });
    yield* rows;
    if (rows.length < rowsPerRead) return;
    from = rows.at(-1)!.name;
  }
}

/** From memory: no host is read from the disk for it. */
function countHosts({ caller }: Call<"countHosts">, parts: HostParts): ReplyOf<"countHosts"> {
  const { hosts } = parts.directory;
  const counts = Object.fromEntries(hostStates.map((state) => [state, 0])) as Record<
    HostState,
    number
  >;
  const ids = caller.user.isAdmin ? hosts.ids() : hosts.ofUser(caller.user.id);
  for (const id of ids) {
    const zone = parts.directory.findZone(hosts.zone(id))?.apex ?? "";
    const subject = { owner: hosts.user(id), zone, name: hosts.getName(id) };
    if (mayTouch(caller, "hosts:read", subject)) counts[stateOfHost(id, parts)]++;
  }
  return counts;
}

async function addHost(call: Call<"addHost">, parts: HostParts): Promise<HostReply> {
  const { caller, body } = call;
  const name = parseHostName(body.name);
  if (name === undefined)
    throw invalid("/name", "Not a full host name.", "As cam1.dyn.example.net.");
  const zone = findEnclosingZone(name, parts.directory.zones());
  if (zone === undefined) throw invalid("/name", "It lies in no zone that is served here.");
  const isOthers = body.owner !== undefined && body.owner !== caller.user.name;
  if (isOthers && !caller.user.isAdmin)
    throw new Refusal(403, "not-allowed", "Hosts are made for oneself.");
  const owner = isOthers ? await parts.findUser(body.owner!) : caller.user;
  if (owner === undefined) throw invalid("/owner", "There is no such account.");
  const fault = caller.user.isAdmin ? undefined : findPlaceFault(name, zone, parts.isShared);
  if (fault !== undefined) throw invalid("/name", fault.why, fault.hint);
  if (!mayTouch(caller, "hosts:write", { owner: owner.id, zone: zone.apex, name }))
    throw notFound();
  const { hosts } = await parts.quotaOf(owner);
  if ([...parts.directory.hosts.ofUser(owner.id)].length >= hosts) {
    throw new Refusal(409, "quota", `The account may have ${hosts} hosts, and has them.`, {
      hint: "Delete one, or ask whoever runs the service for more.",
    });
  }
  const identifier = readIdentifier(body.interfaceId);
  const outcome = await parts.hosts.addHost(name, zone.id, owner.id);
  if (outcome.kind === "taken")
    throw new Refusal(409, "taken", "The name is taken.", { hint: "Choose another." });
  if (outcome.kind === "refused") throw new Refusal(409, "refused", outcome.why);
  const { made } = outcome;
  if (identifier !== undefined) await parts.hosts.setInterface(made.id, identifier);
  if (body.note !== undefined) await parts.notes.changeHostNote(made.id, { note: body.note });
  await note(call, "host.add", name, parts);
  return toReply(made, parts);
}

async function changeHost(call: Call<"changeHost">, parts: HostParts): Promise<HostReply> {
  const host = await findOwn(call, "hosts:write", parts);
  const { interfaceId, note: text, alertHours, guide } = call.body;
  if (interfaceId !== undefined) {
    const identifier = interfaceId === null ? undefined : readIdentifier(interfaceId);
    await parts.hosts.setInterface(host.id, identifier);
  }
  await parts.notes.changeHostNote(host.id, {
    ...(text === undefined ? {} : { note: text }),
    ...(alertHours === undefined ? {} : { alertHours }),
    ...(guide === undefined ? {} : { guide }),
  });
  if (alertHours !== undefined) parts.contacts.setAlertHours(host.id, alertHours ?? undefined);
  return toReply(host, parts);
}

async function setAddresses(call: Call<"setAddresses">, parts: HostParts): Promise<HostReply> {
  const host = await findOwn(call, "addresses:write", parts);
  await refuseHeld(call, host, parts);
  const { directory, clock } = parts;
  const now = directory.hosts.addresses(host.id);
  const zone = directory.findZone(host.zone);
  const v4 = call.body.v4 === undefined ? now.v4 : readAddress(call.body.v4, 4, "/v4", zone);
  const v6 = call.body.v6 === undefined ? now.v6 : readAddress(call.body.v6, 6, "/v6", zone);
  const isProgram = call.caller.kind === "program";
  const device = (call.request.headers.get("user-agent") ?? "").slice(0, 255);
  if (isSameAddress(v4, now.v4) && isSameAddress(v6, now.v6)) {
    // A client with a token says by it that it is there, as a device does by a repeat.
    if (isProgram) {
      parts.contacts.note({ host: host.id, atMs: clock.now(), device, kind: "repeat" });
    }
    return toReply(host, parts);
  }
  const texts = [v4, v6].flatMap((octets) =>
    octets === undefined ? [] : [addressFromOctets(octets.slice()).text],
  );
  const outcome = await parts.setAddresses(
    host.id,
    { v4, v6 },
    {
      atMs: clock.now(),
      host: host.id,
      asked: host.name,
      username: call.caller.user.name,
      peer: call.peer.text,
      adapter: isProgram ? "api" : "by-hand",
      userAgent: device,
      outcome: "changed",
      addresses: texts.join(","),
      note: isProgram ? "Set with a token." : "Set by hand.",
    },
  );
  if (outcome === "gone") throw notFound();
  await note(call, "host.set-addresses", host.name, parts);
  return toReply((await parts.hosts.findHost(host.name)) ?? host, parts);
}

/** What the operator holds nobody else changes; a program is held like a device by whoever holds the host. */
async function refuseHeld(
  { caller }: Call<"setAddresses" | "holdHost">,
  host: Host,
  parts: HostParts,
  isProgramRefused = true,
): Promise<void> {
  if (!host.isBlocked || caller.user.isAdmin) return;
  const held = await parts.notes.findHostNote(host.id);
  if ((held?.heldBy ?? "operator") === "operator") {
    throw new Refusal(403, "held-by-operator", "Whoever runs the service holds this host.", {
      hint: held?.heldWhy ?? "Ask there for the reason.",
    });
  }
  if (isProgramRefused && caller.kind === "program") {
    throw new Refusal(403, "held", "The host is held.", { hint: "Its owner can let it go." });
  }
}

async function holdHost(call: Call<"holdHost">, parts: HostParts): Promise<HostReply> {
  const host = await findOwn(call, "hosts:write", parts);
  const { isAdmin, name } = call.caller.user;
  const { isHeld, why = "" } = call.body;
  await refuseHeld(call, host, parts, false);
  const isTheirs = host.user === call.caller.user.id;
  const by = isHeld ? (isAdmin && !isTheirs ? "operator" : name) : undefined;
  await parts.notes.setHeld(host.id, by, why);
  await note(call, isHeld ? "host.hold" : "host.let-go", host.name, parts);
  return toReply({ ...host, isBlocked: isHeld }, parts);
}

async function fixHost(call: Call<"fixHost">, parts: HostParts): Promise<HostReply> {
  const host = await findOwn(call, "hosts:write", parts);
  const { isFixed } = call.body;
  if ((await parts.notes.setFixed(host.id, isFixed)) === "not-found") throw notFound();
  await note(call, isFixed ? "host.fix" : "host.unfix", host.name, parts);
  return toReply({ ...host, isFixed }, parts);
}

async function getTimeline(
  call: Call<"getTimeline">,
  parts: HostParts,
): Promise<ReplyOf<"getTimeline">> {
  const host = await findOwn(call, "hosts:read", parts);
  const until = parts.clock.now();
  const from = until - call.query.days * dayMs;
  const stored = await parts.notes.listSpans(host.id, from);
  // Asked for behind the store's answer: what was on its way there is in one of both.
  const spans = joinSpans(stored, parts.contacts.unwrittenSpans(host.id));
  const found: ReplyOf<"getTimeline">["spans"] = [];
  for (const family of [4, 6] as const) {
    const own = spans.filter((span) => span.family === family);
    for (const [index, span] of own.entries()) {
      const endMs = own[index + 1]?.fromMs ?? until;
      if (endMs <= from) continue;
      found.push({
        family,
        address: span.address === undefined ? null : addressFromOctets(span.address.slice()).text,
        from: printTime(Math.max(span.fromMs, from)),
        until: printTime(endMs),
      });
    }
  }
  return { from: printTime(from), until: printTime(until), spans: found };
}

async function getAnswers(
  call: Call<"getAnswers">,
  limit: CallLimit,
  parts: HostParts,
): Promise<ReplyOf<"getAnswers">> {
  const host = await findOwn(call, "hosts:read", parts);
  limit.take(call.caller.user.id);
  const answers = await parts.askServers(host.name);
  // Read behind the answers: what changed meanwhile makes an answer old, and not the host.
  const { v4: now4, v6: now6 } = await toReply(await findOwn(call, "hosts:read", parts), parts);
  const items = answers.map(({ server, v4 = null, v6 = null, ttlSeconds = null, fault = null }) => {
    const isSame = v4 === now4 && v6 === now6;
    return { server, v4, v6, ttlSeconds, isCurrent: isSame && fault === null, fault };
  });
  return { items };
}

/** What a device at the caller's place would do: the host gets the address that the call comes from. */
async function sendTest(call: Call<"sendTest">, parts: HostParts): Promise<ReplyOf<"sendTest">> {
  const host = await findOwn(call, "addresses:write", parts);
  const { peer, caller, request } = call;
  const zone = parts.directory.findZone(host.zone);
  if (zone?.isPrivate !== true && reach(peer) === "not-global") {
    throw new Refusal(
      409,
      "not-global",
      `You come from ${peer.text}, which nobody outside can reach.`,
      {
        hint: "Open this page by the service's public address, or set the address by hand.",
      },
    );
  }
  if (host.isFixed) {
    throw new Refusal(409, "fixed", "The host is fixed: what devices report is not applied.", {
      hint: "Let it follow its device again, or set the address by hand.",
    });
  }
  const now = parts.directory.hosts.addresses(host.id);
  const addresses = peer.family === 4 ? { ...now, v4: peer.octets } : { ...now, v6: peer.octets };
  const receipt = {
    atMs: parts.clock.now(),
    host: host.id,
    asked: host.name,
    username: caller.user.name,
    peer: peer.text,
    adapter: "test",
    userAgent: (request.headers.get("user-agent") ?? "").slice(0, 255),
    outcome: "changed",
    addresses: peer.text,
    note: "A test from a browser.",
  };
  if ((await parts.setAddresses(host.id, addresses, receipt)) === "gone") throw notFound();
  return receiptReply(receipt, parts);
}

/** All hosts the caller may see, a line each, as they are read. */
function exportHosts({ caller }: Call<"exportHosts">, parts: HostParts): Response {
  const lines = async function* (): AsyncGenerator<string> {
    for await (const host of readHosts(caller, [], undefined, parts)) {
      if (!mayTouch(caller, "hosts:read", subjectOf(host, parts))) continue;
      const { name, v4, v6, owner, note: text, interfaceId, ...rest } = await toReply(host, parts);
      const { createdAt, changedAt } = rest;
      const row = { name, v4, v6, owner, note: text, interfaceId, createdAt, changedAt };
      yield `${JSON.stringify(row)}\n`;
    }
  };
  const encoder = new TextEncoder();
  const each = lines();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await each.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value));
    },
  });
  return new Response(stream, { headers: { "Content-Type": "application/x-ndjson" } });
}

type HostCall =
  | Call<"getAnswers" | "sendTest">
  | Call<
      | "getHost"
      | "changeHost"
      | "deleteHost"
      | "setAddresses"
      | "fixHost"
      | "holdHost"
      | "getTimeline"
    >;

/** The same answer for what is not there and what is another's. */
async function findOwn(call: HostCall, action: Action, parts: HostParts): Promise<Host> {
  const name = parseHostName(call.parameters.name);
  const host = name === undefined ? undefined : await parts.hosts.findHost(name);
  if (host === undefined || !mayTouch(call.caller, action, subjectOf(host, parts)))
    throw notFound();
  return host;
}

function subjectOf(host: Host, parts: HostParts): { owner: UserId; zone: string; name: string } {
  const zone = parts.directory.findZone(host.zone)?.apex ?? "";
  return { owner: host.user, zone, name: host.name };
}

function isHostWanted(host: Host, terms: readonly HostTerm[], parts: HostParts): boolean {
  if (terms.length === 0) return true;
  return isWanted(
    {
      name: host.name,
      state: stateOfHost(host.id, parts),
      zone: parts.directory.findZone(host.zone)?.apex ?? "",
      owner: parts.userName(host.user),
      addresses: [host.v4, host.v6].flatMap((octets) =>
        octets === undefined ? [] : [addressFromOctets(octets.slice()).text],
      ),
      device: parts.contacts.deviceOf(host.id),
      isOf: (username) => {
        const login = parts.directory.findLogin(Buffer.from(username, "utf8").toString("latin1"));
        return login !== undefined && parts.directory.mayUpdate(login, host.id);
      },
    },
    terms,
  );
}

export function stateOfHost(id: HostId, parts: HostParts): HostState {
  const { directory, contacts, clock } = parts;
  return stateOf(
    {
      isHeld: directory.hosts.isBlocked(id),
      isFixed: directory.hosts.isFixed(id),
      heardAtMs: contacts.heardAtMs(id) ?? (directory.hosts.changedAtMs(id) || undefined),
      rhythmMs: contacts.rhythmMs(id),
      alertMs: contacts.alertMs(id),
    },
    clock.now(),
  );
}

async function toReply(host: Host, parts: HostParts): Promise<HostReply> {
  const { directory, contacts } = parts;
  const kept = await parts.notes.findHostNote(host.id);
  const heardAtMs = contacts.heardAtMs(host.id) ?? host.changedAtMs;
  const identifier = directory.findIdentifier(host.id);
  const text = (octets: Uint8Array | undefined): string | null =>
    octets === undefined ? null : addressFromOctets(octets.slice()).text;
  return {
    name: host.name,
    zone: directory.findZone(host.zone)?.apex ?? "",
    owner: parts.userName(host.user),
    state: host.isBlocked ? "held" : stateOfHost(host.id, parts),
    v4: text(host.v4),
    v6: text(host.v6),
    ttlSeconds: parts.hostTtlSeconds,
    createdAt: printTime(host.createdAtMs),
    changedAt: host.changedAtMs === undefined ? null : printTime(host.changedAtMs),
    heardAt: heardAtMs === undefined ? null : printTime(heardAtMs),
    device: contacts.deviceOf(host.id) || null,
    interfaceId: identifier === undefined ? null : printIdentifier(identifier),
    challenges: [...directory.challengesOf(host.id)],
    heldWhy: host.isBlocked ? (kept?.heldWhy ?? "") : null,
    note: kept?.note ?? "",
    alertHours: kept?.alertHours ?? null,
    guide: kept?.guide ?? null,
  };
}

/** Every day of the strip, those of silence included. */
async function readStrip(id: HostId, parts: HostParts): Promise<ReplyOf<"getHost">["strip"]> {
  const today = Math.floor(parts.clock.now() / dayMs);
  const first = today - stripDays + 1;
  const stored = await parts.notes.listDays(id, first);
  const days = new Map<number, { changes: number; contacts: number; refused: number }>();
  for (const { day, changes, contacts, refused } of [
    ...stored,
    ...parts.contacts.unwrittenDays(id),
  ]) {
    const sum = days.get(day) ?? { changes: 0, contacts: 0, refused: 0 };
    days.set(day, {
      changes: sum.changes + changes,
      contacts: sum.contacts + contacts,
      refused: sum.refused + refused,
    });
  }
  return Array.from({ length: stripDays }, (_, index) => {
    const day = first + index;
    const { changes = 0, contacts = 0, refused = 0 } = days.get(day) ?? {};
    return { day: new Date(day * dayMs).toISOString().slice(0, 10), changes, contacts, refused };
  });
}

function findZone(apex: string, parts: HostParts): Zone | undefined {
  for (const zone of parts.directory.zones()) if (zone.apex === apex) return zone;
  return undefined;
}

function readIdentifier(text: string | undefined) {
  if (text === undefined) return undefined;
  const identifier = parseIdentifier(text);
  if (identifier === undefined)
    throw invalid("/interfaceId", "Not an interface identifier.", "As ::1:2:3:4.");
  return identifier;
}

function readAddress(
  text: string | null,
  family: 4 | 6,
  pointer: string,
  zone: Zone | undefined,
): Uint8Array | undefined {
  if (text === null) return undefined;
  const address = parseAddress(text);
  if (address?.family !== family) throw invalid(pointer, `Not an IPv${family} address.`);
  if (zone?.isPrivate !== true && reach(address) === "not-global") {
    throw invalid(pointer, "It cannot be reached from outside, and the zone is a public one.");
  }
  return address.octets;
}

function printTime(ms: number): string {
  return new Date(ms).toISOString();
}

function note(
  call: HostCall | Call<"addHost">,
  action: string,
  target: string,
  { audit }: HostParts,
): Promise<void> {
  return audit.note({ actor: call.caller, action, target, result: "ok" }, call);
}
