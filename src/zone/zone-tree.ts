/**
 * The writer's side of the names: zones, and in each the nodes from its apex down, empty
 * non-terminals included. Every step leaves readers with the state before or after it.
 */

import { assert } from "../base/assert.ts";
import { Name } from "../dns/name.ts";
import { types } from "../dns/record-types.ts";
import { roots } from "./arena.ts";
import type { Arena, Place } from "./arena.ts";
import { blockRrsets, blockWords, isAddress, writeAddressBlock, writeBlock } from "./block.ts";
import type { BlockRrset } from "./block.ts";
import { FoldedName } from "./folded-name.ts";
import { findNode, NameIndex } from "./name-index.ts";
import {
  blockCountMask,
  blockHead,
  findRrset,
  flagApex,
  flagHost,
  flagWildcardBelow,
  nameLengthShift,
  nodeBlock,
  nodeChildren,
  nodeFlags,
  nodeName,
  nodeParent,
  nodeSigning,
  nodeWords,
  noKeyTag,
  keySetTagsMax,
  signingActiveTag,
  signingKeySetTags,
  signingWords,
  zonesSpace,
} from "./node.ts";

/** Which keys sign a zone, by their tags (RFC 4034 appendix B). */
export interface SigningKeys {
  /** The key that signs everything but the key set. */
  readonly activeKeyTag: number;
  /** The keys that sign DNSKEY, CDS and CDNSKEY: all that a validator may hold a DS of. */
  readonly keySetTags: readonly number[];
}

/** Slots to begin with; an index doubles when it is two thirds full. */
const namesSlots = 1024;
const zonesSlots = 64;

/** A name in wire form, uncompressed; what lies behind it is not looked at. A `Name` is one. */
export interface WireName {
  readonly octets: Uint8Array;
}

export class ZoneTree {
  readonly #arena: Arena;
  readonly #names: NameIndex;
  readonly #zones: NameIndex;
  readonly #name: FoldedName;
  /** The nodes that are being added, each below the next. */
  readonly #added: Place[] = [];

  constructor(arena: Arena, hashSeed: number) {
    this.#arena = arena;
    this.#names = new NameIndex(arena, roots.names, namesSlots);
    this.#zones = new NameIndex(arena, roots.zones, zonesSlots);
    this.#name = new FoldedName(hashSeed);
  }

  get size(): number {
    return this.#names.names + this.#zones.names;
  }

  /** Throws `ArenaFull`. */
  makeRoom(names: number): void {
    this.#names.reserve(names);
  }

