import { expect, test } from "bun:test";
import { Publication } from "./publication.ts";

const host = 7;

test("changes within the budget are published at once, later ones when it allows", () => {
  const publication = new Publication({ burst: 2, refillMs: 10_000 });
  expect([0, 1, 2, 3].map((now) => publication.offer(host, now))).toEqual([
    "now",
    "now",
    "later",
    "later",
  ]);
  expect(publication.pending).toBe(1);
  expect(publication.takeDue(9_000)).toEqual([]);
  expect(publication.takeDue(10_100)).toEqual([host]);
  expect(publication.pending).toBe(0);
  expect(publication.isWithinBudget(host, 10_200)).toBe(false);
});

test("one host's budget is not another's", () => {
  const publication = new Publication({ burst: 1, refillMs: 10_000 });
  publication.offer(host, 0);
  expect(publication.isWithinBudget(host, 1)).toBe(false);
  expect(publication.offer(8, 1)).toBe("now");
});

test("a change that may be published at once takes an older one off the list", () => {
  const publication = new Publication({ burst: 1, refillMs: 10_000 });
  publication.offer(host, 0);
  publication.offer(host, 1);
  expect(publication.offer(host, 20_000)).toBe("now");
  expect(publication.takeDue(100_000)).toEqual([]);
});

test("sweeping does not give a host a new budget before its time", () => {
  const publication = new Publication({ burst: 1, refillMs: 10_000 });
  publication.offer(host, 0);
  publication.sweep(5_000);
  expect(publication.isWithinBudget(host, 5_000)).toBe(false);
  publication.sweep(10_000);
  expect(publication.isWithinBudget(host, 10_000)).toBe(true);
});
