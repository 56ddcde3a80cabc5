/** NSEC: which types a name has, and which name comes next. RFC 4034 §4. */

import type { Name } from "./name.ts";
import { makeBitmap } from "./type-bitmap.ts";

/** RDATA. RFC 6840 §5.1: the next name keeps its case. */
export function makeNsec(next: Name, types: Iterable<number>): Uint8Array {
  return Uint8Array.from([...next.octets, ...makeBitmap(types)]);
}
