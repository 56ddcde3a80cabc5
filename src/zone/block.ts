/** Writing the records of a node as one block, and reading a block back. */

import { types } from "../dns/record-types.ts";
import { classes } from "../dns/resource-record.ts";
import type { Arena, ArenaView, Place } from "./arena.ts";
import {
  blockCountMask,
  blockFirst,
  blockHasDname,
  blockHasNs,
  blockHead,
  blockVersion,
  nextRrset,
  ownerIsQuestion,
  recordHeadOctets,
  rrsetHead,
  rrsetOctets,
  rrsetRecords,
} from "./node.ts";

/** An RRset without its owner, which is the node's. */
export interface BlockRrset {
  readonly type: number;
  readonly ttlSeconds: number;
  readonly rdatas: readonly Uint8Array[];
}

/** Writes a block that no reader can see yet, by rising types as NSEC lists them. No RRsets: place 0. */
export function writeBlock(arena: Arena, given: readonly BlockRrset[]): Place {
  if (given.length === 0) return 0;
  const rrsets = given.length === 1 ? given : given.toSorted((a, b) => a.type - b.type);
  let size = blockFirst;
  for (const rrset of rrsets) size += rrsetWords(rrset);
  const block = arena.allocate(size);
  let head = rrsets.length;
  let at = block + blockFirst;
  for (const rrset of rrsets) {
    if (rrset.type === types.NS) head |= blockHasNs;
    if (rrset.type === types.DNAME) head |= blockHasDname;
    at = writeRrset(arena, at, rrset);
  }
  arena.words[block + blockHead] = head;
  arena.words[block + blockVersion] = arena.nextVersion();
  return block;
}

/** Words that a block takes up, from what it holds. */
export function blockWords(words: Int32Array, block: Place): number {
  let at = block + blockFirst;
  for (let left = words[block + blockHead]! & blockCountMask; left > 0; left--)
    at = nextRrset(words, at);
  return at - block;
}

export function blockRrsets(view: ArenaView, block: Place): BlockRrset[] {
  const rrsets: BlockRrset[] = [];
  if (block === 0) return rrsets;
  let at = block + blockFirst;
  for (let left = view.words[block + blockHead]! & blockCountMask; left > 0; left--) {
    rrsets.push(readRrset(view, at));
    at = nextRrset(view.words, at);
  }
  return rrsets;
}

function rrsetOctetCount(rrset: BlockRrset): number {
  let octets = 0;
  for (const rdata of rrset.rdatas) octets += recordHeadOctets + rdata.length;
  return octets;
}

function rrsetWords(rrset: BlockRrset): number {
  return rrsetRecords + ((rrsetOctetCount(rrset) + 3) >> 2);
}

function writeRrset(arena: Arena, at: Place, rrset: BlockRrset): Place {
  const { words, bytes } = arena;
  words[at + rrsetHead] = (rrset.type << 16) | rrset.rdatas.length;
  words[at + rrsetOctets] = rrsetOctetCount(rrset);
  let octet = (at + rrsetRecords) * 4;
  const put16 = (value: number): void => {
    bytes[octet++] = value >> 8;
    bytes[octet++] = value;
  };
  for (const rdata of rrset.rdatas) {
    put16(ownerIsQuestion);
    put16(rrset.type);
    put16(classes.IN);
    put16(rrset.ttlSeconds >>> 16);
    put16(rrset.ttlSeconds);
    put16(rdata.length);
    bytes.set(rdata, octet);
    octet += rdata.length;
  }
  return nextRrset(words, at);
}

/** The RRset at a place inside a block. */
export function readRrset(view: ArenaView, at: Place): BlockRrset {
  const { words, bytes } = view;
  const head = words[at + rrsetHead]!;
  const rdatas: Uint8Array[] = [];
  let octet = (at + rrsetRecords) * 4;
  const ttlSeconds =
    ((bytes[octet + 6]! << 24) |
      (bytes[octet + 7]! << 16) |
      (bytes[octet + 8]! << 8) |
      bytes[octet + 9]!) >>>
    0;
  for (let left = head & 0xffff; left > 0; left--) {
    const length = (bytes[octet + 10]! << 8) | bytes[octet + 11]!;
    octet += recordHeadOctets;
    rdatas.push(bytes.slice(octet, octet + length));
    octet += length;
  }
  return { type: head >>> 16, ttlSeconds, rdatas };
}
