/** Reading a query: as much of the message as an answer needs, and nothing that could go wrong. */

import { opcodes, rcodes } from "../dns/message.ts";
import { types } from "../dns/record-types.ts";
import { classes } from "../dns/resource-record.ts";
import type { FoldedName } from "../zone/folded-name.ts";

export const headerOctets = 12; // RFC 1035 §4.1.1

/** RFC 6891 §6.2.3: values below 512 mean 512. */
const udpOctetsMin = 512;

/** What to do with a message. A number is the RCODE of a reply without data. */
export type Verdict = "drop" | "answer" | number;

/** One query, reused for all. */
export class Query {
  id = 0;
  flags = 0;
  type = 0;
  class = 0;
  /** Where the question ends; `headerOctets` when the message could not be read. */
  questionEnd = headerOctets;
  hasEdns = false;
  dnssecOk = false;
  /** What the client can take in one datagram. */
  udpOctets = udpOctetsMin;

  /**
   * Reads a message. `name` receives the name asked for. After a verdict other than `drop` the
   * header, and where all of the message was readable the question, can be used for the reply.
   */
  read(message: Uint8Array, length: number, name: FoldedName): Verdict {
    this.questionEnd = headerOctets;
    this.hasEdns = false;
    this.dnssecOk = false;
    this.udpOctets = udpOctetsMin;
    if (length < headerOctets) return "drop";
    this.id = u16(message, 0);
    this.flags = u16(message, 2);
    if ((this.flags & 0x8000) !== 0) return "drop"; // a response: answering it could make a loop
    if (((this.flags >> 11) & 15) !== opcodes.QUERY) return rcodes.NOTIMP;
    if (u16(message, 4) !== 1) return rcodes.FORMERR; // RFC 9619 §4
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
      if (verdict === rcodes.FORMERR) return verdict;
    }
    this.questionEnd = at;
    if (verdict !== "answer") return verdict;
    if (this.class !== classes.IN) return rcodes.REFUSED;
    return verdictOnType(this.type);
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
        if (!areOptionsWhole(message, at + 10, end)) return rcodes.FORMERR;
        this.hasEdns = true;
        this.udpOctets = Math.max(udpOctetsMin, u16(message, at + 2));
        version = message[at + 5]!;
        this.dnssecOk = (message[at + 6]! & 0x80) !== 0; // RFC 3225 §3
      }
      at = end;
    }
    if (at !== length) return rcodes.FORMERR; // octets that belong to nothing
    return version > 0 ? rcodes.BADVERS : "answer";
  }
}

/** Types that ask for something else than data of a zone, or for nothing. */
function verdictOnType(type: number): Verdict {
  switch (type) {
    case 0: // reserved, RFC 6895 §3.1
    case types.OPT: // RFC 6891 §6.1.1
    case 128: // NXNAME, RFC 9824 §3.5
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

function areOptionsWhole(message: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    if (at + 4 > end) return false;
    at += 4 + u16(message, at + 2);
  }
  return at === end;
}

function u16(message: Uint8Array, at: number): number {
  return (message[at]! << 8) | message[at + 1]!;
}

function u32(message: Uint8Array, at: number): number {
  return ((u16(message, at) << 16) | u16(message, at + 2)) >>> 0;
}
