import { expect, test } from "bun:test";
import { mustParseName, serveZoneText } from "../../test/dns/served-zone.ts";
import { parseCidr } from "../base/address.ts";
import { makeQuery, rcodes, readMessage, writeMessage } from "../dns/message.ts";
import type { Message } from "../dns/message.ts";
import { printRdata, types } from "../dns/record-types.ts";
import { classes } from "../dns/resource-record.ts";
import { ZoneReader } from "../zone/zone-reader.ts";
import { ZoneTable } from "../zone/zone-table.ts";
import { CookieSecrets, ServerCookies } from "./cookies.ts";
import { ednsOptions } from "./query.ts";
import { Responder } from "./respond.ts";
import type { ResponderParts, Transport } from "./respond.ts";
import { makeResponseLimitTable, ResponseLimit } from "./response-limit.ts";

const table = new ZoneTable({ bytesMax: 1 << 20, hashSeed: 8 });
serveZoneText(
  table,
  "dyn.test",
  `$TTL 60
@ SOA ns hostmaster 2024010101 3600 600 86400 30
@ NS ns
ns A 192.0.2.53
cam1 A 192.0.2.1
big TXT ${Array.from({ length: 6 }, (_, i) => `"${String(i).repeat(250)}"`).join(" ")}
deleg NS ns.deleg
ns.deleg A 192.0.2.54
`,
);

const nowSeconds = 1_700_000_000;
const clock = { now: () => nowSeconds * 1_000, monotonicMs: () => 0 };
const secrets = new CookieSecrets(new Uint8Array(32).fill(3), clock);
const names = { id: "ns1.example", version: "Nameward" };

interface Asked {
  readonly name?: string;
  readonly type?: number;
  readonly class?: number;
  /** `code` and data of options; undefined: no OPT. */
  readonly options?: readonly (readonly [code: number, hex: string])[] | undefined;
  readonly isDnssecOk?: boolean;
  readonly transport?: Transport;
}

function makeResponder(parts: ResponderParts = {}): Responder {
  const reader = new ZoneReader(table.buffer, table.hashSeed, 0);
  const cookies = new ServerCookies(secrets.buffer);
  const responder = new Responder(reader, { cookies, names, tcpIdleMs: 10_000, ...parts });
  responder.peer.setText("198.51.100.7");
  responder.nowSeconds = nowSeconds;
  return responder;
}

function writeQuestion(asked: Asked): Uint8Array {
  const { name = "cam1.dyn.test.", type = types.A, options, isDnssecOk = false } = asked;
  const edns = options && {
    isDnssecOk,
    options: options.map(([code, hex]) => ({ code, octets: Buffer.from(hex, "hex") })),
  };
  const question = { id: 7, class: asked.class ?? classes.IN, ...(edns && { edns }) };
  return writeMessage(makeQuery(mustParseName(name), type, question));
}

function ask(responder: Responder, asked: Asked): Message {
  const query = writeQuestion(asked);
  const length = responder.respond(query, query.length, asked.transport ?? "udp");
  return readMessage(responder.reply.slice(0, length));
}

/** Options of the reply, as code and hex. */
function optionsOf(message: Message): readonly (readonly [number, string])[] {
  return (message.edns?.options ?? []).map(({ code, octets }) => [
    code,
    Buffer.from(octets).toString("hex"),
  ]);
}

const clientCookie = "2464c4abcf10c957";
const { NSID, COOKIE, KEEPALIVE, EDE, ZONEVERSION } = ednsOptions;
const idHex = Buffer.from(names.id).toString("hex");
const serialHex = (2_024_010_101).toString(16).padStart(8, "0");

