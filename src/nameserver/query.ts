/** Reading a query: as much of the message as an answer needs, and nothing that could go wrong. */

import { opcodes, rcodes } from "../dns/message.ts";
import { types } from "../dns/record-types.ts";
import { classes } from "../dns/resource-record.ts";
import type { FoldedName } from "../zone/folded-name.ts";
import { clientCookieOctets, cookieOctets } from "./cookies.ts";

export const headerOctets = 12; // RFC 1035 §4.1.1

/** RFC 6891 §6.2.3: values below 512 mean 512. */
const udpOctetsMin = 512;

/**
 * What to do with a message. A number is the RCODE of a reply without data; `chaos`: the question is
 * about the server itself (class CH); `cookie`: there is no question, only a cookie is wanted.
 */
export type Verdict = "drop" | "answer" | "chaos" | "cookie" | number;

/** EDNS options that we know (IANA, DNS EDNS0 option codes). */
export const ednsOptions = {
  NSID: 3, // RFC 5001 §2.3
  COOKIE: 10, // RFC 7873 §4
  KEEPALIVE: 11, // RFC 7828 §3.1
  EDE: 15, // RFC 8914 §2
  ZONEVERSION: 19, // RFC 9660 §2
} as const;

/** RFC 7873 §4: a client cookie alone, or with a server cookie of 8 to 32 octets. */
const cookieOctetsMin = 16;
const cookieOctetsMax = 40;

/** One query, reused for all. */
export class Query {
  id = 0;
  flags = 0;
  type = 0;
  class = 0;
  /** Where the question ends; `headerOctets` when there is none or it could not be read. */
  questionEnd = headerOctets;
  hasEdns = false;
  dnssecOk = false;
  /** RFC 9824 §5.1: the client takes NXDOMAIN beside a compact denial. */
  compactOk = false;
  /** What the client can take in one datagram. */
  udpOctets = udpOctetsMin;
  /** Where the cookie option's data begin; 0 without one. */
  cookieAt = 0;
  /** The cookie has the length of one of ours. */
  hasServerCookie = false;
  wantsNsid = false;
  wantsKeepalive = false;
  wantsZoneVersion = false;

  /**
   * Reads a message. `name` receives the name asked for. After a verdict other than `drop` the
   * header, and where all of the message was readable the question, can be used for the reply.
   */
  read(message: Uint8Array, length: number, name: FoldedName): Verdict {
    this.questionEnd = headerOctets;
    this.hasEdns = false;
    this.dnssecOk = false;
    this.compactOk = false;
    this.udpOctets = udpOctetsMin;
    this.cookieAt = 0;
    this.hasServerCookie = false;
    this.wantsNsid = false;
    this.wantsKeepalive = false;
    this.wantsZoneVersion = false;
    if (length < headerOctets) return "drop";
    this.id = u16(message, 0);
    this.flags = u16(message, 2);
    if ((this.flags & 0x8000) !== 0) return "drop"; // a response: answering it could make a loop
    if (((this.flags >> 11) & 15) !== opcodes.QUERY) return rcodes.NOTIMP;
    const questions = u16(message, 4);
    if (questions === 0) return this.#readWithoutQuestion(message, length);
    if (questions !== 1) return rcodes.FORMERR; // RFC 9619 §4
    const nameOctets = name.read(message, headerOctets, length);
    if (nameOctets === 0) return rcodes.FORMERR;
    let at = headerOctets + nameOctets;
    if (at + 4 > length) return rcodes.FORMERR;
    this.type = u16(message, at);
    this.class = u16(message, at + 2);
    at += 4;
    let verdict: Verdict = "answer";
    if (at !== length || u16(message, 6) !== 0 || u32(message, 8) !== 0) {
      verdict = this.#readRecords(message, at, length);
      if (verdict === rcodes.FORMERR) {
        this.hasEdns = false;
        return verdict;
      }
    }
    this.questionEnd = at;
    if (verdict !== "answer") return verdict;
    if (this.class === classes.IN) return verdictOnType(this.type);
    return this.class === classes.CH ? "chaos" : rcodes.REFUSED;
  }