  findApex(apex: Name): Place {
    this.#read(apex);
    return findNode(this.#arena, roots.zones, this.#name, 0, zonesSpace);
  }

  /** The apex of the nearest zone at or above the name. */
  findZone(name: Name): Place {
    this.#read(name);
    return this.#zoneOfRead();
  }

  /** As `findZone`, of the name that was read. */
  #zoneOfRead(): Place {
    for (let label = 0; label <= this.#name.labelCount; label++) {
      const apex = findNode(this.#arena, roots.zones, this.#name, label, zonesSpace);
      if (apex !== 0) return apex;
    }
    return 0;
  }

  addApex(apex: Name): Place {
    this.#read(apex);
    this.#zones.reserve(1);
    const node = this.#makeNode(0, flagApex, 0);
    this.#zones.add(this.#name.hash(0, zonesSpace), node);
    return node;
  }

  /** The node of a name in this zone; 0 when there is none. */
  find(apex: Place, name: Name): Place {
    this.#read(name);
    return this.#findRead(apex);
  }

  /** As `find`, of the name that was read. */
  #findRead(apex: Place): Place {
    const apexLabel = this.#apexLabel(apex);
    return apexLabel === 0 ? apex : findNode(this.#arena, roots.names, this.#name, 0, apex);
  }

  /** Gives a name these records and no others; without records and flags it ceases to exist. */
  set(apex: Place, owner: Name, rrsets: readonly BlockRrset[], flags: number): void {
    const { words } = this.#arena;
    const node = this.find(apex, owner);
    const isEmpty = rrsets.length === 0 && flags === 0;
    if (node === 0) {
      if (!isEmpty) this.#add(apex, writeBlock(this.#arena, rrsets), flags);
    } else if (isEmpty && node !== apex && words[node + nodeChildren] === 0) {
      this.#remove(apex, node);
    } else {
      this.#setBlock(node, writeBlock(this.#arena, rrsets));
      this.#setFlag(node, flagHost, (flags & flagHost) !== 0);
    }
  }

  /**
   * Makes the name a host's with these addresses, in the nearest zone; other records at it stay.
   * This is the way of every update, and of all hosts at a start: the name is hashed once, and nothing
   * is made on the way but its block.
   */
  setHost(
    owner: WireName,
    ttlSeconds: number,
    v4: Uint8Array | undefined,
    v6: Uint8Array | undefined,
  ): void {
    this.#read(owner);
    const apex = this.#zoneOfRead();
    if (apex === 0) return; // its zone was closed, and word of the host's own end is on its way
    const node = this.#findRead(apex);
    if (node !== 0 && this.hasStaticRecords(node)) {
      const rrsets = this.rrsets(node).filter((rrset) => !isAddress(rrset));
      if (v4 !== undefined) rrsets.push({ type: types.A, ttlSeconds, rdatas: [v4] });
      if (v6 !== undefined) rrsets.push({ type: types.AAAA, ttlSeconds, rdatas: [v6] });
      this.#setBlock(node, writeBlock(this.#arena, rrsets));
    } else {
      const block = writeAddressBlock(this.#arena, ttlSeconds, v4, v6);
      if (node === 0) this.#add(apex, block, flagHost);
      else this.#setBlock(node, block);
    }
    if (node !== 0 && !this.isHost(node)) this.#setFlag(node, flagHost, true);
  }

  #setBlock(node: Place, block: Place): void {
    const { words } = this.#arena;
    const old = words[node + nodeBlock]!;
    Atomics.store(words, node + nodeBlock, block);
    if (old !== 0) this.#arena.retire(old, blockWords(words, old));
  }

  rrsets(node: Place): BlockRrset[] {
    return blockRrsets(this.#arena, this.#arena.words[node + nodeBlock]!);
  }

  isHost(node: Place): boolean {
    return (this.#arena.words[node + nodeFlags]! & flagHost) !== 0;
  }

  hasRecords(node: Place): boolean {
    return this.#arena.words[node + nodeBlock] !== 0;
  }

  /** Whether the node has records beside the addresses of a host. */
  hasStaticRecords(node: Place): boolean {
    const { words } = this.#arena;
    const block = words[node + nodeBlock]!;
    if (block === 0 || !this.isHost(node)) return block !== 0;
    let others = words[block + blockHead]! & blockCountMask;
    if (findRrset(words, block, types.A) !== 0) others--;
    if (findRrset(words, block, types.AAAA) !== 0) others--;
    return others > 0;
  }

  nameOf(node: Place): Name {
    const at = (node + nodeName) * 4;
    const length = this.#arena.words[node + nodeFlags]! >>> nameLengthShift;
    const name = Name.fromOctets(this.#arena.bytes.slice(at, at + length));
    assert(name !== undefined, "a node's name is well formed");
    return name;
  }

  /** The nodes of a zone that are wanted, its apex left out. Looks at all names there are. */
  nodes(apex: Place, isWanted: (node: Place) => boolean): Place[] {
    const nodes: Place[] = [];
    this.#names.forEach((_, node) => {
      if (this.#apexOf(node) === apex && isWanted(node)) nodes.push(node);
    });
    return nodes;
  }

  /** Removes a zone with all its names. From the first step on none of them is found. */
  drop(apex: Place): void {
    this.#read(this.nameOf(apex));
    // A reader that had found the zone sees by the step that it must look again.
    this.#arena.reshape(() => this.#zones.remove(this.#name.hash(0, zonesSpace), apex));
    const gone: Place[] = [];
    this.#names.forEach((hash, node) => {
      if (this.#apexOf(node) !== apex) return;
      this.#names.remove(hash, node);
      gone.push(node);
    });
    for (const node of gone) this.#retire(node);
    this.setSigning(apex, undefined);
    this.#retire(apex);
    this.#arena.reclaim();
  }

  /** Tells readers which keys sign the zone; undefined: none do. */
  setSigning(apex: Place, signing: SigningKeys | undefined): void {
    const { words } = this.#arena;
    const old = words[apex + nodeSigning]!;
    let place: Place = 0;
    if (signing !== undefined) {
      assert(signing.keySetTags.length <= keySetTagsMax, "few keys sign the key set");
      place = this.#arena.allocate(signingWords);
      words[place + signingActiveTag] = signing.activeKeyTag;
      for (let i = 0; i < keySetTagsMax; i++) {
        words[place + signingKeySetTags + i] = signing.keySetTags[i] ?? noKeyTag;
      }
    }
    Atomics.store(words, apex + nodeSigning, place);
    if (old !== 0) this.#arena.retire(old, signingWords);
  }

  isSigned(apex: Place): boolean {
    return this.#arena.words[apex + nodeSigning] !== 0;
  }

  #read(name: WireName): void {
    const length = this.#name.read(name.octets, 0, name.octets.length);
    assert(length !== 0, "a name in wire form is well formed");
  }

  /** At which label of the name that was read the apex begins. */
  #apexLabel(apex: Place): number {
    const length = this.#arena.words[apex + nodeFlags]! >>> nameLengthShift;
    for (let label = 0; label <= this.#name.labelCount; label++) {
      if (this.#name.length - this.#name.labelAt[label]! === length) return label;
    }
    assert(false, "the name lies in the zone");
  }

  #apexOf(start: Place): Place {
    const { words } = this.#arena;
    let node = start;
    while ((words[node + nodeFlags]! & flagApex) === 0) node = words[node + nodeParent]!;
    return node;
  }

