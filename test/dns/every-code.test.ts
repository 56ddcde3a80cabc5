/** Every type, class, opcode, flag and RCODE of a question: each gets the RCODE it should, none an accident. */

import { expect, test } from "bun:test";
import { makeQuery, opcodes, rcodes, writeMessage } from "../../src/dns/message.ts";
import { types } from "../../src/dns/record-types.ts";
import { Responder } from "../../src/nameserver/respond.ts";
import type { Transport } from "../../src/nameserver/respond.ts";
import { ZoneReader } from "../../src/zone/zone-reader.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { parseReply } from "./reply.ts";
import { mustParseName, serveZoneFile } from "./served-zone.ts";

const table = new ZoneTable({ bytesMax: 16 * 1024 * 1024, hashSeed: 3 });
await serveZoneFile(table, "ddns.test");
const responder = new Responder(new ZoneReader(table.buffer, table.hashSeed, 0));

const allCodes = 65_536;
const allOpcodes = 16;
const testMs = 120_000;
/** Header, question and the SOA of `ddns.test`, and some room. */
const replyOctetsMax = 200;

/** The name exists, and has of all types A and AAAA. */
const good = Buffer.from(
  writeMessage(makeQuery(mustParseName("host.ddns.test."), types.A, { id: 0x600d })),
);
const classAt = good.length - 2;
const typeAt = good.length - 4;

/** Classes with a meaning, and those beside them. */
const someClasses = [0, 1, 2, 3, 4, 5, 253, 254, 255, 256, 0x8001, 65_535];
/** Types with a meaning of their own to a server, and some that are data or nothing. */
const someTypes = [0, 1, 2, 5, 6, 15, 28, 41, 128, 249, 250, 251, 252, 253, 254, 255, 256, 65_535];

/** RFC 6895 §3.1 and the RFCs in `query.ts`: types that no name has, and what asking for them brings. */
const rcodesOfTypes = new Map<number, number>([
  [0, rcodes.FORMERR],
  [types.OPT, rcodes.FORMERR],
  [128, rcodes.FORMERR],
  [types.TKEY, rcodes.FORMERR],
  [types.TSIG, rcodes.FORMERR],
  [types.IXFR, rcodes.REFUSED],
  [types.AXFR, rcodes.REFUSED],
  [253, rcodes.NOTIMP],
  [254, rcodes.NOTIMP],
]);

/** What a whole question for a name of ours deserves. The opcode counts first, then the class, then the type. */
function wantedRcode(opcode: number, questionClass: number, type: number): number {
  if (opcode !== opcodes.QUERY) return rcodes.NOTIMP;
  if (questionClass !== 1) return rcodes.REFUSED;
  return rcodesOfTypes.get(type) ?? rcodes.NOERROR;
}

type Respond = (message: Uint8Array, transport: Transport) => Uint8Array;
const respond: Respond = (message, transport) =>
  responder.reply.subarray(0, responder.respond(message, message.length, transport));

interface Case {
  readonly flags?: number;
  readonly opcode?: number;
  readonly class?: number;
  readonly type?: number;
}

const query = Buffer.from(good);

/** Asks, and throws when the reply is not what it should be. */
function ask(given: Case, answer: Respond = respond): void {
  const { flags = 0, opcode = 0, class: questionClass = 1, type = types.A } = given;
  query.writeUInt16BE(flags | (opcode << 11), 2);
  query.writeUInt16BE(questionClass, classAt);
  query.writeUInt16BE(type, typeAt);
  const reply = answer(query, "udp");
  const isResponse = (flags & 0x8000) !== 0;
  if (isResponse || reply.length === 0) {
    if (isResponse && reply.length === 0) return; // answering it could make a loop
    throw new Error(`${describe(given)}: ${reply.length} octets`);
  }
  const rcode = reply[3]! & 15;
  const wanted = wantedRcode(opcode, questionClass, type);
  if (rcode !== wanted) throw new Error(`${describe(given)}: ${rcode}, wanted ${wanted}`);
  const isReply =
    reply[0] === query[0] && reply[1] === query[1] && reply[2]! >> 3 === (16 | opcode);
  if (!isReply) throw new Error(`${describe(given)}: a reply to something else`);
  // RA, Z and AD are ours to clear (RFC 1035 §4.1.1, RFC 4035 §3.1.6).
  if ((reply[3]! & 0xe0) !== 0) throw new Error(`${describe(given)}: RA, Z or AD is set`);
  if (reply.length > replyOctetsMax) throw new Error(`${describe(given)}: ${reply.length} octets`);
}

function describe(given: Case): string {
  return JSON.stringify(given);
}

