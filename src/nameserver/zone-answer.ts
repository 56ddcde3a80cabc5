/** What our zones say to a question, put into a reply: aliases, referrals, denials (RFC 1034 §4.3.2). No allocation. */

import { assert } from "../base/assert.ts";
import { rcodes } from "../dns/message.ts";
import { types } from "../dns/record-types.ts";
import type { Place } from "../zone/arena.ts";
import type { Finding } from "../zone/look-up.ts";
import {
  findRrset,
  nodeBlock,
  recordHeadOctets,
  rrsetOctets,
  rrsetTtlSeconds,
  soaMinimum,
  soaSerial,
} from "../zone/node.ts";
import type { ZoneReader } from "../zone/zone-reader.ts";
import { extendedErrors } from "./edns-reply.ts";
import type { EdnsReply } from "./edns-reply.ts";
import { headerOctets } from "./query.ts";
import type { Query } from "./query.ts";
import { putU32, readU16, readU32 } from "./reply.ts";
import type { Reply } from "./reply.ts";
import type { SignedReply } from "./signed-reply.ts";

/** Aliases followed in one answer; a loop ends at the first that comes again. */
const aliasesMax = 16;
/** Name servers whose addresses are added to a referral, as the root has them. */
const gluedServersMax = 13;

export class ZoneAnswer {
  readonly #zones: ZoneReader;
  readonly #query: Query;
  readonly #reply: Reply;
  readonly #edns: EdnsReply;
  readonly #signed: SignedReply | undefined;
  /** Signatures go with what is found in the zone that was looked into last. */
  #isSigning = false;

  constructor(
    zones: ZoneReader,
    query: Query,
    reply: Reply,
    edns: EdnsReply,
    signed: SignedReply | undefined,
  ) {
    this.#zones = zones;
    this.#query = query;
    this.#reply = reply;
    this.#edns = edns;
    this.#signed = signed;
  }

