/**
 * Thousands of connections that say half a head or nothing: limits hold, deadlines end them all, and good clients are
 * served meanwhile.
 */

import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { readRssOctets } from "../../bench/process-figures.ts";
import { makeWorld, resetAddresses } from "../adapters/world.ts";
import type { World } from "../adapters/world.ts";
import { hello, listening } from "../fixtures/devices/listening.ts";
import { exchange, RawPeer, until } from "../fixtures/devices/raw-peer.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { exchangeOctets } from "../scenario/http-exchange.ts";
import type { TestServer } from "../server.ts";
import { readFilesMax } from "./crowd.ts";
import { readNumber } from "./read-number.ts";
import { besiege } from "./siege.ts";
import type { Outcome } from "./siege.ts";

setDefaultTimeout(180_000);

/** Ten addresses come with a tenth more than one may have. */
const devices = { addresses: 10, each: 1_100, allowedEach: 1_000, most: 11_000 };
/** Nine of ten places, so that there is room for somebody else. */
const talks = { addresses: 9, each: 112, allowedEach: 100 };
/** For the crowd, the talks and all else that a process has open. */
const filesWanted = devices.addresses * devices.each + 2_000;
const isEnough = readFilesMax(process.pid) >= filesWanted;
/** Below what ten thousand heads at their longest would take. */
const rssGrowthOctetsMax = 256 * 2 ** 20;
/** Far above the deadlines of 10 and 30 s: the machine may be busy. */
const patienceMs = 90_000;
const servedMin = 50;

let world: World;
let server: TestServer;
beforeAll(async () => {
  world = await makeWorld();
  server = await world.start([
    "--gnudip",
    "127.0.0.1:0",
    "--device-connections-max",
    String(devices.most),
  ]);
  await resetAddresses(server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

function addresses(count: number): readonly string[] {
  return Array.from({ length: count }, (_, number) => `127.9.0.${number + 1}`);
}

/** A third is silent, a third has half a line, a third half a head. */
function half(number: number): string {
  const heads = [
    "",
    "GET /nic/upd",
    "GET /nic/update?hostname=cam1.example.test HTTP/1.1\r\nHost: m",
  ];
  return heads[number % heads.length]!;
}

let number = 0;

/** Another address each time, and DNS says it at once. */
async function update(): Promise<boolean> {
  const address = `192.0.2.${2 + (number++ % 250)}`;
  const octets = `GET /nic/update?hostname=cam1.example.test&myip=${address} HTTP/1.0\r\nAuthorization: Basic ${btoa("cam:secret")}\r\n\r\n`;
  const reply = await exchangeOctets(server.devices, octets, true);
  const { answers } = await ask(server.dns, "udp", "cam1.example.test", "A");
  return reply.endsWith(`good ${address}`) && answers[0]?.rdata.join(".") === address;
}

async function talk(): Promise<boolean> {
  const peer = await RawPeer.connect(server.listeners.get("gnudip")!.port);
  await until(() => peer.text.endsWith("\n"), "the salt");
  const md5 = (text: string): string => createHash("md5").update(text).digest("hex");
  peer.send(`cam:${md5(`${md5("secret")}.${peer.text.trim()}`)}:cam2.example.test:0:192.0.2.9\n`);
  await peer.ended();
  peer.close();
  return peer.text.endsWith("\n0\n");
}

function tell(what: string, outcome: Outcome): void {
  process.stderr.write(`${what}: ${JSON.stringify(outcome)}\n`);
}

test.skipIf(!isEnough && process.env["CI"] === undefined)(
  `${devices.addresses * devices.each} half-open connections leave good clients their place${
    isEnough ? "" : ` (skipped: ${filesWanted} open files are needed, see ulimit -n)`
  }`,
  async () => {
    expect(readFilesMax(process.pid)).toBeGreaterThanOrEqual(filesWanted);
    expect(readFilesMax(server.pid)).toBeGreaterThanOrEqual(devices.most + 500);
    const rssBefore = readRssOctets(server.pid);
    let rssMost = 0;
    const refusedBefore = await readRefused();
    const [outcome, talked] = await Promise.all([
      besiege({
        crowd: {
          target: server.devices,
          addresses: addresses(devices.addresses),
          connectionsEach: devices.each,
          says: half,
        },
        async readOpen() {
          rssMost = Math.max(rssMost, readRssOctets(server.pid));
          return readNumber(server, 'nameward_open_connections{listener="devices"}');
        },
        serve: update,
        patienceMs,
      }),
      besiege({
        crowd: {
          target: server.listeners.get("gnudip")!,
          addresses: addresses(talks.addresses),
          connectionsEach: talks.each,
          says: (each) => (each % 2 === 0 ? "" : "cam:half a digest"),
        },
        readOpen: () => 0,
        serve: talk,
        patienceMs,
      }),
    ]);
    tell("Devices", outcome);
    tell("Talks", talked);
    const growth = rssMost - rssBefore;
    process.stderr.write(`Memory grew by ${(growth / 2 ** 20).toFixed(1)} MiB\n`);
    expect(outcome).toMatchObject({ left: 0, failed: 0 });
    expect(outcome.mostOpen).toBeGreaterThanOrEqual(devices.addresses * devices.allowedEach);
    // The number is that of both listeners. Beside the crowds there are good clients of both kinds.
    const admitted = devices.addresses * devices.allowedEach + talks.addresses * talks.allowedEach;
    expect(outcome.mostOpen).toBeLessThan(admitted + 10);
    expect(outcome.served).toBeGreaterThanOrEqual(servedMin);
    expect(talked).toMatchObject({ left: 0, failed: 0 });
    expect(talked.served).toBeGreaterThanOrEqual(servedMin);
    const tooMany =
      devices.addresses * (devices.each - devices.allowedEach) +
      talks.addresses * (talks.each - talks.allowedEach);
    expect((await readRefused()) - refusedBefore).toBe(tooMany);
    expect(growth).toBeLessThan(rssGrowthOctetsMax);
    expect(server.stderr()).not.toContain('"level":"error"');
  },
);

function readRefused(): Promise<number> {
  return readNumber(
    server,
    'nameward_limits_reached_total{limit="device-connections-per-address"}',
  );
}

// Negative controls: the same crowd, small, before a listener that lacks one of its limits.
const fewPlaces = { connections: 100, headMs: 1_000 };
for (const [title, limits, expected] of [
  ["with both limits it serves", { connectionsPerAddress: 20 }, { failed: 0, left: 0 }],
  ["without a bound of one address", {}, { left: 0 }],
  [
    "without a deadline for the head",
    { connectionsPerAddress: 20, headMs: 3_600_000 },
    { failed: 0, left: 60 },
  ],
] as const) {
  test.concurrent(`a small listener, ${title}`, async () => {
    await using service = await listening({ limits: { ...fewPlaces, ...limits } });
    const outcome = await besiege({
      crowd: {
        target: { hostname: "127.0.0.1", port: service.port },
        addresses: addresses(3),
        connectionsEach: 40,
        says: half,
      },
      readOpen: () => service.counts.open,
      serve: async () =>
        (await exchange(service.port, "GET /x HTTP/1.0\r\n\r\n")).endsWith(hello.body),
      patienceMs: 4_000,
    });
    expect(outcome).toMatchObject(expected);
    if (!("connectionsPerAddress" in limits)) expect(outcome.failed).toBeGreaterThan(0);
  });
}
