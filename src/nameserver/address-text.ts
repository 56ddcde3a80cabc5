/** The text of an address, written into octets that are there already. No allocation. */

const dot = 0x2e;
const colon = 0x3a;

/** The longest text: eight groups of four digits, and colons between them. */
export const addressTextMax = 39;

/** As `addressFromOctets` in base has it, which makes strings. Returns where the text ends. */
export function putAddressText(
  into: Uint8Array,
  start: number,
  address: Uint8Array,
  length: 4 | 16,
): number {
  if (length === 4) return putIpv4(into, start, address, 0);
  return isMapped(address) ? putIpv4(into, start, address, 12) : putIpv6(into, start, address);
}

function putIpv4(into: Uint8Array, start: number, address: Uint8Array, from: number): number {
  let at = start;
  for (let i = 0; i < 4; i++) {
    if (i > 0) into[at++] = dot;
    const value = address[from + i]!;
    if (value >= 100) into[at++] = 0x30 + ((value / 100) | 0);
    if (value >= 10) into[at++] = 0x30 + (((value / 10) | 0) % 10);
    into[at++] = 0x30 + (value % 10);
  }
  return at;
}

/** RFC 5952 §4: lower case, no leading zeros, the first longest run of two or more zero groups cut. */
function putIpv6(into: Uint8Array, start: number, address: Uint8Array): number {
  let runStart = 8;
  let runLength = 1;
  for (let i = 0; i < 8; i++) {
    let length = 0;
    while (i + length < 8 && groupAt(address, i + length) === 0) length++;
    if (length > runLength) {
      runStart = i;
      runLength = length;
    }
  }
  let at = start;
  for (let i = 0; i < 8; i++) {
    if (i === runStart) {
      into[at++] = colon;
      into[at++] = colon;
      i += runLength - 1;
      continue;
    }
    if (i > 0 && i !== runStart + runLength) into[at++] = colon;
    at = putHex(into, at, groupAt(address, i));
  }
  return at;
}

function putHex(into: Uint8Array, start: number, group: number): number {
  let at = start;
  for (let shift = 12; shift >= 0; shift -= 4) {
    if (at === start && shift > 0 && group >> shift === 0) continue;
    const digit = (group >> shift) & 0xf;
    into[at++] = digit < 10 ? 0x30 + digit : 0x57 + digit;
  }
  return at;
}

function groupAt(address: Uint8Array, group: number): number {
  return (address[group * 2]! << 8) | address[group * 2 + 1]!;
}

/** An IPv4 client on a socket of both families (RFC 4291 §2.5.5.2). */
function isMapped(address: Uint8Array): boolean {
  for (let i = 0; i < 10; i++) if (address[i] !== 0) return false;
  return address[10] === 0xff && address[11] === 0xff;
}
