/** The same zones in established name servers and in ours: the same questions get the same answers. */

import { readdirSync } from "node:fs";
import { afterAll, beforeAll, expect, test } from "bun:test";
import { checkZone } from "../../src/dns/check-zone.ts";
import type { ResourceRecord } from "../../src/dns/resource-record.ts";
import { types } from "../../src/dns/record-types.ts";
import { parseZoneFile } from "../../src/dns/zone-file.ts";
import type { NameServer } from "../../src/nameserver/listen-dns.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { testWith } from "../debian.ts";
import { lackedTypes, printFor } from "../interop/zone-judge.ts";
import { openNameServer } from "./name-server.ts";
import { frame, openTcpClient, openUdpClient } from "./client.ts";
import type { Server, UdpClient } from "./client.ts";
import { differences } from "./compare-replies.ts";
import { startPeer } from "./peer-server.ts";
import type { PeerName } from "./peer-server.ts";
import { makeQuestions, printQuestion, writeQuestion } from "./questions.ts";
import type { Question } from "./questions.ts";
import { flagBits, parseReply } from "./reply.ts";
import type { Reply } from "./reply.ts";
import { makeRrsets, mustParseName, zoneFiles } from "./served-zone.ts";

/** How each is called, and what it reads in a zone file. */
const peers = {
  named: lackedTypes.bind,
  knotd: lackedTypes.knot,
  nsd: lackedTypes.nsd,
} as const satisfies Record<PeerName, readonly string[]>;

/** `npm test -- --queries=100000 --seed=7` */
const questionCount = Number(process.env["NAMEWARD_TEST_QUERIES"] ?? 24_000);
const seed = Number(process.env["NAMEWARD_TEST_SEED"] ?? 4_592);
const replyMs = 5_000;
const inFlight = 64;
const printedMax = 30;

const peerZones = new URL("./peer-zones/", import.meta.url).pathname;
const zones = new Map(
  await Promise.all([
    ...readdirSync(peerZones).map((file) => readZone(peerZones, file)),
    ...["ddns.test.zone", "types.test.zone"].map((file) => readZone(zoneFiles, file)),
  ]),
);
const questions = makeQuestions([...zones.values()].flat(), questionCount, seed);

/** What may differ; see the head of the file. */
interface Deviation {
  readonly peer: string;
  readonly question: RegExp;
  readonly aspect: string;
  readonly reason: string;
}
const citation = /RFC \d+ §/;
const deviations = await readDeviations();

const table = new ZoneTable({ bytesMax: 8 * 1024 * 1024, hashSeed: 6 });
let ours: NameServer;
let ourReplies: ReadonlyMap<Question, Reply>;
beforeAll(async () => {
  for (const [apexText, records] of zones) {
    const apex = mustParseName(apexText);
    table.openZone(apex);
    table.replaceRecords(apex, makeRrsets(records));
  }
  ours = await openNameServer(table);
  const replies = await askAll(ours.bound[0]!, questions);
  ourReplies = new Map(questions.map((question, i) => [question, replies[i]!]));
}, 120_000);
afterAll(async () => {
  await ours[Symbol.asyncDispose]();
});

test("there are 20,000 questions, over TCP and UDP, with all payload sizes, and of all types", () => {
  expect(questions.length).toBeGreaterThanOrEqual(20_000);
  const kinds = new Set(questions.map(({ transport, edns }) => `${transport} ${edns ?? "plain"}`));
  expect(kinds.size).toBe(18);
  const asked = new Set(questions.map(({ type }) => type));
  expect(Object.values(types).filter((type) => !asked.has(type))).toEqual([]);
  expect(asked.size).toBeGreaterThan(Object.values(types).length + 10);
});

