/** The thread that signs ends, hangs, or has not the key of the keys. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { rmSync, writeFileSync } from "node:fs";
import { makeQuery, readMessage, writeMessage } from "../../src/dns/message.ts";
import type { Message } from "../../src/dns/message.ts";
import { types } from "../../src/dns/record-types.ts";
import { makeSignerWorker } from "../../src/nameserver/signer.ts";
import { tcpLimits } from "../../src/nameserver/tcp-limits.ts";
import type { Log } from "../../src/observe/log.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { CommandLine } from "../command-line.ts";
import { frame, openTcpClient, openUdpClient } from "../dns/client.ts";
import type { UdpClient } from "../dns/client.ts";
import { openNameServer } from "../dns/name-server.ts";
import { mustParseName, serveZoneText } from "../dns/served-zone.ts";
import { nameward, startServer } from "../server.ts";
import { findUnsigned } from "./online-signatures.ts";

setDefaultTimeout(120_000);
const replyMs = 3_000;
/** A thread is started anew on a machine that may be busy. */
const waitMs = 60_000;

const zone = "$TTL 300\n@ SOA ns h 7 3600 600 86400 60\n@ NS ns\nns A 192.0.2.53\n";
const apex = mustParseName("s.test.");

function makeTable(): ZoneTable {
  const table = new ZoneTable({ bytesMax: 4 * 1024 * 1024, hashSeed: 9 });
  serveZoneText(table, "s.test", zone);
  return table;
}

/** A log that keeps what it is told. */
function noteLog(): { readonly log: Log; readonly noted: string[] } {
  const noted: string[] = [];
  const note = (_: unknown, text: string): void => void noted.push(text);
  return { log: { debug: note, info: note, warn: note, error: note }, noted };
}

let id = 0;
function makeQuestion(name: string, isDnssecOk = true): Uint8Array {
  id = (id % 0xffff) + 1;
  return writeMessage(makeQuery(mustParseName(name), types.A, { id, edns: { isDnssecOk } }));
}

async function ask(client: UdpClient, name: string, isDnssecOk = true): Promise<Message> {
  // A datagram that a busy machine has lost is sent again, as resolvers do.
  for (let tries = 0; tries < 10; tries++) {
    const reply = await client.ask(makeQuestion(name, isDnssecOk), replyMs);
    if (reply !== undefined) return readMessage(reply);
  }
  throw new Error(`no answer for ${name}`);
}

/** A thread that lives and does nothing. */
function makeIdleWorker(): Worker {
  return new Worker(URL.createObjectURL(new Blob(["self.onmessage = () => undefined;"])));
}

test("a signer that ends is started again, has its keys again, and signing goes on", async () => {
  const workers: Worker[] = [];
  const { log, noted } = noteLog();
  const makeSigner = (): Worker => {
    const worker = makeSignerWorker();
    workers.push(worker);
    return worker;
  };
  await using server = await openNameServer(makeTable(), { log, makeSigner });
  const dnskey = server.sign("s.test");
  using client = await openUdpClient(server.bound[0]!);
  for (let round = 0; round < 3; round++) {
    const endMs = performance.now() + waitMs;
    for (let tries = 0; ; tries++) {
      // Each name is new, so that it takes a signer to answer.
      const reply = await ask(client, `r${round}-t${tries}.s.test.`);
      const { unsigned, signatures } = findUnsigned(reply, apex, dnskey);
      expect([reply.rcode, unsigned]).toEqual([0, []]); // TC at worst, never without a signature
      if (signatures === 2) break;
      expect([...reply.flags]).toContain("tc");
      if (performance.now() > endMs) throw new Error("Signing does not go on");
    }
    expect(workers.length).toBe(round + 1);
    workers.at(-1)!.terminate();
    while (noted.length === round) await Bun.sleep(5);
  }
  expect(new Set(noted)).toEqual(new Set(["The signing thread ended and is started again"]));
});

