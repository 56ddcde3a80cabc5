/**
 * How a name and its records lie in shared memory, for the writer and the readers alike.
 *
 * A node is a name that exists: an owner of records, a host that waits for its first address, or an
 * empty non-terminal. Its records are one immutable block: to change them a new block is written and
 * the node's word is set, so a reader sees the old records or the new ones and never a mixture.
 */

import type { Place } from "./arena.ts";

/** Words of a node: records, parent, flags and name length, number of children; then the name. */
export const nodeBlock = 0;
export const nodeParent = 1;
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

/**
 * Words of a block: how many RRsets and what they make of their node, then each RRset: `type << 16 | records`, octets, and the records in
 * wire form with a compression pointer to offset 12 as owner, ready to be copied into an answer whose
 * question has that name; filled up to a whole word.
 */
export const blockHead = 0;
/** The count's bits in the head. */
export const blockCountMask = 0xffff;
/** At a node that is no apex: everything at and below belongs to somebody else. */
export const blockHasNs = 1 << 16;
export const blockHasDname = 1 << 17;
export const blockFirst = 1;
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
