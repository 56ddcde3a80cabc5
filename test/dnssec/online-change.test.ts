/** A host moves all the time while validators ask for it: what they get is old or new, whole and signed. */

import { afterAll, beforeAll, expect, test } from "bun:test";
import { addressFromOctets } from "../../src/base/address.ts";
import { makeQuery, readMessage, writeMessage } from "../../src/dns/message.ts";
import type { Message } from "../../src/dns/message.ts";
import { parseRdataText, types } from "../../src/dns/record-types.ts";
import { CommandLine } from "../command-line.ts";
import { testWith } from "../debian.ts";
import { frame, openTcpClient, openUdpClient } from "../dns/client.ts";
import { mustParseName } from "../dns/served-zone.ts";
import { startServer } from "../server.ts";
import type { TestServer } from "../server.ts";
import { startResolver } from "./online-resolvers.ts";
import { findUnsigned } from "./online-signatures.ts";
import { hosts, makeSignedZones, moveHost, parentApex, servedApexes } from "./online-zones.ts";
import type { SignedZones } from "./online-zones.ts";

const movesMin = 200;
/** So many of its addresses have to be seen, or it was asked before or after. */
const valuesMin = 20;
const askingMs = 60_000;
const replyMs = 10_000;
const host = hosts[0]!;
const name = mustParseName(`${host}.`);
const apex = mustParseName(`${parentApex}.`);

let line: CommandLine;
let zones: SignedZones;
let server: TestServer;
beforeAll(async () => {
  line = new CommandLine();
  zones = await makeSignedZones(line);
  // The budget of changes is for the public; here each is to be seen at once.
  const args = ["--dns-rate-limit", "0", "--change-budget-burst", "1000000"];
  server = await startServer({ data: line.data, args });
}, 120_000);
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  line[Symbol.dispose]();
});

/** Addresses that only grow, so that old and new can be told apart. */
class MovingHost {
  /** The newest that the server has acknowledged, and the newest that was sent to it. */
  acknowledged = 0;
  sent = 0;
  #isStopped = false;

  async move(): Promise<void> {
    while (!this.#isStopped) {
      this.sent++;
      const address = `203.0.113.${this.sent % 254}`;
      const both = `${address},2001:db8::${this.sent.toString(16)}`;
      const reply = await moveHost(server.devices, host, both);
      if (!reply.startsWith("good")) throw new Error(reply);
      this.acknowledged = this.sent;
    }
  }

  stop(): void {
    this.#isStopped = true;
  }
}

/** What number an answer carries: the last 16 bits of its AAAA record. */
function numberIn({ answers }: Message): number | undefined {
  const record = answers.find(({ type }) => type === types.AAAA);
  if (record === undefined) return undefined;
  return Number.parseInt(
    addressFromOctets(record.rdata.slice()).text.replace("2001:db8::", ""),
    16,
  );
}

/** Asks until the host has moved often enough and `values` has seen enough of it; the machine may be busy or idle. */
async function whileMoving(
  values: ReadonlySet<number>,
  ask: (moving: MovingHost) => Promise<void>,
): Promise<MovingHost> {
  const moving = new MovingHost();
  const moved = moving.move();
  const endMs = performance.now() + askingMs;
  const isEnough = (): boolean => moving.acknowledged >= movesMin && values.size > valuesMin;
  try {
    while (moving.acknowledged === 0) await Bun.sleep(1);
    while (!isEnough() && performance.now() < endMs) await ask(moving);
  } finally {
    moving.stop();
    await moved;
  }
  return moving;
}

for (const transport of ["udp", "tcp"] as const) {
  test(`over ${transport} each answer is as new as the last acknowledged change, with signatures that count`, async () => {
    const dnskey = parseKey(zones.anchors[parentApex]!);
    using udp = await openUdpClient(server.dns);
    using tcp = await openTcpClient(server.dns);
    const faults: string[] = [];
    const values = new Set<number>();
    let id = 0;
    const moved = await whileMoving(values, async (moving) => {
      const before = moving.acknowledged;
      const edns = { isDnssecOk: true };
      const query = writeMessage(makeQuery(name, types.AAAA, { id: ++id, edns }));
      if (transport === "tcp") tcp.write(frame(query));
      const reply = transport === "tcp" ? await tcp.read(replyMs) : await udp.ask(query, replyMs);
      if (reply === undefined || typeof reply === "string") {
        faults.push(`no answer: ${reply}`);
        return;
      }
      const message = readMessage(reply);
      if (message.flags.has("tc")) faults.push("TC");
      const { unsigned, signatures } = findUnsigned(message, apex, dnskey);
      const value = numberIn(message) ?? -1;
      if (unsigned.length > 0 || signatures !== 1) faults.push(`${value} is not signed`);
      if (value < before) faults.push(`${value} after ${before} was acknowledged`);
      if (value > moving.sent) faults.push(`${value} before it was sent`);
      values.add(value);
    });
    expect(faults.slice(0, 5)).toEqual([]);
    expect(moved.acknowledged).toBeGreaterThanOrEqual(movesMin);
    // It was asked in the middle of it all, not before or after.
    expect(values.size).toBeGreaterThan(valuesMin);
  }, 120_000);
}

testWith(
  ["unbound"],
  "unbound that remembers nothing finds every answer secure, and none is SERVFAIL",
  async () => {
    await using resolver = await startResolver("unbound", {
      server: server.dns,
      apexes: servedApexes,
      anchors: [zones.anchors[parentApex]!],
      isForgetful: true,
    });
    const faults: string[] = [];
    const values = new Set<number>();
    await whileMoving(values, async () => {
      const replies = await Promise.all(
        [types.AAAA, types.A, types.MX].map((type) => resolver.ask(name, type)),
      );
      for (const [i, reply] of replies.entries()) {
        const isGood = reply?.rcode === 0 && reply.flags.has("ad");
        if (!isGood) faults.push(`question ${i}: ${reply?.rcode} ${[...(reply?.flags ?? [])]}`);
      }
      const value = replies[0] && numberIn(replies[0]);
      if (value !== undefined) values.add(value);
    });
    expect(faults.slice(0, 5)).toEqual([]);
    expect(values.size).toBeGreaterThan(valuesMin);
  },
  120_000,
);

test("the judge notices new data with an old signature", async () => {
  const dnskey = parseKey(zones.anchors[parentApex]!);
  using udp = await openUdpClient(server.dns);
  const replies: Message[] = [];
  for (const [id, address] of ["2001:db8::aaaa", "2001:db8::bbbb"].entries()) {
    expect(await moveHost(server.devices, host, address)).toBe(`good ${address}`);
    const query = makeQuery(name, types.AAAA, { id, edns: { isDnssecOk: true } });
    replies.push(readMessage((await udp.ask(writeMessage(query), replyMs))!));
  }
  const [before, after] = replies as [Message, Message];
  const mixed = [after.answers[0]!, before.answers[1]!];
  expect(findUnsigned({ ...after, answers: mixed }, apex, dnskey).unsigned).toEqual(["AAAA"]);
  expect(findUnsigned(after, apex, dnskey)).toEqual({ unsigned: [], signatures: 1 });
});

function parseKey(anchor: string): Uint8Array {
  const parsed = parseRdataText(types.DNSKEY, anchor.replace(/^.*\sDNSKEY\s+/, ""));
  if (parsed.kind !== "rdata") throw new Error(`Not a key: ${anchor}`);
  return parsed.rdata;
}
