/** DNS over TCP as a stranger sees it (RFC 7766), at a server in a process of its own, with the limits it comes with. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { readRssOctets } from "../../bench/process-figures.ts";
import { makeQuery, rcodes, writeMessage } from "../../src/dns/message.ts";
import { types } from "../../src/dns/record-types.ts";
import { messageOctetsMax } from "../../src/dns/wire.ts";
import { makeDataFolder, mustRun, startServer } from "../server.ts";
import type { TestServer } from "../server.ts";
import { frame, openTcpClient, openUdpClient } from "./client.ts";
import type { TcpClient } from "./client.ts";
import { parseReply } from "./reply.ts";
import type { Reply } from "./reply.ts";
import { mustParseName, zoneFiles } from "./served-zone.ts";

let data: string;
let server: TestServer;
beforeAll(async () => {
  data = await makeDataFolder();
  await mustRun(["zone", "import", "ddns.test", `${zoneFiles}ddns.test.zone`], { data });
  server = await startServer({ data });
});
afterAll(async () => {
  const logged = server.stderr();
  await server[Symbol.asyncDispose]();
  await rm(data, { recursive: true, force: true });
  expect(logged).not.toContain("could not be answered");
});

/** A reply that is owed comes at once; the wait is long because the machine may be busy. */
const replyMs = 10_000;
/** Longer than the server gives a message that has begun, or a client that reads nothing. */
const closedMs = 40_000;
const testMs = 120_000;

const host = query("host.ddns.test.", types.A);
/** A small question with an answer of more than one segment. */
const big = query("big.ddns.test.", types.TXT);

test(
  "wherever a message is cut in two, also within its length, it is answered",
  async () => {
    using client = await openTcpClient(server.dns);
    const octets = frame(host);
    for (let cut = 1; cut < octets.length; cut++) {
      client.write(frame(withId(host, cut)).subarray(0, cut));
      await Bun.sleep(5); // so that it travels alone
      client.write(frame(withId(host, cut)).subarray(cut));
      expect((await readReply(client)).id).toBe(cut);
    }
  },
  testMs,
);

test(
  "the end of one message and the beginning of the next in one segment",
  async () => {
    using client = await openTcpClient(server.dns);
    const octets = Buffer.concat(Array.from({ length: 40 }, (_, i) => frame(withId(host, i))));
    const step = frame(host).length + 1; // cuts every length and every name in turn
    for (let at = 0; at < octets.length; at += step) {
      client.write(octets.subarray(at, at + step));
      await Bun.sleep(2);
    }
    expect(await readIds(client, 40)).toEqual(Array.from({ length: 40 }, (_, i) => i));
  },
  testMs,
);

test(
  "of 600 different questions in one write each is answered once, with its own answer",
  async () => {
    const questions = [
      { octets: host, answers: 1, rcode: rcodes.NOERROR },
      { octets: big, answers: 30, rcode: rcodes.NOERROR },
      { octets: query("no.such.name.ddns.test.", types.A), answers: 0, rcode: rcodes.NXDOMAIN },
      { octets: query("example.", types.A), answers: 0, rcode: rcodes.REFUSED },
      { octets: query("host.ddns.test.", types.MX), answers: 0, rcode: rcodes.NOERROR },
    ];
    const asked = Array.from({ length: 600 }, (_, id) => ({
      ...questions[id % questions.length]!,
      id,
    }));
    using client = await openTcpClient(server.dns);
    client.write(Buffer.concat(asked.map(({ octets, id }) => frame(withId(octets, id)))));
    // RFC 7766 §7: replies may come in any order, and belong together by their IDs.
    const replies = new Map<number, Reply>();
    for (let i = 0; i < asked.length; i++) {
      const reply = await readReply(client);
      expect(replies.has(reply.id)).toBe(false);
      replies.set(reply.id, reply);
    }
    for (const { id, octets, answers, rcode } of asked) {
      const reply = replies.get(id)!;
      expect([reply.rcode, reply.answer.length]).toEqual([rcode, answers]);
      expect(reply.question.equals(octets.subarray(12))).toBe(true);
    }
  },
  testMs,
);

test(
  "replies go to the connection that asked, with the same IDs on all of them",
  async () => {
    const clients = await connect(50);
    for (let id = 0; id < 20; id++) {
      for (const [i, client] of clients.entries()) {
        client.write(frame(withId(i % 2 === 0 ? host : big, id)));
      }
    }
    for (const [i, client] of clients.entries()) {
      for (let id = 0; id < 20; id++) {
        const reply = await readReply(client);
        expect([reply.id, reply.answer.length]).toEqual([id, i % 2 === 0 ? 1 : 30]);
      }
      client[Symbol.dispose]();
    }
  },
  testMs,
);

