/** From a request to what it asks for: where the rule says it is, sentinels and doubles cleared. */

import type { ChallengeChange } from "../core/update.ts";
import { findOwners, mapAddresses, mapOwnAddresses } from "./address-mapping.ts";
import type { OwnAddress } from "./address-mapping.ts";
import { fold, mapHosts } from "./host-mapping.ts";
import type { Parameter } from "./parameters.ts";
import type { ChallengeMapping, Flag, UpdateMapping, Withdrawal } from "./rule.ts";
import { isAbsent } from "./sentinel.ts";
import { chooseValue } from "./value-list.ts";

/** A host has one address a family; clients list a few when an interface has several. */
export const addressesPerUpdateMax = 8;
/** Addresses that are one host's own. A request may name twenty hosts, each with one a family and a few to spare. */
export const ownAddressesPerUpdateMax = 80;

export type Mapped =
  | {
      readonly kind: "mapped";
      readonly hosts: readonly string[];
      readonly addresses: readonly string[];
      readonly ownAddresses: readonly OwnAddress[];
      readonly prefix: string | undefined;
      /** The caller's address counts too, see `UpdateMapping.detected`. */
      readonly detected: boolean;
      readonly offline: boolean;
      /** See `UpdateRequest.withdrawn`. */
      readonly withdrawn: readonly (4 | 6)[] | undefined;
      readonly challenge: ChallengeChange | undefined;
    }
  | { readonly kind: "too-many-addresses" };

export function mapUpdate(sent: readonly Parameter[], mapping: UpdateMapping): Mapped {
  const { withdrawn, parameters } = splitWithdrawals(sent, mapping.withdrawn ?? []);
  const { addresses, prefix } = mapAddresses(parameters, mapping);
  const ownAddresses = mapOwnAddresses(parameters, mapping);
  if (addresses.length > addressesPerUpdateMax || ownAddresses.length > ownAddressesPerUpdateMax) {
    return { kind: "too-many-addresses" };
  }
  const challenge = mapChallenge(parameters, mapping.challenge);
  return {
    kind: "mapped",
    hosts: addOwners(mapHosts(parameters, mapping), findOwners(parameters, mapping)),
    addresses,
    ownAddresses,
    prefix,
    detected: isSet(parameters, mapping.detected ?? []),
    // DuckDNS' `clear` takes the text away where there is one, else the addresses.
    offline: challenge === undefined && isSet(parameters, mapping.offline),
    withdrawn,
    challenge,
  };
}

function splitWithdrawals(
  parameters: readonly Parameter[],
  words: readonly Withdrawal[],
): Pick<Extract<Mapped, { kind: "mapped" }>, "withdrawn"> & { parameters: readonly Parameter[] } {
  const isMeant = ({ key, word }: Withdrawal, one: Parameter): boolean =>
    one.key === key && one.value === word;
  const meant = words.filter((word) => parameters.some((one) => isMeant(word, one)));
  if (meant.length === 0) return { withdrawn: undefined, parameters };
  return {
    withdrawn: meant.map(({ family }) => family),
    parameters: parameters.filter((one) => !meant.some((word) => isMeant(word, one))),
  };
}

/** A host with an address of its own is asked for, whether the list of hosts has it or not. */
function addOwners(hosts: readonly string[], owners: readonly string[]): readonly string[] {
  if (owners.length === 0) return hosts;
  const known = new Set(hosts.map(fold));
  const added = owners.filter((owner) => !known.has(fold(owner)) && known.add(fold(owner)));
  return [...hosts, ...added];
}

/**
 * An empty text is none, as an empty address is: only with a flag does it mean all that there are. So does a word
 * in the place of the text (freemyip's `txt=null`).
 */
function mapChallenge(
  parameters: readonly Parameter[],
  mapping: ChallengeMapping | undefined,
): ChallengeChange | undefined {
  if (mapping === undefined) return undefined;
  const { values, clear } = mapping;
  const words = clear.filter((flag) => typeof flag !== "string" && values.includes(flag.key));
  const readText = (text: string): string | undefined =>
    isAbsent(text) || words.some((flag) => isMeant(flag, text)) ? undefined : text;
  const value = chooseValue(parameters, values, readText, () => true);
  if (value !== undefined) {
    const flags = clear.filter((flag) => !words.includes(flag));
    return { kind: isSet(parameters, flags) ? "remove" : "add", value };
  }
  const isNamed = parameters.some(({ key }) => values.includes(key));
  return isNamed && isSet(parameters, clear) ? { kind: "clear" } : undefined;
}

function isSet(parameters: readonly Parameter[], flags: readonly Flag[]): boolean {
  return flags.some((flag) => {
    const key = typeof flag === "string" ? flag : flag.key;
    return parameters.some((one) => one.key === key && isMeant(flag, one.value));
  });
}

function isMeant(flag: Flag, value: string): boolean {
  const words = typeof flag === "string" ? yes : flag.words;
  return words.includes(value.toLowerCase());
}

const yes: readonly string[] = ["yes", "1", "true"];
