/** Zones: the list, one of them, and what whoever runs the service does with it as a whole. */

import { parseHostName } from "../../core/host-name.ts";
import type { HostName } from "../../core/host-name.ts";
import type { Zone, ZoneId } from "../../core/zone.ts";
import type { Audit } from "../audit.ts";
import type { Person, Program } from "../caller.ts";
import type { ReplyOf } from "../contract.ts";
import type { Action } from "../contract/route.ts";
import type { Call, Handlers } from "../handler.ts";
import { mayTouch } from "../may-touch.ts";
import { Refusal, invalid, notFound } from "../refusal.ts";

type ZoneReply = ReplyOf<"getZone">;
type Looked = "hosts" | "records" | "signing" | "hostTtlSeconds" | "negativeTtlSeconds";

export interface ZoneParts {
  readonly zones: {
    removeZone(zone: ZoneId): Promise<"removed" | "not-found">;
    setShared(zone: ZoneId, isShared: boolean): Promise<"set" | "not-found">;
  };
  list(): Iterable<Zone>;
  /** What is counted and read of it for each reply. */
  look(zone: Zone): Promise<Pick<ZoneReply, Looked>>;
  /** With an SOA and NS records, as the command line makes it. */
  add(
    apex: HostName,
    isPrivate: boolean,
  ): Promise<
    | { readonly kind: "made"; readonly made: Zone }
    | { readonly kind: "taken" }
    | { readonly kind: "refused"; readonly why: string }
  >;
  readonly audit: Audit;
}

export function zoneHandlers(
  parts: ZoneParts,
): Handlers<"listZones" | "addZone" | "getZone" | "changeZone" | "removeZone"> {
  return {
    async listZones({ caller }) {
      const zones = [...parts.list()].filter((zone) => maySee(caller, "records:read", zone));
      return { items: await Promise.all(zones.map((zone) => toReply(zone, parts))) };
    },
    async getZone(call) {
      return toReply(findZone(call, "records:read", parts), parts);
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
      const zone = findZone(call, "service:write", parts);
      const { isShared } = call.body;
      if (isShared === undefined) return toReply(zone, parts);
      await parts.zones.setShared(zone.id, isShared);
      await note(call, isShared ? "zone.share" : "zone.unshare", zone.apex, parts);
      const { isShared: _, ...rest } = zone;
      return toReply(isShared ? { ...rest, isShared } : rest, parts);
    },
    async removeZone(call) {
      const zone = findZone(call, "service:write", parts);
      await parts.zones.removeZone(zone.id);
      await note(call, "zone.remove", zone.apex, parts);
      return undefined;
    },
  };
}

type ZoneCall = Call<"getZone" | "changeZone" | "removeZone">;

type AnyZoneCall = Pick<ZoneCall, "caller" | "parameters">;

/** The whole of it: a token that is for names in it has no word here. */
export function findZone(call: AnyZoneCall, action: Action, parts: Pick<ZoneParts, "list">): Zone {
  return find(call, parts, (zone) => maySee(call.caller, action, zone));
}

/** For calls that ask of each record whether the caller may touch it: names and types come with the record. */
export function findZoneOfRecords(
  call: AnyZoneCall,
  action: Action,
  parts: Pick<ZoneParts, "list">,
): Zone {
  const { caller } = call;
  return find(call, parts, (zone) => {
    if (caller.kind === "person") return maySee(caller, action, zone);
    const { actions, zones } = caller.policy;
    return maySee({ ...caller, policy: { actions, zones } }, action, zone);
  });
}

function find(
  { parameters }: AnyZoneCall,
  { list }: Pick<ZoneParts, "list">,
  may: (zone: Zone) => boolean,
): Zone {
  const wanted = parameters.zone.toLowerCase();
  for (const zone of list()) if (zone.apex === wanted && may(zone)) return zone;
  throw notFound();
}

/** People see the zones they may make hosts in. */
function maySee(caller: Person | Program, action: Action, zone: Zone): boolean {
  const isOpen = caller.user.isAdmin || zone.isShared === true;
  return isOpen && mayTouch(caller, action, { zone: zone.apex });
}

async function toReply(zone: Zone, parts: ZoneParts): Promise<ZoneReply> {
  return {
    name: zone.apex,
    isPrivate: zone.isPrivate,
    serial: zone.serial,
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
