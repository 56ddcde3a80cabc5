/**
 * What our zones say about a name: RFC 1034 §4.3.2 over shared memory. Reads only, allocates nothing;
 * the result stands in the fields until the next call.
 */

import { types } from "../dns/record-types.ts";
import { roots } from "./arena.ts";
import type { ArenaView, Place } from "./arena.ts";
import type { FoldedName } from "./folded-name.ts";
import { findNode, findWildcard } from "./name-index.ts";
import {
  blockFirst,
  blockHasDname,
  blockHasNs,
  blockHead,
  findRrset,
  flagApex,
  flagWildcardBelow,
  nameLengthShift,
  nodeBlock,
  nodeFlags,
  nodeParent,
  nodeSigning,
  zonesSpace,
} from "./node.ts";

/**
 * `not-ours`: no zone of ours encloses the name. `alias`: `rrset` is a CNAME. `dname`: `rrset` is the
 * DNAME of an ancestor. `referral`: `rrset` is the NS of a zone cut at or above the name.
 */
export type Finding =
  | "not-ours"
  | "data"
  | "alias"
  | "dname"
  | "no-data"
  | "no-such-name"
  | "referral";

/** A writer that adds names without a pause must not hold an answer back for ever. */
const triesMax = 1_000;

export class LookUp {
  readonly #view: ArenaView;
  /** The RRset for `data`, `alias`, `dname` and `referral`. */
  rrset: Place = 0;
  /** The records of the name: what has `rrset` in it, or lacks the type. 0: it has none, or is not there. */
  block: Place = 0;
  /** The records are those of a wildcard. */
  isWildcard = false;
  /** Octets of the name that owns `rrset`, for `dname` and `referral`. */
  ownerLength = 0;
  /** SOA of the zone; set for everything but `not-ours`. */
  soa: Place = 0;
  /** The records of the zone's apex, as `soa` lies in them. */
  apexBlock: Place = 0;
  /** Octets of the zone's apex. */
  apexLength = 0;
  /** What is told about the keys that sign the zone; 0: it is not signed. */
  signing: Place = 0;
  #apex: Place = 0;
  /** The last look-up met the name itself. */
  #isExact = false;

  constructor(view: ArenaView) {
    this.#view = view;
  }

  /**
   * A name that is there is found by one look-up. What else is said of a name (an encloser, a
   * wildcard) comes from several, and they must have seen the same names: where some came or went
   * meanwhile, all is looked up again.
   */
  find(name: FoldedName, type: number): Finding {
    for (let tries = 1; ; tries++) {
      const shape = this.#view.shape();
      const finding = this.#findOnce(name, type);
      const isOneState = this.#isExact || ((shape & 1) === 0 && this.#view.shape() === shape);
      if (isOneState || tries === triesMax) return finding;
    }
  }

  #findOnce(name: FoldedName, type: number): Finding {
    const view = this.#view;
    const { words } = view;
    this.#isExact = false;
    this.isWildcard = false;
    this.block = 0;
    const apexLabel = this.#findZone(name, type);
    if (apexLabel === -1) return "not-ours";
    const apex = this.#apex;

    // The closest encloser, which may be the name itself.
    let node: Place = apex;
    let label = 0;
    for (; label < apexLabel; label++) {
      const there = findNode(view, roots.names, name, label, apex);
      if (there === 0) continue;
      node = there;
      break;
    }
    const isExact = label === 0;
    this.#isExact = isExact;

    // RFC 1034 §4.3.2 step 3, from below: a cut or a DNAME between the closest encloser and the apex
    // decides before anything that lies under it, so the topmost counts. Each block is loaded once: a
    // change meanwhile is seen as a whole or not at all.
    const nodeRecords = Atomics.load(words, node + nodeBlock);
    let above: Place = 0;
    let isCut = false;
    for (let at = node, block = nodeRecords; ; block = Atomics.load(words, at + nodeBlock)) {
      const flags = words[at + nodeFlags]!;
      const isApex = (flags & flagApex) !== 0;
      const head = block === 0 ? 0 : words[block + blockHead]!;
      const isQueried = isExact && at === node;
      const isCutHere = (head & blockHasNs) !== 0 && !isApex && !(isQueried && type === types.DS);
      if (isCutHere || ((head & blockHasDname) !== 0 && !isQueried)) {
        above = block;
        isCut = isCutHere;
        this.ownerLength = flags >>> nameLengthShift;
      }
      if (isApex) break;
      at = words[at + nodeParent]!;
    }
    if (above !== 0) {
      this.block = above;
      this.rrset = findRrset(words, above, isCut ? types.NS : types.DNAME);
      return isCut ? "referral" : "dname";
    }

    if (isExact) return this.#findIn(nodeRecords, type);
    // RFC 4592 §3.3.1: only `*` directly below the closest encloser, one that exists.
    if ((words[node + nodeFlags]! & flagWildcardBelow) === 0) return "no-such-name";
    const wildcard = findWildcard(view, roots.names, name, label, apex);
    if (wildcard === 0) return "no-such-name";
    this.isWildcard = true;
    return this.#findIn(Atomics.load(words, wildcard + nodeBlock), type);
  }

  /** The first RRset of `block`. */
  firstRrset(): Place {
    return this.block + blockFirst;
  }

  /** The node of a name in the zone that the last `find` found; 0 when there is none. */
  findInZone(name: FoldedName): Place {
    const apexAt = name.length - this.apexLength;
    if (apexAt === 0) return this.#apex;
    return findNode(this.#view, roots.names, name, 0, this.#apex);
  }

  /**
   * The nearest zone at or above the name; but for DS at a zone's apex the zone above, where we have
   * it and it delegates (RFC 4035 §3.1.4.1). Returns the label at which its apex begins, -1 for none.
   */
  #findZone(name: FoldedName, type: number): number {
    const nearest = this.#findZoneFrom(name, 0);
    if (type !== types.DS || nearest !== 0) return nearest;
    const above = this.#findZoneFrom(name, 1);
    if (above !== -1 && findNode(this.#view, roots.names, name, 0, this.#apex) !== 0) return above;
    return this.#findZoneFrom(name, 0);
  }

  #findZoneFrom(name: FoldedName, start: number): number {
    const { words } = this.#view;
    for (let label = start; label <= name.labelCount; label++) {
      const apex = findNode(this.#view, roots.zones, name, label, zonesSpace);
      if (apex === 0) continue;
      const block = Atomics.load(words, apex + nodeBlock);
      const soa = findRrset(words, block, types.SOA);
      if (soa === 0) continue; // a zone that is being made
      this.#apex = apex;
      this.soa = soa;
      this.apexBlock = block;
      this.signing = Atomics.load(words, apex + nodeSigning);
      this.apexLength = words[apex + nodeFlags]! >>> nameLengthShift;
      return label;
    }
    return -1;
  }

  #findIn(block: Place, type: number): Finding {
    const { words } = this.#view;
    this.block = block;
    if (block === 0) return "no-data";
    if (type === types.ANY) {
      this.rrset = block + blockFirst; // RFC 8482 §4.1: one RRset is answer enough
      return "data";
    }
    this.rrset = findRrset(words, block, type);
    if (this.rrset !== 0) return "data";
    // RFC 4035 §2.5: these two stand beside an alias, so whoever asks for them is not sent on.
    if (type === types.RRSIG || type === types.NSEC) return "no-data";
    this.rrset = findRrset(words, block, types.CNAME);
    return this.rrset === 0 ? "no-data" : "alias";
  }
}