for (const peerName of Object.keys(peers) as PeerName[]) {
  testWith(
    [peerName],
    `${peerName} and we answer alike, but for the deviations that are listed`,
    async () => {
      const { unlisted, unused } = await compareWith(peerName, zones, questions);
      expect(unlisted.slice(0, printedMax)).toEqual([]);
      expect(unused).toEqual([]);
    },
    120_000,
  );

  testWith(
    [peerName],
    `${peerName} with another address, and without a wildcard, a cut and its glue, is noticed`,
    async () => {
      const isLeftOut = /^(\*\.wild|deleg|ns2?\.deleg)\.ddns\.test\.$/;
      const others = (zones.get("ddns.test") ?? [])
        .filter(({ owner }) => !isLeftOut.test(owner.toString()))
        .map((record) =>
          record.owner.toString() === "only4.ddns.test."
            ? { ...record, rdata: Uint8Array.of(192, 0, 2, 5) }
            : record,
        );
      const asked = questions.filter(({ name }) => noticed.test(name.toString()));
      expect(asked.length).toBeGreaterThan(15);
      const { unlisted } = await compareWith(peerName, new Map([["ddns.test", others]]), asked);
      const aspects = unlisted.map((text) => text.split(": ").slice(0, 2).join(" "));
      expect(aspects).toContain("only4.ddns.test. A udp/plain answer");
      expect(aspects).toContain("zz.wild.ddns.test. A udp/plain rcode");
      expect(aspects).toContain("x.deleg.ddns.test. A udp/plain rcode");
    },
    60_000,
  );
}

/** Whose answers change in the zone that is not ours. */
const noticed = /^(zz\.wild|only4|x\.deleg)\.ddns\.test\.$/;

test("the comparison notices an answer that lacks a record, AA, the SOA or another RCODE", () => {
  const record = { owner: ["a"], type: 1, class: 1, ttl: 1, rdata: Buffer.from([1, 2, 3, 4]) };
  const other = { ...record, rdata: Buffer.from([1, 2, 3, 5]) };
  const reply: Reply = {
    id: 1,
    flags: 0x8400,
    opcode: 0,
    rcode: 0,
    questions: 1,
    question: Buffer.alloc(0),
    answer: [record],
    authority: [{ ...record, type: 6 }],
    additional: [],
    opt: undefined,
    octets: 0,
    trailing: 0,
  };
  const aspects = (changed: Partial<Reply>, type = 1): readonly string[] =>
    differences(type, reply, { ...reply, ...changed }).map(({ aspect }) => aspect);
  expect(aspects({})).toEqual([]);
  expect(aspects({ rcode: 3 })).toEqual(["rcode"]);
  expect(aspects({ flags: 0x8000 })).toEqual(["aa"]);
  expect(aspects({ flags: 0x8400 | flagBits.tc, answer: [] })).toEqual(["tc"]);
  expect(aspects({ flags: 0x8400 | flagBits.ra })).toEqual(["ra"]);
  expect(aspects({ answer: [] })).toEqual(["answer"]);
  expect(aspects({ answer: [other] })).toEqual(["answer"]);
  expect(aspects({ answer: [{ ...record, ttl: 2 }] })).toEqual(["answer"]);
  expect(aspects({ answer: [{ ...record, owner: ["A"] }] })).toEqual(["case"]);
  expect(aspects({ authority: [] })).toEqual(["authority"]);
  expect(aspects({ additional: [record] })).toEqual(["additional"]);
  // ANY: one of two is as good as both, another one or none is not
  expect(aspects({ answer: [record, other] }, 255)).toEqual([]);
  expect(aspects({ answer: [other] }, 255)).toEqual(["answer"]);
  expect(aspects({ answer: [] }, 255)).toEqual(["answer"]);
});

