/** Keys that sign a zone: what a key is, and how its secret is kept. */

import type { KeyObject } from "node:crypto";
import { assert } from "../base/assert.ts";
import type { Chance } from "../base/chance.ts";
import { findPublicKey, makeKeyPair, parsePrivateKey } from "../dns/ecdsa.ts";
import { ecdsaP256Sha256, keyTag, makeDnskey } from "../dns/key-records.ts";
import type { KeyState } from "./key-state.ts";
import { seal, unseal } from "./seal.ts";
import type { ZoneId } from "./zone.ts";

export type ZoneKeyId = number;

export interface ZoneKey {
  readonly id: ZoneKeyId;
  readonly zone: ZoneId;
  readonly algorithm: typeof ecdsaP256Sha256;
  /** RDATA of its DNSKEY record. */
  readonly dnskey: Uint8Array;
  /** No other key of the zone has it. */
  readonly keyTag: number;
  /** The secret, as `seal` gives it. */
  readonly sealed: Uint8Array;
  readonly state: KeyState;
  readonly stateSinceMs: number;
  /** When the next step may be taken at the earliest: by then caches have forgotten what was before. */
  readonly waitsUntilMs: number;
}

export type NewZoneKey = Pick<ZoneKey, "algorithm" | "dnskey" | "keyTag" | "sealed">;

/** One key of a zone takes its next step. */
export interface KeyChange {
  readonly key: ZoneKeyId;
  readonly from: KeyState;
  readonly to: KeyState | "removed";
  readonly waitsUntilMs: number;
}

/** A fresh key for the zone at `apex`, whose keys have the tags that are `taken`. */
export function makeZoneKey(
  apex: string,
  taken: readonly number[],
  sealKey: Uint8Array,
  chance: Chance,
): NewZoneKey {
  for (;;) {
    const { secret, publicKey } = makeKeyPair(chance);
    const dnskey = makeDnskey(publicKey);
    const tag = keyTag(dnskey);
    // RFC 4034 appendix B: two keys may share a tag. Ours do not, so that a tag names a key.
    if (taken.includes(tag)) continue;
    const sealed = seal(sealKey, secret, placeOf(apex, tag), chance);
    return { algorithm: ecdsaP256Sha256, dnskey, keyTag: tag, sealed };
  }
}

/** To sign with. `undefined`: it was not sealed under this key, for this zone and this DNSKEY. */
export function openZoneKey(
  apex: string,
  key: Pick<ZoneKey, "dnskey" | "keyTag" | "sealed">,
  sealKey: Uint8Array,
): KeyObject | undefined {
  const secret = unseal(sealKey, key.sealed, placeOf(apex, key.keyTag));
  if (secret === undefined) return undefined;
  const publicKey = findPublicKey(secret);
  assert(publicKey !== undefined, "what was sealed is a private key");
  if (!Buffer.from(makeDnskey(publicKey)).equals(key.dnskey)) return undefined;
  return parsePrivateKey(secret);
}

/** The apex, not the id of the zone: a zone that is moved to another database keeps its keys. */
function placeOf(apex: string, tag: number): string {
  return `zone-key ${apex} ${tag}`;
}
