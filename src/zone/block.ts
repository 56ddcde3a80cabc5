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

export function isAddress(rrset: BlockRrset): boolean {
  return rrset.type === types.A || rrset.type === types.AAAA;
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

/** As `writeBlock`, for a name that has nothing but the addresses of a host. */
export function writeAddressBlock(
  arena: Arena,
  ttlSeconds: number,
  v4: Uint8Array | undefined,
  v6: Uint8Array | undefined,
): Place {
  if (v4 === undefined && v6 === undefined) return 0;
  let size = blockFirst;
  if (v4 !== undefined) size += addressWords(v4);
  if (v6 !== undefined) size += addressWords(v6);
  const block = arena.allocate(size);
  arena.words[block + blockHead] = v4 !== undefined && v6 !== undefined ? 2 : 1;
  arena.words[block + blockVersion] = arena.nextVersion();
  let at = block + blockFirst;
  if (v4 !== undefined) at = writeAddress(arena, at, types.A, ttlSeconds, v4);
  if (v6 !== undefined) writeAddress(arena, at, types.AAAA, ttlSeconds, v6);
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
  return rrsetRecords + wordsOf(rrsetOctetCount(rrset));
}

function addressWords(address: Uint8Array): number {
  return rrsetRecords + wordsOf(recordHeadOctets + address.length);
}

function wordsOf(octets: number): number {
  return (octets + 3) >> 2;
}

function writeRrset(arena: Arena, at: Place, rrset: BlockRrset): Place {
  const { words } = arena;
  words[at + rrsetHead] = (rrset.type << 16) | rrset.rdatas.length;
  words[at + rrsetOctets] = rrsetOctetCount(rrset);
  let octet = (at + rrsetRecords) * 4;
  for (const rdata of rrset.rdatas) {
    octet = writeRecord(arena.bytes, octet, rrset.type, rrset.ttlSeconds, rdata);
  }
  return nextRrset(words, at);
}

function writeAddress(
  arena: Arena,
  at: Place,
  type: number,
  ttlSeconds: number,
  address: Uint8Array,
): Place {
  const { words } = arena;
  words[at + rrsetHead] = (type << 16) | 1;
  words[at + rrsetOctets] = recordHeadOctets + address.length;
  writeRecord(arena.bytes, (at + rrsetRecords) * 4, type, ttlSeconds, address);
  return nextRrset(words, at);
}

/** Returns where the next record begins. */
function writeRecord(
  bytes: Uint8Array,
  start: number,
  type: number,
  ttlSeconds: number,
  rdata: Uint8Array,
): number {
  bytes[start] = ownerIsQuestion >> 8;
  bytes[start + 1] = ownerIsQuestion;
  bytes[start + 2] = type >> 8;
  bytes[start + 3] = type;
  bytes[start + 4] = classes.IN >> 8;
  bytes[start + 5] = classes.IN;
  bytes[start + 6] = ttlSeconds >>> 24;
  bytes[start + 7] = ttlSeconds >>> 16;
  bytes[start + 8] = ttlSeconds >>> 8;
  bytes[start + 9] = ttlSeconds;
  bytes[start + 10] = rdata.length >> 8;
  bytes[start + 11] = rdata.length;
  const end = start + recordHeadOctets + rdata.length;
  if (rdata.length > octetByOctetMax) bytes.set(rdata, start + recordHeadOctets);
  else for (let i = 0; i < rdata.length; i++) bytes[start + recordHeadOctets + i] = rdata[i]!;
  return end;
}

/** RDATA up to an IPv6 address is copied octet by octet: a call of `set` costs more than that. */
const octetByOctetMax = 16;

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