test(
  "a message of the most octets is answered, and the connection goes on",
  async () => {
    using client = await openTcpClient(server.dns);
    client.write(frame(Buffer.concat([host, Buffer.alloc(messageOctetsMax - host.length)])));
    expect((await readReply(client)).rcode).toBe(rcodes.FORMERR); // octets that belong to nothing
    client.write(frame(withId(host, 2)));
    expect((await readReply(client)).id).toBe(2);
  },
  testMs,
);

test(
  "clients that go away in the middle of a message or a reply leave nothing behind",
  async () => {
    for (let round = 0; round < 10; round++) {
      const clients = await connect(40);
      for (const [i, client] of clients.entries()) {
        client.write(i % 2 === 0 ? frame(host).subarray(0, 1 + (i % 20)) : manyOf(big, 200));
        if (i % 4 === 0) client.shutdown();
      }
      await Bun.sleep(10);
      for (const client of clients) client[Symbol.dispose](); // a reset
    }
    await expectServed();
    await until(async () => (await readOpenConnections()) === 0);
  },
  testMs,
);

test(
  "clients that never read are closed, cost little memory, and others are served meanwhile",
  async () => {
    const neverRead = 'limits_reached_total{limit="dns-tcp-unsent"}';
    const closedBefore = await readMetric(neverRead);
    const rssBefore = readRssOctets(server.pid);
    const clients = await connect(50);
    for (const client of clients) client.pause();
    // Replies of 200 MB in all, of which nobody takes any.
    for (let i = 0; i < 10; i++) {
      for (const client of clients) client.write(manyOf(big, 150));
      await expectServed();
    }
    // Twice over what 50 connections may keep waiting, and what a heap breathes.
    expect(readRssOctets(server.pid) - rssBefore).toBeLessThan(100 * 2 ** 20);
    await until(async () => (await readOpenConnections()) === 0);
    expect((await readMetric(neverRead)) - closedBefore).toBe(clients.length);
    for (const client of clients) client[Symbol.dispose]();
    await expectServed();
  },
  testMs,
);

test(
  "1,000 connections of one address with one octet each: UDP and the TCP of others are served all the time",
  async () => {
    // What is over a limit may be closed before its client knows that it was open.
    const tried = await Promise.all(Array.from({ length: 1_000 }, () => tryToConnect()));
    const clients = tried.filter((client) => client !== undefined);
    for (const [i, client] of clients.entries()) {
      client.write(Uint8Array.of(0));
      if (i % 100 === 0) await expectServed();
    }
    await expectServed();
    const perAddress = 'limits_reached_total{limit="dns-tcp-connections-per-address"}';
    expect(await readMetric(perAddress)).toBeGreaterThan(0);
    for (const client of clients) expect(await client.read(closedMs)).toBe("closed");
    await expectServed();
  },
  testMs,
);

async function connect(count: number): Promise<TcpClient[]> {
  return Promise.all(Array.from({ length: count }, () => openTcpClient(server.dns)));
}

async function tryToConnect(): Promise<TcpClient | undefined> {
  return openTcpClient(server.dns).catch(() => undefined);
}

async function expectServed(): Promise<void> {
  await expectServedOverUdp();
  using tcp = await openTcpClient(server.dns, "127.9.0.1");
  tcp.write(frame(withId(host, 7)));
  expect((await readReply(tcp)).answer.length).toBe(1);
}

async function expectServedOverUdp(): Promise<void> {
  using udp = await openUdpClient(server.dns);
  const reply = await udp.ask(withId(host, 6), replyMs);
  expect(reply === undefined ? 0 : parseReply(reply).answer.length).toBe(1);
}

async function readReply(client: TcpClient): Promise<Reply> {
  const message = await client.read(replyMs);
  if (typeof message === "string") throw new Error(`No reply: ${message}`);
  return parseReply(message);
}

async function readIds(client: TcpClient, count: number): Promise<number[]> {
  const ids: number[] = [];
  while (ids.length < count) ids.push((await readReply(client)).id);
  return ids;
}

/** As the server counts them. */
async function readOpenConnections(): Promise<number> {
  return readMetric('open_connections{listener="dns"}');
}

async function readMetric(name: string): Promise<number> {
  const reply = await fetch(`http://${server.web.hostname}:${server.web.port}/metrics`);
  const line = (await reply.text()).split("\n").find((one) => one.startsWith(`nameward_${name} `));
  if (line === undefined) throw new Error(`The metrics do not tell ${name}.`);
  return Number(line.split(" ")[1]);
}

async function until(isSo: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + closedMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error("It did not come to be");
    await Bun.sleep(100);
  }
}

function manyOf(message: Buffer, count: number): Uint8Array {
  return Buffer.concat(Array.from({ length: count }, () => frame(message)));
}

function query(name: string, type: number): Buffer {
  return Buffer.from(writeMessage(makeQuery(mustParseName(name), type, { id: 1 })));
}

function withId(message: Buffer, id: number): Buffer {
  const other = Buffer.from(message);
  other.writeUInt16BE(id, 0);
  return other;
}
