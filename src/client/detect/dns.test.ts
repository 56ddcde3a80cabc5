import { createSocket } from "node:dgram";
import type { RemoteInfo } from "node:dgram";
import { expect, test } from "bun:test";
import { parseName } from "../../dns/name.ts";
import { makeDnsSource } from "./dns.ts";
import type { Family } from "./source.ts";

const name = parseName("whoami.nameward.")!;

interface Fake extends AsyncDisposable {
  readonly port: number;
  readonly asked: readonly Buffer[];
}

/** A server that answers each datagram as told; from another port where `elsewhere` is. */
async function serve(
  reply: (query: Buffer, asked: number) => readonly Buffer[],
  { elsewhere = false } = {},
): Promise<Fake> {
  const asked: Buffer[] = [];
  const socket = createSocket("udp4");
  const other = createSocket("udp4");
  socket.on("message", (query: Buffer, from: RemoteInfo) => {
    asked.push(Buffer.from(query));
    for (const octets of reply(Buffer.from(query), asked.length)) {
      (elsewhere ? other : socket).send(octets, from.port, from.address);
    }
  });
  await new Promise<void>((done) => socket.bind(0, "127.0.0.1", done));
  await new Promise<void>((done) => other.bind(0, "127.0.0.1", done));
  return {
    port: socket.address().port,
    asked,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([socket, other].map((one) => new Promise<void>((done) => one.close(done))));
    },
  };
}

/** The query turned into a reply with TXT records of class CH. */
function answer(query: Buffer, texts: readonly string[], flags = 0x8400): Buffer {
  const head = Buffer.from(query);
  head.writeUInt16BE(flags, 2);
  head.writeUInt16BE(texts.length, 6);
  const records = texts.map((text) => {
    const fixed = Buffer.from("c00c0010000300000000", "hex"); // the name again, TXT, CH, TTL 0
    const rdata = Buffer.concat([Buffer.of(text.length), Buffer.from(text, "latin1")]);
    return Buffer.concat([fixed, Buffer.of(0, rdata.length), rdata]);
  });
  return Buffer.concat([head, ...records]);
}

function bent(octets: Buffer, at: number): Buffer {
  octets[at]! ^= 0x01;
  return octets;
}

async function detect(port: number, family: Family = 4, msMax = 5_000): Promise<string> {
  const server = { hostname: "127.0.0.1", port, name, text: `127.0.0.1:${port}` };
  const source = makeDnsSource(server, { mayBePrivate: false });
  const said = await source.detect(family, AbortSignal.timeout(msMax));
  return said.kind === "address" ? said.address.text : `${said.kind}: ${said.why}`;
}

const right = (query: Buffer): Buffer => answer(query, ["8.8.4.4"]);

/** What comes back, and what is made of it. */
const replies: readonly (readonly [
  string,
  (query: Buffer) => readonly Buffer[],
  string | RegExp,
])[] = [
  ["an address", (query) => [right(query)], "8.8.4.4"],
  [
    "a wrong ID, then the right one",
    (query) => [answer(bent(Buffer.from(query), 1), ["8.8.8.8"]), right(query)],
    "8.8.4.4",
  ],
  [
    "another name, then the right one",
    (query) => [answer(bent(Buffer.from(query), 14), ["8.8.8.8"]), right(query)],
    "8.8.4.4",
  ],
  ["our own question, then the right one", (query) => [query, right(query)], "8.8.4.4"],
  [
    "garbage, then the right one",
    (query) => [Buffer.from("garbage"), Buffer.alloc(0), right(query)],
    "8.8.4.4",
  ],
  [
    "two addresses",
    (query) => [answer(query, ["8.8.4.4", "8.8.8.8"])],
    /^failed: the answer has 2/,
  ],
  ["IPv6 where IPv4 was wanted", (query) => [answer(query, ["2600::1"])], /is no IPv4 address$/],
  ["a private address", (query) => [answer(query, ["10.0.0.1"])], /is not a global address$/],
  ["words", (query) => [answer(query, ["hello"])], "failed: its answer is no address"],
  ["nothing", (query) => [answer(query, [])], "failed: there is no address in the answer"],
  ["REFUSED", (query) => [answer(query, [], 0x8405)], "failed: it answers with RCODE 5"],
  ["TC", (query) => [answer(query, [], 0x8600)], "failed: it does not answer so often"],
];

for (const [what, reply, expected] of replies) {
  test(`${what}: ${String(expected)}`, async () => {
    await using server = await serve(reply);
    const said = await detect(server.port);
    if (typeof expected === "string") expect(said).toBe(expected);
    else expect(said).toMatch(expected);
    expect(server.asked).toHaveLength(1);
  });
}

test("what comes from another port is not taken", async () => {
  await using server = await serve((query) => [right(query)], { elsewhere: true });
  expect(await detect(server.port, 4, 300)).toBe("failed: it was called off");
  expect(server.asked.length).toBeGreaterThan(0);
});

test("a lost datagram is sent again", async () => {
  await using server = await serve((query, asked) => (asked === 1 ? [] : [right(query)]));
  expect(await detect(server.port)).toBe("8.8.4.4");
  expect(server.asked).toHaveLength(2);
});

test("the question is one for whoami.nameward, TXT, class CH, each time with another ID", async () => {
  await using server = await serve((query) => [right(query)]);
  for (let n = 0; n < 8; n++) await detect(server.port);
  const ids = new Set(server.asked.map((query) => query.readUInt16BE(0)));
  expect(ids.size).toBeGreaterThan(4);
  const names = "06 77686f616d69 08 6e616d6577617264 00"; // whoami, nameward, the root
  const expected = `0000 0001 0000 0000 0000 ${names} 0010 0003`.replaceAll(" ", "");
  for (const query of server.asked) expect(query.toString("hex").slice(4)).toBe(expected);
});

test("a server of the other family can tell nothing", async () => {
  expect(await detect(53, 6)).toBe("none: a server at 127.0.0.1 sees no IPv6 addresses");
});

test("a server that is not there is told", async () => {
  expect(await detect(9)).toMatch(/^failed: /);
});
