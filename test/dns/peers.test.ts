import { afterAll, beforeAll, expect, test } from "bun:test";
import { makeQuery, writeMessage } from "../../src/dns/message.ts";
import type { Name } from "../../src/dns/name.ts";
import { typeName, types } from "../../src/dns/record-types.ts";
import { parseZoneFile } from "../../src/dns/zone-file.ts";
import type { NameServer } from "../../src/nameserver/listen-dns.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { testWith } from "../debian.ts";
import { openNameServer } from "./name-server.ts";
import { frame, openTcpClient, openUdpClient } from "./client.ts";
import type { Server, UdpClient } from "./client.ts";
import { startPeer } from "./peer-server.ts";
import type { PeerName } from "./peer-server.ts";
import { flagBits, fold, parseReply } from "./reply.ts";
import type { Reply, ReplyRecord } from "./reply.ts";
import { mustParseName, serveZoneText, zoneFiles } from "./served-zone.ts";

/** A zone and one below it that is served too, with what the parent says about the child. */
const parentZone = `
$TTL 300
@ SOA ns.nested.test. hostmaster.nested.test. 7 3600 600 86400 30
@ NS ns
ns A 192.0.2.53
mail MX 10 mx1.child
child NS ns.child
child DS 1 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
ns.child A 192.0.2.99
glue.child A 192.0.2.98
into CNAME www.child
intonothing CNAME nothing.child
away CNAME host.ddns.test.
out.dname DNAME child
chain1.dname DNAME chain2.dname
chain2.dname DNAME w
*.w TXT "below w"
*.w MX 5 mx.w
deep.x.w A 192.0.2.11
*.deep.x.w A 192.0.2.12
other NS ns.other
other NS ns
other NS ns.elsewhere.invalid.
ns.other A 192.0.2.13
ns.other AAAA 2001:db8::13
star.other A 192.0.2.14
loop1 CNAME loop2
loop2 CNAME loop3
loop3 CNAME loop1
self CNAME self
same.self TXT "below an alias"
`;
const childZone = `
$TTL 400
@ SOA ns hostmaster 9 3600 600 86400 20
@ NS ns
ns A 192.0.2.99
www A 192.0.2.80
www TXT "child"
`;

const peers: readonly PeerName[] = ["named", "knotd"];
const askedTypes = [
  types.A,
  types.AAAA,
  types.NS,
  types.SOA,
  types.CNAME,
  types.MX,
  types.TXT,
  types.DNAME,
  types.DS,
  types.SRV,
  65_280,
];
const queriesMin = 4_000;
const replyMs = 5_000;
const inFlight = 20;
/** Over TCP each of so many. */
const tcpEach = 11;

const zones: Record<string, string> = {
  "ddns.test": await Bun.file(`${zoneFiles}ddns.test.zone`).text(),
  "nested.test": parentZone,
  "child.nested.test": childZone,
};

/** What may differ: peer, question as a regular expression, aspect, reason. */
interface Deviation {
  readonly peer: string;
  readonly question: RegExp;
  readonly aspect: string;
  readonly reason: string;
}
const deviations = await readDeviations();

interface Question {
  readonly name: Name;
  readonly type: number;
  readonly hasEdns: boolean;
  readonly transport: "udp" | "tcp";
}

const table = new ZoneTable({ bytesMax: 8 * 1024 * 1024, hashSeed: 6 });
let ours: NameServer;
beforeAll(async () => {
  for (const [apex, text] of Object.entries(zones)) serveZoneText(table, apex, text);
  ours = await openNameServer(table);
});
afterAll(async () => {
  await ours[Symbol.asyncDispose]();
});

for (const peerName of peers) {
  testWith(
    [peerName],
    `${peerName} and we answer alike, but for the deviations that are listed`,
    async () => {
      await using peer = await startPeer(peerName, zones);
      const questions = makeQuestions();
      const used = new Set<Deviation>();
      const unlisted: string[] = [];
      const answers = await askAll(peer.address, questions);
      const ourAnswers = await askAll(ours.bound[0]!, questions);
      for (const [i, question] of questions.entries()) {
        const text = `${question.name} ${typeName(question.type)}`;
        for (const { aspect, theirs, own } of differences(answers[i]!, ourAnswers[i]!)) {
          const listed = deviations.filter(
            (row) => row.peer === peerName && row.aspect === aspect && row.question.test(text),
          );
          for (const row of listed) used.add(row);
          if (listed.length === 0) {
            unlisted.push(`${text} (${question.transport}): ${aspect}: ${theirs} but we: ${own}`);
          }
        }
      }
      expect(unlisted.slice(0, 30)).toEqual([]);
      const unused = deviations.filter((row) => row.peer === peerName && !used.has(row));
      expect(unused).toEqual([]);
      expect(questions.length).toBeGreaterThan(queriesMin);
    },
    120_000,
  );
}

