/** `npm test -- --long test/dns/fuzz.test.ts` for more packets, `--fuzz-seed=7` for others. */

import { expect, test } from "bun:test";
import { makeQuery, rcodes, readMessage, writeMessage } from "../../src/dns/message.ts";
import type { Message } from "../../src/dns/message.ts";
import type { Name } from "../../src/dns/name.ts";
import { isMetaType, types } from "../../src/dns/record-types.ts";
import { classes } from "../../src/dns/resource-record.ts";
import { MalformedMessage } from "../../src/dns/wire.ts";
import { Responder } from "../../src/nameserver/respond.ts";
import type { Transport } from "../../src/nameserver/respond.ts";
import { ZoneReader } from "../../src/zone/zone-reader.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { corpus, Dice, mutate } from "./mutate.ts";
import { parseReply } from "./reply.ts";
import { mustParseName, serveZoneFile } from "./served-zone.ts";

const seed = Number(process.env["NAMEWARD_TEST_FUZZ_SEED"] ?? 20_261_123);
const packetsToResponder = process.env["NAMEWARD_TEST_LONG"] === undefined ? 150_000 : 5_000_000;
const packetsToBoth = Math.ceil(packetsToResponder / 3);
const testMs = 120_000 + packetsToResponder;

const good = writeMessage(makeQuery(mustParseName("host.ddns.test."), 1, { id: 0x600d }));

const table = new ZoneTable({ bytesMax: 16 * 1024 * 1024, hashSeed: 3 });
await serveZoneFile(table, "ddns.test");

/** Octets of the reply, 0 for none, as `Responder` says it. */
type Respond = (message: Uint8Array, transport: Transport) => Uint8Array;

test(
  `${packetsToResponder} bent packets get whole replies or none (seed ${seed})`,
  () => {
    const dice = new Dice(seed);
    const seen = harass(makeRespond(), dice, packetsToResponder);
    // The packets reach deep enough to be worth it: most kinds of reply are among them.
    expect([...seen.keys()].sort((a, b) => a - b)).toEqual(
      expect.arrayContaining([-1, 0, 1, 3, 4, 5, 16]),
    );
  },
  testMs,
);

/** What the two readers say of one query: `undefined` where they need not agree. */
function findDisagreement(message: Uint8Array, respond: Respond): string | undefined {
  if (message.length < 12 || (message[2]! & 0xf8) !== 0) return undefined; // no query
  const read = tryToRead(message);
  if (read === undefined) return undefined; // RDATA is not looked at on the query path
  if (read.questions.length === 0) return undefined; // RFC 7873 §5.4 may want a cookie alone
  const reply = parseReply(respond(message, "udp"));
  // A compressed name in the question leads into the header, and is not followed.
  const isPlain = read.questions.length === 1 && isUncompressed(message, read.questions[0]!.name);
  const isRefused = reply.rcode === rcodes.FORMERR;
  if (!isPlain) return isRefused ? undefined : "FORMERR was wanted: not one plain question";
  const { type, class: questionClass } = read.questions[0]!;
  const mayBeRefused =
    (questionClass === classes.IN && isMetaType(type)) ||
    // A cookie or a TSIG may be wrong in itself: RFC 7873 §5.2.2, RFC 8945 §5.2.
    read.edns?.options.some(({ code }) => code === 10) === true ||
    read.additional.some((record) => record.type === types.TSIG);
  if (isRefused && !mayBeRefused) return "FORMERR to a message that can be read";
  if (isRefused) return undefined;
  if ((reply.opt !== undefined) !== (read.edns !== undefined)) return "EDNS is not answered alike";
  const isBadVersion = (read.edns?.version ?? 0) > 0;
  return (reply.rcode === rcodes.BADVERS) === isBadVersion ? undefined : "another EDNS version";
}

test(
  `the reader of queries and that of messages agree on ${packetsToBoth} bent packets (seed ${seed})`,
  () => {
    const dice = new Dice(seed + 1);
    const respond = makeRespond();
    let agreed = 0;
    for (let i = 0; i < packetsToBoth; i++) {
      const message = mutate(dice, corpus);
      const why = findDisagreement(message, respond);
      if (why !== undefined) throw new Error(`${why}: ${Buffer.from(message).toString("hex")}`);
      if (tryToRead(message) !== undefined) agreed++;
    }
    expect(agreed).toBeGreaterThan(packetsToBoth / 20);
  },
  testMs,
);

