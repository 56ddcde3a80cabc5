/** From a query to the octets of its reply, check by check. No allocation. */

import { rcodes } from "../dns/message.ts";
import { types } from "../dns/record-types.ts";
import { classes } from "../dns/resource-record.ts";
import { messageOctetsMax } from "../dns/wire.ts";
import type { ZoneReader } from "../zone/zone-reader.ts";
import { Chaos } from "./chaos.ts";
import type { ServerNames } from "./chaos.ts";
import type { ServerCookies } from "./cookies.ts";
import { EdnsReply, extendedErrors, udpOctetsMax } from "./edns-reply.ts";
import { Peer } from "./peer.ts";
import { headerOctets, nxname, Query } from "./query.ts";
import { putU16, Reply } from "./reply.ts";
import type { Limited, ResponseLimit } from "./response-limit.ts";
import { SignedReply } from "./signed-reply.ts";
import type { SigningParts } from "./signed-reply.ts";
import { ZoneAnswer } from "./zone-answer.ts";

const flagResponse = 0x8000;
const flagAuthoritative = 0x0400;
const flagTruncated = 0x0200;
const flagCheckingDisabled = 0x0010;
/** Opcode, RD and CD come back as they were sent (RFC 1035 §4.1.1, RFC 4035 §3.1.6). */
const flagsEchoed = 0x7800 | 0x0100 | flagCheckingDisabled;

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
  readonly #edns: EdnsReply;
  readonly #answer: ZoneAnswer;
  readonly #signed: SignedReply | undefined;
  readonly #cookies: ServerCookies | undefined;
  readonly #limit: ResponseLimit | undefined;
  readonly #chaos: Chaos;
  #isCookieValid = false;

  constructor(zones: ZoneReader, parts: ResponderParts = {}) {
    const { cookies, limit, signing, names = { id: "", version: "" }, tcpIdleMs = 0 } = parts;
    this.#zones = zones;
    this.#cookies = cookies;
    this.#limit = limit;
    this.#chaos = new Chaos(names);
    const [query, reply] = [this.#query, this.#reply];
    this.#edns = new EdnsReply(query, reply, cookies, names.id, tcpIdleMs);
    this.#signed = signing && new SignedReply(reply, zones, signing);
    this.#answer = new ZoneAnswer(zones, query, reply, this.#edns, this.#signed);
  }

  /** Where the next reply is written, until another place is given; at least 1,232 octets, over TCP 65,535. */
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
    const isTcp = transport === "tcp";
    reply.begin();
    this.#edns.begin(isTcp);
    this.isLimited = false;
    const verdict = query.read(message, length, this.#zones.name);
    if (verdict === "drop") return 0;
    this.#isCookieValid = this.#hasValidCookie(message);
    const limited = isTcp || isAgain ? "answer" : this.#takeFromLimit();
    if (limited === "drop") return 0;
    if (query.questionEnd === headerOctets && !query.hasEdns) {
      // Header alone: what could not be read is not sent back, and nobody gains from forging it.
      return limited === "truncate" ? 0 : this.#finishBare(verdict as number);
    }
    const into = reply.octets;
    for (let i = headerOctets; i < query.questionEnd; i++) into[i] = message[i]!;
    reply.length = query.questionEnd;
    const octetsMax = isTcp ? messageOctetsMax : Math.min(query.udpOctets, udpOctetsMax);
    reply.limit = octetsMax - this.#edns.room();
    if (limited === "truncate") return this.#finish(message, this.#refuseToFlood());
    switch (verdict) {
      case "answer":
        return this.#answerFromZones(message, isTcp);
      case "chaos":
        return this.#finish(
          message,
          this.#chaos.answer(query.type, this.#zones.name, this.peer, reply),
        );
      case "cookie":
        return this.#finish(message, rcodes.NOERROR);
      default:
        this.#explain(verdict);
        return this.#finish(message, verdict);
    }
  }

  /** In the place of an answer that cannot wait any longer: TC. Right after `respond` has said `later`. */
  cutShort(message: Uint8Array): number {
    this.#reply.isTruncated = true;
    return this.#finish(message, rcodes.NOERROR);
  }

  #answerFromZones(message: Uint8Array, isTcp: boolean): number {
    const signed = this.#signed;
    this.#zones.enter();
    try {
      signed?.begin(this.nowMs, this.nowSeconds);
      const rcode = this.#answer.answer();
      if (signed !== undefined && !this.#reply.isTruncated) {
        if (signed.isOverloaded && !isTcp) this.#reply.isTruncated = true;
        else if (signed.isOverloaded || signed.isWaiting) return later;
      }
      return this.#finish(message, rcode);
    } finally {
      this.#zones.leave();
    }
  }

  #hasValidCookie(message: Uint8Array): boolean {
    const { hasEdns, hasServerCookie, cookieAt } = this.#query;
    if (!hasEdns || !hasServerCookie || this.#cookies === undefined) return false;
    return this.#cookies.isValid(message, cookieAt, this.peer, this.nowSeconds);
  }

  #takeFromLimit(): Limited {
    if (this.#limit === undefined || this.#isCookieValid) return "answer";
    const limited = this.#limit.take(this.peer, this.nowMs);
    this.isLimited = limited !== "answer";
    return limited;
  }

  /** Above the limit: who speaks of cookies shows with the next one that the address is its own; others come over TCP. */
  #refuseToFlood(): number {
    if (this.#edns.hasCookie) return rcodes.BADCOOKIE;
    this.#reply.isTruncated = true;
    return rcodes.NOERROR;
  }

  /** RFC 8914: why there is no answer, where the RCODE leaves it open. */
  #explain(rcode: number): void {
    const { type, class: asked } = this.#query;
    if (rcode === rcodes.FORMERR && type === nxname) {
      this.#edns.extendedError = extendedErrors.invalidQueryType; // RFC 9824 §3.5
    } else if (rcode === rcodes.REFUSED) {
      const isTransfer = type === types.AXFR || type === types.IXFR;
      this.#edns.extendedError =
        isTransfer && asked === classes.IN
          ? extendedErrors.prohibited
          : extendedErrors.notAuthoritative;
    }
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
    if (hasEdns) this.#edns.put(message, rcode, this.#isCookieValid, this.peer, this.nowSeconds);
    this.#putHeader(rcode, questionEnd === headerOctets ? 0 : 1);
    return reply.length;
  }

  #putHeader(rcode: number, questions: number): void {
    const reply = this.#reply;
    const { octets } = reply;
    const query = this.#query;
    this.rcode = rcode;
    let flags = flagResponse | (query.flags & flagsEchoed) | (rcode & 15);
    if (questions === 0) flags &= ~flagCheckingDisabled;
    if (reply.isAuthoritative) flags |= flagAuthoritative;
    if (reply.isTruncated) flags |= flagTruncated;
    putU16(octets, 0, query.id);
    putU16(octets, 2, flags);
    putU16(octets, 4, questions);
    putU16(octets, 6, reply.answers);
    putU16(octets, 8, reply.authority);
    putU16(octets, 10, reply.additional);
  }
}
