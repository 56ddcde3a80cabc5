/**
 * What a zone says about a name: RFC 1034 §4.3.2 over shared memory. Reads only, allocates nothing;
 * the result stands in the fields until the next call.
 */

import type { ArenaView, Place } from "./arena.ts";
import type { FoldedName } from "./folded-name.ts";
import { findNode, findWildcard } from "./name-index.ts";
import {
  blockFirst,
  findRrset,
  flagApex,
  flagCut,
  flagDname,
  flagWildcardBelow,
  nameLengthShift,
  nodeBlock,
  nodeFlags,
  nodeParent,
} from "./node.ts";

const typeCname = 5; // RFC 1035 §3.3.1
const typeSoa = 6; // RFC 1035 §3.3.13
const typeNs = 2; // RFC 1035 §3.3.11
const typeDname = 39; // RFC 6672 §2.1
const typeDs = 43; // RFC 4034 §5
const typeAny = 255; // RFC 1035 §3.2.3

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

export class LookUp {
  readonly #view: ArenaView;
  /** The RRset for `data`, `alias`, `dname` and `referral`. */
  rrset: Place = 0;
  /** Octets of the name that owns `rrset`, for `dname` and `referral`. */
  ownerLength = 0;
  /** SOA of the zone; set for everything but `not-ours`. */
  soa: Place = 0;
  /** Octets of the zone's apex. */
  apexLength = 0;

  constructor(view: ArenaView) {
    this.#view = view;
  }

  find(name: FoldedName, type: number): Finding {
    const view = this.#view;
    const { words } = view;

    let label = 0;
    let node = findNode(view, name, 0);
    while (node === 0) {
      if (label === name.labelCount) return "not-ours";
      label++;
      node = findNode(view, name, label);
    }
    const isExact = label === 0;

    // RFC 1034 §4.3.2 step 3, from below: the node is the closest encloser, and a cut or a DNAME
    // between it and the apex decides before anything that lies under them.
    let above: Place = 0; // the topmost cut or DNAME on the way
    let apex = node;
    for (;;) {
      const flags = words[apex + nodeFlags]!;
      const isQueried = isExact && apex === node;
      if ((flags & flagCut) !== 0 && !(isQueried && type === typeDs)) above = apex;
      else if ((flags & flagDname) !== 0 && !isQueried) above = apex;
      if ((flags & flagApex) !== 0) break;
      apex = words[apex + nodeParent]!;
      if (apex === 0) return "not-ours";
    }
    this.soa = findRrset(words, Atomics.load(words, apex + nodeBlock), typeSoa);
    if (this.soa === 0) return "not-ours"; // a zone that is being made
    this.apexLength = words[apex + nodeFlags]! >>> nameLengthShift;

    if (above !== 0) {
      const block = Atomics.load(words, above + nodeBlock);
      this.ownerLength = words[above + nodeFlags]! >>> nameLengthShift;
      this.rrset = above === apex ? 0 : findRrset(words, block, typeNs);
      if (this.rrset !== 0) return "referral";
      this.rrset = findRrset(words, block, typeDname);
      if (this.rrset !== 0) return "dname";
      // The records changed between the flag and the block: as if they had never been there.
    }

    if (!isExact) {
      // RFC 4592 §3.3.1: only `*` directly below the closest encloser, one that exists.
      if ((words[node + nodeFlags]! & flagWildcardBelow) === 0) return "no-such-name";
      node = findWildcard(view, name, label);
      if (node === 0) return "no-such-name";
    }
    return this.#findAt(node, type);
  }

  #findAt(node: Place, type: number): Finding {
    const { words } = this.#view;
    const block = Atomics.load(words, node + nodeBlock);
    if (block === 0) return "no-data";
    if (type === typeAny) {
      this.rrset = block + blockFirst; // RFC 8482 §4.1: one RRset is answer enough
      return "data";
    }
    this.rrset = findRrset(words, block, type);
    if (this.rrset !== 0) return "data";
    this.rrset = findRrset(words, block, typeCname);
    return this.rrset === 0 ? "no-data" : "alias";
  }
}
