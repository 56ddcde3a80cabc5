/** Types of records that decide over a whole name, or over all names below it. */

import { types } from "./record-types.ts";

/** What a name has from elsewhere, as a host has its address, cannot have these beside it. */
export const claimsName: ReadonlySet<number> = new Set([types.A, types.AAAA, types.CNAME]);

/** RFC 1034 §4.2.1 (NS below the apex) and RFC 6672 §2.4 (DNAME): below it the zone has nothing to say. */
export function isCut(type: number, isAtApex: boolean): boolean {
  return type === types.DNAME || (type === types.NS && !isAtApex);
}
