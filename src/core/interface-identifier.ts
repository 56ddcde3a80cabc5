/** Interface identifiers: what a host puts behind the prefix of its network (RFC 4291 §2.5.1), whatever that is today. */

import { addressFromOctets, parseAddress } from "../base/address.ts";
import type { HostId } from "./host.ts";
import { prefixBitsMin, v6Bits } from "./prefix.ts";
import type { UserId } from "./user.ts";

/** 16 octets; the bits of the prefix are zero. */
export type InterfaceIdentifier = Uint8Array;

/**
 * `::1:2:3:4`; with the number of a subnet in front of it where the router gives out more than a /64:
 * `::7:1:2:3:4`. The bits of the shortest prefix there is must be zero, and others not.
 */
export function parseIdentifier(text: string): InterfaceIdentifier | undefined {
  if (!text.includes(":")) return undefined;
  const address = parseAddress(text);
  if (address === undefined) return undefined;
  const octets = address.family === 6 ? address.octets : mapped(address.octets);
  const isBehind = octets.subarray(0, prefixBitsMin / 8).every((octet) => octet === 0);
  return isBehind && octets.some((octet) => octet !== 0) ? octets : undefined;
}

export function printIdentifier(identifier: InterfaceIdentifier): string {
  const { family, text } = addressFromOctets(identifier);
  return family === 6 ? text : `::ffff:${text}`;
}

/** `::ffff:a.b.c.d` is an address of IPv4 anywhere else. */
function mapped(v4: Uint8Array): Uint8Array {
  const octets = new Uint8Array(v6Bits / 8);
  octets.set([0xff, 0xff, ...v4], octets.length - v4.length - 2);
  return octets;
}

/** Of all hosts that have one, which are few; found by host and by user. */
export class InterfaceIdentifiers {
  readonly #ofHosts = new Map<HostId, { user: UserId; identifier: InterfaceIdentifier }>();
  readonly #ofUsers = new Map<UserId, Set<HostId>>();

  find(host: HostId): InterfaceIdentifier | undefined {
    return this.#ofHosts.get(host)?.identifier;
  }

  ofUser(user: UserId): ReadonlySet<HostId> {
    return this.#ofUsers.get(user) ?? none;
  }

  set(host: HostId, user: UserId, identifier: InterfaceIdentifier): void {
    this.delete(host);
    this.#ofHosts.set(host, { user, identifier });
    const hosts = this.#ofUsers.get(user) ?? new Set();
    this.#ofUsers.set(user, hosts.add(host));
  }

  delete(host: HostId): void {
    const before = this.#ofHosts.get(host);
    if (before === undefined) return;
    this.#ofHosts.delete(host);
    const hosts = this.#ofUsers.get(before.user)!;
    hosts.delete(host);
    if (hosts.size === 0) this.#ofUsers.delete(before.user);
  }
}

const none: ReadonlySet<HostId> = new Set();
