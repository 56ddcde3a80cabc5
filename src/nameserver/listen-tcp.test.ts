import { afterEach, expect, test } from "bun:test";
import { frame, openTcpClient } from "../../test/dns/client.ts";
import type { TcpClient } from "../../test/dns/client.ts";
import { parseReply } from "../../test/dns/reply.ts";
import { mustParseName, serveZoneFile } from "../../test/dns/served-zone.ts";
import { systemClock } from "../base/clock.ts";
import { makeQuery, writeMessage } from "../dns/message.ts";
import { types } from "../dns/record-types.ts";
import { ZoneReader } from "../zone/zone-reader.ts";
import { ZoneTable } from "../zone/zone-table.ts";
import { DnsCounts } from "./dns-counts.ts";
import { listenTcp } from "./listen-tcp.ts";
import type { TcpLimits } from "./tcp-limits.ts";
import { Responder } from "./respond.ts";

const table = new ZoneTable({ bytesMax: 8 * 1024 * 1024, hashSeed: 4 });
await serveZoneFile(table, "ddns.test");

/** What a test does not fill is out of its way. */
const roomy: TcpLimits = {
  connections: 100,
  connectionsPerAddress: 100,
  waitingMax: 10,
  waitingMs: 1_000,
  idleMs: 60_000,
  messageMs: 60_000,
  unsentOctetsMax: 1 << 20,
};
/** A reply that is owed comes at once; the wait is long because the machine may be busy. */
const replyMs = 10_000;

const opened: Disposable[] = [];
afterEach(() => {
  for (const one of opened.splice(0).reverse()) one[Symbol.dispose]();
});

const host = query("host.ddns.test.", types.A, 1);
/** 30 TXT records: a small question with a large answer. */
const big = query("big.ddns.test.", types.TXT, 2);

test("messages on one connection are answered in their order, however they are cut", async () => {
  const { client } = await start({});
  const octets = Buffer.concat(Array.from({ length: 50 }, (_, i) => frame(withId(host, i))));
  for (let at = 0; at < octets.length; at += 7) client.write(octets.subarray(at, at + 7));
  for (let i = 0; i < 50; i++) expect(await readId(client)).toBe(i);
});

test("a message that comes octet by octet is answered", async () => {
  const { client } = await start({});
  for (const octet of frame(host)) {
    client.write(Uint8Array.of(octet));
    await Bun.sleep(1);
  }
  expect(await readId(client)).toBe(1);
});

test("a reply larger than a segment arrives whole", async () => {
  const { client } = await start({});
  client.write(frame(big));
  const reply = parseReply((await client.read(replyMs)) as Uint8Array);
  expect(reply.answer.length).toBe(30);
  expect(reply.octets).toBeGreaterThan(1_500);
});

test("a client that has shut down its side still gets all replies, then the end", async () => {
  const { client, counts } = await start({});
  client.write(Buffer.concat(Array.from({ length: 20 }, (_, i) => frame(withId(big, i)))));
  client.shutdown();
  for (let i = 0; i < 20; i++) expect(await readId(client)).toBe(i);
  expect(await client.read(replyMs)).toBe("closed");
  await until(() => counts.get("tcpOpen") === 0);
});

test("a connection above the limit is closed at once, and one that ends makes room", async () => {
  const { client, counts, connect } = await start({ connections: 3 });
  const others = [await connect(), await connect()];
  client.write(frame(host));
  expect(await readId(client)).toBe(1);
  const refused = await connect();
  expect(await refused.read(replyMs)).toBe("closed");
  expect(counts.get("tcpRefused")).toBe(1);
  expect(counts.get("tcpOpen")).toBe(3);
  others[0]![Symbol.dispose]();
  await until(() => counts.get("tcpOpen") === 2);
  const taken = await connect();
  taken.write(frame(host));
  expect(await readId(taken)).toBe(1);
});

test("above the limit for one address a connection is closed at once, and another address is served", async () => {
  const { client, counts, connect } = await start({ connectionsPerAddress: 2 });
  const second = await connect();
  second.write(frame(host));
  expect(await readId(second)).toBe(1);
  const refused = await connect();
  expect(await refused.read(replyMs)).toBe("closed");
  expect(counts.get("tcpRefusedPerAddress")).toBe(1);
  const elsewhere = await connect("127.0.0.2");
  elsewhere.write(frame(host));
  expect(await readId(elsewhere)).toBe(1);
  client[Symbol.dispose]();
  await until(() => counts.get("tcpOpen") === 2);
  const taken = await connect();
  taken.write(frame(host));
  expect(await readId(taken)).toBe(1);
});

