/** IPv6 prefixes that a router reports, and the addresses behind them. */

import { addressFromOctets, parseAddress, reach } from "../base/address.ts";

/** Nobody is given more than a /16. */
export const prefixBitsMin = 16;
export const v6Bits = 128;

export interface Prefix {
  /** 16 octets; the bits behind the prefix are zero. */
  readonly network: Uint8Array;
  readonly bits: number;
  /** What was written behind the prefix, its own bits zero; undefined when that is nothing. */
  readonly rest: Uint8Array | undefined;
  readonly text: string;
}

/**
 * `2001:db8:1:2::/64`, as a FRITZ!Box has it, or with an address in front of the `/`, as clients of deSEC
 * send it (RFC 4291 §2.3). Below `::/16` there is no network that anybody is given.
 */
export function parsePrefix(text: string): Prefix | undefined {
  const slash = text.indexOf("/");
  if (slash === -1) return undefined;
  const address = parseAddress(text.slice(0, slash));
  const length = text.slice(slash + 1);
  if (address?.family !== 6 || !/^[1-9]\d{0,2}$/.test(length)) return undefined;
  const bits = Number(length);
  if (bits < prefixBitsMin || bits > v6Bits) return undefined;
  const { octets } = address;
  if (octets[0] === 0 && octets[1] === 0) return undefined;
  const network = octets.map((octet, at) => octet & maskOctet(bits, at));
  const rest = octets.map((octet, at) => octet & ~maskOctet(bits, at));
  return { network, bits, rest: isZero(rest) ? undefined : rest, text };
}

/** Whether all that is set of `octets` lies behind the prefix. */
export function fitsBehind({ bits }: Prefix, octets: Uint8Array): boolean {
  return isZero(octets.map((octet, at) => octet & maskOctet(bits, at)));
}

/** The prefix, and behind it the low bits of `octets`. */
export function joinPrefix({ network, bits }: Prefix, octets: Uint8Array): Uint8Array {
  return network.map((octet, at) => octet | (octets[at]! & ~maskOctet(bits, at)));
}

/** RFC 3849 §4: documentation is allowed, as it is for addresses. */
export function isOfPublicNetwork({ network }: Prefix): boolean {
  return reach(addressFromOctets(network)) !== "not-global";
}

/** The bits of this octet that belong to the prefix. */
function maskOctet(bits: number, at: number): number {
  const left = Math.min(8, Math.max(0, bits - at * 8));
  return (0xff00 >> left) & 0xff;
}

function isZero(octets: Uint8Array): boolean {
  return octets.every((octet) => octet === 0);
}
