/** What we are authoritative for, as it is written. Every change is visible to the next query. */

import { assert } from "../base/assert.ts";
import type { Name } from "../dns/name.ts";
import { types } from "../dns/record-types.ts";
import { Arena } from "./arena.ts";
import type { Place } from "./arena.ts";
import { isAddress } from "./block.ts";
import type { BlockRrset } from "./block.ts";
import { ChallengeNames, isText, withTexts } from "./challenge-texts.ts";
import { flagHost } from "./node.ts";
import { withSerial } from "../dns/soa-serial.ts";
import { ZoneTree } from "./zone-tree.ts";
import type { SigningKeys, WireName } from "./zone-tree.ts";

export interface Rrset {
  readonly owner: Name;
  readonly type: number;
  readonly ttlSeconds: number;
  /** Wire form, names uncompressed. At least one. */
  readonly rdatas: readonly Uint8Array[];
}

export class ZoneTable {
  readonly #arena: Arena;
  readonly #tree: ZoneTree;
  readonly #challenges = new ChallengeNames();
  /** Readers need it to hash names as the writer did. */
  readonly hashSeed: number;

  /** `bytesMax`: most the table may grow to; address space until it is used. */
  constructor(options: { readonly bytesMax: number; readonly hashSeed: number }) {
    this.#arena = new Arena(options.bytesMax);
    this.#tree = new ZoneTree(this.#arena, options.hashSeed);
    this.hashSeed = options.hashSeed;
  }

  /** For the threads that answer. */
  get buffer(): SharedArrayBuffer {
    return this.#arena.buffer;
  }

  get names(): number {
    return this.#tree.size;
  }

  get bytesInUse(): number {
    return this.#arena.bytesInUse;
  }

  /** So many names are about to come: growing step by step would leave every smaller index behind. */
  makeRoom(names: number): void {
    this.#tree.makeRoom(names);
  }

  /** A thread that answered has ended, perhaps in the middle of an answer. */
  forgetReader(reader: number): void {
    this.#arena.forgetReader(reader);
  }