test("a connection without traffic is closed, one with traffic is not", async () => {
  const idleMs = 2_500;
  const { client, counts, connect } = await start({ idleMs });
  const busy = await connect();
  const endMs = performance.now() + idleMs * 1.5;
  while (performance.now() < endMs) {
    busy.write(frame(host));
    expect(await readId(busy)).toBe(1);
    await Bun.sleep(100);
  }
  expect(await client.read(replyMs)).toBe("closed");
  expect(counts.get("tcpTimedOut")).toBe(1);
  busy.write(frame(host));
  expect(await readId(busy)).toBe(1);
});

test("a message that is dribbled does not earn time with every octet", async () => {
  const { client, counts } = await start({ messageMs: 300 });
  const slow = frame(new Uint8Array(60_000));
  let written = 0;
  // One octet each 20 ms would take 20 minutes; the deadline comes first.
  while (counts.get("tcpTimedOut") === 0 && written < 1_000) {
    client.write(slow.subarray(written, ++written));
    await Bun.sleep(20);
  }
  expect(counts.get("tcpTimedOut")).toBe(1);
  expect(await client.read(replyMs)).toBe("closed");
});

test("a client that never reads is closed when too much waits for it", async () => {
  const { client, counts } = await start({ unsentOctetsMax: 20_000 });
  client.pause();
  const many = Buffer.concat(Array.from({ length: 100 }, () => frame(big)));
  for (let i = 0; i < 1_000 && counts.get("tcpNeverRead") === 0; i++) {
    client.write(many);
    await Bun.sleep(5);
  }
  expect(counts.get("tcpNeverRead")).toBe(1);
  await until(() => counts.get("tcpOpen") === 0);
});

test("a client that reads slowly gets every reply as long as it stays within the limit", async () => {
  const replies = 2_000; // some megabytes: more than the system buffers
  const { client, counts } = await start({ unsentOctetsMax: 1 << 24 });
  client.pause();
  for (let i = 0; i < replies; i++) client.write(frame(withId(big, i)));
  await until(() => counts.getReplies("tcp", 0) === replies);
  client.resume();
  for (let i = 0; i < replies; i++) expect(await readId(client)).toBe(i);
});

for (const [what, octets] of [
  ["a response", frame(withId(host, 1).fill(0x80, 2, 3))], // answering it could make a loop
  ["a message of no octets", Uint8Array.of(0, 0)],
  ["a message shorter than a header", frame(new Uint8Array(11))],
] as const) {
  test(`${what} closes the connection, and the next one is served`, async () => {
    const { client, connect } = await start({});
    client.write(octets);
    expect(await client.read(replyMs)).toBe("closed");
    const next = await connect();
    next.write(frame(host));
    expect(await readId(next)).toBe(1);
  });
}

test("a failure of ours closes the connection and is counted and told", async () => {
  const { client, counts, failures, responder } = await start({});
  responder.respond = () => {
    throw new Error("planted");
  };
  client.write(frame(host));
  expect(await client.read(replyMs)).toBe("closed");
  expect(counts.get("failures")).toBe(1);
  expect(failures.map(String)).toEqual(["Error: planted"]);
});

interface Started {
  readonly client: TcpClient;
  readonly counts: DnsCounts;
  readonly failures: readonly unknown[];
  readonly responder: Responder;
  connect(localAddress?: string): Promise<TcpClient>;
}

async function start(limits: Partial<TcpLimits>): Promise<Started> {
  const responder = new Responder(new ZoneReader(table.buffer, table.hashSeed, 0));
  const counts = new DnsCounts();
  const failures: unknown[] = [];
  const listener = listenTcp({
    hostname: "127.0.0.1",
    port: 0,
    responder,
    counts,
    clock: systemClock,
    onFailure: (error) => failures.push(error),
    limits: { ...roomy, ...limits },
  });
  opened.push(listener);
  const connect = async (localAddress?: string): Promise<TcpClient> => {
    const address = { hostname: "127.0.0.1", port: listener.port };
    const client = await openTcpClient(address, localAddress);
    opened.push(client);
    return client;
  };
  const client = await connect();
  await until(() => counts.get("tcpOpen") === 1);
  return { client, counts, failures, responder, connect };
}

async function readId(client: TcpClient): Promise<number> {
  const message = await client.read(replyMs);
  if (typeof message === "string") throw new Error(`No reply: ${message}`);
  return parseReply(message).id;
}

async function until(holds: () => boolean): Promise<void> {
  const endMs = performance.now() + replyMs;
  while (!holds()) {
    if (performance.now() > endMs) throw new Error("It did not come to be");
    await Bun.sleep(5);
  }
}

function query(name: string, type: number, id: number): Buffer {
  return Buffer.from(writeMessage(makeQuery(mustParseName(name), type, { id })));
}

function withId(message: Buffer, id: number): Buffer {
  const other = Buffer.from(message);
  other.writeUInt16BE(id, 0);
  return other;
}
