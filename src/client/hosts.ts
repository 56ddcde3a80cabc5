/** The hosts of a profile: this machine's names, and those of others in its network. */

import { addressFromOctets, parseAddress } from "../base/address.ts";
import type { Address } from "../base/address.ts";

export interface Host {
  readonly name: string;
  /**
   * Of another machine of the LAN: the low half of its IPv6 address (RFC 4291 §2.5.1), which stays while the prefix of the
   * provider changes. `undefined`: the detected address is its own.
   */
  readonly identifier: Address | undefined;
}

export const hostWants =
  "a full name, or a full name and an interface identifier: nas.example.com ::211:32ff:fe11:2233";

/** Bits that the provider gives; the rest is the identifier. */
const prefixBits = 64;
const nameCharactersMax = 253; // RFC 1035 §2.3.4

export function parseHost(text: string): Host | undefined {
  const [written = "", identifierText, ...rest] = text.trim().split(/\s+/);
  const name = written.toLowerCase().replace(/\.$/, "");
  // Some services take one label, a wildcard or names with an underscore: they judge, not we.
  const isName = /^(\*\.)?[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*$/;
  if (rest.length > 0 || name.length > nameCharactersMax || !isName.test(name)) return undefined;
  if (identifierText === undefined) return { name, identifier: undefined };
  const identifier = parseAddress(identifierText);
  if (identifier?.family !== 6) return undefined;
  return identifier.octets.subarray(0, prefixBits / 8).some((octet) => octet !== 0)
    ? undefined
    : { name, identifier };
}

/** What the host gets when this machine has `detected`; `undefined`: nothing, it is another machine's IPv4 address. */
export function addressOfHost(host: Host, detected: Address): Address | undefined {
  if (host.identifier === undefined) return detected;
  if (detected.family === 4) return undefined;
  const octets = host.identifier.octets.slice();
  octets.set(detected.octets.subarray(0, prefixBits / 8));
  return addressFromOctets(octets);
}
