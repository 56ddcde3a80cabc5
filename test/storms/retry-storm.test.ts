/**
 * Five hundred recorders with a wrong password that ask again a second after each answer, as TVT's firmware does: good
 * clients are served, nobody is locked out, and no more answers are held than may be.
 */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { makeAdapter } from "../../src/adapters/answer.ts";
import { makeWorld, resetAddresses } from "../adapters/world.ts";
import type { World } from "../adapters/world.ts";
import { listening } from "../fixtures/devices/listening.ts";
import { makeNotingService } from "../fixtures/devices/noting-service.ts";
import type { Listener, TestServer } from "../server.ts";
import { readNumber } from "./read-number.ts";
import { askFrom, Recorders } from "./recorders.ts";

setDefaultTimeout(120_000);

const recordersCount = 500;
/** Two networks of them: each has more than may wait. */
const networks = ["127.8.0.1", "127.8.0.2"];
const heldEach = 100;
const heldMax = networks.length * heldEach;
const stormMs = 4_000;
const controlMs = 1_500;
const servedMin = 100;

let world: World;
let server: TestServer;
beforeAll(async () => {
  world = await makeWorld();
  server = await world.start();
  await resetAddresses(server);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

interface Weather {
  /** The most answers that waited at a time. */
  readonly mostHeld: number;
  readonly refusals: number;
  readonly served: number;
  /** What good clients were told instead. */
  readonly failures: readonly string[];
  readonly slowestMs: number;
}

/** Good clients come from an address of their own and from one of the storm, with the login that it fails at. */
async function weather(
  target: Listener,
  readHeld: () => number | Promise<number>,
  forMs: number,
): Promise<Weather> {
  using storm = new Recorders(target, networks, recordersCount);
  const failures: string[] = [];
  const tookMs: number[] = [];
  let mostHeld = 0;
  let number = 0;
  const endMs = performance.now() + forMs;
  while (performance.now() < endMs) {
    for (const from of ["127.0.0.1", networks[0]!]) {
      const address = `192.0.2.${2 + (number++ % 250)}`;
      const startMs = performance.now();
      const reply = await askFrom(target, from, printUpdate(address));
      tookMs.push(performance.now() - startMs);
      if (!reply.startsWith("HTTP/1.1 200 ") || !reply.endsWith(`good ${address}`)) {
        failures.push(reply);
      }
    }
    mostHeld = Math.max(mostHeld, await readHeld());
    await Bun.sleep(10);
  }
  const { refusals, otherReplies } = storm;
  failures.push(...otherReplies);
  return { mostHeld, refusals, served: number, failures, slowestMs: Math.max(...tookMs) };
}

function printUpdate(address: string): string {
  return `GET /nic/update?hostname=cam1.example.test&myip=${address} HTTP/1.0\r\nAuthorization: Basic ${btoa("cam:secret")}\r\n\r\n`;
}

function tell(what: string, { mostHeld, refusals, served, slowestMs }: Weather): void {
  const slowest = slowestMs.toFixed(0);
  process.stderr.write(
    `${what}: ${mostHeld} held, ${refusals} refused, ${served} served, the slowest in ${slowest} ms\n`,
  );
}

test("a storm of failing recorders costs good clients nothing but time", async () => {
  const seen = await weather(
    server.devices,
    () => readNumber(server, "nameward_held_answers"),
    stormMs,
  );
  tell("Storm", seen);
  expect(seen.failures).toEqual([]);
  expect(seen.served).toBeGreaterThanOrEqual(servedMin);
  // All that may wait do, and the others ask again and again.
  expect(seen.mostHeld).toBe(heldMax);
  expect(seen.refusals).toBeGreaterThan(recordersCount - heldMax);
  expect(server.stderr()).not.toContain('"level":"error"');
});

// Negative control: the same storm before a listener of our own parts that bounds nothing.
test("a listener that holds every answer is found out", async () => {
  const without = Number.POSITIVE_INFINITY;
  await using service = await listening({
    answer: makeAdapter(makeNotingService()),
    limits: { heldConnections: without, heldConnectionsPerAddress: without },
  });
  const target = { hostname: "127.0.0.1", port: service.port };
  const seen = await weather(target, () => service.counts.held, controlMs);
  tell("Control", seen);
  expect(seen.mostHeld).toBeGreaterThan(heldMax);
});
