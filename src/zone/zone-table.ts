/** The writer's side of what we are authoritative for. Every change is visible to the next query. */

import { assert } from "../base/assert.ts";
import { Name } from "../dns/name.ts";
import { Arena } from "./arena.ts";
import type { Place } from "./arena.ts";
import { blockRrsets, blockWords, writeBlock } from "./block.ts";
import type { BlockRrset } from "./block.ts";
import { FoldedName } from "./folded-name.ts";
import { findNode, NameIndex } from "./name-index.ts";
import {
  findRrset,
  flagApex,
  flagCut,
  flagDname,
  flagHost,
  flagWildcardBelow,
  nameLengthShift,
  nodeBlock,
  nodeChildren,
  nodeFlags,
  nodeName,
  nodeParent,
  nodeWords,
} from "./node.ts";

/** RFC 1035 §3.2.2, RFC 3596 §2.1, RFC 6672 §2.1: the types that change what a node is. */
const typeA = 1;
const typeNs = 2;
const typeSoa = 6;
const typeAaaa = 28;
const typeDname = 39;

export interface Rrset {
  readonly owner: Name;
  readonly type: number;
  readonly ttlSeconds: number;
  /** Wire form, names uncompressed. At least one. */
  readonly rdatas: readonly Uint8Array[];
}

export class ZoneTable {
  readonly #arena: Arena;
  readonly #index: NameIndex;
  readonly #name: FoldedName;
  /** Readers need it to hash names as the writer did. */
  readonly hashSeed: number;

  /** `bytesMax`: most the table may grow to; address space until it is used. */
  constructor(options: { readonly bytesMax: number; readonly hashSeed: number }) {
    this.#arena = new Arena(options.bytesMax);
    this.#index = new NameIndex(this.#arena);
    this.hashSeed = options.hashSeed;
    this.#name = new FoldedName(options.hashSeed);
  }

  /** For the threads that answer. */
  get buffer(): SharedArrayBuffer {
    return this.#arena.buffer;
  }

  get names(): number {
    return this.#index.names;
  }

  get bytesInUse(): number {
    return this.#arena.bytesInUse;
  }

