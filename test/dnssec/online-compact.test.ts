/** What a signed zone says of names and types that are not there: RFC 9824, judged octet by octet. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { isSignature } from "../../src/dns/ecdsa.ts";
import { makeQuery, readMessage, writeMessage } from "../../src/dns/message.ts";
import { makeBitmap } from "../../src/dns/type-bitmap.ts";
import type { Message } from "../../src/dns/message.ts";
import { typeName, types } from "../../src/dns/record-types.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { Dice } from "../dns/mutate.ts";
import { openUdpClient } from "../dns/client.ts";
import type { UdpClient } from "../dns/client.ts";
import { openNameServer } from "../dns/name-server.ts";
import type { TestNameServer } from "../dns/name-server.ts";
import { mustParseName, serveZoneText } from "../dns/served-zone.ts";
import { findUnsigned } from "./online-signatures.ts";

const zone = `
$TTL 300
@ SOA ns hostmaster 7 3600 600 86400 60
@ NS ns
ns A 192.0.2.53
mail A 192.0.2.25
a.ent A 192.0.2.2
windows CAA 0 issue "ca.example.net"
windows TYPE65280 \\# 4 01020304
many A 192.0.2.1
many TXT "many"
many AAAA 2001:db8::1
many SVCB 1 . alpn=h2
many CAA 0 issue "ca.example.net"
many URI 10 1 "https://c.test/"
many TYPE65280 \\# 1 00
many TYPE65535 \\# 1 00
cut NS ns.cut
cut DS 1 13 2 0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF
ns.cut A 192.0.2.54
open NS ns
*.wild CNAME mail
`;

const nxname = 128; // RFC 9824 §3
const replyMs = 10_000;

const table = new ZoneTable({ bytesMax: 8 * 1024 * 1024, hashSeed: 5 });
let server: TestNameServer;
let client: UdpClient;
let dnskey: Uint8Array;
beforeAll(async () => {
  serveZoneText(table, "c.test", zone);
  server = await openNameServer(table);
  dnskey = server.sign("c.test");
  client = await openUdpClient(server.bound[0]!);
});
afterAll(async () => {
  client[Symbol.dispose]();
  await server[Symbol.asyncDispose]();
});

/** EDNS flags: DO, RFC 3225 §3, and CO, RFC 9824 §5.1. */
const dnssecOk = 0x8000;
const compactOk = 0x4000;

let id = 0;
async function ask(name: string, type: number, flags: number) {
  const query = makeQuery(mustParseName(`${name}.`), type, { id: ++id, edns: {} });
  const octets = writeMessage(query);
  octets[octets.length - 4] = flags >> 8; // OPT without options stands last, its flags in front of its length
  const reply = await client.ask(octets, replyMs);
  if (reply === undefined) throw new Error(`no answer to ${name} ${typeName(type)}`);
  const message = readMessage(reply);
  return { message, flags: (reply.at(-4)! << 8) | reply.at(-3)! };
}

function typesOf(records: Message["answers"]): string {
  return records.map((record) => typeName(record.type)).join(" ");
}

/** Name, type, EDNS flags; then RCODE, EDNS flags, and the types of the answer and the authority section. */
const denials = [
  ["nothing", "A", dnssecOk, 0, dnssecOk, "", "SOA RRSIG NSEC RRSIG"],
  ["nothing", "A", dnssecOk | compactOk, 3, dnssecOk | compactOk, "", "SOA RRSIG NSEC RRSIG"],
  ["nothing", "A", 0, 3, 0, "", "SOA"],
  ["nothing", "A", compactOk, 3, 0, "", "SOA"], // without DO the flag means nothing
  ["ent", "A", dnssecOk, 0, dnssecOk, "", "SOA RRSIG NSEC RRSIG"],
  ["ent", "A", dnssecOk | compactOk, 0, dnssecOk | compactOk, "", "SOA RRSIG NSEC RRSIG"],
  ["ent", "A", 0, 0, 0, "", "SOA"],
  ["mail", "AAAA", dnssecOk, 0, dnssecOk, "", "SOA RRSIG NSEC RRSIG"],
  ["mail", "AAAA", 0, 0, 0, "", "SOA"],
  ["mail", "A", dnssecOk, 0, dnssecOk, "A RRSIG", ""],
  ["mail", "A", dnssecOk | compactOk, 0, dnssecOk | compactOk, "A RRSIG", ""],
  ["mail", "A", 0, 0, 0, "A", ""],
  ["x.wild", "A", dnssecOk, 0, dnssecOk, "CNAME RRSIG A RRSIG", ""],
  ["x.cut", "A", dnssecOk, 0, dnssecOk, "", "NS DS RRSIG"],
  ["x.open", "A", dnssecOk, 0, dnssecOk, "", "NS NSEC RRSIG"],
  ["x.open", "A", 0, 0, 0, "", "NS"],
  // The NSEC of every name, there or not, says that it has these two: so it must not be denied.
  ["mail", "NSEC", dnssecOk, 0, dnssecOk, "NSEC RRSIG", ""],
  ["ent", "NSEC", dnssecOk, 0, dnssecOk, "NSEC RRSIG", ""],
  ["nothing", "NSEC", dnssecOk, 0, dnssecOk, "NSEC RRSIG", ""],
  ["nothing", "NSEC", 0, 3, 0, "", "SOA"],
  ["mail", "RRSIG", dnssecOk, 0, dnssecOk, "RRSIG", ""],
  ["ent", "RRSIG", dnssecOk, 0, dnssecOk, "RRSIG", ""],
  ["nothing", "RRSIG", dnssecOk, 0, dnssecOk, "RRSIG", ""],
  ["nothing", "RRSIG", dnssecOk | compactOk, 3, dnssecOk | compactOk, "RRSIG", ""],
  ["nothing", "RRSIG", 0, 3, 0, "", "SOA"],
] as const;

