/** From a query to the octets of its reply: look-up, aliases, referrals, truncation. No allocation. */

import { assert } from "../base/assert.ts";
import { rcodes } from "../dns/message.ts";
import { types } from "../dns/record-types.ts";
import { messageOctetsMax } from "../dns/wire.ts";
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
import type { Place } from "../zone/arena.ts";
import type { ZoneReader } from "../zone/zone-reader.ts";
import { Chaos } from "./chaos.ts";
import type { ServerNames } from "./chaos.ts";
import { cookieOctets } from "./cookies.ts";
import type { ServerCookies } from "./cookies.ts";
import { Peer } from "./peer.ts";
import { ednsOptions, headerOctets, nxname, Query } from "./query.ts";
import { putU16, putU32, readU16, readU32, Reply } from "./reply.ts";
import type { ResponseLimit } from "./response-limit.ts";
import { SignedReply } from "./signed-reply.ts";
import type { SigningParts } from "./signed-reply.ts";

/** RFC 9715 §3.2: what passes every path unfragmented. */
export const udpOctetsMax = 1232;
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
/** RFC 6891 §6.1.2: each option has its code and length in front. */
const optionHeadOctets = 4;
const flagDnssecOk = 0x8000; // RFC 3225 §3
const flagCompactOk = 0x4000; // RFC 9824 §5.1

/** RFC 8914 §4, in the info-code field of the option. */
const extendedErrors = {
  none: -1,
  prohibited: 18,
  notAuthoritative: 20,
  invalidQueryType: 30,
} as const;
const extendedErrorOctets = 2;
/** RFC 9660 §2: label count, type 0 (the SOA's serial), serial. */
const zoneVersionOctets = 6;
/** RFC 7828 §3.1: in units of 100 ms. */
const keepaliveOctets = 2;

export type Transport = "udp" | "tcp";

/** What `respond` returns in the place of a length: signatures are being made, ask again in a moment. */
export const later = -1;

/** Everything has a default that leaves the feature out. */
export interface ResponderParts {
  readonly cookies?: ServerCookies | undefined;
  /** Counts answers over UDP. */
  readonly limit?: ResponseLimit | undefined;
  readonly signing?: SigningParts | undefined;
  readonly names?: ServerNames | undefined;
  /** How long an idle TCP connection stays open, for who asks (RFC 7828). */
  readonly tcpIdleMs?: number | undefined;
}

export class Responder {
  /** Who sent the message: set before `respond`. */
  readonly peer = new Peer();
  /** The time: set now and then. */
  nowMs = 0;
  nowSeconds = 0;
  /** RCODE of the last reply, for counting. */
  rcode = 0;
  /** The last message was above the rate limit. */
  isLimited = false;
  readonly #zones: ZoneReader;
  readonly #query = new Query();
  readonly #reply = new Reply(new Uint8Array(messageOctetsMax));
  readonly #cookies: ServerCookies | undefined;
  readonly #limit: ResponseLimit | undefined;
  readonly #signed: SignedReply | undefined;
  readonly #chaos: Chaos;
  readonly #serverId: Uint8Array;
  readonly #keepalive: number;
  #isCookieValid = false;
  #isTcp = false;
  /** Signatures go with what is found in the zone that was looked into last. */
  #isSigning = false;
  #extendedError: number = extendedErrors.none;
  /** RFC 9660: of the zone that holds the name asked for. */
  #zoneLabels = 0;
  #zoneSerial = 0;
  #hasZone = false;

