/** Whether a record of a zone may stand beside the zone's hosts, keys and the zones below it. */

import type { Database } from "bun:sqlite";
import { challengeLabel, hostOfChallenge } from "../core/challenge.ts";
import type { RecordFault } from "../core/record-change.ts";
import type { Zone, ZoneRecord } from "../core/zone.ts";
import { claimsName, isCut } from "../dns/name-claims.ts";
import { printRdata, typeName, types } from "../dns/record-types.ts";
import { signerTypes } from "../dns/sign-zone.ts";
import { listChallenges } from "./challenge-rows.ts";
import { findHostByName } from "./host-rows.ts";
import { listZoneKeys } from "./zone-key-rows.ts";
import { findZoneByApex } from "./zone-rows.ts";

type Obstacle = Pick<RecordFault, "found" | "wanted">;

/** Undefined: nothing of these is in the way. What its own kind forbids is `checkZone`'s to say. */
export function findRecordObstacle(
  from: Database,
  record: ZoneRecord,
  zone: Zone,
): Obstacle | undefined {
  const wanted =
    wantedOfSigner(from, record, zone) ??
    wantedOfHosts(from, record, zone) ??
    wantedOfZonesBelow(from, record, zone);
  if (wanted === undefined) return undefined;
  const { owner, type, rdata } = record;
  return { found: `${owner} ${typeName(type)} ${printRdata(type, rdata)}`, wanted };
}

/** A signed zone has them from its own keys; others would contradict them. */
function wantedOfSigner(from: Database, { type }: ZoneRecord, { id }: Zone): string | undefined {
  if (!signerTypes.has(type) || listZoneKeys(from, id).length === 0) return undefined;
  return "no record of a signer: the zone is signed here, and makes them itself";
}

/** A host's address is its device's: no record may set it, hide it behind an alias or delegate it. */
function wantedOfHosts(
  from: Database,
  { owner, type }: ZoneRecord,
  { id, apex }: Zone,
): string | undefined {
  const name = plainName(owner);
  if (claimsName.has(type) && findHostByName(from, name)?.zone === id) {
    return `no address or alias: ${name} is a host`;
  }
  if (type === types.CNAME && name.startsWith(challengeLabel)) {
    const host = findHostByName(from, hostOfChallenge(name));
    const stands = host?.zone === id && listChallenges(from, host.id).length > 0;
    if (stands) return `no alias while a challenge of ${host.name} stands there`;
  }
  if (!isCut(type, name === apex)) return undefined;
  // A delegation hides what stands at its own name, too; a DNAME only what is below.
  const hidden = findHostWithin(from, id, name, type === types.NS);
  return hidden === undefined ? undefined : `nothing that hides the host ${hidden}`;
}

/** Looks through the hosts of the zone. */
function findHostWithin(
  from: Database,
  zone: number,
  name: string,
  isAtNameToo: boolean,
): string | undefined {
  const tail = `.${name}`;
  const row = from
    .query<{ name: string }, [number, number, string, string]>(
      "select name from host where zone = ? and (substr(name, ?) = ? or name = ?) limit 1",
    )
    .get(zone, -tail.length, tail, isAtNameToo ? name : "");
  return row?.name;
}

/** What this zone says of a name in another zone that is served here: its delegation, and glue. */
const mayStandAtCut: ReadonlySet<number> = new Set([types.NS, types.DS]);
const mayStandBelowCut: ReadonlySet<number> = new Set([types.A, types.AAAA]);

function wantedOfZonesBelow(
  from: Database,
  { owner, type }: ZoneRecord,
  { apex }: Zone,
): string | undefined {
  let at = plainName(owner);
  for (; at !== apex && at.includes("."); at = at.slice(at.indexOf(".") + 1)) {
    if (findZoneByApex(from, at) === undefined) continue;
    const isAtCut = `${at}.` === owner.toLowerCase();
    if (mayStandBelowCut.has(type) || (isAtCut && mayStandAtCut.has(type))) return undefined;
    return `it in the zone ${at}, to which the name belongs`;
  }
  return undefined;
}

/** As hosts and zones are named: without the final dot, and folded. */
function plainName(owner: string): string {
  return owner.toLowerCase().slice(0, -1);
}
