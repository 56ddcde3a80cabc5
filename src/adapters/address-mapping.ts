/** Which addresses a request brings, for all its hosts or for one, and which IPv6 prefix. */

import { parseAddress } from "../base/address.ts";
import type { Parameter } from "./parameters.ts";
import type { UpdateMapping } from "./rule.ts";
import { isAbsent, isAbsentAddress } from "./sentinel.ts";
import { chooseValue, splitList } from "./value-list.ts";

interface MappedAddresses {
  readonly addresses: readonly string[];
  readonly prefix: string | undefined;
}

export interface OwnAddress {
  readonly host: string;
  readonly address: string;
}

/** In the order of the request. A key that comes twice counts once: its last valid value, else its last. */
export function mapAddresses(
  parameters: readonly Parameter[],
  mapping: UpdateMapping,
): MappedAddresses {
  const chosen = chooseByKey(parameters, (key) => mapping.addresses.includes(key));
  const texts = chosen.flatMap((one) => one.texts);
  const given = chooseValue(parameters, mapping.prefixes ?? [], readPresent, isPrefix);
  return {
    addresses: texts.filter((text) => !isPrefix(text)).map(cutHostLength),
    prefix: given ?? texts.find(isPrefix),
  };
}

/** `myipv6:NAME=ADDRESS` (deSEC) and `host[NAME]=ADDRESS` (dnsever). Names come in lower case. */
export function mapOwnAddresses(
  parameters: readonly Parameter[],
  mapping: UpdateMapping,
): readonly OwnAddress[] {
  return chooseByKey(parameters, (key) => findOwner(key, mapping) !== undefined).flatMap(
    ({ key, texts }) => {
      const host = findOwner(key, mapping)!;
      return texts.map((address) => ({ host, address: cutHostLength(address) }));
    },
  );
}

/** The hosts that such keys name, also those that have no address behind them. */
export function findOwners(
  parameters: readonly Parameter[],
  mapping: UpdateMapping,
): readonly string[] {
  const owners = parameters.map(({ key }) => findOwner(key, mapping));
  return owners.filter((owner) => owner !== undefined);
}

function findOwner(key: string, mapping: UpdateMapping): string | undefined {
  const { hostInBrackets } = mapping;
  let owner: string | undefined;
  if (hostInBrackets !== undefined && key.startsWith(`${hostInBrackets}[`) && key.endsWith("]")) {
    owner = key.slice(hostInBrackets.length + 1, -1);
  } else {
    const colon = key.indexOf(":");
    if (colon !== -1 && mapping.addresses.includes(key.slice(0, colon))) {
      owner = key.slice(colon + 1);
    }
  }
  return owner === undefined || isAbsent(owner) ? undefined : owner;
}

interface Chosen {
  readonly key: string;
  readonly texts: readonly string[];
}

function chooseByKey(
  parameters: readonly Parameter[],
  isWanted: (key: string) => boolean,
): readonly Chosen[] {
  const chosen: Chosen[] = [];
  for (const { key, value } of parameters) {
    if (!isWanted(key)) continue;
    const texts = splitList(value).filter((text) => !isAbsentAddress(text));
    if (texts.length === 0) continue;
    const at = chosen.findIndex((earlier) => earlier.key === key);
    if (at !== -1) {
      if (areUsable(chosen[at]!.texts) && !areUsable(texts)) continue;
      chosen.splice(at, 1); // it stands where it came last
    }
    chosen.push({ key, texts });
  }
  return chosen;
}

function areUsable(texts: readonly string[]): boolean {
  return texts.every((text) => isPrefix(text) || parseAddress(cutHostLength(text)) !== undefined);
}

function readPresent(text: string): string | undefined {
  return isAbsentAddress(text) ? undefined : text;
}

/**
 * An IPv6 address with a length behind it: what stands behind the prefix may be zero, as a FRITZ!Box sends it, or
 * not, as deSEC allows.
 */
function isPrefix(text: string): boolean {
  const parts = lengthPattern.exec(text);
  return parts !== null && parts[2] !== "128" && parseAddress(parts[1]!)?.family === 6;
}

/** `/32` and `/128` say that it is one address. */
function cutHostLength(text: string): string {
  return text.replace(text.includes(":") ? /\/128$/ : /\/32$/, "");
}

const lengthPattern = /^([0-9a-f:.]{2,45})\/(\d{1,3})$/i;
