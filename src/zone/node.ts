/**
 * How a name and its records lie in shared memory, for the writer and the readers alike.
 *
 * A node is a name that exists: an owner of records, a host that waits for its first address, or an
 * empty non-terminal. Its records are one immutable block: to change them a new block is written and
 * the node's word is set, so a reader sees the old records or the new ones and never a mixture.
 */

import type { ArenaView, Place } from "./arena.ts";

/** Words of a node: records, parent, flags and name length, number of children; then the name. */
export const nodeBlock = 0;
export const nodeParent = 1;
/** An apex has no parent. In that place it has where the keys that sign the zone are told; 0: unsigned. */
export const nodeSigning = 1;
export const nodeFlags = 2;
export const nodeChildren = 3;
export const nodeName = 4;

export const flagApex = 1;
/** A name `*.<this>` exists. */
export const flagWildcardBelow = 2;
/** Exists even without records: a host. */
export const flagHost = 4;
/** The length of the name lies above the flags. */
export const nameLengthShift = 8;

/**
 * Every zone is a space of names of its own, numbered by the place of its apex; so a zone and the one
 * below it may both hold a name, as glue and as data. The apexes themselves are in this space.
 */
export const zonesSpace = 0;

export function nodeWords(nameLength: number): number {
  return nodeName + ((nameLength + 3) >> 2);
}

/** Words of what is told about the keys of a zone: the tag of the key that signs, see `SigningKeys`. */
export const signingActiveTag = 0;
export const signingKeySetTags = 1;
/** Keys that sign the key set at once: one, its successor, and those that are not forgotten yet. */
export const keySetTagsMax = 4;
/** In the place of a key tag, which has 16 bits: there is no such key. */
export const noKeyTag = -1;
export const signingWords = signingKeySetTags + keySetTagsMax;

/**
 * Words of a block: how many RRsets and what they make of their node; a number that no other block has
 * had; then each RRset: `type << 16 | records`, octets, and the records in wire form with a compression
 * pointer to offset 12 as owner, ready to be copied into an answer whose question has that name; filled
 * up to a whole word.
 */
export const blockHead = 0;
export const blockVersion = 1;
/** The count's bits in the head. */
export const blockCountMask = 0xffff;
/** At a node that is no apex: everything at and below belongs to somebody else. */
export const blockHasNs = 1 << 16;
export const blockHasDname = 1 << 17;
export const blockFirst = 2;
export const rrsetHead = 0;
export const rrsetOctets = 1;
export const rrsetRecords = 2;

/** Where the RRset after `rrset` begins. */
export function nextRrset(words: Int32Array, rrset: Place): Place {
  return rrset + rrsetRecords + ((words[rrset + rrsetOctets]! + 3) >> 2);
}

/** Finds the RRset of `type` in a block; 0 when it has none. */
export function findRrset(words: Int32Array, block: Place, type: number): Place {
  if (block === 0) return 0;
  let rrset = block + blockFirst;
  for (let left = words[block + blockHead]! & blockCountMask; left > 0; left--) {
    if (words[rrset + rrsetHead]! >>> 16 === type) return rrset;
    rrset = nextRrset(words, rrset);
  }
  return 0;
}

/** RFC 1035 §4.1.4: a pointer to the question, the owner in every stored record. */
export const ownerIsQuestion = 0xc00c;
/** Octets of a record before its RDATA when the owner is a pointer: 2 + type 2 + class 2 + TTL 4 + length 2. */
export const recordHeadOctets = 12;

/** TTL of an RRset: all its records have the same (RFC 2181 §5.2). */
export function rrsetTtlSeconds(bytes: Uint8Array, rrset: Place): number {
  return readU32(bytes, (rrset + rrsetRecords) * 4 + 6);
}

/** RFC 1035 §3.3.13: five numbers of four octets end the RDATA of an SOA, serial first, MINIMUM last. */
export function soaSerial(view: ArenaView, soa: Place): number {
  return readU32(view.bytes, soaEnd(view.words, soa) - 20);
}

export function soaMinimum(view: ArenaView, soa: Place): number {
  return readU32(view.bytes, soaEnd(view.words, soa) - 4);
}

function soaEnd(words: Int32Array, soa: Place): number {
  return (soa + rrsetRecords) * 4 + words[soa + rrsetOctets]!;
}

function readU32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!) >>> 0
  );
}
