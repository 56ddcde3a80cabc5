/** Questions for a comparison of name servers: around every node of some zones, and at random from a seed. */

import { Name, parseName } from "../../src/dns/name.ts";
import { recordTypes, types, typeName } from "../../src/dns/record-types.ts";
import type { ResourceRecord } from "../../src/dns/resource-record.ts";
import { mustParseName } from "./served-zone.ts";

export interface Question {
  readonly name: Name;
  readonly type: number;
  /** Payload size; `undefined` without EDNS. */
  readonly edns: number | undefined;
  readonly isDnssecOk: boolean;
  /** RD, AD and CD as they stand in the header. */
  readonly flags: number;
  readonly transport: "udp" | "tcp";
}

/** Over TCP each of so many. */
const tcpEach = 11;
/** 0 and 100 mean 512 (RFC 6891 §6.2.3). */
const payloads = [undefined, 0, 100, 512, 700, 1_232, 1_400, 4_096, 65_535] as const;
const headerFlags = [0x100, 0x20, 0x10] as const; // RD, AD, CD
const allFlags = 0x130;
/** What a look-up treats in a way of its own, and two that it does not. */
const lookUpTypes = [types.A, types.NS, types.CNAME, types.DS, types.ANY, 65_280] as const;
/** What signing puts beside an alias (RFC 4035 §2.5), and what it once did. */
const besideAliasTypes = [types.RRSIG, types.NSEC, types.NSEC3, types.SIG, types.KEY] as const;
/** Meta types, types without a name, and the ends of the ranges of RFC 6895 §3.1. */
const oddTypes = [
  0, 41, 127, 128, 200, 249, 250, 251, 252, 253, 254, 261, 731, 1_234, 32_768,
] as const;
const lastTypes = [61_439, 62_347, 65_280, 65_534, 65_535] as const;
const allTypes = [...Object.values(recordTypes).map(({ code }) => code), ...oddTypes, ...lastTypes];

/**
 * Every name with the types of the look-up, then `count` in all at random. The same seed makes the same questions.
 */
export function makeQuestions(
  records: readonly ResourceRecord[],
  count: number,
  seed: number,
): readonly Question[] {
  const names = namesAround(records);
  const random = randomFrom(seed);
  const questions: Omit<Question, "transport">[] = names.flatMap((name) =>
    lookUpTypes.map((type, i) => ({
      name,
      type,
      edns: i % 2 === 0 ? undefined : 1_232,
      isDnssecOk: false,
      flags: i % 3 === 0 ? allFlags : 0,
    })),
  );
  // Each record, and each owner by every type that there is somewhere.
  for (const { owner, type } of records) {
    const asked = type === types.CNAME ? [type, ...besideAliasTypes] : [type];
    for (const one of asked) {
      questions.push({ name: owner, type: one, edns: 1_232, isDnssecOk: true, flags: 0 });
    }
  }
  while (questions.length < count) {
    const name = pick(names, random);
    questions.push({
      name: random() < 0.3 ? changeCase(name, random) : name,
      type: pick(allTypes, random),
      edns: pick(payloads, random),
      isDnssecOk: random() < 0.3,
      flags: headerFlags.reduce((flags, flag) => flags | (random() < 0.3 ? flag : 0), 0),
    });
  }
  return questions.map((question, i) => ({
    ...question,
    transport: i % tcpEach === 0 ? ("tcp" as const) : ("udp" as const),
  }));
}

/** For reading and for the list of deviations: `host.ddns.test. A udp/1232`. */
export function printQuestion({ name, type, edns, transport }: Question): string {
  const size = transport === "tcp" ? "" : `/${edns ?? "plain"}`;
  return `${name.toString().toLowerCase()} ${typeName(type)} ${transport}${size}`;
}

/** RFC 1035 §4.1 and RFC 6891 §6.1.2, written out: our codec is not to be its own judge. */
export function writeQuestion(question: Question, id: number): Uint8Array {
  const { name, type, edns, isDnssecOk, flags } = question;
  const opt =
    edns === undefined
      ? []
      : [0, 0, 41, edns >> 8, edns & 0xff, 0, 0, isDnssecOk ? 0x80 : 0, 0, 0, 0];
  const counts = [0, 1, 0, 0, 0, 0, 0, edns === undefined ? 0 : 1];
  return Uint8Array.from([
    id >> 8,
    id & 0xff,
    flags >> 8,
    flags & 0xff,
    ...counts,
    ...name.octets,
    type >> 8,
    type & 0xff,
    0,
    1,
    ...opt,
  ]);
}

/** Every owner and target with what is above, below and beside it, and names that are nobody's. */
function namesAround(records: readonly ResourceRecord[]): readonly Name[] {
  const names = new Map<string, Name>();
  const add = (name: Name | undefined): void => {
    if (name !== undefined && !names.has(name.key)) names.set(name.key, name);
  };
  for (const { owner, type, rdata } of records) {
    for (const name of around(owner)) add(name);
    if (type === types.CNAME || type === types.DNAME || type === types.NS) {
      add(Name.fromOctets(rdata));
    }
  }
  for (const text of strangers) add(mustParseName(text));
  return [...names.values()];
}

const strangers = [
  ".",
  "test.",
  "nottest.",
  "example.net.",
  "www.example.net.",
  "xddns.test.",
  "nested.test.example.",
  "\\000.",
  "version.bind.",
  "1.0.0.127.in-addr.arpa.",
  "localhost.",
] as const;

function around(owner: Name): (Name | undefined)[] {
  const child = (name: Name | undefined, text: string): Name | undefined =>
    name === undefined ? undefined : parseName(text, name);
  return [
    owner,
    owner.parent(),
    child(owner, "x"),
    child(owner, "*"),
    child(owner, "x.*"),
    child(owner, "x.y"),
    child(owner.parent(), "zz"),
    child(owner.parent(), "*"),
    child(owner, "\\000"),
    longestBelow(owner),
  ];
}

/** 255 octets (RFC 1035 §2.3.4). */
function longestBelow(owner: Name): Name | undefined {
  let name = owner;
  for (;;) {
    const left = 255 - name.octets.length;
    if (left < 2) return name === owner ? undefined : name;
    // A label takes an octet more, and none may be left over.
    const length = left === 65 ? 62 : Math.min(63, left - 1);
    name = name.child(Buffer.alloc(length, "v"))!;
  }
}

function changeCase(name: Name, random: () => number): Name {
  const octets = name.octets.map((octet) =>
    ((octet >= 0x41 && octet <= 0x5a) || (octet >= 0x61 && octet <= 0x7a)) && random() < 0.5
      ? octet ^ 0x20
      : octet,
  );
  // A length octet is below 64, so no letter.
  return Name.fromOctets(octets)!;
}

function pick<Thing>(things: readonly Thing[], random: () => number): Thing {
  return things[Math.floor(random() * things.length)]!;
}

/** Mulberry32: 32 bits of state, good enough for choosing and the same everywhere. */
function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