  constructor(zones: ZoneReader, parts: ResponderParts = {}) {
    this.#zones = zones;
    this.#cookies = parts.cookies;
    this.#limit = parts.limit;
    this.#signed =
      parts.signing === undefined ? undefined : new SignedReply(this.#reply, zones, parts.signing);
    this.#chaos = new Chaos(parts.names ?? { id: "", version: "" });
    this.#serverId = Buffer.from(parts.names?.id ?? "", "latin1");
    this.#keepalive = Math.floor((parts.tcpIdleMs ?? 0) / 100);
  }

  /** Where the next reply is written, until another place is given; at least `udpOctetsMax` octets, over TCP 65,535. */
  set reply(octets: Uint8Array) {
    this.#reply.octets = octets;
  }

  get reply(): Uint8Array {
    return this.#reply.octets;
  }

  /**
   * Octets of the reply in `reply`; 0 when the message deserves none; `later` when the same message is
   * to be brought again in a moment. `isAgain`: it is brought again, and is not counted once more.
   */
  respond(message: Uint8Array, length: number, transport: Transport, isAgain = false): number {
    const query = this.#query;
    const reply = this.#reply;
    reply.begin();
    this.#isSigning = false;
    this.#hasZone = false;
    this.#extendedError = extendedErrors.none;
    this.#isTcp = transport === "tcp";
    const verdict = query.read(message, length, this.#zones.name);
    if (verdict === "drop") return 0;
    this.#isCookieValid = this.#hasValidCookie(message);
    const isCounted = !this.#isTcp && !this.#isCookieValid && !isAgain;
    const limited = isCounted ? this.#limit?.take(this.peer, this.nowMs) : "answer";
    this.isLimited = limited === "truncate" || limited === "drop";
    if (limited === "drop") return 0;
    if (query.questionEnd === headerOctets && !query.hasEdns) {
      // Header alone: what could not be read is not sent back, and nobody gains from forging it.
      return limited === "truncate"
        ? 0
        : this.#finishBare(typeof verdict === "number" ? verdict : 0);
    }
    const into = reply.octets;
    for (let i = headerOctets; i < query.questionEnd; i++) into[i] = message[i]!;
    reply.length = query.questionEnd;
    const room = this.#isTcp ? messageOctetsMax : Math.min(query.udpOctets, udpOctetsMax);
    reply.limit = room - (query.hasEdns ? this.#optRoom() : 0);
    if (limited === "truncate") return this.#finish(message, this.#refuseToFlood());
    if (verdict === "cookie") return this.#finish(message, rcodes.NOERROR);
    if (verdict === "chaos")
      return this.#finish(message, this.#chaos.answer(query.type, this.#zones.name, reply));
    if (verdict !== "answer") {
      this.#explain(verdict);
      return this.#finish(message, verdict);
    }
    this.#zones.enter();
    try {
      this.#signed?.begin(this.nowMs, this.nowSeconds);
      const rcode = this.#answer();
      const signed = this.#signed;
      if (signed !== undefined && !reply.isTruncated) {
        if (signed.isOverloaded && !this.#isTcp) reply.isTruncated = true;
        else if (signed.isOverloaded || signed.isWaiting) return later;
      }
      return this.#finish(message, rcode);
    } finally {
      this.#zones.leave();
    }
  }

  /** In the place of an answer that cannot wait any longer: TC. Right after `respond` has said `later`. */
  cutShort(message: Uint8Array): number {
    this.#reply.isTruncated = true;
    return this.#finish(message, rcodes.NOERROR);
  }

  #hasValidCookie(message: Uint8Array): boolean {
    const { hasEdns, hasServerCookie, cookieAt } = this.#query;
    if (!hasEdns || !hasServerCookie || this.#cookies === undefined) return false;
    return this.#cookies.isValid(message, cookieAt, this.peer, this.nowSeconds);
  }

  /** Above the limit: who speaks of cookies shows with the next one that the address is its own; others come over TCP. */
  #refuseToFlood(): number {
    const { hasEdns, cookieAt } = this.#query;
    if (hasEdns && cookieAt !== 0 && this.#cookies !== undefined) return rcodes.BADCOOKIE;
    this.#reply.isTruncated = true;
    return rcodes.NOERROR;
  }

  /** RFC 8914: why there is no answer, where the RCODE leaves it open. */
  #explain(rcode: number): void {
    const { type, class: asked } = this.#query;
    if (rcode === rcodes.FORMERR && type === nxname) {
      this.#extendedError = extendedErrors.invalidQueryType; // RFC 9824 §3.5
    } else if (
      rcode === rcodes.REFUSED &&
      asked === 1 &&
      (type === types.AXFR || type === types.IXFR)
    ) {
      this.#extendedError = extendedErrors.prohibited;
    } else if (rcode === rcodes.REFUSED) {
      this.#extendedError = extendedErrors.notAuthoritative;
    }
  }

  /** Follows the name through our zones (RFC 1034 §4.3.2). Returns the RCODE of the last name (RFC 6604 §3). */
  #answer(): number {
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
        this.#extendedError = extendedErrors.notAuthoritative;
        return rcodes.REFUSED;
      }
      if (finding !== "referral" || aliases > 0) reply.isAuthoritative = true;
      if (aliases === 0) this.#noteZone();
      this.#isSigning = wantsSignatures && lookUp.signing !== 0;
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

  #noteZone(): void {
    if (!this.#query.hasEdns || !this.#query.wantsZoneVersion) return;
    const { lookUp, view, name } = this.#zones;
    this.#hasZone = true;
    this.#zoneSerial = soaSerial(view, lookUp.soa);
    this.#zoneLabels = name.labelsWithin(lookUp.apexLength);
  }

  #finishBare(rcode: number): number {
    this.#putHeader(rcode, 0);
    this.#reply.length = headerOctets;
    return headerOctets;
  }

  #finish(message: Uint8Array, rcode: number): number {
    const reply = this.#reply;
    const { questionEnd, hasEdns } = this.#query;
    if (reply.isTruncated) reply.cutTo(questionEnd);
    if (hasEdns) this.#putOpt(message, rcode);
    this.#putHeader(rcode, questionEnd === headerOctets ? 0 : 1);
    return reply.length;
  }