function expectGoodAnswer(): void {
  const reply = parseReply(respond(good, "udp"));
  expect(reply.rcode).toBe(rcodes.NOERROR);
  expect(reply.answer.map(({ type }) => type)).toEqual([types.A]);
}

test(
  "every type, with every opcode and the classes that mean something",
  () => {
    for (const questionClass of someClasses) {
      for (let opcode = 0; opcode < allOpcodes; opcode++) {
        for (let type = 0; type < allCodes; type++) ask({ opcode, class: questionClass, type });
      }
    }
    expectGoodAnswer();
  },
  testMs,
);

test(
  "every class, with every opcode and the types that mean something",
  () => {
    for (const type of someTypes) {
      for (let opcode = 0; opcode < allOpcodes; opcode++) {
        for (let c = 0; c < allCodes; c++) ask({ opcode, class: c, type });
      }
    }
    expectGoodAnswer();
  },
  testMs,
);

test(
  "every header: all opcodes, flags and RCODEs at once, over the types that mean something",
  () => {
    for (const type of someTypes) {
      for (let bits = 0; bits < allCodes; bits++) {
        ask({ flags: bits & 0x87ff, opcode: (bits >> 11) & 15, type });
      }
    }
    expectGoodAnswer();
  },
  testMs,
);

test(
  "every type at a name that does not exist, at the apex and below a delegation",
  () => {
    for (const [name, rcode] of [
      ["nothing.here.ddns.test.", rcodes.NXDOMAIN],
      ["ddns.test.", rcodes.NOERROR],
      ["below.deleg.ddns.test.", rcodes.NOERROR],
      ["example.", rcodes.REFUSED],
    ] as const) {
      const octets = Buffer.from(writeMessage(makeQuery(mustParseName(name), types.A, { id: 7 })));
      for (let type = 0; type < allCodes; type++) {
        octets.writeUInt16BE(type, octets.length - 4);
        const reply = respond(octets, "tcp");
        const wanted = rcodesOfTypes.get(type) ?? rcode;
        if ((reply[3]! & 15) !== wanted) throw new Error(`${name} type ${type}: ${reply[3]! & 15}`);
        if (type % 251 === 0) parseReply(reply); // whole, to a stranger's parser
      }
    }
    expectGoodAnswer();
  },
  testMs,
);

test(
  "every type and class as a record behind the question, and every class and TTL half as an OPT",
  () => {
    const record = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const withRecord = Buffer.concat([good, record]);
    withRecord[11] = 1; // ARCOUNT
    const at = good.length + 1;
    const rcodeOf = (): number => {
      const reply = respond(withRecord, "udp");
      return parseReply(reply).rcode;
    };
    for (let code = 0; code < allCodes; code++) {
      withRecord.fill(0, at);
      if (code !== types.OPT && code !== types.TSIG) {
        withRecord.writeUInt16BE(code, at); // any class: what is not OPT is stepped over
        withRecord.writeUInt16BE(allCodes - 1 - code, at + 2);
        if (rcodeOf() !== rcodes.NOERROR) throw new Error(`type ${code} behind the question`);
      }
      withRecord.writeUInt16BE(types.OPT, at);
      withRecord.writeUInt16BE(code, at + 2); // the payload size
      withRecord.writeUInt16BE(0, at + 4);
      withRecord.writeUInt16BE(code, at + 6); // DO and the bits without a meaning
      if (rcodeOf() !== rcodes.NOERROR) throw new Error(`OPT with size and flags ${code}`);
      withRecord.writeUInt16BE(code, at + 4); // extended RCODE, ignored in a query, and the version
      const wanted = (code & 0xff) === 0 ? rcodes.NOERROR : rcodes.BADVERS;
      if (rcodeOf() !== wanted) throw new Error(`OPT with RCODE and version ${code}`);
    }
    expectGoodAnswer();
  },
  testMs,
);

// Negative controls: one code out of all goes wrong, in three ways.
const odd: readonly [string, Case, (reply: Uint8Array) => Uint8Array][] = [
  ["says nothing to one type", { type: 54_321 }, (reply) => reply.subarray(0, 0)],
  ["has another RCODE for one class", { class: 54_321 }, (reply) => reply.slice().fill(0x02, 3, 4)],
  ["answers a response", { flags: 0x8000 }, () => respond(good, "udp")],
];
for (const [what, given, bend] of odd) {
  test(`a server that ${what} is found out`, () => {
    const broken: Respond = (message, transport) => bend(respond(message, transport));
    expect(() => ask(given)).not.toThrow();
    expect(() => ask(given, broken)).toThrow();
  });
}