const optionCases: readonly (readonly [string, Asked, readonly (readonly [number, string])[]])[] = [
  ["NSID is the server's id (RFC 5001 §2.2)", { options: [[NSID, ""]] }, [[NSID, idHex]]],
  [
    "NSID is told beside an error, too",
    { name: "elsewhere.test.", options: [[NSID, ""]] },
    [
      [NSID, idHex],
      [EDE, "0014"],
    ],
  ],
  [
    "ZONEVERSION is labels of the apex, type 0 and the serial (RFC 9660 §2)",
    { options: [[ZONEVERSION, ""]] },
    [[ZONEVERSION, `0200${serialHex}`]],
  ],
  [
    "ZONEVERSION stands beside NXDOMAIN",
    { name: "nope.dyn.test.", options: [[ZONEVERSION, ""]] },
    [[ZONEVERSION, `0200${serialHex}`]],
  ],
  [
    "ZONEVERSION of the zone that delegates stands beside a referral",
    { name: "x.deleg.dyn.test.", options: [[ZONEVERSION, ""]] },
    [[ZONEVERSION, `0200${serialHex}`]],
  ],
  [
    "ZONEVERSION has nothing to say where the zone is not ours",
    { name: "elsewhere.test.", options: [[ZONEVERSION, ""]] },
    [[EDE, "0014"]],
  ],
  [
    "keepalive over TCP is the idle time in units of 100 ms (RFC 7828 §3.1)",
    { options: [[KEEPALIVE, ""]], transport: "tcp" },
    [[KEEPALIVE, "0064"]],
  ],
  ["keepalive over UDP is ignored (RFC 7828 §3.2.1)", { options: [[KEEPALIVE, ""]] }, []],
  ["an option that nobody knows is not echoed", { options: [[65_001, "0102"]] }, []],
  ["an option that was not asked for is not sent", { options: [] }, []],
  [
    "a zone that is not ours is refused as Not Authoritative (RFC 8914 §4.21)",
    { name: "elsewhere.test.", options: [] },
    [[EDE, "0014"]],
  ],
  [
    "NXNAME is an Invalid Query Type (RFC 9824 §3.5)",
    { type: types.NXNAME, options: [] },
    [[EDE, "001e"]],
  ],
  [
    "a transfer that is not allowed is Prohibited (RFC 8914 §4.19)",
    { name: "dyn.test.", type: types.AXFR, options: [], transport: "tcp" },
    [[EDE, "0012"]],
  ],
];
for (const [what, asked, expected] of optionCases) {
  test(what, () => {
    expect(optionsOf(ask(makeResponder(), asked))).toEqual([...expected]);
  });
}

test("a server without names tells none", () => {
  const nameless = makeResponder({ names: { id: "", version: "" } });
  expect(optionsOf(ask(nameless, { options: [[NSID, ""]] }))).toEqual([]);
  for (const name of ["version.bind.", "id.server."]) {
    const reply = ask(nameless, { name, type: types.TXT, class: classes.CH });
    expect([reply.rcode, reply.answers.length]).toEqual([rcodes.REFUSED, 0]);
  }
});

for (const [name, text] of [
  ["version.bind.", names.version],
  ["VERSION.Server.", names.version],
  ["id.server.", names.id],
  ["hostname.bind.", names.id],
] as const) {
  test(`${name} in class CH is what is configured (RFC 4892 §2)`, () => {
    const reply = ask(makeResponder(), { name, type: types.TXT, class: classes.CH });
    expect(reply.rcode).toBe(rcodes.NOERROR);
    expect(reply.answers.map((record) => [record.class, record.ttlSeconds])).toEqual([
      [classes.CH, 0],
    ]);
    expect(printRdata(types.TXT, reply.answers[0]!.rdata)).toBe(`"${text}"`);
  });
}

for (const [from, text] of [
  ["198.51.100.7", "198.51.100.7"],
  ["2001:db8::7", "2001:db8::7"],
  ["2001:db8:1:2:3:4:5:ffff", "2001:db8:1:2:3:4:5:ffff"],
] as const) {
  test(`whoami.nameward in class CH tells ${from} its address, also without names`, () => {
    const responder = makeResponder({ names: { id: "", version: "" } });
    responder.peer.setText(from);
    const reply = ask(responder, {
      name: "WhoAmI.nameward.",
      type: types.TXT,
      class: classes.CH,
    });
    expect([reply.rcode, reply.flags.has("aa")]).toEqual([rcodes.NOERROR, true]);
    expect(reply.answers.map((record) => [record.class, record.ttlSeconds])).toEqual([
      [classes.CH, 0],
    ]);
    expect(printRdata(types.TXT, reply.answers[0]!.rdata)).toBe(`"${text}"`);
  });
}

test("whoami.nameward is no name of class IN", () => {
  const reply = ask(makeResponder(), { name: "whoami.nameward.", type: types.TXT });
  expect([reply.rcode, reply.answers.length]).toEqual([rcodes.REFUSED, 0]);
});

test("other names and types of class CH have no answer", () => {
  const responder = makeResponder();
  const other = ask(responder, { name: "authors.bind.", type: types.TXT, class: classes.CH });
  expect(other.rcode).toBe(rcodes.REFUSED);
  const typed = ask(responder, { name: "id.server.", type: types.A, class: classes.CH });
  expect([typed.rcode, typed.answers.length]).toEqual([rcodes.NOERROR, 0]);
});

test("a first cookie is completed, and what comes back is taken as ours (RFC 7873 §5.2)", () => {
  const responder = makeResponder();
  const [first] = optionsOf(ask(responder, { options: [[COOKIE, clientCookie]] }));
  expect(first).toEqual([
    COOKIE,
    expect.stringMatching(new RegExp(`^${clientCookie}01000000[0-9a-f]{24}$`)),
  ]);
  const again = ask(responder, { options: [[COOKIE, first![1]]] });
  expect(again.rcode).toBe(rcodes.NOERROR);
  expect(optionsOf(again)).toEqual([first!]); // young, so it goes back as it came
});

