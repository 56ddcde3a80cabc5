/** What the keys of a zone make of it: the records of the keys, and who signs what. */

import { assert } from "../base/assert.ts";
import { deleteCdnskey, deleteCds, makeDs } from "../dns/key-records.ts";
import type { Name } from "../dns/name.ts";
import { keyRoles } from "./key-state.ts";
import type { ZoneKey } from "./zone-key.ts";

export interface ZoneSigning {
  /** RDATA of the key records, at the apex. */
  readonly dnskeys: readonly Uint8Array[];
  readonly cds: readonly Uint8Array[];
  readonly cdnskeys: readonly Uint8Array[];
  /** TTL of those three. */
  readonly keyTtlSeconds: number;
  /** The key that signs every RRset but those three. */
  readonly activeKeyTag: number;
  /** The keys that each sign those three. */
  readonly keySetTags: readonly number[];
}

/**
 * How long resolvers may keep DNSKEY, CDS and CDNSKEY. Every step of a roll-over waits for it; an hour is
 * short enough to wait for and long enough to be asked seldom (RFC 6781 §4.4.2).
 */
export const keyTtlSeconds = 3_600;

/** `undefined`: the zone is not signed. */
export function signingOf(apex: Name, keys: readonly ZoneKey[]): ZoneSigning | undefined {
  if (keys.length === 0) return undefined;
  const active = keys.filter((key) => keyRoles[key.state].signs === "everything");
  assert(active.length === 1, "one key of a signed zone signs everything");
  const named = keys.filter((key) => keyRoles[key.state].parent === "names it");
  const namesNone = keys.some((key) => keyRoles[key.state].parent === "names none");
  return {
    dnskeys: keys.map((key) => key.dnskey),
    cds: namesNone ? [deleteCds] : named.map((key) => makeDs(apex, key.dnskey)),
    cdnskeys: namesNone ? [deleteCdnskey] : named.map((key) => key.dnskey),
    keyTtlSeconds,
    activeKeyTag: active[0]!.keyTag,
    keySetTags: keys.map((key) => key.keyTag),
  };
}
