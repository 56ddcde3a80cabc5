/** Error answers that wait: how long, how many, and what ends it. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { hello, listening } from "../../test/fixtures/devices/listening.ts";
import type { Listening } from "../../test/fixtures/devices/listening.ts";
import { makeNotingService } from "../../test/fixtures/devices/noting-service.ts";
import { exchange, RawPeer, until } from "../../test/fixtures/devices/raw-peer.ts";
import { makeAdapter } from "../adapters/answer.ts";
import type { DeviceReply } from "../adapters/device-request.ts";
import type { Clock } from "../base/clock.ts";
import type { DeviceLimits } from "./limits.ts";
import { printReply } from "./print-reply.ts";

setDefaultTimeout(30_000);

const get = "GET /x HTTP/1.0\r\n\r\n";
const refusal: DeviceReply = { status: 200, contentType: "text/plain", body: "nodom" };
const slow: DeviceReply = { ...refusal, holdMs: 25_000 };
const refused = printReply(refusal, "GET");

/** A clock that stands until it is moved. */
class StandingClock implements Clock {
  ms = 0;
  now(): number {
    return this.ms;
  }
  monotonicMs(): number {
    return this.ms;
  }
}

/** Two looks of the listener at its deadlines. */
const twoSweepsMs = 250;

function holding(
  limits: Partial<DeviceLimits> = {},
  clock: Clock = new StandingClock(),
): Promise<Listening> {
  return listening({ hostname: "::", answer: () => slow, limits, clock });
}

async function send(service: Listening, hostname = "127.0.0.1"): Promise<RawPeer> {
  const peer = await RawPeer.connect(service.port, hostname);
  peer.send(get);
  return peer;
}

test("an answer waits for its time and then comes whole", async () => {
  const clock = new StandingClock();
  await using service = await holding({}, clock);
  const peer = await send(service);
  await until(() => service.counts.held === 1, "the answer to wait");
  clock.ms = 24_999;
  await Bun.sleep(twoSweepsMs);
  expect(peer.text).toBe("");
  clock.ms = 25_000;
  expect(await peer.ended()).toBe("fin");
  peer.close();
  expect(peer.text).toBe(refused);
  expect(service.counts).toMatchObject({ held: 0, heldEver: 1, abandoned: 0 });
  expect(service.counts.replies).toEqual(new Map([[200, 1]]));
});

test("an answer without it does not wait", async () => {
  await using service = await listening({ answer: () => hello, clock: new StandingClock() });
  expect(await exchange(service.port, get)).toBe(printReply(hello, "GET"));
  expect(service.counts.heldEver).toBe(0);
});

test("above the bound answers leave at once, and every device gets its own", async () => {
  expect(await countHeld({ heldConnections: 3 })).toEqual({ held: 3, answered: 2, reached: 2 });
});

test("a listener without the bound would be found to hold them all", async () => {
  const held = await countHeld({ heldConnections: Number.POSITIVE_INFINITY });
  expect(held).toEqual({ held: 5, answered: 0, reached: 0 });
});

/** What becomes of five devices whose answers may wait. */
async function countHeld(
  limits: Partial<DeviceLimits>,
): Promise<{ readonly held: number; readonly answered: number; readonly reached: number }> {
  await using service = await holding(limits);
  const peers = await Promise.all(Array.from({ length: 5 }, () => send(service)));
  await until(() => service.counts.requests === 5, "five requests");
  await Bun.sleep(twoSweepsMs);
  const answered = peers.filter((peer) => peer.text === refused).length;
  const { held, limits: reached } = service.counts;
  for (const peer of peers) peer.reset();
  return { held, answered, reached: reached.get("held-connections")! };
}

test("one address cannot take the place of another, and gives its own back", async () => {
  await using service = await holding({ heldConnectionsPerAddress: 2 });
  const held = [await send(service), await send(service)];
  await until(() => service.counts.held === 2, "two that wait");
  expect(await exchange(service.port, get)).toBe(refused);
  expect(service.counts.limits.get("held-connections-per-address")).toBe(1);
  held.push(await send(service, "::1"));
  await until(() => service.counts.held === 3, "one of another address");
  held[0]!.reset();
  await until(() => service.counts.held === 2, "room");
  held.push(await send(service));
  await until(() => service.counts.held === 3, "another of the first");
  for (const peer of held) peer.reset();
  await until(() => service.counts.held === 0, "all to be gone");
});

test("a device that closes ends it, and is not written to", async () => {
  await using service = await holding();
  const peer = await send(service);
  await until(() => service.counts.held === 1, "the answer to wait");
  peer.reset();
  await until(() => service.counts.open === 0, "the connection to end");
  expect(service.counts).toMatchObject({ held: 0, abandoned: 1 });
  expect(service.counts.replies.size).toBe(0);
});

test("a device that sends its FIN is answered at once, before or while its answer waits", async () => {
  await using service = await holding();
  const waiting = await send(service);
  await until(() => service.counts.held === 1, "the answer to wait");
  waiting.finish();
  await waiting.ended();
  expect(waiting.text).toBe(refused);
  expect(service.counts.held).toBe(0);

  const done = await RawPeer.connect(service.port);
  done.send("GET /x\r\n"); // whose end is the FIN
  done.finish();
  await done.ended();
  expect(done.text).toBe(refused);
  expect(service.counts.heldEver).toBe(1);
  await until(() => service.counts.open === 0, "the connection to end");
});

test("what it sends while it waits is thrown away, and bounded", async () => {
  await using service = await holding({ lingerOctets: 100_000 });
  const peer = await send(service);
  await until(() => service.counts.held === 1, "the answer to wait");
  const pour = setInterval(() => peer.send("x".repeat(20_000)), 5);
  await until(() => service.counts.open === 0, "the listener to give up");
  clearInterval(pour);
  expect(service.counts.held).toBe(0);
  expect(service.counts.requests).toBe(1);
  peer.reset();
});

test("a listener that closes answers those that wait", async () => {
  const service = await holding();
  const peers = [await send(service), await send(service)];
  await until(() => service.counts.held === 2, "two that wait");
  const closed = service[Symbol.asyncDispose]();
  for (const peer of peers) {
    await peer.ended();
    expect(peer.text).toBe(refused);
    peer.close();
  }
  await closed;
  expect(service.counts).toMatchObject({ held: 0, abandoned: 0 });
});

test("a TVT recorder is slowed by its errors, never by a success", async () => {
  const answer = makeAdapter(makeNotingService());
  await using service = await listening({ answer, clock: new StandingClock() });
  const ask = (host: string): string =>
    `GET /nic/update?hostname=${host} HTTP/1.0\r\nUser-Agent: tvt-dvr-1.0\r\n` +
    `Authorization: Basic ${btoa("cam:secret")}\r\n\r\n`;
  expect(await exchange(service.port, ask("a.test"))).toEndWith("good 127.0.0.1");
  expect(service.counts.heldEver).toBe(0);
  const peer = await RawPeer.connect(service.port);
  peer.send(ask("a"));
  await until(() => service.counts.held === 1, "the error to wait");
  expect(peer.text).toBe("");
  peer.reset();
});