test("the comparison notices an answer that lacks a record, AA, the SOA or another RCODE", () => {
  const record = { owner: ["a"], type: 1, class: 1, ttl: 1, rdata: Buffer.from([1, 2, 3, 4]) };
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
  const aspects = (other: Partial<Reply>): readonly string[] =>
    differences(reply, { ...reply, ...other }).map(({ aspect }) => aspect);
  expect(aspects({})).toEqual([]);
  expect(aspects({ rcode: 3 })).toEqual(["rcode"]);
  expect(aspects({ flags: 0x8000 })).toEqual(["aa"]);
  expect(aspects({ answer: [] })).toEqual(["answer"]);
  expect(aspects({ answer: [{ ...record, ttl: 2 }] })).toEqual(["answer"]);
  expect(aspects({ authority: [] })).toEqual(["authority"]);
});

/** Names at, above, below and beside every owner, asked for every type. */
function makeQuestions(): readonly Question[] {
  const names = new Map<string, Name>();
  for (const [apex, text] of Object.entries(zones)) {
    const file = parseZoneFile(text, { file: apex, origin: mustParseName(apex) });
    for (const { owner } of file.records)
      for (const name of around(owner)) names.set(name.key, name);
  }
  const questions = [...names.values()].flatMap((name) =>
    askedTypes.flatMap((type) => [false, true].map((hasEdns) => ({ name, type, hasEdns }))),
  );
  return questions.map((question, i) => ({
    ...question,
    transport: i % tcpEach === 0 ? ("tcp" as const) : ("udp" as const),
  }));
}

function around(owner: Name): Name[] {
  const child = (name: Name | undefined, label: string): Name | undefined =>
    name?.child(Buffer.from(label));
  return [
    owner,
    owner.parent(),
    child(owner, "x"),
    child(owner, "*"),
    child(child(owner, "y"), "x"),
    child(owner.parent(), "zz"),
  ].filter((name) => name !== undefined);
}

async function askAll(server: Server, questions: readonly Question[]): Promise<readonly Reply[]> {
  const replies: Reply[] = [];
  using udp = await openUdpClient(server);
  for (let at = 0; at < questions.length; at += inFlight) {
    const batch = questions.slice(at, at + inFlight);
    replies.push(...(await Promise.all(batch.map((one, i) => ask(server, udp, one, at + i)))));
  }
  return replies;
}

async function ask(
  server: Server,
  udp: UdpClient,
  { name, type, hasEdns, transport }: Question,
  id: number,
): Promise<Reply> {
  const message = writeMessage(makeQuery(name, type, { id, ...(hasEdns ? { edns: {} } : {}) }));
  const asked = (): Promise<Uint8Array | undefined> =>
    transport === "udp" ? udp.ask(message, replyMs) : askTcp(server, message);
  const reply = (await asked()) ?? (await asked());
  if (reply === undefined) throw new Error(`No answer to ${name} ${typeName(type)}`);
  return parseReply(reply);
}

async function askTcp(server: Server, message: Uint8Array): Promise<Uint8Array | undefined> {
  using tcp = await openTcpClient(server);
  tcp.write(frame(message));
  const reply = await tcp.read(replyMs);
  return typeof reply === "string" ? undefined : reply;
}

function differences(
  theirs: Reply,
  own: Reply,
): readonly { readonly aspect: string; readonly theirs: string; readonly own: string }[] {
  const aspects: readonly [string, (reply: Reply) => string][] = [
    ["rcode", ({ rcode }) => String(rcode)],
    ["aa", ({ flags }) => String((flags & flagBits.aa) !== 0)],
    ["tc", ({ flags }) => String((flags & flagBits.tc) !== 0)],
    // RFC 2181 §9: what stands in a truncated reply is not used.
    ["answer", ({ flags, answer }) => ((flags & flagBits.tc) === 0 ? printSet(answer) : "")],
    [
      "authority",
      ({ authority }) => printSet(authority.filter(({ type }) => type === 6 || type === 2)),
    ],
    ["glue", (reply) => (isReferral(reply) ? printSet(reply.additional.filter(isAddress)) : "")],
  ];
  return aspects.flatMap(([aspect, print]) =>
    print(theirs) === print(own) ? [] : [{ aspect, theirs: print(theirs), own: print(own) }],
  );
}

function isReferral({ flags, authority }: Reply): boolean {
  return (flags & flagBits.aa) === 0 && authority.some(({ type }) => type === 2);
}

function isAddress({ type }: ReplyRecord): boolean {
  return type === 1 || type === 28;
}

function printSet(records: readonly ReplyRecord[]): string {
  return records
    .map(({ owner, type, ttl, rdata }) =>
      [fold(owner.join(".")), typeName(type), ttl, rdata.toString("hex")].join(" "),
    )
    .sort()
    .join("; ");
}

async function readDeviations(): Promise<readonly Deviation[]> {
  const text = await Bun.file(new URL("./deviations.tsv", import.meta.url)).text();
  const rows = text.split("\n").filter((row) => row !== "" && !row.startsWith("#"));
  return rows.map((row) => {
    const [peer = "", question = "", aspect = "", reason = ""] = row.split("\t");
    expect(reason).not.toBe("");
    return { peer, question: new RegExp(question), aspect, reason };
  });
}
