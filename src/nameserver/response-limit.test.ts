import { expect, test } from "bun:test";
import { parseCidr } from "../base/address.ts";
import { Peer } from "./peer.ts";
import { makeResponseLimitTable, ResponseLimit } from "./response-limit.ts";
import type { ResponseLimitRule } from "./response-limit.ts";

const rule: ResponseLimitRule = { perSecond: 10, slip: 1, exempt: [] };
/** Five seconds of the rate may come at once. */
const burst = 50;

function peerOf(text: string): Peer {
  const peer = new Peer();
  peer.setText(text);
  return peer;
}

function limitOf(changed: Partial<ResponseLimitRule> = {}): ResponseLimit {
  return new ResponseLimit({ ...rule, ...changed }, makeResponseLimitTable(), 7);
}

function answersIn(limit: ResponseLimit, peer: Peer, questions: number, nowMs: number): number {
  let answers = 0;
  for (let n = 0; n < questions; n++) if (limit.take(peer, nowMs) === "answer") answers++;
  return answers;
}

for (const [one, other, elsewhere] of [
  ["192.0.2.1", "192.0.2.200", "192.0.3.1"],
  ["2001:db8::1", "2001:db8:0:ff::1", "2001:db8:0:100::1"],
] as const) {
  test(`${one} shares its limit with ${other} and not with ${elsewhere}`, () => {
    const limit = limitOf();
    expect(answersIn(limit, peerOf(one), 1_000, 0)).toBe(burst);
    expect(limit.take(peerOf(other), 0)).toBe("truncate");
    expect(answersIn(limit, peerOf(elsewhere), 1_000, 0)).toBe(burst);
  });
}

test("the limit decays with time, and never to more than the burst", () => {
  const limit = limitOf();
  const peer = peerOf("192.0.2.1");
  expect(answersIn(limit, peer, 1_000, 0)).toBe(burst);
  expect(answersIn(limit, peer, 1_000, 1_000)).toBe(rule.perSecond);
  expect(answersIn(limit, peer, 1_000, 1_050)).toBe(0);
  expect(answersIn(limit, peer, 1_000, 1_000_000)).toBe(burst);
});

test("a rate of thousands comes out right", () => {
  const limit = limitOf({ perSecond: 20_000 });
  const peer = peerOf("192.0.2.1");
  answersIn(limit, peer, 200_000, 0);
  const answers = answersIn(limit, peer, 200_000, 1_000);
  expect(answers).toBeGreaterThan(19_000);
  expect(answers).toBeLessThan(22_000);
});

test("time that wraps forgives, and does not lock out", () => {
  const limit = limitOf();
  const peer = peerOf("192.0.2.1");
  // The words hold 2^32 parts of a millisecond: about 18 hours.
  for (let hour = 0; hour < 100; hour++) {
    expect(answersIn(limit, peer, 100, hour * 3_600_000)).toBe(burst);
  }
});

test("above the limit every second question is answered with TC when the slip is 2, and none when it is 0", () => {
  const peer = peerOf("192.0.2.1");
  const half = limitOf({ slip: 2 });
  answersIn(half, peer, burst, 0);
  const said = Array.from({ length: 6 }, () => half.take(peer, 0));
  expect(said).toEqual(["drop", "truncate", "drop", "truncate", "drop", "truncate"]);
  const silent = limitOf({ slip: 0 });
  answersIn(silent, peer, burst, 0);
  expect(silent.take(peer, 0)).toBe("drop");
});

test("exempt networks and a rate of 0 have no limit", () => {
  const exempt = limitOf({ exempt: [parseCidr("192.0.2.0/25")!, parseCidr("2001:db8::/31")!] });
  expect(answersIn(exempt, peerOf("192.0.2.1"), 1_000, 0)).toBe(1_000);
  expect(answersIn(exempt, peerOf("2001:db9::1"), 1_000, 0)).toBe(1_000);
  expect(answersIn(exempt, peerOf("192.0.2.128"), 1_000, 0)).toBeLessThanOrEqual(burst);
  expect(answersIn(limitOf({ perSecond: 0 }), peerOf("192.0.2.1"), 1_000, 0)).toBe(1_000);
});

test("a million networks share a table of fixed size, and who is over stays over", () => {
  const limit = limitOf();
  const heavy = peerOf("192.0.2.1");
  answersIn(limit, heavy, burst, 0);
  const peer = new Peer();
  for (let network = 0; network < 1_000_000; network++) {
    peer.set(Uint8Array.of(network >> 16, network >> 8, network, 1), 0, 4);
    limit.take(peer, 0);
    // It goes on asking, as a flood does.
    if (network % 100 === 0) limit.take(heavy, 0);
  }
  expect(limit.take(heavy, 0)).toBe("truncate");
});

test("threads that share the table share the limit", () => {
  const table = makeResponseLimitTable();
  const [one, other] = [new ResponseLimit(rule, table, 7), new ResponseLimit(rule, table, 7)];
  const peer = peerOf("192.0.2.1");
  expect(answersIn(one, peer, 30, 0) + answersIn(other, peer, 1_000, 0)).toBe(burst);
});
