/** The one RDATA that we change ourselves: a zone's SOA gets a new serial with every change. */

import { assert } from "../base/assert.ts";

/** RFC 1035 §3.3.13: five numbers of four octets at the end, the serial first. */
const numbersOctets = 20;

/** SOA RDATA with another serial. */
export function withSerial(rdata: Uint8Array, serial: number): Uint8Array {
  assert(rdata.length > numbersOctets, "SOA RDATA holds two names and five numbers");
  const changed = Uint8Array.from(rdata);
  new DataView(changed.buffer).setUint32(changed.length - numbersOctets, serial);
  return changed;
}
