/** Whether a zone has room at a name, for a host or for what a host has below it. */

import type { Database } from "bun:sqlite";
import { challengeName } from "../core/challenge.ts";
import type { Host } from "../core/host.ts";
import type { HostName } from "../core/host-name.ts";
import type { Zone, ZoneId } from "../core/zone.ts";
import { findZoneByApex, findZoneById, listTypesAt } from "./zone-rows.ts";

const typeA = 1; // RFC 1035 §3.2.2
const typeNs = 2; // RFC 1035 §3.2.2
const typeCname = 5; // RFC 1035 §3.2.2
const typeAaaa = 28; // RFC 3596 §2.1
const typeDname = 39; // RFC 6672 §2.1

/** Why no host can be at this name, as a sentence for a person; undefined when one can. */
export function findHostObstacle(
  from: Database,
  name: HostName,
  zone: ZoneId,
  surroundings = new Surroundings(from),
): string | undefined {
  const obstacle = findObstacle(from, name, zone, surroundings);
  if (obstacle !== undefined) return obstacle;
  const types = listTypesAt(from, zone, `${name}.`);
  const isAddress = types.includes(typeA) || types.includes(typeAaaa);
  return isAddress ? `The zone has an address of its own at ${name}.` : undefined;
}

/** Why the texts of this host cannot be seen. */
export function findChallengeObstacle(from: Database, { name, zone }: Host): string | undefined {
  const at = challengeName(name);
  if (at === undefined) return `The name ${name} is too long for a challenge below it.`;
  return findObstacle(from, at, zone, new Surroundings(from));
}

/** Zones, and what stands above names: for many names within one transaction, looked up once. */
export class Surroundings {
  readonly #from: Database;
  readonly #zones = new Map<ZoneId, Zone | undefined>();
  readonly #types = new Map<string, readonly number[]>();

  constructor(from: Database) {
    this.#from = from;
  }

  findZone(id: ZoneId): Zone | undefined {
    if (!this.#zones.has(id)) this.#zones.set(id, findZoneById(this.#from, id));
    return this.#zones.get(id);
  }

  listTypes(zone: ZoneId, name: string): readonly number[] {
    const key = `${zone} ${name}`;
    let types = this.#types.get(key);
    if (types === undefined) {
      types = listTypesAt(this.#from, zone, `${name}.`);
      this.#types.set(key, types);
    }
    return types;
  }
}

/** Why nothing can be put at this name. */
function findObstacle(
  from: Database,
  name: HostName,
  zone: ZoneId,
  surroundings: Surroundings,
): string | undefined {
  const found = surroundings.findZone(zone);
  if (found === undefined) return "There is no such zone.";
  const { apex } = found;
  if (name !== apex && !name.endsWith(`.${apex}`)) return `${name} is not in the zone ${apex}.`;

  for (let at: string = name; ; at = at.slice(at.indexOf(".") + 1)) {
    const types =
      at === name ? listTypesAt(from, zone, `${at}.`) : surroundings.listTypes(zone, at);
    if (at === name) {
      if (types.includes(typeCname)) return `The zone has an alias (CNAME) at ${name}.`;
    } else if (types.includes(typeDname)) {
      // RFC 6672 §2.4: there is nothing below the owner of a DNAME.
      return `The zone has a DNAME at ${at}, so nothing can be below it.`;
    }
    if (at === apex) return undefined;
    // RFC 1034 §4.2.1: from a delegation downwards the zone has nothing to say.
    if (types.includes(typeNs)) return `The zone has delegated ${at} to other name servers.`;
    if (findZoneByApex(from, at) !== undefined) return `${name} belongs to the zone ${at}.`;
  }
}
