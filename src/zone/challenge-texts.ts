/** Texts that hosts have at names of a zone, beside what the zone itself says there: both are answered together. */

import type { Name } from "../dns/name.ts";
import { types } from "../dns/record-types.ts";
import type { Place } from "./arena.ts";
import type { BlockRrset } from "./block.ts";

/** A name where a host has texts. Few names have, so an object for each does no harm. */
export interface ChallengeTexts {
  readonly owner: Name;
  /** The host's. */
  readonly texts: BlockRrset;
  /** What the zone's own records have of the same type. */
  readonly own: BlockRrset | undefined;
}

/** By zone, as places of apexes, and name. */
export class ChallengeNames {
  readonly #byZone = new Map<Place, Map<string, ChallengeTexts>>();

  find(zone: Place, owner: Name): ChallengeTexts | undefined {
    return this.#byZone.get(zone)?.get(owner.key);
  }

  set(zone: Place, entry: ChallengeTexts): void {
    const names = this.#byZone.get(zone) ?? new Map<string, ChallengeTexts>();
    this.#byZone.set(zone, names.set(entry.owner.key, entry));
  }

  delete(zone: Place, owner: Name): void {
    const names = this.#byZone.get(zone);
    names?.delete(owner.key);
    if (names?.size === 0) this.#byZone.delete(zone);
  }

  ofZone(zone: Place): readonly ChallengeTexts[] {
    return [...(this.#byZone.get(zone)?.values() ?? [])];
  }

  /** The place of a zone that is closed may become another zone's. */
  forgetZone(zone: Place): void {
    this.#byZone.delete(zone);
  }
}

export function isText(rrset: BlockRrset): boolean {
  return rrset.type === types.TXT;
}

/**
 * All that a name answers: `others`, which hold no texts, and the texts of the zone and of the host as one
 * RRset. RFC 2181 §5: it holds no record twice, and has one TTL; the lower one, since a challenge is looked
 * at again at once. RFC 1034 §3.6.2: nothing stands beside an alias, and that is for the zone to say.
 */
export function withTexts(
  others: readonly BlockRrset[],
  own: BlockRrset | undefined,
  texts: BlockRrset | undefined,
): readonly BlockRrset[] {
  const isAlias = others.some(({ type }) => type === types.CNAME);
  const given = isAlias ? undefined : texts;
  if (own === undefined || given === undefined) {
    const only = own ?? given;
    return only === undefined ? others : [...others, only];
  }
  const isNew = (rdata: Uint8Array): boolean =>
    !own.rdatas.some((there) => Buffer.compare(there, rdata) === 0);
  const rdatas = [...own.rdatas, ...given.rdatas.filter(isNew)];
  const ttlSeconds = Math.min(own.ttlSeconds, given.ttlSeconds);
  return [...others, { type: types.TXT, ttlSeconds, rdatas }];
}