  /**
   * Makes a zone. Until it has an SOA the zone above answers, if there is one. Hosts of the zone above
   * that lie in the new one are published there from now on.
   */
  openZone(apex: Name): void {
    if (this.#tree.findApex(apex) !== 0) return;
    const above = this.#tree.findZone(apex);
    const zone = this.#tree.addApex(apex);
    // Nothing lies below a name that the zone above does not have.
    if (above === 0 || this.#tree.find(above, apex) === 0) return;
    this.#copyHosts(above, zone, apex);
    this.#copyChallenges(above, zone, apex);
  }

  /** Removes a zone with all names in it; its hosts are published in the zone above, if there is one. */
  closeZone(apex: Name): void {
    const zone = this.#tree.findApex(apex);
    if (zone === 0) return;
    const parent = apex.parent();
    const above = parent === undefined ? 0 : this.#tree.findZone(parent);
    if (above !== 0) {
      this.#copyHosts(zone, above, apex);
      this.#copyChallenges(zone, above, apex);
    }
    this.#challenges.forgetZone(zone);
    this.#tree.drop(zone);
  }

  /** Makes the name exist, with the addresses a host has: none is NODATA, not NXDOMAIN. */
  setHost(
    owner: WireName,
    ttlSeconds: number,
    v4: Uint8Array | undefined,
    v6: Uint8Array | undefined,
  ): void {
    this.#tree.setHost(owner, ttlSeconds, v4, v6);
  }

  /** The name stops being a host's; other records at it stay. */
  removeHost(owner: Name): void {
    let name: Name | undefined = owner;
    // A zone that was opened below a host's leaves a copy above it, see `openZone`.
    for (; name !== undefined; name = name.parent()) {
      const zone = this.#tree.findApex(name);
      if (zone === 0) continue;
      const node = this.#tree.find(zone, owner);
      if (node === 0 || !this.#tree.isHost(node)) continue;
      const others = this.#tree.rrsets(node).filter((rrset) => !isAddress(rrset));
      this.#tree.set(zone, owner, others, 0);
    }
  }

  /**
   * Gives the name these texts (RDATA of TXT) in the nearest zone, in the place of those it was given before;
   * none: it has those of the zone's own records, and without any it ceases to exist.
   */
  setChallenges(owner: Name, ttlSeconds: number, rdatas: readonly Uint8Array[]): void {
    const nearest = this.#tree.findZone(owner);
    const texts = rdatas.length === 0 ? undefined : { type: types.TXT, ttlSeconds, rdatas };
    // As with hosts, a zone that was opened meanwhile left a copy above it.
    for (let name: Name | undefined = owner; name !== undefined; name = name.parent()) {
      const zone = this.#tree.findApex(name);
      if (zone !== 0) this.#setTexts(zone, owner, zone === nearest ? texts : undefined);
    }
  }

  /** Gives the zone exactly these records; what hosts have stays as it is. */
  replaceRecords(apex: Name, rrsets: readonly Rrset[]): void {
    const zone = this.#tree.findApex(apex);
    assert(zone !== 0, "the zone is open");
    // A zone that holds nothing yet needs no search for what must go: at start there are many such.
    const isFresh = !this.#tree.hasRecords(zone);
    const wanted = sortByOwner(rrsets);
    // The SOA makes the zone answer, so the apex comes last in a fresh one.
    const apexRrsets = wanted.get(apex.key);
    wanted.delete(apex.key);
    const unmentioned = isFresh ? [] : this.#unmentioned(zone, wanted);
    for (const { owner, rrsets: records } of wanted.values()) {
      assert(owner.isWithin(apex), "records of a zone lie in the zone");
      this.#setStatic(zone, owner, records);
    }
    this.#setStatic(zone, apex, apexRrsets?.rrsets ?? []);
    for (const owner of unmentioned) this.#setStatic(zone, owner, []);
  }

  /**
   * The zone is signed from now on, with these keys at its apex, or no longer is. What the zone's own
   * records say about keys does not count while it is signed.
   */
  setSigning(apex: Name, signing: (SigningKeys & KeySet) | undefined): void {
    const zone = this.#tree.findApex(apex);
    if (zone === 0) return; // closed meanwhile
    const others = this.#tree.rrsets(zone).filter((rrset) => !isOfKeySet(rrset));
    const flags = this.#tree.isHost(zone) ? flagHost : 0;
    if (signing === undefined) {
      this.#tree.setSigning(zone, undefined);
      this.#tree.set(zone, apex, others, flags);
      return;
    }
    this.#tree.set(zone, apex, [...others, ...signing.keySet], flags);
    this.#tree.setSigning(zone, signing);
  }

  /** Puts a new serial into the SOA. False when the zone has none. */
  setSerial(apex: Name, serial: number): boolean {
    const zone = this.#tree.findApex(apex);
    if (zone === 0) return false;
    let isFound = false;
    const rrsets = this.#tree.rrsets(zone).map((rrset) => {
      if (rrset.type !== types.SOA) return rrset;
      isFound = true;
      return { ...rrset, rdatas: rrset.rdatas.map((rdata) => withSerial(rdata, serial)) };
    });
    if (isFound) this.#tree.set(zone, apex, rrsets, this.#tree.isHost(zone) ? flagHost : 0);
    return isFound;
  }

  /** What the nearest zone holds at a name, for comparing; the answers are made by the readers. */
  listRrsets(owner: Name): readonly BlockRrset[] {
    const zone = this.#tree.findZone(owner);
    return zone === 0 ? [] : this.#rrsetsAt(zone, owner);
  }

  #rrsetsAt(zone: Place, owner: Name): BlockRrset[] {
    const node = this.#tree.find(zone, owner);
    return node === 0 ? [] : this.#tree.rrsets(node);
  }

