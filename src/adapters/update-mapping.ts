/** From a request to hosts and addresses: where the rule says they are, sentinels and doubles cleared. */

import { parseAddress } from "../base/address.ts";
import { parseHostName } from "../core/host-name.ts";
import type { Parameter } from "./parameters.ts";
import type { UpdateMapping } from "./rule.ts";
import { isAbsentAddress, isAbsentHost } from "./sentinel.ts";
import { trimSpaces } from "./spaces.ts";

/** A host has one address a family; clients list a few when an interface has several. */
export const addressesPerUpdateMax = 8;

export type Mapped =
  | {
      readonly kind: "mapped";
      readonly hosts: readonly string[];
      readonly addresses: readonly string[];
      readonly offline: boolean;
    }
  | { readonly kind: "too-many-addresses" };

export function mapUpdate(parameters: readonly Parameter[], mapping: UpdateMapping): Mapped {
  const addresses = mapAddresses(parameters, mapping.addresses);
  if (addresses.length > addressesPerUpdateMax) return { kind: "too-many-addresses" };
  return {
    kind: "mapped",
    hosts: mapHosts(parameters, mapping.hosts),
    addresses,
    offline: parameters.some((p) => mapping.offline.includes(p.key) && isYes(p.value)),
  };
}

/** Of the keys the first with a value; of its values the last that holds names only, else the last. */
function mapHosts(parameters: readonly Parameter[], keys: readonly string[]): readonly string[] {
  for (const key of keys) {
    let chosen: readonly string[] | undefined;
    let isChosenValid = false;
    for (const parameter of parameters) {
      if (parameter.key !== key || isAbsentHost(parameter.value)) continue;
      const hosts = splitList(parameter.value);
      if (hosts.length === 0) continue;
      const isValid = hosts.every((host) => parseHostName(host) !== undefined);
      if (isChosenValid && !isValid) continue;
      chosen = hosts;
      isChosenValid = isValid;
    }
    if (chosen !== undefined) return chosen;
  }
  return [];
}

/** In the order of the request. A key that comes twice counts once: its last valid value, else its last. */
function mapAddresses(
  parameters: readonly Parameter[],
  keys: readonly string[],
): readonly string[] {
  const chosen = new Map<string, readonly string[]>();
  for (const parameter of parameters) {
    if (!keys.includes(parameter.key)) continue;
    const addresses = splitList(parameter.value).filter((text) => !isAbsentAddress(text));
    if (addresses.length === 0) continue;
    const earlier = chosen.get(parameter.key);
    if (earlier !== undefined && isValidList(earlier) && !isValidList(addresses)) continue;
    chosen.delete(parameter.key); // so that it stands where it came last
    chosen.set(parameter.key, addresses);
  }
  return [...chosen.values()].flat();
}

function isValidList(addresses: readonly string[]): boolean {
  return addresses.every((text) => parseAddress(text) !== undefined);
}

function splitList(value: string): readonly string[] {
  return value
    .split(",")
    .map(trimSpaces)
    .filter((entry) => entry !== "");
}

function isYes(value: string): boolean {
  const lower = value.toLowerCase();
  return lower === "yes" || lower === "1" || lower === "true";
}