test("a cookie of another address or another server is answered with a fresh one", () => {
  const responder = makeResponder();
  const [[, cookie]] = optionsOf(ask(responder, { options: [[COOKIE, clientCookie]] })) as [
    [number, string],
  ];
  responder.peer.setText("2001:db8::7");
  const reply = ask(responder, { options: [[COOKIE, cookie]] });
  expect([reply.rcode, reply.answers.length]).toEqual([rcodes.NOERROR, 1]);
  const [[, fresh]] = optionsOf(reply) as [[number, string]];
  expect(fresh.slice(0, 16)).toBe(clientCookie);
  expect(fresh).not.toBe(cookie);
});

for (const octets of [0, 7, 9, 15, 41]) {
  test(`a cookie of ${octets} octets is malformed (RFC 7873 §5.2.2)`, () => {
    const query = { options: [[COOKIE, "ab".repeat(octets)] as const] };
    expect(ask(makeResponder(), query).rcode).toBe(rcodes.FORMERR);
  });
}

test("a question without a question is for who wants a cookie (RFC 7873 §5.4)", () => {
  const responder = makeResponder();
  const query = {
    ...readMessage(writeQuestion({ options: [[COOKIE, clientCookie]] })),
    questions: [],
  };
  const octets = writeMessage(query);
  const reply = readMessage(
    responder.reply.slice(0, responder.respond(octets, octets.length, "udp")),
  );
  expect([reply.rcode, reply.questions.length]).toEqual([rcodes.NOERROR, 0]);
  expect(optionsOf(reply)[0]?.[1].length).toBe(48);
  const bare = writeMessage({ ...query, edns: undefined });
  expect(responder.respond(bare, bare.length, "udp")).toBe(12);
  expect(responder.rcode).toBe(rcodes.FORMERR);
});

function limited(slip: number, exempt: readonly string[] = []): Responder {
  const rule = { perSecond: 1, slip, exempt: exempt.map((text) => parseCidr(text)!) };
  const responder = makeResponder({ limit: new ResponseLimit(rule, makeResponseLimitTable(), 1) });
  // The burst: five seconds of the rate.
  for (let n = 0; n < 5; n++) expect(ask(responder, {}).answers.length).toBe(1);
  return responder;
}

test("above the limit UDP is answered with TC and nothing else, TCP as ever", () => {
  const responder = limited(1);
  const reply = ask(responder, { options: [] });
  expect([...reply.flags]).toContain("tc");
  expect([reply.rcode, reply.answers.length, reply.edns?.udpOctets]).toEqual([0, 0, 1_232]);
  expect(responder.isLimited).toBe(true);
  expect(ask(responder, { transport: "tcp" }).answers.length).toBe(1);
  expect(responder.isLimited).toBe(false);
});

test("above the limit whoami.nameward is answered with TC as well", () => {
  const whoami = { name: "whoami.nameward.", type: types.TXT, class: classes.CH };
  const reply = ask(limited(1), whoami);
  expect([reply.flags.has("tc"), reply.answers.length]).toEqual([true, 0]);
});

test("above the limit a client that speaks of cookies learns one by BADCOOKIE, and with it is answered", () => {
  const responder = limited(1);
  const refused = ask(responder, { options: [[COOKIE, clientCookie]] });
  expect([refused.rcode, refused.answers.length]).toEqual([rcodes.BADCOOKIE, 0]);
  const [cookie] = optionsOf(refused);
  const answered = ask(responder, { options: [cookie!] });
  expect([answered.rcode, answered.answers.length]).toEqual([rcodes.NOERROR, 1]);
});

test("above the limit what is malformed hears nothing, and with slip 0 nobody does", () => {
  const malformed = Uint8Array.of(0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0xff);
  const responder = limited(1);
  expect(responder.respond(malformed, malformed.length, "udp")).toBe(0);
  const silent = limited(0);
  const query = writeQuestion({});
  expect(silent.respond(query, query.length, "udp")).toBe(0);
  expect(silent.isLimited).toBe(true);
});

test("who is exempt is answered however often it asks", () => {
  const responder = limited(1, ["198.51.100.0/24"]);
  for (let n = 0; n < 20; n++) expect(ask(responder, {}).answers.length).toBe(1);
});

test("a truncated reply keeps OPT with its options (RFC 6891 §7)", () => {
  const asked = { name: "big.dyn.test.", type: types.TXT };
  const reply = ask(makeResponder(), {
    ...asked,
    options: [
      [COOKIE, clientCookie],
      [NSID, ""],
    ],
  });
  expect([...reply.flags]).toContain("tc");
  expect(reply.answers).toEqual([]);
  expect(optionsOf(reply).map(([code]) => code)).toEqual([COOKIE, NSID]);
  const whole = ask(makeResponder(), { ...asked, transport: "tcp" });
  expect([whole.flags.has("tc"), whole.answers.length]).toEqual([false, 1]);
});
