/** Where a host may be made through the API, and in which zone it lies. */

import type { HostName } from "../core/host-name.ts";
import { isReserved } from "../core/reserved-label.ts";
import type { Zone, ZoneId } from "../core/zone.ts";

/** The zone that is nearest above the name. */
export function findEnclosingZone(name: HostName, zones: Iterable<Zone>): Zone | undefined {
  let found: Zone | undefined;
  for (const zone of zones) {
    const isWithin = name === zone.apex || name.endsWith(`.${zone.apex}`);
    if (isWithin && zone.apex.length > (found?.apex.length ?? 0)) found = zone;
  }
  return found;
}

/**
 * Why a person who is no administrator cannot make the host: a zone is theirs to make hosts in only where it is shared,
 * directly below its apex, and by no name that programs look for. Undefined: they can.
 */
export function findPlaceFault(
  name: HostName,
  { id, apex }: Zone,
  isShared: (zone: ZoneId) => boolean,
): { readonly why: string; readonly hint?: string } | undefined {
  if (!isShared(id)) return { why: "Hosts in this zone are made by whoever runs the service." };
  const label = name.slice(0, -apex.length - 1);
  if (label === "" || label.includes(".")) {
    return { why: `One label before ${apex}, as cam1.${apex}.` };
  }
  if (isReserved(label)) {
    return { why: "This name is kept for other uses.", hint: "Choose another." };
  }
  return undefined;
}
