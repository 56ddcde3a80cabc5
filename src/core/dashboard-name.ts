/** Where the dashboard's name stands to the zones: people with hosts beside it would be its neighbours in a browser. */

import type { Directory } from "./directory.ts";
import type { Zone } from "./zone.ts";

export interface SharedSite {
  readonly zone: Zone;
  /** Somebody who is no administrator has a host in it, or devices may sign up. */
  readonly isOfPeople: boolean;
}

/** Zones that a browser takes for the same site as the dashboard's host. */
export function findSharedSites(directory: Directory, host: string): readonly SharedSite[] {
  const site = siteOf(host);
  if (site === undefined) return [];
  const zones = [...directory.zones()].filter((zone) => siteOf(zone.apex) === site);
  if (zones.length === 0) return [];
  const ofPeople = zonesOfPeople(directory);
  return zones.map((zone) => ({
    zone,
    isOfPeople: zone.openings !== undefined || ofPeople.has(zone.id),
  }));
}

/** A zone at the name or below it. */
export function hasZoneBelow(zones: Iterable<Zone>, host: string): boolean {
  for (const { apex } of zones) if (apex === host || apex.endsWith(`.${host}`)) return true;
  return false;
}

/**
 * The registrable domain, without the Public Suffix List: two labels, or three below the second levels that
 * registries with two letters use. It errs to the side of one site where there are two. Undefined: an address, or a
 * name without a domain.
 */
export function siteOf(name: string): string | undefined {
  const labels = name.toLowerCase().replace(/\.$/, "").split(".");
  const top = labels.at(-1) ?? "";
  if (labels.length < 2 || /^\d+$/.test(top) || name.includes(":")) return undefined;
  const isSecondLevel = top.length === 2 && secondLevels.has(labels.at(-2)!);
  return labels.slice(isSecondLevel ? -3 : -2).join(".");
}

const secondLevels: ReadonlySet<string> = new Set(
  "ac co com edu gob gov go gv ltd me mil ne net nom or org plc sch".split(" "),
);

/** Looks through all hosts, once at a start. */
function zonesOfPeople(directory: Directory): ReadonlySet<number> {
  const found = new Set<number>();
  for (const id of directory.hosts.ids()) {
    const zone = directory.hosts.zone(id);
    if (found.has(zone)) continue;
    if (directory.findUser(directory.hosts.user(id))?.isAdmin !== true) found.add(zone);
  }
  return found;
}
