/** From a query to the octets of its reply: look-up, aliases, referrals, truncation. No allocation. */

import { assert } from "../base/assert.ts";
import { rcodes } from "../dns/message.ts";
import { types } from "../dns/record-types.ts";
import { messageOctetsMax } from "../dns/wire.ts";
import type { Place } from "../zone/arena.ts";
import type { Finding } from "../zone/look-up.ts";
import {
  findRrset,
  nodeBlock,
  recordHeadOctets,
  rrsetHead,
  rrsetOctets,
  rrsetRecords,
} from "../zone/node.ts";
import type { ZoneReader } from "../zone/zone-reader.ts";
import { headerOctets, Query } from "./query.ts";

/** RFC 9715 §3.2: what passes every path unfragmented. */
const udpOctetsMax = 1232;
/** Aliases followed in one answer; a loop ends at the first that comes again. */
const aliasesMax = 16;
/** Name servers whose addresses are added to a referral, as the root has them. */
const gluedServersMax = 13;

const flagResponse = 0x8000;
const flagAuthoritative = 0x0400;
const flagTruncated = 0x0200;
/** Opcode, RD and CD come back as they were sent (RFC 1035 §4.1.1, RFC 4035 §3.1.6). */
const flagsEchoed = 0x7800 | 0x0100 | 0x0010;
/** RFC 6891 §6.1.2: root, type, payload size, extended RCODE, version, flags, length. */
const optOctets = 11;
/** A compression pointer has 14 bits. */
const pointerMax = 0x3fff;

export type Transport = "udp" | "tcp";

export class Responder {
  /** The reply stands here until the next call. */
  readonly reply = new Uint8Array(messageOctetsMax);
  /** RCODE of the last reply, for counting. */
  rcode = 0;
  readonly #zones: ZoneReader;
  readonly #query = new Query();
  #length = 0;
  /** How long the reply may become, the room for OPT taken off. */
  #limit = 0;
  #answers = 0;
  #authority = 0;
  #additional = 0;
  #isAuthoritative = false;
  #isTruncated = false;

  constructor(zones: ZoneReader) {
    this.#zones = zones;
  }