  #setTexts(zone: Place, owner: Name, texts: BlockRrset | undefined): void {
    const before = this.#challenges.find(zone, owner);
    if (before === undefined && texts === undefined) return;
    const node = this.#tree.find(zone, owner);
    const there = node === 0 ? [] : this.#tree.rrsets(node);
    const own = before === undefined ? there.find(isText) : before.own;
    const others = there.filter((rrset) => !isText(rrset));
    const flags = node !== 0 && this.#tree.isHost(node) ? flagHost : 0;
    this.#tree.set(zone, owner, withTexts(others, own, texts), flags);
    if (texts === undefined) this.#challenges.delete(zone, owner);
    else this.#challenges.set(zone, { owner, texts, own });
  }

  /** The zone's records at a name as they are answered: with the texts of a host, if one has any there. */
  #addTexts(zone: Place, owner: Name, rrsets: readonly BlockRrset[]): readonly BlockRrset[] {
    const entry = this.#challenges.find(zone, owner);
    if (entry === undefined) return rrsets;
    const own = rrsets.find(isText);
    this.#challenges.set(zone, { ...entry, own });
    const others = rrsets.filter((rrset) => !isText(rrset));
    return withTexts(others, own, entry.texts);
  }

  /** Sets what is not a host's. At a host the addresses are the host's alone, as a signed zone's key set is the signer's. */
  #setStatic(zone: Place, owner: Name, records: readonly BlockRrset[]): void {
    const rrsets = this.#addTexts(zone, owner, records);
    const node = this.#tree.find(zone, owner);
    if (node === 0) return this.#tree.set(zone, owner, rrsets, 0);
    const isHost = this.#tree.isHost(node);
    const isSignedApex = node === zone && this.#tree.isSigned(zone);
    const isOfOthers = (rrset: BlockRrset): boolean =>
      (isHost && isAddress(rrset)) || (isSignedApex && isOfKeySet(rrset));
    const kept = isHost || isSignedApex ? this.#tree.rrsets(node).filter(isOfOthers) : [];
    const own = rrsets.filter((rrset) => !isOfOthers(rrset));
    this.#tree.set(zone, owner, [...own, ...kept], isHost ? flagHost : 0);
  }

  /** Names with records that the new ones do not mention: they keep what their host has, or go. */
  #unmentioned(zone: Place, wanted: ReadonlyMap<string, unknown>): Name[] {
    return this.#tree
      .nodes(zone, (node) => this.#tree.hasStaticRecords(node))
      .map((node) => this.#tree.nameOf(node))
      .filter((name) => !wanted.has(name.key));
  }

  #copyHosts(from: Place, to: Place, within: Name): void {
    const hosts = this.#tree.nodes(from, (node) => this.#tree.isHost(node));
    for (const node of this.#tree.isHost(from) ? [from, ...hosts] : hosts) {
      const owner = this.#tree.nameOf(node);
      if (!owner.isWithin(within)) continue;
      const others = this.#rrsetsAt(to, owner).filter((rrset) => !isAddress(rrset));
      const addresses = this.#tree.rrsets(node).filter(isAddress);
      this.#tree.set(to, owner, [...others, ...addresses], flagHost);
    }
  }

  #copyChallenges(from: Place, to: Place, within: Name): void {
    for (const { owner, texts } of this.#challenges.ofZone(from)) {
      if (owner.isWithin(within)) this.#setTexts(to, owner, texts);
    }
  }
}

/** Records that a signed zone has at its apex because it is signed. */
export interface KeySet {
  readonly keySet: readonly BlockRrset[];
}

function isOfKeySet({ type }: BlockRrset): boolean {
  return type === types.DNSKEY || type === types.CDS || type === types.CDNSKEY;
}

function sortByOwner(
  rrsets: readonly Rrset[],
): Map<string, { readonly owner: Name; readonly rrsets: BlockRrset[] }> {
  const byOwner = new Map<string, { readonly owner: Name; readonly rrsets: BlockRrset[] }>();
  for (const rrset of rrsets) {
    const { owner } = rrset;
    const entry = byOwner.get(owner.key) ?? { owner, rrsets: [] };
    entry.rrsets.push(rrset);
    byOwner.set(owner.key, entry);
  }
  return byOwner;
}
