/** What a source has found, judged: exactly one address that a name may point at. */

import { parseAddress, reach } from "../../base/address.ts";
import type { Address } from "../../base/address.ts";
import type { Detected, Family } from "./source.ts";

/** What the profile allows. */
export interface Policy {
  /** Also addresses that are not reached from everywhere: for names inside a network. */
  readonly mayBePrivate: boolean;
}

/** `found`: all that the source has said, in any order; the same address may be there twice. */
export function judge(found: readonly Address[], family: Family, policy: Policy): Detected {
  const addresses = [...new Map(found.map((address) => [address.text, address])).values()];
  const [address] = addresses;
  if (address === undefined) return failed("there is no address in the answer");
  if (addresses.length > 1) {
    const some = addresses.slice(0, 3).map(({ text }) => text);
    return failed(`the answer has ${addresses.length} addresses: ${some.join(", ")}`);
  }
  if (address.family !== family) {
    return failed(`${address.text} is no IPv${family} address`);
  }
  if (!isAllowed(address, policy)) return failed(`${address.text} is not a global address`);
  return { kind: "address", address };
}

export function isAllowed(address: Address, policy: Policy): boolean {
  return reach(address) === "global" || (policy.mayBePrivate && isOfOneHost(address));
}

export function failed(why: string): Detected {
  return { kind: "failed", why };
}

export function none(why: string): Detected {
  return { kind: "none", why };
}

/** Addresses that no host has, or that say nothing beyond one link, are no answer even for private names. */
function isOfOneHost({ family, octets }: Address): boolean {
  const first = octets[0]!;
  if (family === 4) return first !== 0 && first < 224 && !(first === 169 && octets[1] === 254);
  const isUnspecified = octets.every((octet) => octet === 0);
  const isLinkLocal = first === 0xfe && (octets[1]! & 0xc0) === 0x80;
  return !isUnspecified && !isLinkLocal && first !== 0xff;
}

/**
 * Every address in a text: `Current IP Address: 192.0.2.1`, `{"ip":"2001:db8::1"}`, `192.0.2.1` alone.
 * What only looks like one (`1.2.3.4.5`, a time of day) is none.
 */
export function findAddresses(text: string): readonly Address[] {
  const found: Address[] = [];
  for (const [run] of text.matchAll(/[0-9A-Za-z:.%_-]+/g)) {
    if (run.length > runCharactersMax) continue;
    const bare = run.replace(/[.:]+$/, ""); // the end of a sentence
    const value = bare.replace(/^[A-Za-z][\w-]*:(?=.)/, ""); // `ip:192.0.2.1`
    const address = parseAddress(run) ?? parseAddress(bare) ?? parseAddress(value);
    if (address !== undefined) found.push(address);
  }
  return found;
}

/** An address with a label in front. */
const runCharactersMax = 80;