for (const [label, type, asked, rcode, flags, answer, authority] of denials) {
  const words = [
    (asked & dnssecOk) === 0 ? "without DO" : "with DO",
    (asked & compactOk) === 0 ? "" : " and CO",
  ];
  test(`${label} ${type} ${words.join("")}: RCODE ${rcode}, ${answer || "no answer"}`, async () => {
    const reply = await ask(`${label}.c.test`, types[type], asked);
    expect({
      rcode: reply.message.rcode,
      flags: reply.flags,
      answer: typesOf(reply.message.answers),
      authority: typesOf(reply.message.authority),
    }).toEqual({ rcode, flags, answer, authority });
  });
}

/** RFC 4034 §4.1.2; RRSIG and NSEC are at every name, and what is no type of the parent's at a cut is left out. */
const bitmaps: readonly [label: string, asked: number, types: readonly number[]][] = [
  ["nothing", types.A, [types.RRSIG, types.NSEC, nxname]],
  ["nothing", types.NSEC, [types.RRSIG, types.NSEC, nxname]],
  ["ent", types.A, [types.RRSIG, types.NSEC]],
  ["ent", types.NSEC, [types.RRSIG, types.NSEC]],
  ["mail", types.MX, [types.A, types.RRSIG, types.NSEC]],
  ["windows", types.A, [types.RRSIG, types.NSEC, types.CAA, 65_280]], // windows 0, 1 and 255
  [
    "many",
    types.MX,
    [
      types.A,
      types.TXT,
      types.AAAA,
      types.RRSIG,
      types.NSEC,
      types.SVCB,
      types.URI,
      types.CAA,
      65_280,
      65_535,
    ],
  ],
  ["x.open", types.A, [types.NS, types.RRSIG, types.NSEC]],
  ["x.wild", types.NSEC, [types.CNAME, types.RRSIG, types.NSEC]],
];

for (const [label, type, listed] of bitmaps) {
  test(`the NSEC beside ${label} ${typeName(type)} lists ${listed.map(typeName).join(" ")}`, async () => {
    const { message } = await ask(`${label}.c.test`, type, dnssecOk);
    const nsec = [...message.answers, ...message.authority].find(
      (record) => record.type === types.NSEC,
    )!;
    const next = Buffer.concat([Uint8Array.of(1, 0), nsec.owner.octets]); // RFC 9824 §3.1
    const wanted = Buffer.concat([next, makeBitmap(listed)]).toString("hex");
    expect(Buffer.from(nsec.rdata).toString("hex")).toBe(wanted);
  });
}

test("any set of types is listed as a writer that takes them in any order lists it", async () => {
  const dice = new Dice(11);
  const sets = Array.from({ length: 200 }, () => {
    const count = 1 + dice.roll(12);
    return Array.from({ length: count }, () => 1_024 + dice.roll(65_536 - 1_024));
  });
  // Any TYPE that no one has named may stand beside any other.
  const records = sets.flatMap((set, i) => set.map((type) => `s${i} TYPE${type} \\# 1 00\n`));
  serveZoneText(table, "sets.test", `$TTL 60\n@ SOA ns h 1 1 1 1 1\n@ NS ns\n${records.join("")}`);
  server.sign("sets.test");
  let listed = 0;
  for (const [i, set] of sets.entries()) {
    const { message } = await ask(`s${i}.sets.test`, types.A, dnssecOk);
    const nsec = message.authority.find((record) => record.type === types.NSEC)!;
    const bitmap = nsec.rdata.subarray(2 + nsec.owner.octets.length);
    const wanted = makeBitmap([...set, types.RRSIG, types.NSEC]);
    expect([i, Buffer.from(bitmap).toString("hex")]).toEqual([
      i,
      Buffer.from(wanted).toString("hex"),
    ]);
    listed += set.length;
  }
  expect(listed).toBeGreaterThan(1_000);
});

test("every record of every such answer is signed by the key of the zone, but glue and NS at a cut", async () => {
  let signatures = 0;
  for (const [label, type] of denials) {
    const { message } = await ask(`${label}.c.test`, types[type], dnssecOk);
    const judged = findUnsigned(message, mustParseName("c.test."), dnskey);
    expect([label, type, judged.unsigned]).toEqual([
      label,
      type,
      label.startsWith("x.cut") || label.startsWith("x.open") ? ["NS"] : [],
    ]);
    signatures += judged.signatures;
  }
  expect(signatures).toBeGreaterThan(denials.length);
});

test("the judge of signatures notices one bent octet, of a record or of a signature", async () => {
  const { message } = await ask("mail.c.test", types.A, dnssecOk);
  const apex = mustParseName("c.test.");
  for (const at of [0, 1]) {
    const answers = message.answers.map((record, i) => {
      const rdata = record.rdata.slice();
      if (i === at) rdata[rdata.length - 1]! ^= 1;
      return { ...record, rdata };
    });
    expect(findUnsigned({ ...message, answers }, apex, dnskey).unsigned).toEqual(["A"]);
  }
  expect(findUnsigned(message, apex, dnskey).unsigned).toEqual([]);
  expect(isSignature(dnskey.slice(4), new Uint8Array(1), new Uint8Array(64))).toBe(false);
});