  #putHeader(rcode: number, questions: number): void {
    const reply = this.#reply;
    const { octets } = reply;
    const query = this.#query;
    this.rcode = rcode;
    let flags = flagResponse | (query.flags & flagsEchoed) | (rcode & 15);
    if (questions === 0) flags &= ~0x0010;
    if (reply.isAuthoritative) flags |= flagAuthoritative;
    if (reply.isTruncated) flags |= flagTruncated;
    putU16(octets, 0, query.id);
    putU16(octets, 2, flags);
    putU16(octets, 4, questions);
    putU16(octets, 6, reply.answers);
    putU16(octets, 8, reply.authority);
    putU16(octets, 10, reply.additional);
  }

  /** Octets that OPT may take up in the reply to this query. */
  #optRoom(): number {
    const query = this.#query;
    let room = optOctets;
    if (query.cookieAt !== 0 && this.#cookies !== undefined)
      room += optionHeadOctets + cookieOctets;
    if (query.wantsNsid && this.#serverId.length > 0)
      room += optionHeadOctets + this.#serverId.length;
    if (query.wantsZoneVersion) room += optionHeadOctets + zoneVersionOctets;
    if (query.wantsKeepalive && this.#isTcp) room += optionHeadOctets + keepaliveOctets;
    return room;
  }

  /** RFC 6891 §6.1.2 and §7: only for who sent one. */
  #putOpt(message: Uint8Array, rcode: number): void {
    const reply = this.#reply;
    const { octets } = reply;
    const query = this.#query;
    const at = reply.length;
    octets[at] = 0;
    putU16(octets, at + 1, types.OPT);
    putU16(octets, at + 3, udpOctetsMax);
    octets[at + 5] = rcode >> 4;
    octets[at + 6] = 0;
    const isCompact = query.compactOk && this.#isSigning;
    putU16(octets, at + 7, query.dnssecOk ? flagDnssecOk | (isCompact ? flagCompactOk : 0) : 0);
    reply.length += optOctets;
    reply.additional++;
    if (query.cookieAt !== 0 && this.#cookies !== undefined) {
      const to = this.#putOptionHead(ednsOptions.COOKIE, cookieOctets);
      const { peer, nowSeconds } = this;
      this.#cookies.write(
        octets,
        to,
        message,
        query.cookieAt,
        this.#isCookieValid,
        peer,
        nowSeconds,
      );
    }
    if (query.wantsNsid && this.#serverId.length > 0) {
      const to = this.#putOptionHead(ednsOptions.NSID, this.#serverId.length);
      for (let i = 0; i < this.#serverId.length; i++) octets[to + i] = this.#serverId[i]!;
    }
    if (query.wantsZoneVersion && this.#hasZone) {
      const to = this.#putOptionHead(ednsOptions.ZONEVERSION, zoneVersionOctets);
      octets[to] = this.#zoneLabels;
      octets[to + 1] = 0;
      putU32(octets, to + 2, this.#zoneSerial);
    }
    if (query.wantsKeepalive && this.#isTcp) {
      putU16(octets, this.#putOptionHead(ednsOptions.KEEPALIVE, keepaliveOctets), this.#keepalive);
    }
    if (this.#extendedError !== extendedErrors.none) {
      putU16(
        octets,
        this.#putOptionHead(ednsOptions.EDE, extendedErrorOctets),
        this.#extendedError,
      );
    }
    putU16(octets, at + 9, reply.length - at - optOctets);
  }

  /** Returns where the option's data begin. */
  #putOptionHead(code: number, length: number): number {
    const reply = this.#reply;
    const at = reply.length;
    putU16(reply.octets, at, code);
    putU16(reply.octets, at + 2, length);
    reply.length = at + optionHeadOctets + length;
    return at + optionHeadOctets;
  }
}