/** What differs from a peer that serves these zones: not listed, and listed without occurring. */
async function compareWith(
  peerName: PeerName,
  served: ReadonlyMap<string, readonly ResourceRecord[]>,
  asked: readonly Question[],
): Promise<{ readonly unlisted: readonly string[]; readonly unused: readonly Deviation[] }> {
  const lacks = new Set<string>(peers[peerName]);
  const texts = [...served].map(([apex, records]) => [
    apex,
    printFor({ lacks }, records, mustParseName(apex)),
  ]);
  await using peer = await startPeer(peerName, Object.fromEntries(texts));
  const replies = await askAll(peer.address, asked);
  const listed = deviations.filter((row) => row.peer === peerName);
  const used = new Set<Deviation>();
  const unlisted: string[] = [];
  for (const [i, question] of asked.entries()) {
    const text = printQuestion(question);
    const own = ourReplies.get(question)!;
    for (const { aspect, theirs, ours: we } of differences(question.type, replies[i]!, own)) {
      const rows = listed.filter((row) => row.aspect === aspect && row.question.test(text));
      for (const row of rows) used.add(row);
      if (rows.length === 0) unlisted.push(`${text}: ${aspect}: ${theirs} but we: ${we}`);
    }
  }
  return { unlisted, unused: listed.filter((row) => !used.has(row)) };
}

async function readZone(folder: string, file: string): Promise<[string, ResourceRecord[]]> {
  const apexText = file.replace(/\.zone$/, "");
  const apex = mustParseName(apexText);
  const parsed = parseZoneFile(await Bun.file(folder + file).bytes(), { file, origin: apex });
  const checked = checkZone(parsed.records, apex);
  expect([...parsed.errors, ...checked.errors]).toEqual([]);
  return [apexText, [...checked.records]];
}

async function askAll(server: Server, asked: readonly Question[]): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  using udp = await openUdpClient(server);
  for (let at = 0; at < asked.length; at += inFlight) {
    const batch = asked.slice(at, at + inFlight).map((question, i) => ({
      question,
      message: writeQuestion(question, (at + i) & 0xffff),
    }));
    const overTcp = batch.filter(({ question }) => question.transport === "tcp");
    const tcp = askTcp(
      server,
      overTcp.map(({ message }) => message),
    );
    const answered = batch.map(async ({ question, message }) => {
      const reply =
        question.transport === "udp"
          ? await askUdp(udp, message)
          : (await tcp).get((message[0]! << 8) | message[1]!);
      if (reply === undefined) throw new Error(`No answer to ${printQuestion(question)}`);
      return parseReply(reply);
    });
    replies.push(...(await Promise.all(answered)));
  }
  return replies;
}

async function askUdp(udp: UdpClient, message: Uint8Array): Promise<Uint8Array | undefined> {
  return (await udp.ask(message, replyMs)) ?? udp.ask(message, replyMs);
}

/** All in one write (RFC 7766 §6.2.1.1); the replies by their ID, in whatever order. */
async function askTcp(
  server: Server,
  messages: readonly Uint8Array[],
): Promise<ReadonlyMap<number, Uint8Array>> {
  const replies = new Map<number, Uint8Array>();
  if (messages.length === 0) return replies;
  using tcp = await openTcpClient(server);
  tcp.write(Buffer.concat(messages.map(frame)));
  while (replies.size < messages.length) {
    const reply = await tcp.read(replyMs);
    if (typeof reply === "string") break;
    replies.set((reply[0]! << 8) | reply[1]!, reply);
  }
  return replies;
}

async function readDeviations(): Promise<readonly Deviation[]> {
  const text = await Bun.file(new URL("./deviations.tsv", import.meta.url)).text();
  const rows = text.split("\n").filter((row) => row !== "" && !row.startsWith("#"));
  return rows.flatMap((row) => {
    const [peerNames = "", question = "", aspects = "", reason = ""] = row.split("\t");
    // Who reads the list must be able to judge it.
    expect([row, citation.test(reason) || reason.startsWith("As above")]).toEqual([row, true]);
    return peerNames
      .split(",")
      .flatMap((peer) =>
        aspects
          .split(",")
          .map((aspect) => ({ peer, question: new RegExp(question), aspect, reason })),
      );
  });
}
