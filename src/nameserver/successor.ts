/** The name that follows another in the canonical order (RFC 4034 §6.1), for an NSEC that covers one name. */

import { labelOctetsMax, nameOctetsMax } from "../dns/name.ts";

/**
 * Writes the name after the one of `length` octets at `at`, which is in lower case and lies in the zone
 * whose apex is its last `apexLength` octets. Mostly `\000` in
 * front of it (RFC 9824 §3.1); where that would be too long, the next that is not (RFC 4471 §3.1.2).
 * Returns where it ends.
 */
export function putSuccessor(
  name: Uint8Array,
  at: number,
  length: number,
  apexLength: number,
  into: Uint8Array,
  to: number,
): number {
  if (length + 2 <= nameOctetsMax) {
    into[to] = 1;
    into[to + 1] = 0;
    for (let i = 0; i < length; i++) into[to + 2 + i] = name[at + i]!;
    return to + 2 + length;
  }
  let from = at;
  let left = length;
  while (left > apexLength) {
    const label = name[from]!;
    if (label < labelOctetsMax && left < nameOctetsMax) {
      // A zero octet behind the first label: the shortest name that is greater and has room.
      into[to] = label + 1;
      for (let i = 1; i <= label; i++) into[to + i] = name[from + i]!;
      into[to + label + 1] = 0;
      for (let i = label + 1; i < left; i++) into[to + 1 + i] = name[from + i]!;
      return to + left + 1;
    }
    // Octets that cannot grow go, and the last that can does.
    let end = label;
    while (end > 0 && name[from + end] === 0xff) end--;
    if (end > 0) {
      into[to] = end;
      for (let i = 1; i < end; i++) into[to + i] = name[from + i]!;
      into[to + end] = increment(name[from + end]!);
      const rest = from + 1 + label;
      const restLength = left - 1 - label;
      for (let i = 0; i < restLength; i++) into[to + 1 + end + i] = name[rest + i]!;
      return to + 1 + end + restLength;
    }
    from += 1 + label;
    left -= 1 + label;
  }
  // The last name of the zone: the apex comes after it (RFC 4034 §4.1.1).
  for (let i = 0; i < left; i++) into[to + i] = name[from + i]!;
  return to + left;
}

/** RFC 4034 §6.1: capital letters sort as small ones, so the octets of the former are no successors. */
function increment(octet: number): number {
  return octet === 0x40 ? 0x5b : octet + 1;
}