for (const udp of ["batched", "portable"] as const) {
  test(`while the signer does not run ${udp} UDP gets TC, TCP waits for it, and what needs no signature is answered`, async () => {
    const workers: Worker[] = [];
    const makeSigner = (): Worker => {
      const worker = workers.length === 0 ? makeIdleWorker() : makeSignerWorker();
      workers.push(worker);
      return worker;
    };
    const limits = { ...tcpLimits, waitingMs: waitMs, idleMs: 2 * waitMs };
    await using server = await openNameServer(makeTable(), { makeSigner, udp, tcpLimits: limits });
    const dnskey = server.sign("s.test");
    using stack = new DisposableStack();
    using tcp = await openTcpClient(server.bound[0]!);
    tcp.write(frame(makeQuestion("waits.s.test.")));

    // More than may be parked, and than the ring of requests holds.
    const flood = Array.from({ length: 4_000 }, (_, i) => `flood-${i}.s.test.`);
    const replies: Message[] = [];
    const asker = async (client: UdpClient): Promise<void> => {
      for (let name = flood.pop(); name !== undefined; name = flood.pop()) {
        replies.push(await ask(client, name));
        const plain = await ask(client, `plain.${name}`, false);
        expect([plain.rcode, plain.authority.length, plain.flags.has("tc")]).toEqual([3, 1, false]);
      }
    };
    // Several sockets, since the answers of all who wait come at once, and one has little room.
    const asking: Promise<void>[] = [];
    for (let i = 0; i < 10; i++) {
      const client = stack.use(await openUdpClient(server.bound[0]!));
      asking.push(...Array.from({ length: 30 }, () => asker(client)));
    }
    await Promise.all(asking);
    expect(replies.length).toBe(4_000);
    for (const reply of replies) {
      expect([reply.flags.has("tc"), reply.rcode, reply.answers, reply.authority]).toEqual([
        true,
        0,
        [],
        [],
      ]);
    }
    // It ends; the next one works, and who has waited is answered.
    workers[0]!.terminate();
    const waited = await tcp.read(waitMs);
    if (typeof waited === "string") throw new Error(`TCP is ${waited}`);
    expect(findUnsigned(readMessage(waited), apex, dnskey)).toEqual({
      unsigned: [],
      signatures: 2,
    });
  });
}

const spoiled: readonly [what: string, spoil: (file: string) => void, said: RegExp][] = [
  ["is missing", (file) => rmSync(file), /There is no .*secrets\.key\. Restore it from a backup/],
  [
    "is another one",
    (file) => writeFileSync(file, `${"5a".repeat(32)}\n`),
    /The keys \d+ of s\.test cannot be opened with the secrets\.key of the data folder\. Restore/,
  ],
  [
    "is none",
    (file) => writeFileSync(file, "no key\n"),
    /secrets\.key does not hold a key of 32 octets in hexadecimal\. Restore it from a backup/,
  ],
];
for (const [what, spoil, said] of spoiled) {
  test(`a server whose secrets.key ${what} does not start, and says why in one sentence`, async () => {
    using line = new CommandLine();
    await line.json(["zone", "import", "s.test", "-"], zone);
    await line.json(["zone", "sign", "s.test"]);
    spoil(`${line.data}/secrets.key`);
    const listeners = ["--web", "--devices", "--dns"].flatMap((flag) => [flag, "127.0.0.1:0"]);
    const { code, stdout, stderr } = await nameward(["serve", ...listeners], { data: line.data });
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(said);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
}

test("a server without signed zones needs no secrets.key, and one with it starts", async () => {
  using line = new CommandLine();
  await line.json(["zone", "import", "s.test", "-"], zone);
  const plain = await startServer({ data: line.data });
  expect(await plain.stop()).toBe(0);
  await line.json(["zone", "sign", "s.test"]);
  const signed = await startServer({ data: line.data });
  expect(await signed.stop()).toBe(0);
});