  /**
   * Adds the name that was read, and the empty non-terminals above it that are missing. All is made
   * first and becomes visible as one step: an empty non-terminal without the name below it would hide
   * a wildcard that answers for the name until then.
   */
  #add(apex: Place, block: Place, flags: number): void {
    const apexLabel = this.#apexLabel(apex);
    const nodes = this.#added;
    nodes.length = 0;
    let parent: Place = apex;
    try {
      for (let label = 0; label < apexLabel; label++) {
        const there = label === 0 ? 0 : findNode(this.#arena, roots.names, this.#name, label, apex);
        if (there !== 0) {
          parent = there;
          break;
        }
        nodes.push(this.#makeNode(label, label === 0 ? flags : 0, apex));
      }
      this.#names.reserve(nodes.length);
    } catch (error) {
      for (const node of nodes) this.#retire(node); // the arena is full
      if (block !== 0) this.#arena.retire(block, blockWords(this.#arena.words, block));
      throw error;
    }
    this.#arena.words[nodes[0]! + nodeBlock] = block;
    this.#arena.reshape(() => {
      for (let label = 0; label < nodes.length; label++) {
        const node = nodes[label]!;
        this.#link(node, nodes[label + 1] ?? parent, label);
        this.#names.add(this.#name.hash(label, apex), node);
      }
    });
  }

  #link(node: Place, parent: Place, label: number): void {
    const { words } = this.#arena;
    words[node + nodeParent] = parent;
    words[parent + nodeChildren]!++;
    if (isWildcard(this.#name, label)) this.#setFlag(parent, flagWildcardBelow, true);
  }

  /** A node of the name that begins at `label`, which no reader can find yet. */
  #makeNode(label: number, flags: number, parent: Place): Place {
    const from = this.#name.labelAt[label]!;
    const length = this.#name.length - from;
    const node = this.#arena.allocate(nodeWords(length));
    const { words, bytes } = this.#arena;
    words[node + nodeBlock] = 0;
    words[node + nodeParent] = parent;
    words[node + nodeFlags] = flags | (length << nameLengthShift);
    words[node + nodeChildren] = 0;
    const at = (node + nodeName) * 4;
    for (let i = 0; i < length; i++) bytes[at + i] = this.#name.octets[from + i]!;
    return node;
  }

  /**
   * Removes a node without children, and the empty non-terminals that only led to it, as one step. The
   * topmost goes first, so that even who looks in the middle finds the name or nothing in a wildcard's
   * way.
   */
  #remove(apex: Place, start: Place): void {
    const { words } = this.#arena;
    const gone = [start];
    let kept = words[start + nodeParent]!;
    while (this.#isOnlyWay(kept)) {
      gone.push(kept);
      kept = words[kept + nodeParent]!;
    }
    words[kept + nodeChildren]!--;
    this.#read(this.nameOf(start));
    this.#arena.reshape(() => {
      for (let label = gone.length - 1; label >= 0; label--) {
        this.#names.remove(this.#name.hash(label, apex), gone[label]!);
      }
      if (isWildcard(this.#name, gone.length - 1)) this.#setFlag(kept, flagWildcardBelow, false);
    });
    for (const node of gone) this.#retire(node);
  }

  /** Whether the node exists for the sake of its only child. */
  #isOnlyWay(node: Place): boolean {
    const { words } = this.#arena;
    if (words[node + nodeBlock] !== 0 || words[node + nodeChildren]! > 1) return false;
    return (words[node + nodeFlags]! & (flagHost | flagApex)) === 0;
  }

  #setFlag(node: Place, flag: number, on: boolean): void {
    const { words } = this.#arena;
    const flags = words[node + nodeFlags]!;
    Atomics.store(words, node + nodeFlags, on ? flags | flag : flags & ~flag);
  }

  #retire(node: Place): void {
    const { words } = this.#arena;
    const block = words[node + nodeBlock]!;
    if (block !== 0) this.#arena.retire(block, blockWords(words, block));
    this.#arena.retire(node, nodeWords(words[node + nodeFlags]! >>> nameLengthShift));
  }
}

function isWildcard(name: FoldedName, label: number): boolean {
  const at = name.labelAt[label]!;
  return name.octets[at] === 1 && name.octets[at + 1] === 0x2a;
}
