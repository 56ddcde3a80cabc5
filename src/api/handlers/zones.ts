/** Zones and their records, as far as pages show them; what changes records is the command line so far. */

import { parseHostName } from "../../core/host-name.ts";
import type { HostName } from "../../core/host-name.ts";
import type { Zone, ZoneId, ZoneRecord } from "../../core/zone.ts";
import type { Audit } from "../audit.ts";
import type { Person, Program } from "../caller.ts";
import type { ReplyOf } from "../contract.ts";
import type { Call, Handlers } from "../handler.ts";
import { mayTouch } from "../may-touch.ts";
import { Refusal, invalid, notFound } from "../refusal.ts";

type ZoneReply = ReplyOf<"getZone">;

export interface ZoneParts {
  readonly zones: {
    listRecords(zone: ZoneId): Promise<readonly ZoneRecord[]>;
    removeZone(zone: ZoneId): Promise<"removed" | "not-found">;
    setShared(zone: ZoneId, isShared: boolean): Promise<"set" | "not-found">;
  };
  list(): Iterable<Zone>;
  /** How many hosts it has, and whether it is signed. */
  look(zone: Zone): Promise<{ readonly hosts: number; readonly signing: ZoneReply["signing"] }>;
  /** With an SOA and NS records, as the command line makes it. */
  add(
    apex: HostName,
    isPrivate: boolean,
  ): Promise<
    | { readonly kind: "made"; readonly made: Zone }
    | { readonly kind: "taken" }
    | { readonly kind: "refused"; readonly why: string }
  >;
  /** Presentation form of type and data. */
  print(record: ZoneRecord): { readonly type: string; readonly data: string };
  readonly audit: Audit;
}

export function zoneHandlers(
  parts: ZoneParts,
): Handlers<"listZones" | "addZone" | "getZone" | "changeZone" | "removeZone" | "listRecords"> {
  return {
    async listZones({ caller }) {
      const zones = [...parts.list()].filter((zone) => maySee(caller, zone));
      return { items: await Promise.all(zones.map((zone) => toReply(zone, parts))) };
    },
    async getZone(call) {
      return toReply(findZone(call, parts), parts);
    },
    async addZone(call) {
      const { name, isPrivate, isShared } = call.body;
      const apex = parseHostName(name);
      if (apex === undefined) throw invalid("/name", "Not a domain name.", "As dyn.example.net.");
      const outcome = await parts.add(apex, isPrivate);
      if (outcome.kind === "taken") throw new Refusal(409, "taken", "The zone is served already.");
      if (outcome.kind === "refused") throw new Refusal(409, "refused", outcome.why);
      if (isShared) await parts.zones.setShared(outcome.made.id, true);
      await note(call, "zone.add", apex, parts);
      return toReply(isShared ? { ...outcome.made, isShared } : outcome.made, parts);
    },
    async changeZone(call) {
      const zone = findZone(call, parts);
      const { isShared } = call.body;
      if (isShared === undefined) return toReply(zone, parts);
      await parts.zones.setShared(zone.id, isShared);
      await note(call, isShared ? "zone.share" : "zone.unshare", zone.apex, parts);
      const { isShared: _, ...rest } = zone;
      return toReply(isShared ? { ...rest, isShared } : rest, parts);
    },
    async removeZone(call) {
      const zone = findZone(call, parts);
      await parts.zones.removeZone(zone.id);
      await note(call, "zone.remove", zone.apex, parts);
      return undefined;
    },
    listRecords: (call) => listRecords(call, parts),
  };
}

async function listRecords(
  call: Call<"listRecords">,
  parts: ZoneParts,
): Promise<ReplyOf<"listRecords">> {
  const zone = findZone(call, parts);
  const { q = "", after, limit } = call.query;
  const start = after === undefined ? 0 : Number(after);
  if (!Number.isSafeInteger(start) || start < 0) {
    throw invalid("/query/after", "No place in this list.");
  }
  const words = q.toLowerCase().split(/\s+/);
  const all = (await parts.zones.listRecords(zone.id))
    .map((record, index) => {
      const { owner, ttlSeconds } = record;
      return { id: `${zone.id}.${index}`, owner, ttlSeconds, ...parts.print(record) };
    })
    .filter(({ owner, type, data }) => {
      const text = `${owner} ${type} ${data}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
  const items = all.slice(start, start + limit);
  const end = start + items.length;
  return { items, next: end < all.length ? String(end) : null };
}

type ZoneCall = Call<"getZone" | "changeZone" | "removeZone" | "listRecords">;

function findZone(call: ZoneCall, parts: ZoneParts): Zone {
  const { zone: wanted } = call.parameters;
  for (const zone of parts.list()) {
    if (zone.apex === wanted.toLowerCase() && maySee(call.caller, zone)) return zone;
  }
  throw notFound();
}

/** People see the zones they may make hosts in. */
function maySee(caller: Person | Program, zone: Zone): boolean {
  const isOpen = caller.user.isAdmin || zone.isShared === true;
  return isOpen && mayTouch(caller, "records:read", { zone: zone.apex });
}

async function toReply(zone: Zone, parts: ZoneParts): Promise<ZoneReply> {
  const records = await parts.zones.listRecords(zone.id);
  return {
    name: zone.apex,
    isPrivate: zone.isPrivate,
    serial: zone.serial,
    records: records.length,
    isShared: zone.isShared === true,
    openFor: (zone.openings ?? []).map(({ by }) => by),
    ...(await parts.look(zone)),
  };
}

function note(
  call: ZoneCall | Call<"addZone">,
  action: string,
  target: string,
  { audit }: ZoneParts,
): Promise<void> {
  return audit.note({ actor: call.caller, action, target, result: "ok" }, call);
}
