import { expect, test } from "bun:test";
import { rateBetween } from "../../src/web/rate.ts";

const before = { atSeconds: 10, counters: { updates: 100, queries: 5 } };

test("what came is divided by the time that passed", () => {
  const after = { atSeconds: 12, counters: { updates: 107, queries: 5 } };
  expect(rateBetween(before, after)).toEqual({
    atSeconds: 12,
    perSecond: { updates: 3.5, queries: 0 },
  });
});

test("after a restart, which counts from 0 again, no rate is below 0", () => {
  const after = { atSeconds: 11, counters: { updates: 3, queries: 5 } };
  expect(rateBetween(before, after)?.perSecond).toEqual({ updates: 0, queries: 0 });
});

test("without time there is no rate", () => {
  expect(rateBetween(before, before)).toBeUndefined();
});