  /** Follows the name through our zones (RFC 1034 §4.3.2). Returns the RCODE of the last name (RFC 6604 §3). */
  answer(): number {
    const { lookUp, name, view } = this.#zones;
    const reply = this.#reply;
    const { type } = this.#query;
    const wantsSignatures = this.#signed !== undefined && this.#query.dnssecOk;
    let nameAt = headerOctets; // where the current name stands in the reply
    for (let aliases = 0; ; aliases++) {
      const finding: Finding = lookUp.find(name, type);
      const suffixAt = nameAt + name.length; // subtract a length to find a suffix of the name
      if (finding === "not-ours") {
        if (aliases > 0) return rcodes.NOERROR;
        this.#edns.extendedError = extendedErrors.notAuthoritative;
        return rcodes.REFUSED;
      }
      if (finding !== "referral" || aliases > 0) reply.isAuthoritative = true;
      if (aliases === 0) {
        this.#edns.noteZone(name.labelsWithin(lookUp.apexLength), soaSerial(view, lookUp.soa));
      }
      this.#isSigning = wantsSignatures && lookUp.signing !== 0;
      this.#edns.isCompact = this.#isSigning && this.#query.compactOk;
      switch (finding) {
        case "data":
          this.#putAnswer(nameAt, name.length);
          return rcodes.NOERROR;
        case "no-data":
          if (this.#putAboutDnssec(true, nameAt)) return rcodes.NOERROR;
          this.#putSoa(suffixAt - lookUp.apexLength);
          this.#putDenial(true, nameAt);
          return rcodes.NOERROR;
        case "no-such-name":
          if (!this.#isSigning || !this.#putAboutDnssec(false, nameAt)) {
            this.#putSoa(suffixAt - lookUp.apexLength);
            this.#putDenial(false, nameAt);
          }
          // RFC 9824 §3.1: the NSEC says that the name is there, so the RCODE must not deny it, unless
          // the client has said that it knows better (§5.1).
          return this.#isSigning && !this.#query.compactOk ? rcodes.NOERROR : rcodes.NXDOMAIN;
        case "referral":
          this.#putReferral(suffixAt - lookUp.ownerLength);
          return rcodes.NOERROR;
        case "alias": {
          const at = reply.length;
          this.#putAnswer(nameAt, name.length);
          nameAt = at + recordHeadOctets;
          break;
        }
        case "dname": {
          const dnameAt = reply.length;
          const ownerAt = suffixAt - lookUp.ownerLength;
          reply.answers += reply.putRrset(view, lookUp.rrset, ownerAt);
          if (reply.isTruncated) return rcodes.NOERROR;
          const targetAt = dnameAt + recordHeadOctets;
          const target = reply.length - targetAt;
          if (this.#isSigning) this.#putAnswerSignatures(ownerAt, lookUp.ownerLength);
          if (reply.isTruncated) return rcodes.NOERROR;
          const aliasAt = this.#putSynthesised(dnameAt, target, nameAt, lookUp.ownerLength);
          if (aliasAt === 0) return reply.isTruncated ? rcodes.NOERROR : rcodes.YXDOMAIN;
          // Who asks for the alias has it; BIND and Knot stop here as well.
          if (type === types.CNAME) return rcodes.NOERROR;
          nameAt = aliasAt;
          break;
        }
      }
      if (reply.isTruncated || aliases === aliasesMax) return rcodes.NOERROR;
      if (this.#isAliasSeen(nameAt)) return rcodes.NOERROR;
      const isName = name.read(reply.octets, nameAt, reply.length) > 0;
      assert(isName, "the target of an alias is a name");
    }
  }

  /** The RRset that was found, with its signature. */
  #putAnswer(nameAt: number, nameLength: number): void {
    const { lookUp, view } = this.#zones;
    const reply = this.#reply;
    reply.answers += reply.putRrset(view, lookUp.rrset, nameAt);
    if (this.#isSigning) this.#putAnswerSignatures(nameAt, nameLength);
  }

  #putAnswerSignatures(ownerAt: number, ownerLength: number): void {
    const { lookUp, view } = this.#zones;
    const reply = this.#reply;
    if (reply.isTruncated) return;
    const ttlSeconds = rrsetTtlSeconds(view.bytes, lookUp.rrset);
    const { isWildcard, rrset, block } = lookUp;
    reply.answers += this.#signed!.putSignatures(
      rrset,
      block,
      ownerAt,
      ownerLength,
      ttlSeconds,
      isWildcard,
    );
  }

  /**
   * RRSIG and NSEC of a signed zone are stored nowhere; who asks for them gets one RRset's signature, or
   * the NSEC of the name (RFC 8482 §4.1 for the former). Every name has both, since the NSEC that denies
   * other types says so: to deny these would be bogus. False: that is not what is asked for.
   */
  #putAboutDnssec(isThere: boolean, nameAt: number): boolean {
    const { type } = this.#query;
    const { lookUp, name } = this.#zones;
    if (lookUp.signing === 0 || this.#signed === undefined) return false;
    if (type === types.RRSIG && lookUp.block !== 0) {
      lookUp.rrset = lookUp.firstRrset();
      this.#putAnswerSignatures(nameAt, name.length);
      return true;
    }
    const reply = this.#reply;
    const ttlSeconds = this.#negativeTtlSeconds();
    if (type === types.RRSIG) {
      reply.answers += this.#signed.putDenialSignature(isThere, nameAt, name.length, ttlSeconds);
      return true;
    }
    if (type !== types.NSEC) return false;
    reply.answers += this.#signed.putDenial(
      lookUp.block,
      isThere,
      nameAt,
      name.length,
      ttlSeconds,
      this.#query.dnssecOk,
    );
    return true;
  }

