/** Which addresses a request asks for, and what a zone lets through. Pure: a table of cases tests it. */

import { parseAddress, reach } from "../base/address.ts";
import type { Address } from "../base/address.ts";

/** What was asked for, read once for all hosts of the request. */
export type Asked =
  | { readonly kind: "bad-address"; readonly found: string }
  /** In the client's order, the last of each family. Empty: the peer's address. */
  | { readonly kind: "addresses"; readonly addresses: readonly Written[] };

/** An address and how the client wrote it: it gets its own text back (qdm12, ddclient's noip). */
export interface Written {
  readonly address: Address;
  readonly text: string;
}

export function parseAsked(texts: readonly string[]): Asked {
  const addresses: Written[] = [];
  for (const text of texts) {
    const address = parseAddress(text);
    if (address === undefined) return { kind: "bad-address", found: text };
    const same = addresses.findIndex((other) => other.address.family === address.family);
    if (same !== -1) addresses.splice(same, 1);
    addresses.push({ address, text });
  }
  return { kind: "addresses", addresses };
}

export type Usable =
  | { readonly kind: "bad-address"; readonly note: string }
  | { readonly kind: "usable"; readonly addresses: readonly Written[]; readonly note: string };

/**
 * What a host may be given. In a public zone nothing that points into somebody's own network (DNS
 * rebinding): such an address is replaced by the one the request came from if that one may be used, or
 * left out where another of the request can be used.
 */
export function decideAddresses(
  asked: readonly Written[],
  peer: Address,
  zoneIsPrivate: boolean,
): Usable {
  const detected: Written = { address: peer, text: peer.text };
  const wanted = asked.length === 0 ? [detected] : asked;
  if (zoneIsPrivate) return { kind: "usable", addresses: wanted, note: "" };
  const good = wanted.filter((written) => reach(written.address) !== "not-global");
  if (good.length === wanted.length) return { kind: "usable", addresses: good, note: "" };
  const dropped = wanted.filter((written) => !good.includes(written));
  const droppedTexts = dropped.map((written) => written.text).join(", ");
  if (reach(peer) !== "not-global" && asked.length > 0) {
    const replaces = dropped.some((written) => written.address.family === peer.family);
    if (replaces || good.length === 0) {
      const others = good.filter((written) => written.address.family !== peer.family);
      const addresses = [detected, ...others];
      const note = `${droppedTexts} is not global: the caller's address was used instead.`;
      return { kind: "usable", addresses, note };
    }
  }
  if (good.length > 0) {
    return { kind: "usable", addresses: good, note: `${droppedTexts} is not global: left out.` };
  }
  return { kind: "bad-address", note: `${droppedTexts} is not global and this zone is public.` };
}