  /** Makes a zone. Until it has an SOA its names are refused. */
  openZone(apex: Name): void {
    this.#read(apex);
    const node = findNode(this.#arena, this.#name, 0) || this.#makeNode(0, flagApex);
    this.#setFlags(node, flagApex, true);
  }

  /** Removes a zone with all names in it; a zone below it that is served too stays. */
  closeZone(apex: Name): void {
    const gone = [...this.#index.nodes()].filter(({ node }) => this.#isOfZone(node, apex));
    for (const { hash, node } of gone) this.#drop(hash, node);
    this.#arena.reclaim();
  }

  /** Sets or, without RDATA, removes one RRset. The owner must lie in a zone that is open. */
  setRrset(owner: Name, type: number, ttlSeconds: number, rdatas: readonly Uint8Array[]): void {
    const node = this.#enter(owner);
    const rrsets = this.#rrsetsOf(node).filter((rrset) => rrset.type !== type);
    if (rdatas.length > 0) rrsets.push({ type, ttlSeconds, rdatas });
    this.#setBlock(node, rrsets);
    this.#settle(node);
  }

  /** Makes the name exist, with the addresses a host has: none is NODATA, not NXDOMAIN. */
  setHost(
    owner: Name,
    ttlSeconds: number,
    v4: Uint8Array | undefined,
    v6: Uint8Array | undefined,
  ): void {
    const node = this.#enter(owner);
    this.#setFlags(node, flagHost, true);
    const block = this.#arena.words[node + nodeBlock]!;
    const others = this.#rrsetsOf(node).filter(
      (rrset) => rrset.type !== typeA && rrset.type !== typeAaaa,
    );
    if (v4 !== undefined) others.push({ type: typeA, ttlSeconds, rdatas: [v4] });
    if (v6 !== undefined) others.push({ type: typeAaaa, ttlSeconds, rdatas: [v6] });
    if (block !== 0 || others.length > 0) this.#setBlock(node, others);
  }

  /** The name stops being a host's; other records at it stay. */
  removeHost(owner: Name): void {
    this.#read(owner);
    const node = findNode(this.#arena, this.#name, 0);
    if (node === 0) return;
    this.#setFlags(node, flagHost, false);
    const rrsets = this.#rrsetsOf(node);
    this.#setBlock(
      node,
      rrsets.filter((rrset) => rrset.type !== typeA && rrset.type !== typeAaaa),
    );
    this.#settle(node);
  }

  /** Gives the zone exactly these records; the addresses of hosts stay as they are. */
  replaceRecords(apex: Name, rrsets: readonly Rrset[]): void {
    // A zone that holds nothing yet needs no search for what must go: at start there are many such.
    const isFresh = this.listRrsets(apex).length === 0;
    const byOwner = new Map<string, { owner: Name; rrsets: BlockRrset[] }>();
    for (const rrset of rrsets) {
      let entry = byOwner.get(rrset.owner.key);
      if (entry === undefined) {
        entry = { owner: rrset.owner, rrsets: [] };
        byOwner.set(rrset.owner.key, entry);
      }
      entry.rrsets.push(rrset);
    }
    for (const { owner, rrsets: wanted } of byOwner.values()) {
      const node = this.#enter(owner);
      this.#setBlock(node, [...wanted, ...this.#hostRrsetsOf(node)]);
    }
    if (isFresh) return;
    // Names of the zone that the new records do not mention keep what their host has, or go.
    const unmentioned = [...this.#index.nodes()].filter(
      ({ node }) =>
        this.#arena.words[node + nodeBlock] !== 0 &&
        this.#isOfZone(node, apex) &&
        !byOwner.has(this.#nameOf(node).key),
    );
    for (const { node } of unmentioned) {
      this.#setBlock(node, this.#hostRrsetsOf(node));
      this.#settle(node);
    }
  }

  /** Puts a new serial into the SOA. False when the zone has none. */
  setSerial(apex: Name, serial: number): boolean {
    const node = this.#find(apex);
    const soa = node === 0 ? undefined : this.#rrsetsOf(node).find((r) => r.type === typeSoa);
    const old = soa?.rdatas[0];
    if (soa === undefined || old === undefined) return false;
    const rdata = old.slice();
    // RFC 1035 §3.3.13: the five numbers at the end begin with the serial.
    new DataView(rdata.buffer).setUint32(rdata.length - 20, serial);
    this.setRrset(apex, typeSoa, soa.ttlSeconds, [rdata]);
    return true;
  }

  /** What is published at a name, for comparing; the answers themselves are made by the readers. */
  listRrsets(owner: Name): readonly BlockRrset[] {
    const node = this.#find(owner);
    return node === 0 ? [] : this.#rrsetsOf(node);
  }

  #find(owner: Name): Place {
    this.#read(owner);
    return findNode(this.#arena, this.#name, 0);
  }

  #read(owner: Name): void {
    const length = this.#name.read(owner.octets, 0, owner.octets.length);
    assert(length === owner.octets.length, "a Name is well formed");
  }

  /** The node of a name, made together with its empty non-terminals where it is new. */
  #enter(owner: Name): Place {
    this.#read(owner);
    const there = findNode(this.#arena, this.#name, 0);
    return there !== 0 ? there : this.#makeNode(0, 0);
  }

  /** Makes the node of the name that begins at `label`, and its ancestors down from the apex first. */
  #makeNode(label: number, flags: number): Place {
    let parent: Place = 0;
    if ((flags & flagApex) === 0) {
      assert(label < this.#name.labelCount, "the owner lies in an open zone");
      parent = findNode(this.#arena, this.#name, label + 1) || this.#makeNode(label + 1, 0);
      this.#arena.words[parent + nodeChildren]!++;
    }
    const from = this.#name.labelAt[label]!;
    const length = this.#name.length - from;
    const node = this.#arena.allocate(nodeWords(length));
    const { words, bytes } = this.#arena;
    words[node + nodeBlock] = 0;
    words[node + nodeParent] = parent;
    words[node + nodeFlags] = flags | (length << nameLengthShift);
    words[node + nodeChildren] = 0;
    bytes.set(this.#name.octets.subarray(from, from + length), (node + nodeName) * 4);
    if (parent !== 0 && isWildcard(this.#name, from)) this.#setFlags(parent, flagWildcardBelow, true);
    this.#index.add(this.#name.hashes[label]!, node);
    return node;
  }

  #setFlags(node: Place, flag: number, on: boolean): void {
    const { words } = this.#arena;
    const flags = words[node + nodeFlags]!;
    Atomics.store(words, node + nodeFlags, on ? flags | flag : flags & ~flag);
  }

  #rrsetsOf(node: Place): BlockRrset[] {
    return blockRrsets(this.#arena, this.#arena.words[node + nodeBlock]!);
  }

  #hostRrsetsOf(node: Place): BlockRrset[] {
    if ((this.#arena.words[node + nodeFlags]! & flagHost) === 0) return [];
    return this.#rrsetsOf(node).filter((r) => r.type === typeA || r.type === typeAaaa);
  }

  #setBlock(node: Place, rrsets: readonly BlockRrset[]): void {
    const { words } = this.#arena;
    const old = words[node + nodeBlock]!;
    const block = writeBlock(this.#arena, rrsets);
    const isApex = (words[node + nodeFlags]! & flagApex) !== 0;
    Atomics.store(words, node + nodeBlock, block);
    this.#setFlags(node, flagCut, !isApex && findRrset(words, block, typeNs) !== 0);
    this.#setFlags(node, flagDname, findRrset(words, block, typeDname) !== 0);
    if (old !== 0) this.#arena.retire(old, blockWords(words, old));
  }

  /** Removes the node, and empty non-terminals above it, when nothing keeps it any more. */
  #settle(start: Place): void {
    const { words } = this.#arena;
    let node = start;
    while (node !== 0) {
      const keeps = words[node + nodeBlock]! !== 0 || words[node + nodeChildren]! > 0;
      if (keeps || (words[node + nodeFlags]! & (flagHost | flagApex)) !== 0) return;
      const parent = words[node + nodeParent]!;
      const name = this.#nameOf(node);
      this.#read(name);
      this.#drop(this.#name.hashes[0]!, node);
      if (parent === 0) return;
      words[parent + nodeChildren]!--;
      if (isWildcard(this.#name, 0)) this.#setFlags(parent, flagWildcardBelow, false);
      node = parent;
    }
  }

  #drop(hash: number, node: Place): void {
    const { words } = this.#arena;
    this.#index.remove(hash, node);
    const block = words[node + nodeBlock]!;
    if (block !== 0) this.#arena.retire(block, blockWords(words, block));
    this.#arena.retire(node, nodeWords(words[node + nodeFlags]! >>> nameLengthShift));
  }

  #nameOf(node: Place): Name {
    const at = (node + nodeName) * 4;
    const length = this.#arena.words[node + nodeFlags]! >>> nameLengthShift;
    const name = Name.fromOctets(this.#arena.bytes.slice(at, at + length));
    assert(name !== undefined, "a node's name is well formed");
    return name;
  }

  /** Whether `apex` is the nearest apex above the node, which may be the apex itself. */
  #isOfZone(start: Place, apex: Name): boolean {
    const { words } = this.#arena;
    let node = start;
    while (node !== 0 && (words[node + nodeFlags]! & flagApex) === 0) {
      node = words[node + nodeParent]!;
    }
    return node !== 0 && this.#nameOf(node).isSame(apex);
  }
}

function isWildcard(name: FoldedName, at: number): boolean {
  return name.octets[at] === 1 && name.octets[at + 1] === 0x2a;
}
