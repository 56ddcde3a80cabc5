/** A reply as it is put together: octets in a buffer, a limit, and what stands in which section. No allocation. */

import type { Place } from "../zone/arena.ts";
import type { ArenaView } from "../zone/arena.ts";
import { recordHeadOctets, rrsetHead, rrsetOctets, rrsetRecords } from "../zone/node.ts";

/** A compression pointer has 14 bits. */
export const pointerMax = 0x3fff;

export class Reply {
  /** Where the reply is written: given from outside, at least as long as `limit`. */
  octets: Uint8Array;
  /** Octets written so far. */
  length = 0;
  /** How long it may become; the room for OPT is taken off already. */
  limit = 0;
  answers = 0;
  authority = 0;
  additional = 0;
  isAuthoritative = false;
  isTruncated = false;

  constructor(octets: Uint8Array) {
    this.octets = octets;
  }

  begin(): void {
    this.answers = 0;
    this.authority = 0;
    this.additional = 0;
    this.isAuthoritative = false;
    this.isTruncated = false;
  }

  /** Half an answer is of no use and only makes a forged question pay: all records go. */
  cutTo(length: number): void {
    this.length = length;
    this.answers = 0;
    this.authority = 0;
    this.additional = 0;
  }

  /** Whether so many octets more fit; where they do not, the reply is truncated. */
  hasRoom(octets: number): boolean {
    if (this.length + octets <= this.limit) return true;
    this.isTruncated = true;
    return false;
  }

  /**
   * Copies an RRset whose owner stands at `ownerAt` in the reply. Returns how many records that were,
   * 0 when they did not fit: then the reply is truncated.
   */
  putRrset(view: ArenaView, rrset: Place, ownerAt: number): number {
    const { words, bytes } = view;
    const octets = words[rrset + rrsetOctets]!;
    if (this.length + octets > this.limit || ownerAt > pointerMax) {
      this.isTruncated = true;
      return 0;
    }
    const from = (rrset + rrsetRecords) * 4;
    const to = this.length;
    const into = this.octets;
    for (let i = 0; i < octets; i++) into[to + i] = bytes[from + i]!;
    this.length += octets;
    const records = words[rrset + rrsetHead]! & 0xffff;
    if (ownerAt !== questionAt) {
      let at = to;
      for (let left = records; left > 0; left--) {
        into[at] = 0xc0 | (ownerAt >> 8);
        into[at + 1] = ownerAt;
        at += recordHeadOctets + readU16(into, at + 10);
      }
    }
    return records;
  }

  /** The first octets of a record: everything in front of its RDATA. `hasRoom` comes first. */
  putRecordHead(ownerAt: number, type: number, ttlSeconds: number, rdataOctets: number): void {
    const { octets, length } = this;
    octets[length] = 0xc0 | (ownerAt >> 8);
    octets[length + 1] = ownerAt;
    putU16(octets, length + 2, type);
    putU16(octets, length + 4, 1); // class IN
    putU32(octets, length + 6, ttlSeconds);
    putU16(octets, length + 10, rdataOctets);
    this.length = length + recordHeadOctets;
  }

  /** Compares two uncompressed names in the reply, without case. */
  isSameName(a: number, b: number): boolean {
    const { octets } = this;
    for (let i = 0; ;) {
      const length = octets[a + i]!;
      if (length !== octets[b + i]) return false;
      if (length === 0) return true;
      for (const end = i + length; i < end;) {
        i++;
        const x = octets[a + i]!;
        const y = octets[b + i]!;
        if (x !== y && ((x ^ y) !== 0x20 || (x | 0x20) < 0x61 || (x | 0x20) > 0x7a)) return false;
      }
      i++;
    }
  }

  /** Whether the name at `nameAt` is the one at `suffixAt` or below it. */
  endsWithin(nameAt: number, nameLength: number, suffixAt: number, suffixLength: number): boolean {
    const suffix = nameAt + nameLength - suffixLength;
    let at = nameAt;
    while (at < suffix) at += this.octets[at]! + 1; // label by label: a label may look like a name inside
    return at === suffix && this.isSameName(at, suffixAt);
  }
}

/** Where the name of the question stands, behind the header (RFC 1035 §4.1.1). */
export const questionAt = 12;

export function putU16(into: Uint8Array, at: number, value: number): void {
  into[at] = value >> 8;
  into[at + 1] = value;
}

export function putU32(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
}

export function readU16(from: Uint8Array, at: number): number {
  return (from[at]! << 8) | from[at + 1]!;
}

export function readU32(from: Uint8Array, at: number): number {
  return ((from[at]! << 24) | (from[at + 1]! << 16) | (from[at + 2]! << 8) | from[at + 3]!) >>> 0;
}