  /** Octets of the reply in `reply`; 0 when the message deserves none. */
  respond(message: Uint8Array, length: number, transport: Transport): number {
    const query = this.#query;
    this.#answers = 0;
    this.#authority = 0;
    this.#additional = 0;
    this.#isAuthoritative = false;
    this.#isTruncated = false;
    const verdict = query.read(message, length, this.#zones.name);
    if (verdict === "drop") return 0;
    if (verdict !== "answer" && query.questionEnd === headerOctets) {
      // Header alone: what could not be read is not sent back, and nobody gains from forging it.
      return this.#finishBare(verdict);
    }
    for (let i = headerOctets; i < query.questionEnd; i++) this.reply[i] = message[i]!;
    this.#length = query.questionEnd;
    const room = transport === "tcp" ? messageOctetsMax : Math.min(query.udpOctets, udpOctetsMax);
    this.#limit = room - (query.hasEdns ? optOctets : 0);
    if (verdict !== "answer") return this.#finish(verdict);
    this.#zones.enter();
    try {
      return this.#finish(this.#answer());
    } finally {
      this.#zones.leave();
    }
  }

  /** Follows the name through our zones (RFC 1034 §4.3.2). Returns the RCODE of the last name (RFC 6604 §3). */
  #answer(): number {
    const { lookUp, name } = this.#zones;
    const type = this.#query.type;
    let nameAt = headerOctets; // where the current name stands in the reply
    for (let aliases = 0; ; aliases++) {
      const finding: Finding = lookUp.find(name, type);
      const suffixAt = nameAt + name.length; // subtract a length to find a suffix of the name
      if (finding === "not-ours") return aliases === 0 ? rcodes.REFUSED : rcodes.NOERROR;
      if (finding !== "referral" || aliases > 0) this.#isAuthoritative = true;
      switch (finding) {
        case "data":
          this.#answers += this.#put(lookUp.rrset, nameAt);
          return rcodes.NOERROR;
        case "no-data":
          this.#putSoa(suffixAt - lookUp.apexLength);
          return rcodes.NOERROR;
        case "no-such-name":
          this.#putSoa(suffixAt - lookUp.apexLength);
          return rcodes.NXDOMAIN;
        case "referral":
          this.#putReferral(suffixAt - lookUp.ownerLength);
          return rcodes.NOERROR;
        case "alias": {
          const at = this.#length;
          this.#answers += this.#put(lookUp.rrset, nameAt);
          nameAt = at + recordHeadOctets;
          break;
        }
        case "dname": {
          const dnameAt = this.#length;
          this.#answers += this.#put(lookUp.rrset, suffixAt - lookUp.ownerLength);
          if (this.#isTruncated) return rcodes.NOERROR;
          const targetAt = this.#putSynthesised(dnameAt, nameAt, lookUp.ownerLength);
          if (targetAt === 0) return this.#isTruncated ? rcodes.NOERROR : rcodes.YXDOMAIN;
          // Who asks for the alias has it; BIND and Knot stop here as well.
          if (type === types.CNAME) return rcodes.NOERROR;
          nameAt = targetAt;
          break;
        }
      }
      if (this.#isTruncated || aliases === aliasesMax) return rcodes.NOERROR;
      if (this.#isAliasSeen(nameAt)) return rcodes.NOERROR;
      const isName = name.read(this.reply, nameAt, this.#length) > 0;
      assert(isName, "the target of an alias is a name");
    }
  }

  /** Whether the name at `nameAt` already owns a record of the answer: then the aliases form a loop. */
  #isAliasSeen(nameAt: number): boolean {
    let ownerAt = headerOctets;
    let at = this.#query.questionEnd;
    for (let record = 0; record < this.#answers; record++) {
      // Every owner in the answer is a pointer, see `#put`.
      ownerAt = ((this.reply[at]! & 0x3f) << 8) | this.reply[at + 1]!;
      const isAlias = this.reply[at + 3] === types.CNAME && this.reply[at + 2] === 0;
      if (isAlias && this.#isSameName(ownerAt, nameAt)) return true;
      at += recordHeadOctets + ((this.reply[at + 10]! << 8) | this.reply[at + 11]!);
    }
    return false;
  }

  /** Compares two uncompressed names in the reply, without case. */
  #isSameName(a: number, b: number): boolean {
    for (let i = 0; ;) {
      const length = this.reply[a + i]!;
      if (length !== this.reply[b + i]) return false;
      if (length === 0) return true;
      for (const end = i + length; i < end;) {
        i++;
        const x = this.reply[a + i]!;
        const y = this.reply[b + i]!;
        if (x !== y && ((x ^ y) !== 0x20 || (x | 0x20) < 0x61 || (x | 0x20) > 0x7a)) return false;
      }
      i++;
    }
  }

  /**
   * Copies an RRset whose owner stands at `ownerAt` in the reply. Returns how many records that were,
   * 0 when they did not fit: then the reply is truncated.
   */
  #put(rrset: Place, ownerAt: number): number {
    const { words, bytes } = this.#zones.view;
    const octets = words[rrset + rrsetOctets]!;
    if (this.#length + octets > this.#limit || ownerAt > pointerMax) {
      this.#isTruncated = true;
      return 0;
    }
    const from = (rrset + rrsetRecords) * 4;
    const to = this.#length;
    const { reply } = this;
    for (let i = 0; i < octets; i++) reply[to + i] = bytes[from + i]!;
    this.#length += octets;
    const records = words[rrset + rrsetHead]! & 0xffff;
    if (ownerAt !== headerOctets) {
      let at = to;
      for (let left = records; left > 0; left--) {
        reply[at] = 0xc0 | (ownerAt >> 8);
        reply[at + 1] = ownerAt;
        at += recordHeadOctets + ((reply[at + 10]! << 8) | reply[at + 11]!);
      }
    }
    return records;
  }

  /** RFC 2308 §3: the SOA with the time that the denial may be kept, min(its TTL, MINIMUM). */
  #putSoa(apexAt: number): void {
    const at = this.#length;
    this.#authority += this.#put(this.#zones.lookUp.soa, apexAt);
    if (this.#isTruncated) return;
    const minimum = readU32(this.reply, this.#length - 4);
    if (minimum < readU32(this.reply, at + 6)) {
      this.reply.copyWithin(at + 6, this.#length - 4, this.#length);
    }
  }

  /** RFC 1034 §4.2.1: the name servers of the zone below, with the addresses we hold of them. */
  #putReferral(cutAt: number): void {
    const { lookUp, view, name } = this.#zones;
    const cutLength = lookUp.ownerLength;
    const apexLength = lookUp.apexLength;
    const apexAt = cutAt + cutLength - apexLength;
    let at = this.#length;
    const servers = this.#put(lookUp.rrset, cutAt);
    this.#authority += servers;
    const afterServers = this.#length;
    for (let server = 0; server < Math.min(servers, gluedServersMax); server++) {
      const targetAt = at + recordHeadOctets;
      const targetLength = name.read(this.reply, targetAt, afterServers);
      at = targetAt + targetLength;
      // Only names of this zone can have their addresses here, in front of the cut or behind it.
      const suffixAt = targetAt + targetLength - apexLength;
      if (suffixAt < targetAt || !this.#isSameName(suffixAt, apexAt)) continue;
      const node = lookUp.findInZone(name);
      if (node === 0) continue;
      const block = Atomics.load(view.words, node + nodeBlock);
      // RFC 9471 §3: without the addresses of servers inside the cut the referral leads nowhere, so
      // then the reply is truncated; others are left out where there is no room.
      const isNeeded = this.#endsWithin(targetAt, targetLength, cutAt, cutLength);
      this.#putGlue(findRrset(view.words, block, types.A), targetAt, isNeeded);
      this.#putGlue(findRrset(view.words, block, types.AAAA), targetAt, isNeeded);
    }
  }

  #putGlue(rrset: Place, ownerAt: number, isNeeded: boolean): void {
    if (rrset === 0 || this.#isTruncated) return;
    const octets = this.#zones.view.words[rrset + rrsetOctets]!;
    const fits = this.#length + octets <= this.#limit && ownerAt <= pointerMax;
    if (fits || isNeeded) this.#additional += this.#put(rrset, ownerAt);
  }

  #endsWithin(nameAt: number, nameLength: number, suffixAt: number, suffixLength: number): boolean {
    const at = nameAt + nameLength - suffixLength;
    return at >= nameAt && this.#isSameName(at, suffixAt);
  }

  /**
   * RFC 6672 §2.2 and §3.1: a CNAME from the name at `nameAt` to the same name with the DNAME's owner
   * replaced by its target, the TTL the DNAME's. Returns where the new name stands; 0 when it would
   * be longer than a name can be, or does not fit.
   */
  #putSynthesised(dnameAt: number, nameAt: number, ownerLength: number): number {
    const { reply } = this;
    const prefix = this.#zones.name.length - ownerLength;
    const targetAt = dnameAt + recordHeadOctets;
    const target = this.#length - targetAt;
    const rdataLength = prefix + target;
    if (rdataLength > 255) return 0;
    const at = this.#length;
    if (at + recordHeadOctets + rdataLength > this.#limit) {
      this.#isTruncated = true;
      return 0;
    }
    reply[at] = 0xc0 | (nameAt >> 8);
    reply[at + 1] = nameAt;
    reply[at + 2] = 0;
    reply[at + 3] = types.CNAME;
    reply.copyWithin(at + 4, dnameAt + 4, dnameAt + 10); // class and TTL
    reply[at + 10] = rdataLength >> 8;
    reply[at + 11] = rdataLength;
    const newNameAt = at + recordHeadOctets;
    reply.copyWithin(newNameAt, nameAt, nameAt + prefix);
    reply.copyWithin(newNameAt + prefix, targetAt, targetAt + target);
    this.#length = newNameAt + rdataLength;
    this.#answers++;
    return newNameAt;
  }

  #finishBare(rcode: number): number {
    this.#putHeader(rcode, 0);
    this.#length = headerOctets;
    return headerOctets;
  }

  #finish(rcode: number): number {
    if (this.#isTruncated) {
      // Half an answer is of no use and only makes a forged question pay: OPT and nothing else.
      this.#length = this.#query.questionEnd;
      this.#answers = 0;
      this.#authority = 0;
      this.#additional = 0;
    }
    if (this.#query.hasEdns) this.#putOpt(rcode);
    this.#putHeader(rcode, 1);
    return this.#length;
  }

  #putHeader(rcode: number, questions: number): void {
    const { reply } = this;
    const query = this.#query;
    this.rcode = rcode;
    let flags = flagResponse | (query.flags & flagsEchoed) | (rcode & 15);
    if (questions === 0) flags &= ~0x0010;
    if (this.#isAuthoritative) flags |= flagAuthoritative;
    if (this.#isTruncated) flags |= flagTruncated;
    putU16(reply, 0, query.id);
    putU16(reply, 2, flags);
    putU16(reply, 4, questions);
    putU16(reply, 6, this.#answers);
    putU16(reply, 8, this.#authority);
    putU16(reply, 10, this.#additional);
  }

  #putOpt(rcode: number): void {
    const { reply } = this;
    const at = this.#length;
    reply[at] = 0;
    putU16(reply, at + 1, types.OPT);
    putU16(reply, at + 3, udpOctetsMax);
    reply[at + 5] = rcode >> 4;
    reply[at + 6] = 0;
    putU16(reply, at + 7, this.#query.dnssecOk ? 0x8000 : 0);
    putU16(reply, at + 9, 0);
    this.#length += optOctets;
    this.#additional++;
  }
}

function putU16(into: Uint8Array, at: number, value: number): void {
  into[at] = value >> 8;
  into[at + 1] = value;
}

function readU32(from: Uint8Array, at: number): number {
  return ((from[at]! << 24) | (from[at + 1]! << 16) | (from[at + 2]! << 8) | from[at + 3]!) >>> 0;
}