  /** An NSEC beside the SOA, in a signed zone for who wants it. */
  #putDenial(isThere: boolean, ownerAt: number): void {
    if (!this.#isSigning || this.#reply.isTruncated) return;
    const { lookUp, name } = this.#zones;
    const ttlSeconds = this.#negativeTtlSeconds();
    this.#reply.authority += this.#signed!.putDenial(
      lookUp.block,
      isThere,
      ownerAt,
      name.length,
      ttlSeconds,
      true,
    );
  }

  /** Whether the name at `nameAt` already owns a record of the answer: then the aliases form a loop. */
  #isAliasSeen(nameAt: number): boolean {
    const reply = this.#reply;
    const { octets } = reply;
    let at = this.#query.questionEnd;
    for (let record = 0; record < reply.answers; record++) {
      // Every owner in the answer is a pointer, see `Reply.putRrset`.
      const ownerAt = readU16(octets, at) & 0x3fff;
      const isAlias = readU16(octets, at + 2) === types.CNAME;
      if (isAlias && reply.isSameName(ownerAt, nameAt)) return true;
      at += recordHeadOctets + readU16(octets, at + 10);
    }
    return false;
  }

  /** RFC 2308 §3: the SOA with the time that the denial may be kept, min(its TTL, MINIMUM). */
  #putSoa(apexAt: number): void {
    const { lookUp, view } = this.#zones;
    const reply = this.#reply;
    const at = reply.length;
    reply.authority += reply.putRrset(view, lookUp.soa, apexAt);
    if (reply.isTruncated) return;
    const ttlSeconds = this.#negativeTtlSeconds();
    putU32(reply.octets, at + 6, ttlSeconds);
    if (!this.#isSigning) return;
    const { soa, apexBlock, apexLength } = lookUp;
    reply.authority += this.#signed!.putSignatures(
      soa,
      apexBlock,
      apexAt,
      apexLength,
      ttlSeconds,
      false,
    );
  }

  #negativeTtlSeconds(): number {
    const { lookUp, view } = this.#zones;
    return Math.min(rrsetTtlSeconds(view.bytes, lookUp.soa), soaMinimum(view, lookUp.soa));
  }

  /** RFC 1034 §4.2.1: the name servers of the zone below, with the addresses we hold of them. */
  #putReferral(cutAt: number): void {
    const { lookUp, view, name } = this.#zones;
    const reply = this.#reply;
    const cutLength = lookUp.ownerLength;
    const { apexLength, block } = lookUp;
    const apexAt = cutAt + cutLength - apexLength;
    let at = reply.length;
    const servers = reply.putRrset(view, lookUp.rrset, cutAt);
    reply.authority += servers;
    if (this.#isSigning && !reply.isTruncated) this.#putDelegation(block, cutAt, cutLength);
    for (let server = 0; server < Math.min(servers, gluedServersMax); server++) {
      const targetAt = at + recordHeadOctets;
      const targetLength = name.read(reply.octets, targetAt, reply.length);
      at = targetAt + targetLength;
      // Only names of this zone can have their addresses here, in front of the cut or behind it.
      if (!reply.endsWithin(targetAt, targetLength, apexAt, apexLength)) continue;
      const node = lookUp.findInZone(name);
      if (node === 0) continue;
      const glue = Atomics.load(view.words, node + nodeBlock);
      // RFC 9471 §3: without the addresses of servers inside the cut the referral leads nowhere, so
      // then the reply is truncated; others are left out where there is no room.
      const isNeeded = reply.endsWithin(targetAt, targetLength, cutAt, cutLength);
      this.#putGlue(findRrset(view.words, glue, types.A), targetAt, isNeeded);
      this.#putGlue(findRrset(view.words, glue, types.AAAA), targetAt, isNeeded);
    }
  }

  /** RFC 4035 §3.1.4: the signed DS of the zone below, or the signed word that it has none. */
  #putDelegation(block: Place, cutAt: number, cutLength: number): void {
    const { view } = this.#zones;
    const reply = this.#reply;
    const ds = findRrset(view.words, block, types.DS);
    const signed = this.#signed!;
    if (ds === 0) {
      reply.authority += signed.putDenial(
        block,
        true,
        cutAt,
        cutLength,
        this.#negativeTtlSeconds(),
        true,
      );
      return;
    }
    reply.authority += reply.putRrset(view, ds, cutAt);
    if (reply.isTruncated) return;
    reply.authority += signed.putSignatures(
      ds,
      block,
      cutAt,
      cutLength,
      rrsetTtlSeconds(view.bytes, ds),
      false,
    );
  }

  #putGlue(rrset: Place, ownerAt: number, isNeeded: boolean): void {
    const reply = this.#reply;
    if (rrset === 0 || reply.isTruncated) return;
    const octets = this.#zones.view.words[rrset + rrsetOctets]!;
    if (!isNeeded && reply.length + octets > reply.limit) return;
    reply.additional += reply.putRrset(this.#zones.view, rrset, ownerAt);
  }

  /**
   * RFC 6672 §2.2 and §3.1: a CNAME from the name at `nameAt` to the same name with the DNAME's owner
   * replaced by its target, of `target` octets; the TTL is the DNAME's. Returns where the new name
   * stands; 0 when it would be longer than a name can be, or does not fit.
   */
  #putSynthesised(dnameAt: number, target: number, nameAt: number, ownerLength: number): number {
    const reply = this.#reply;
    const { octets } = reply;
    const prefix = this.#zones.name.length - ownerLength;
    const targetAt = dnameAt + recordHeadOctets;
    const rdataLength = prefix + target;
    if (rdataLength > 255) return 0;
    if (!reply.hasRoom(recordHeadOctets + rdataLength)) return 0;
    reply.putRecordHead(nameAt, types.CNAME, readU32(octets, dnameAt + 6), rdataLength);
    const newNameAt = reply.length;
    octets.copyWithin(newNameAt, nameAt, nameAt + prefix);
    octets.copyWithin(newNameAt + prefix, targetAt, targetAt + target);
    reply.length = newNameAt + rdataLength;
    reply.answers++;
    return newNameAt;
  }
}
