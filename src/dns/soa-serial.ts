/** The serial within the RDATA of an SOA: the one field that we change ourselves. */

import { assert } from "../base/assert.ts";

/** RFC 1035 §3.3.13: behind two names stand five numbers of four octets, the serial first and the minimum last. */
const numbersOctets = 20;

export function readSerial(soa: Uint8Array): number {
  return numbersOf(soa).getUint32(0);
}

/** RFC 2308 §4: how long a resolver may keep that there is nothing; an SOA's own TTL may be shorter. */
export function readMinimum(soa: Uint8Array): number {
  return numbersOf(soa).getUint32(numbersOctets - 4);
}

/** SOA RDATA with another serial. */
export function withSerial(soa: Uint8Array, serial: number): Uint8Array {
  const changed = Uint8Array.from(soa);
  numbersOf(changed).setUint32(0, serial);
  return changed;
}

function numbersOf(soa: Uint8Array): DataView {
  assert(soa.length > numbersOctets, "SOA RDATA holds two names and five numbers");
  return new DataView(soa.buffer, soa.byteOffset + soa.length - numbersOctets, numbersOctets);
}
