/** DNS messages as values: for clients, transfers and tests. The query path has a codec of its own. */

import { assert } from "../base/assert.ts";
import { Name } from "./name.ts";
import { readRdata, types, writeRdata } from "./record-types.ts";
import { classes } from "./resource-record.ts";
import type { ResourceRecord } from "./resource-record.ts";
import { MalformedMessage, MessageFull, WireReader, WireWriter } from "./wire.ts";
import { messageOctetsMax } from "./wire.ts";

/** RFC 1035 §4.1.1, RFC 2136 §1.3 and RFC 1996 §3.3. */
export const opcodes = { QUERY: 0, STATUS: 2, NOTIFY: 4, UPDATE: 5 } as const;

/** RFC 1035 §4.1.1, RFC 2136 §2.2, RFC 6891 §9 and RFC 7873 §8. */
export const rcodes = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  BADVERS: 16,
  BADCOOKIE: 23,
} as const;

/** RFC 1035 §4.1.1, with `ad` and `cd` from RFC 4035 §3.2. */
const flagBits = {
  qr: 0x8000,
  aa: 0x0400,
  tc: 0x0200,
  rd: 0x0100,
  ra: 0x0080,
  z: 0x0040,
  ad: 0x0020,
  cd: 0x0010,
} as const;

export type Flag = keyof typeof flagBits;
const flagNames = Object.keys(flagBits) as Flag[];

export interface Message {
  readonly id: number;
  /** Those that are set. */
  readonly flags: ReadonlySet<Flag>;
  readonly opcode: number;
  /** All 12 bits when there is EDNS. */
  readonly rcode: number;
  /** In an UPDATE: the zone section (RFC 2136 §2.3). */
  readonly questions: readonly Question[];
  /** In an UPDATE: the prerequisites. */
  readonly answers: readonly MessageRecord[];
  /** In an UPDATE: the changes. */
  readonly authority: readonly MessageRecord[];
  /** Without OPT, which is `edns`. */
  readonly additional: readonly MessageRecord[];
  readonly edns: Edns | undefined;
}

export interface Question {
  readonly name: Name;
  readonly type: number;
  readonly class: number;
}

/** In classes ANY and NONE the RDATA may be empty (RFC 2136 §2.4 and §2.5). */
export interface MessageRecord extends ResourceRecord {
  readonly class: number;
}

/** RFC 6891 §6.1. */
export interface Edns {
  /** The largest UDP payload its sender takes. */
  readonly udpOctets: number;
  readonly version: number;
  /** The DO bit, RFC 3225 §3. */
  readonly isDnssecOk: boolean;
  readonly options: readonly EdnsOption[];
}

export interface EdnsOption {
  readonly code: number;
  readonly octets: Uint8Array;
}

/** RFC 6891 §6.1.3: the DO bit in the TTL field. */
const dnssecOkBit = 0x8000;

/** Reads one whole message. Throws `MalformedMessage`, also when octets are left behind it. */
export function readMessage(octets: Uint8Array): Message {
  const from = new WireReader(octets);
  const id = from.u16();
  const bits = from.u16();
  const counts = [from.u16(), from.u16(), from.u16(), from.u16()] as const;
  const questions = readMany(counts[0], () => readQuestion(from));
  const answers = readMany(counts[1], () => readRecord(from));
  const authority = readMany(counts[2], () => readRecord(from));
  const extra = readMany(counts[3], () => readRecord(from));
  if (from.left > 0) throw new MalformedMessage(`${from.left} octets are left behind the message`);
  if ([...answers, ...authority].some((record) => record.type === types.OPT)) {
    throw new MalformedMessage("OPT stands outside the additional section"); // RFC 6891 §6.1.1
  }
  const opts = extra.filter((record) => record.type === types.OPT);
  if (opts.length > 1) throw new MalformedMessage("There is more than one OPT"); // RFC 6891 §6.1.1
  const opt = opts[0];
  const rcodeHigh = opt === undefined ? 0 : Math.floor(opt.ttlSeconds / 2 ** 24) * 16;
  return {
    id,
    flags: new Set(flagNames.filter((flag) => (bits & flagBits[flag]) !== 0)),
    opcode: (bits >> 11) & 0xf,
    rcode: rcodeHigh + (bits & 0xf),
    questions,
    answers,
    authority,
    additional: extra.filter((record) => record.type !== types.OPT),
    edns: opt === undefined ? undefined : readEdns(opt),
  };
}

export interface WriteLimits {
  /** The whole message, as its receiver announced or the transport allows. */
  readonly maxOctets?: number;
}

/**
 * Writes a message, names compressed. Records that do not fit are left out from the first on; TC says so
 * unless only additional ones are missing (RFC 2181 §9). OPT always stays (RFC 6891 §7).
 */
