/** From a request to hosts and addresses: where the rule says they are, sentinels and doubles cleared. */

import { parseAddress } from "../base/address.ts";
import { parseHostName } from "../core/host-name.ts";
import type { ChallengeChange } from "../core/update.ts";
import type { Parameter } from "./parameters.ts";
import type { Flag, UpdateMapping } from "./rule.ts";
import { isAbsentAddress, isAbsentHost } from "./sentinel.ts";
import { trimSpaces } from "./spaces.ts";

/** A host has one address a family; clients list a few when an interface has several. */
export const addressesPerUpdateMax = 8;

export type Mapped =
  | {
      readonly kind: "mapped";
      readonly hosts: readonly string[];
      readonly addresses: readonly string[];
      readonly ownAddresses: readonly { readonly host: string; readonly address: string }[];
      readonly prefix: string | undefined;
      readonly offline: boolean;
      readonly challenge: ChallengeChange | undefined;
    }
  | { readonly kind: "too-many-addresses" };

export function mapUpdate(parameters: readonly Parameter[], mapping: UpdateMapping): Mapped {
  const addresses = mapAddresses(parameters, mapping.addresses);
  if (addresses.length > addressesPerUpdateMax) return { kind: "too-many-addresses" };
  return {
    kind: "mapped",
    hosts: mapHosts(parameters, mapping.hosts),
    addresses,
    ownAddresses: [],
    prefix: undefined,
    offline: isSet(parameters, mapping.offline),
    challenge: undefined,
  };
}

function isSet(parameters: readonly Parameter[], flags: readonly Flag[]): boolean {
  return flags.some((flag) => {
    const { key, words } = typeof flag === "string" ? { key: flag, words: yes } : flag;
    return parameters.some((p) => p.key === key && words.includes(p.value.toLowerCase()));
  });
}

const yes: readonly string[] = ["yes", "1", "true"];

/** Of the keys the first with a value; of its values the last that holds names only, else the last. */
function mapHosts(parameters: readonly Parameter[], keys: readonly string[]): readonly string[] {
  for (const key of keys) {
    let chosen: readonly string[] | undefined;
    for (const parameter of parameters) {
      if (parameter.key !== key || isAbsentHost(parameter.value)) continue;
      const hosts = splitList(parameter.value);
      if (hosts.length === 0) continue;
      if (chosen !== undefined && areNames(chosen) && !areNames(hosts)) continue;
      chosen = hosts;
    }
    if (chosen !== undefined) return chosen;
  }
  return [];
}

function areNames(hosts: readonly string[]): boolean {
  return hosts.every((host) => parseHostName(host) !== undefined);
}

/** In the order of the request. A key that comes twice counts once: its last valid value, else its last. */
function mapAddresses(
  parameters: readonly Parameter[],
  keys: readonly string[],
): readonly string[] {
  const chosen: { readonly key: string; readonly addresses: readonly string[] }[] = [];
  for (const { key, value } of parameters) {
    if (!keys.includes(key)) continue;
    const addresses = splitList(value).filter((text) => !isAbsentAddress(text));
    if (addresses.length === 0) continue;
    const at = chosen.findIndex((earlier) => earlier.key === key);
    if (at !== -1) {
      if (areAddresses(chosen[at]!.addresses) && !areAddresses(addresses)) continue;
      chosen.splice(at, 1); // it stands where it came last
    }
    chosen.push({ key, addresses });
  }
  if (chosen.length === 1) return chosen[0]!.addresses;
  return chosen.flatMap((one) => one.addresses);
}

function areAddresses(texts: readonly string[]): boolean {
  return texts.every((text) => parseAddress(text) !== undefined);
}

function splitList(value: string): readonly string[] {
  if (!value.includes(",")) return value === "" ? [] : [value]; // a value has no spaces around it
  return value
    .split(",")
    .map(trimSpaces)
    .filter((entry) => entry !== "");
}
