import { expect, test } from "bun:test";
import { makeQuery, writeMessage } from "../../src/dns/message.ts";
import { Responder } from "../../src/nameserver/respond.ts";
import type { Transport } from "../../src/nameserver/respond.ts";
import { ZoneReader } from "../../src/zone/zone-reader.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { openNameServer } from "./name-server.ts";
import vectors from "../vectors/vectors.json" with { type: "json" };
import { frame, openTcpClient, openUdpClient } from "./client.ts";
import { Dice, mutate } from "./mutate.ts";
import { parseReply } from "./reply.ts";
import { mustParseName, serveZoneFile } from "./served-zone.ts";

const seed = Number(process.env["FUZZ_SEED"] ?? 20_261_123);
const packetsToResponder = 150_000;
const packetsOverUdp = 20_000;
const packetsOverTcp = 3_000;

const corpus = vectors.map(({ packetHex }) => Buffer.from(packetHex, "hex"));
const good = writeMessage(makeQuery(mustParseName("host.ddns.test."), 1, { id: 0x600d }));

const table = new ZoneTable({ bytesMax: 16 * 1024 * 1024, hashSeed: 3 });
await serveZoneFile(table, "ddns.test");

/** Octets of the reply, 0 for none, as `Responder` says it. */
type Respond = (message: Uint8Array, transport: Transport) => Uint8Array;

test(`${packetsToResponder} bent packets get whole replies or none (seed ${seed})`, () => {
  const dice = new Dice(seed);
  const seen = harass(makeRespond(), dice, packetsToResponder);
  // The packets reach deep enough to be worth it: most kinds of reply are among them.
  expect([...seen.keys()].sort((a, b) => a - b)).toEqual(
    expect.arrayContaining([-1, 0, 1, 3, 4, 5, 16]),
  );
}, 120_000);

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

test("every opcode, type and class of a question gets a reply that fits", () => {
  const responder = new Responder(new ZoneReader(table.buffer, table.hashSeed, 0));
  const query = Buffer.from(good);
  let asked = 0;
  for (const questionClass of [0, 1, 3, 254, 255, 65_535]) {
    query.writeUInt16BE(questionClass, query.length - 2);
    for (let opcode = 0; opcode < 16; opcode++) {
      query[2] = opcode << 3;
      for (let type = 0; type < 65_536; type++) {
        query[query.length - 4] = type >> 8;
        query[query.length - 3] = type;
        const length = responder.respond(query, query.length, "udp");
        const isWhole = opcode === 0 && questionClass === 1;
        if (isWhole) judge(responder.reply.slice(0, length), query, "udp");
        const isReply = length >= 12 && length <= 512 && responder.reply[2]! >> 3 === (16 | opcode);
        if (!isReply) throw new Error(`class ${questionClass}, opcode ${opcode}, type ${type}`);
        asked++;
      }
    }
  }
  expect(asked).toBe(6 * 16 * 65_536);
}, 120_000);

test(`a live server survives ${packetsOverUdp} bent packets over UDP and ${packetsOverTcp} over TCP`, async () => {
  await using server = await openNameServer(table);
  const address = server.bound[0]!;
  const dice = new Dice(seed + 1);
  using udp = await openUdpClient(address);
  for (let i = 0; i < packetsOverUdp; i++) {
    udp.send(mutate(dice, corpus));
    // In step, so that the socket's buffer does not swallow most of them.
    if (i % 50 === 49) await expectGood(udp);
  }
  for (let i = 0; i < packetsOverTcp;) {
    using tcp = await openTcpClient(address);
    for (let on = 0; on < 20 && i < packetsOverTcp; on++, i++) {
      const message = mutate(dice, corpus);
      // Now and then the length lies, too.
      tcp.write(dice.roll(10) === 0 ? message : frame(message));
    }
    tcp.shutdown();
    while (typeof (await tcp.read(50)) !== "string");
  }
  await expectGood(udp);
  using tcp = await openTcpClient(address);
  tcp.write(frame(good));
  expect(await tcp.read(10_000)).toBeInstanceOf(Uint8Array);
  expect(server.count("failures")).toBe(0);
  expect(server.countReplies("udp", 0)).toBeGreaterThan(packetsOverUdp / 20);
  expect(server.countReplies("tcp", 1)).toBeGreaterThan(10);
  expect(server.aliveThreads()).toBe(server.wantedThreads);
}, 120_000);

async function expectGood(udp: Awaited<ReturnType<typeof openUdpClient>>): Promise<void> {
  for (let tries = 0; tries < 5; tries++) {
    const reply = await udp.ask(good, 3_000);
    if (reply === undefined) continue; // a full buffer lost it
    const { rcode, answer } = parseReply(reply);
    if (rcode === 0 && answer.length === 1) return; // else a bent packet had the same ID
  }
  throw new Error("The next good query was not answered");
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