  /** RFC 7873 §5.4: a message without a question asks for a cookie, or is malformed. */
  #readWithoutQuestion(message: Uint8Array, length: number): Verdict {
    const verdict = this.#readRecords(message, headerOctets, length);
    if (verdict === rcodes.BADVERS) return verdict;
    if (verdict === "answer" && this.hasEdns && this.cookieAt !== 0) return "cookie";
    this.hasEdns = false;
    return rcodes.FORMERR;
  }

  /** Walks over what follows the question; only OPT means anything to us. */
  #readRecords(message: Uint8Array, start: number, length: number): Verdict {
    const answers = u16(message, 6) + u16(message, 8);
    const records = answers + u16(message, 10);
    let at = start;
    let version = 0;
    for (let record = 0; record < records; record++) {
      const owner = at;
      at = skipName(message, at, length);
      if (at === 0 || at + 10 > length) return rcodes.FORMERR;
      const type = u16(message, at);
      const end = at + 10 + u16(message, at + 8);
      if (end > length) return rcodes.FORMERR;
      if (type === types.OPT) {
        // RFC 6891 §6.1.1: one, in the additional section, owned by the root.
        if (this.hasEdns || record < answers || message[owner] !== 0) return rcodes.FORMERR;
        this.hasEdns = true;
        this.udpOctets = Math.max(udpOctetsMin, u16(message, at + 2));
        version = message[at + 5]!;
        this.dnssecOk = (message[at + 6]! & 0x80) !== 0; // RFC 3225 §3
        this.compactOk = (message[at + 6]! & 0x40) !== 0; // RFC 9824 §5.1
        if (!this.#readOptions(message, at + 10, end)) return rcodes.FORMERR;
      }
      at = end;
    }
    if (at !== length) return rcodes.FORMERR; // octets that belong to nothing
    return version > 0 ? rcodes.BADVERS : "answer";
  }

  /** Options that we do not know are passed over (RFC 6891 §6.1.2). False: malformed. */
  #readOptions(message: Uint8Array, start: number, end: number): boolean {
    let at = start;
    while (at < end) {
      if (at + 4 > end) return false;
      const code = u16(message, at);
      const length = u16(message, at + 2);
      const data = at + 4;
      at = data + length;
      if (at > end) return false;
      switch (code) {
        case ednsOptions.NSID:
          this.wantsNsid = true;
          break;
        case ednsOptions.KEEPALIVE:
          this.wantsKeepalive = true;
          break;
        case ednsOptions.ZONEVERSION:
          this.wantsZoneVersion = true;
          break;
        case ednsOptions.COOKIE:
          if (!isCookieLength(length)) return false; // RFC 7873 §5.2.2
          if (this.cookieAt !== 0) break; // §5.2: the first of several counts
          this.cookieAt = data;
          this.hasServerCookie = length === cookieOctets;
          break;
      }
    }
    return true;
  }
}

function isCookieLength(length: number): boolean {
  return length === clientCookieOctets || (length >= cookieOctetsMin && length <= cookieOctetsMax);
}

/** Types that ask for something else than data of a zone, or for nothing. */
function verdictOnType(type: number): Verdict {
  switch (type) {
    case 0: // reserved, RFC 6895 §3.1
    case types.OPT: // RFC 6891 §6.1.1
    case nxname: // RFC 9824 §3.5
    case types.TKEY: // RFC 2930 §2
    case types.TSIG: // RFC 8945 §4.2
      return rcodes.FORMERR;
    case types.IXFR: // RFC 1995 §2
    case types.AXFR: // RFC 5936 §2
      return rcodes.REFUSED;
    case 253: // MAILB and MAILA, RFC 1035 §3.2.3: records they ask for are out of use
    case 254:
      return rcodes.NOTIMP;
    default:
      return "answer";
  }
}

/** RFC 9824 §3: stands in type bitmaps of names that do not exist, and nowhere else. */
export const nxname = 128;

/** Steps over a name, compressed or not. 0 when it does not end before `length`. */
function skipName(message: Uint8Array, start: number, length: number): number {
  let at = start;
  while (at < length) {
    const octet = message[at]!;
    if (octet === 0) return at + 1;
    if (octet >= 0xc0) return at + 2 <= length ? at + 2 : 0; // RFC 1035 §4.1.4
    if (octet > 63) return 0;
    at += octet + 1;
  }
  return 0;
}

function u16(message: Uint8Array, at: number): number {
  return (message[at]! << 8) | message[at + 1]!;
}

function u32(message: Uint8Array, at: number): number {
  return ((u16(message, at) << 16) | u16(message, at + 2)) >>> 0;
}