test("a query path that refuses what can be read, or forgets EDNS, is found out", () => {
  const withEdns = writeMessage(
    makeQuery(mustParseName("host.ddns.test."), 1, { id: 1, edns: {} }),
  );
  const respond = makeRespond();
  const without = writeMessage(makeQuery(mustParseName("host.ddns.test."), 1, { id: 1 }));
  expect(findDisagreement(withEdns, respond)).toBeUndefined();
  expect(findDisagreement(withEdns, () => respond(without, "udp"))).toContain("EDNS");
  expect(findDisagreement(withEdns, () => respond(new Uint8Array(12), "udp"))).toContain("FORMERR");
});

function tryToRead(message: Uint8Array): Message | undefined {
  try {
    return readMessage(message);
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
}

function isUncompressed(message: Uint8Array, { octets }: Name): boolean {
  return Buffer.compare(message.subarray(12, 12 + octets.length), octets) === 0;
}

const faulty: readonly [string, (reply: Uint8Array, message: Uint8Array) => Uint8Array][] = [
  [
    "throws",
    (reply, message) => {
      if (message.length % 97 === 3) throw new Error("planted");
      return reply;
    },
  ],
  [
    "says nothing to a query",
    (reply, { length }) => (length % 97 === 3 ? reply.slice(0, 0) : reply),
  ],
  ["cuts its replies", (reply) => reply.subarray(0, Math.min(reply.length, 47))],
  ["sends replies that are too long", (reply) => Buffer.concat([reply, new Uint8Array(1_300)])],
  [
    "answers with another ID",
    (reply) => (reply[0] === 0x12 ? Buffer.from(reply).fill(0, 0, 1) : reply),
  ],
];
for (const [what, bend] of faulty) {
  test(`the harness notices a server that ${what}`, () => {
    const respond = makeRespond();
    const broken: Respond = (message, transport) => bend(respond(message, transport), message);
    expect(() => harass(broken, new Dice(seed), 20_000)).toThrow();
  });
}

/** Sends bent packets and judges what comes back. Returns how often each RCODE came, -1 for silence. */
function harass(respond: Respond, dice: Dice, packets: number): Map<number, number> {
  const seen = new Map<number, number>();
  for (let i = 0; i < packets; i++) {
    const message = mutate(dice, corpus);
    const transport = dice.roll(4) === 0 ? "tcp" : "udp";
    let rcode: number;
    try {
      rcode = judge(respond(message, transport), message, transport);
    } catch (error) {
      const hex = Buffer.from(message).toString("hex");
      throw new Error(`packet ${i} over ${transport}: ${hex}`, { cause: error });
    }
    seen.set(rcode, (seen.get(rcode) ?? 0) + 1);
  }
  judge(respond(good, "udp"), good, "udp");
  return seen;
}

/** Throws when the reply is not one that this message deserves. Returns its RCODE, -1 for silence. */
function judge(octets: Uint8Array, message: Uint8Array, transport: Transport): number {
  const deservesNone = message.length < 12 || (message[2]! & 0x80) !== 0;
  if (octets.length === 0) {
    if (!deservesNone) throw new Error("a query without a reply");
    return -1;
  }
  if (deservesNone) throw new Error("a reply to what is no query");
  const reply = parseReply(octets);
  if (reply.trailing !== 0) throw new Error(`${reply.trailing} octets behind the reply`);
  // Without EDNS 512 (RFC 1035 §4.2.1), with it never more than we say we send (RFC 9715 §3.2).
  const most = transport === "tcp" ? 65_535 : reply.opt === undefined ? 512 : 1_232;
  if (octets.length > most) throw new Error(`${octets.length} octets over ${transport}`);
  if (reply.id !== ((message[0]! << 8) | message[1]!)) throw new Error("another ID");
  if (reply.opcode !== ((message[2]! >> 3) & 15)) throw new Error("another opcode");
  if ((reply.flags & 0x00e0) !== 0) throw new Error("RA, Z or AD is set");
  const asked = Buffer.from(message).subarray(12, 12 + reply.question.length);
  if (!reply.question.equals(asked)) throw new Error("another question");
  if (reply.rcode === 2) throw new Error("SERVFAIL");
  return reply.rcode;
}

function makeRespond(): Respond {
  const responder = new Responder(new ZoneReader(table.buffer, table.hashSeed, 0));
  return (message, transport) =>
    responder.reply.slice(0, responder.respond(message, message.length, transport));
}
