/** Canonical order, RFC 4034 §6: what stands before what when names and RRsets are signed. */

import type { Name } from "./name.ts";

/**
 * For sorting names as §6.1 has it: labels from the right, without case, a name before all that is below
 * it. 0 ends a label; octets 0 and 1 are made two, so that no label holds a 0 and the order stays.
 */
export function canonicalKey({ key }: Name): string {
  const labels: string[] = [];
  for (let at = 0; key.charCodeAt(at) !== 0; at += key.charCodeAt(at) + 1) {
    const label = key.slice(at + 1, at + 1 + key.charCodeAt(at));
    labels.push(label.replaceAll("\x01", "\x01\x02").replaceAll("\0", "\x01\x01"));
  }
  return `${labels.toReversed().join("\0")}\0`;
}

/** §6.3: RDATA in canonical form, by their octets, each once. */
export function sortRdatas(rdatas: readonly Uint8Array[]): Uint8Array[] {
  const sorted = rdatas.toSorted((a, b) => Buffer.compare(a, b));
  return sorted.filter((rdata, i) => i === 0 || Buffer.compare(sorted[i - 1]!, rdata) !== 0);
}
