import { expect, test } from "bun:test";
import { BoundedMap } from "./bounded-map.ts";
import { makeSecretText, systemChance } from "./chance.ts";
import { isFull, makeBucket, take, waitMs } from "./token-bucket.ts";

const rule = { burst: 3, refillMs: 1_000 };

test("a bucket gives its burst, then one token each refill time", () => {
  const bucket = makeBucket(rule, 0);
  expect([0, 0, 0, 0].map((now) => take(bucket, rule, now))).toEqual([true, true, true, false]);
  expect(waitMs(bucket, rule, 400)).toBe(600);
  expect(take(bucket, rule, 999)).toBe(false);
  expect(take(bucket, rule, 1_000)).toBe(true);
  expect(take(bucket, rule, 1_001)).toBe(false);
});

test("a bucket never holds more than its burst, however long nobody asks", () => {
  const bucket = makeBucket(rule, 0);
  take(bucket, rule, 0);
  expect(isFull(bucket, rule, 500)).toBe(false);
  expect(isFull(bucket, rule, 1_000_000)).toBe(true);
  expect(bucket.tokens).toBe(3);
});

test("a clock that goes back gives nothing", () => {
  const bucket = makeBucket({ burst: 1, refillMs: 10 }, 1_000);
  expect(take(bucket, { burst: 1, refillMs: 10 }, 1_000)).toBe(true);
  expect(take(bucket, { burst: 1, refillMs: 10 }, 0)).toBe(false);
});

test("a full map lets go of what was touched longest ago, and counts it", () => {
  const map = new BoundedMap<string, number>(2);
  map.set("a", 1);
  map.set("b", 2);
  expect(map.find("a")).toBe(1);
  map.set("c", 3);
  expect([map.find("a"), map.find("b"), map.find("c")]).toEqual([1, undefined, 3]);
  expect([map.size, map.evicted]).toEqual([2, 1]);
});

test("a secret has the length that was asked for and no look-alikes", () => {
  const secret = makeSecretText(systemChance, 20);
  expect(secret).toMatch(/^[1-9A-HJ-NP-Za-km-z]{20}$/);
  expect(makeSecretText(systemChance, 20)).not.toBe(secret);
});
