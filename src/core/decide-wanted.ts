/** Which addresses a host shall have after a request. Pure: tables of cases test it. */

import { addressFromOctets, reach } from "../base/address.ts";
import type { Address } from "../base/address.ts";
import { decideAddresses } from "./decide-addresses.ts";
import type { Asked, Written } from "./decide-addresses.ts";
import type { HostAddresses } from "./host.ts";
import type { InterfaceIdentifier } from "./interface-identifier.ts";
import { fitsBehind, isOfPublicNetwork, joinPrefix, v6Bits } from "./prefix.ts";
import type { Prefix } from "./prefix.ts";

export interface HostNow {
  readonly addresses: HostAddresses;
  readonly identifier: InterfaceIdentifier | undefined;
  readonly isInPrivateZone: boolean;
}

export type Wanted =
  | { readonly kind: "bad-address"; readonly note: string }
  | {
      readonly kind: "wanted";
      readonly v4: Uint8Array | undefined;
      readonly v6: Uint8Array | undefined;
      /** What the reply names. */
      readonly texts: readonly string[];
      readonly note: string;
    };

/** A host's own addresses count before those that are for all; a family that it has none of is as for all. */
export function mergeAsked(own: Asked, all: Asked): Asked {
  if (own.kind === "bad-address") return own;
  if (all.kind === "bad-address") return all;
  const isOwn = (family: 4 | 6): boolean =>
    own.addresses.some(({ address }) => address.family === family);
  const others = all.addresses.filter(({ address }) => !isOwn(address.family));
  return { kind: "addresses", addresses: [...own.addresses, ...others] };
}

/** A family that the request does not mention keeps its address. */
export function decideWanted(asked: readonly Written[], peer: Address, host: HostNow): Wanted {
  const usable = decideAddresses(asked, peer, host.isInPrivateZone);
  return usable.kind === "bad-address" ? usable : take(usable.addresses, host, usable.note);
}

/**
 * As `decideWanted`, of a request that reports a prefix. It mentions IPv6; so without addresses in it the
 * caller's does not count, and IPv4 stays. The low bits are those of the host's identifier, else the client says
 * its whole address, else they stay as they are, else they are what was written behind the prefix.
 */
export function decideBehindPrefix(
  prefix: Prefix,
  asked: readonly Written[],
  peer: Address,
  host: HostNow,
): Wanted {
  if (!host.isInPrivateZone && !isOfPublicNetwork(prefix)) return notGlobal(prefix.text);
  const none = { kind: "usable", addresses: [], note: "" } as const;
  const usable = asked.length === 0 ? none : decideAddresses(asked, peer, host.isInPrivateZone);
  const addresses: readonly Written[] = usable.kind === "usable" ? usable.addresses : [];
  const isWritten = addresses.some((one) => one.address.family === 6 && asked.includes(one));
  const low = findLowBits(prefix, host, isWritten);
  if (low === undefined) {
    if (usable.kind === "bad-address") return usable;
    return take(addresses, host, isWritten ? usable.note : `${noLowBits} ${usable.note}`.trim());
  }
  const address = addressFromOctets(joinPrefix(prefix, low));
  if (!host.isInPrivateZone && reach(address) === "not-global") return notGlobal(address.text);
  const others = addresses.filter((one) => one.address.family === 4);
  const note = `Behind the prefix ${prefix.text}. ${usable.note}`.trim();
  return take([...others, { address, text: address.text }], host, note);
}

const noLowBits =
  "The host has no interface identifier and no IPv6 address: host set --interface-id gives it one.";

/** Undefined: the prefix says nothing about this host. */
function findLowBits(
  prefix: Prefix,
  { addresses, identifier }: HostNow,
  isWritten: boolean,
): Uint8Array | undefined {
  if (identifier !== undefined && fitsBehind(prefix, identifier)) return identifier;
  if (isWritten) return undefined;
  if (prefix.bits === v6Bits) return prefix.network;
  return addresses.v6 ?? prefix.rest;
}

function take(chosen: readonly Written[], { addresses }: HostNow, note: string): Wanted {
  let { v4, v6 } = addresses;
  for (const { address } of chosen) {
    if (address.family === 4) v4 = address.octets;
    else v6 = address.octets;
  }
  const texts = chosen.map((written) => written.text);
  return { kind: "wanted", v4: v4?.slice(), v6: v6?.slice(), texts, note };
}

function notGlobal(text: string): Wanted {
  return { kind: "bad-address", note: `${text} is not global and this zone is public.` };
}

/** Takes addresses away: the families that were named, or both. The reply names what was sent. */
export function withdraw(
  asked: readonly Written[],
  current: HostAddresses,
  peerText: string,
): Wanted {
  const names = (family: 4 | 6): boolean =>
    asked.length === 0 || asked.some((written) => written.address.family === family);
  const texts = asked.length === 0 ? [peerText] : asked.map((written) => written.text);
  return {
    kind: "wanted",
    v4: names(4) ? undefined : current.v4?.slice(),
    v6: names(6) ? undefined : current.v6?.slice(),
    texts,
    note: "Offline: the addresses were taken away.",
  };
}

/** Takes single families away and leaves the rest as it is wanted; undefined: as it is now. */
export function withdrawFamilies(
  families: readonly (4 | 6)[],
  wanted: Wanted | undefined,
  host: HostNow,
): Wanted {
  const rest = wanted ?? take([], host, "");
  if (rest.kind === "bad-address") return rest;
  const names = families.map((family) => `IPv${family}`).join(" and ");
  return {
    ...rest,
    v4: families.includes(4) ? undefined : rest.v4,
    v6: families.includes(6) ? undefined : rest.v6,
    note: `${names}: the address was taken away. ${rest.note}`.trim(),
  };
}