export function writeMessage(message: Message, limits: WriteLimits = {}): Uint8Array {
  assert(message.edns !== undefined || message.rcode < 16, "an rcode above 15 comes with EDNS");
  const opt = message.edns === undefined ? undefined : makeOpt(message.edns, message.rcode);
  const optOctets = opt === undefined ? 0 : recordHeadOctets + opt.rdata.length;
  const to = new WireWriter(limits.maxOctets ?? messageOctetsMax);
  const roomOctets = (limits.maxOctets ?? messageOctetsMax) - optOctets;

  to.u16(message.id);
  to.u16(0);
  for (let section = 0; section < 4; section++) to.u16(0);
  for (const question of message.questions) {
    to.compressedName(question.name);
    to.u16(question.type);
    to.u16(question.class);
  }
  to.patchU16(4, message.questions.length);
  assert(to.length <= roomOctets, "the questions fit into the message");

  const flags = new Set(message.flags);
  const sections = [message.answers, message.authority, message.additional];
  let isFull = false;
  for (const [i, records] of sections.entries()) {
    let count = 0;
    for (const record of isFull ? [] : records) {
      if (!writeRecordWithin(to, record, roomOctets)) {
        isFull = true;
        break;
      }
      count++;
    }
    if (count < records.length && i < 2) flags.add("tc");
    const isLast = i === 2;
    if (isLast && opt !== undefined) {
      writeRecord(to, opt);
      count++;
    }
    to.patchU16(6 + 2 * i, count);
  }
  const bits = flagNames.reduce((sum, flag) => sum | (flags.has(flag) ? flagBits[flag] : 0), 0);
  to.patchU16(2, bits | (message.opcode << 11) | (message.rcode & 0xf));
  return to.finish();
}

export interface QueryOptions {
  readonly id: number;
  readonly class?: number;
  readonly flags?: readonly Flag[];
  readonly edns?: Partial<Edns>;
}

/** A question as a client asks it; with EDNS when any of it is given. */
export function makeQuery(name: Name, type: number, options: QueryOptions): Message {
  return {
    id: options.id,
    flags: new Set(options.flags),
    opcode: opcodes.QUERY,
    rcode: rcodes.NOERROR,
    questions: [{ name, type, class: options.class ?? classes.IN }],
    answers: [],
    authority: [],
    additional: [],
    edns: options.edns === undefined ? undefined : { ...plainEdns, ...options.edns },
  };
}

/** RFC 9715 §3: 1232 octets come through everywhere without fragments. */
const plainEdns: Edns = { udpOctets: 1_232, version: 0, isDnssecOk: false, options: [] };

/** OPT with the root as owner: name, type, class, TTL and length. */
const recordHeadOctets = 11;

function readMany<Thing>(count: number, read: () => Thing): Thing[] {
  const things: Thing[] = [];
  // Each read takes at least 5 octets or throws, so the octets that are there bound the count.
  for (let i = 0; i < count; i++) things.push(read());
  return things;
}

function readQuestion(from: WireReader): Question {
  return { name: from.name(), type: from.u16(), class: from.u16() };
}

function readRecord(from: WireReader): MessageRecord {
  const owner = from.name();
  const type = from.u16();
  const recordClass = from.u16();
  const ttlSeconds = from.u32();
  const length = from.u16();
  const mayBeEmpty = recordClass === classes.ANY || recordClass === classes.NONE;
  const rdata =
    !hasKnownRdata(recordClass) || (mayBeEmpty && length === 0)
      ? from.octets(length).slice()
      : readRdata(type, from, length);
  return { owner, type, class: recordClass, ttlSeconds, rdata };
}

function readEdns(opt: MessageRecord): Edns {
  if (!opt.owner.isRoot) throw new MalformedMessage("The owner of OPT is not the root");
  const options: EdnsOption[] = [];
  const from = new WireReader(opt.rdata);
  while (from.left > 0) options.push({ code: from.u16(), octets: from.octets(from.u16()).slice() });
  return {
    udpOctets: opt.class,
    version: Math.floor(opt.ttlSeconds / 2 ** 16) & 0xff,
    isDnssecOk: (opt.ttlSeconds & dnssecOkBit) !== 0,
    options,
  };
}

function makeOpt(edns: Edns, rcode: number): MessageRecord {
  const rdata = new WireWriter();
  for (const option of edns.options) {
    rdata.u16(option.code);
    rdata.u16(option.octets.length);
    rdata.octets(option.octets);
  }
  return {
    owner: Name.root,
    type: types.OPT,
    class: edns.udpOctets,
    ttlSeconds:
      (rcode >> 4) * 2 ** 24 + edns.version * 2 ** 16 + (edns.isDnssecOk ? dnssecOkBit : 0),
    rdata: rdata.finish(),
  };
}

/** Writes the record, or nothing when it does not fit. */
function writeRecordWithin(to: WireWriter, record: MessageRecord, roomOctets: number): boolean {
  const start = to.length;
  try {
    writeRecord(to, record);
  } catch (error) {
    if (!(error instanceof MessageFull)) throw error;
    to.rewind(start);
    return false;
  }
  if (to.length <= roomOctets) return true;
  to.rewind(start);
  return false;
}

function writeRecord(to: WireWriter, record: MessageRecord): void {
  to.compressedName(record.owner);
  to.u16(record.type);
  to.u16(record.class);
  to.u32(record.ttlSeconds);
  const lengthAt = to.length;
  to.u16(0);
  if (hasKnownRdata(record.class)) writeRdata(record.type, record.rdata, to);
  else to.octets(record.rdata);
  to.patchU16(lengthAt, to.length - lengthAt - 2);
}

/** The forms of RDATA are those of class IN, which UPDATE also writes as ANY and NONE. */
function hasKnownRdata(recordClass: number): boolean {
  return recordClass === classes.IN || recordClass === classes.ANY || recordClass === classes.NONE;
}
