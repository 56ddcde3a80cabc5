import { expect, test } from "bun:test";
import type { Receipt } from "./receipt.ts";
import { Restless, changesUsual } from "./restless.ts";

const atMs = 7_200_000;

function change(host: number, outcome = "changed"): Receipt {
  const asked = { asked: "", username: undefined, peer: "192.0.2.1", adapter: "", userAgent: "" };
  return { atMs, host, outcome, addresses: "", note: "", ...asked };
}

test("a host that changes oftener than is usual is listed, until the hour is over", () => {
  const restless = new Restless();
  for (let times = 0; times < changesUsual; times++) restless.note(change(1));
  expect(restless.list(atMs)).toEqual([]);
  restless.note(change(1));
  expect(restless.list(atMs)).toEqual([{ host: 1, changes: changesUsual + 1, atMs }]);
  expect(restless.list(atMs + 3_600_000)).toEqual([]);
});

test("repeats and refusals are no changes", () => {
  const restless = new Restless();
  for (let times = 0; times < 100; times++) {
    restless.note(change(1, "unchanged"));
    restless.note(change(2, "blocked"));
  }
  expect(restless.list(atMs)).toEqual([]);
});

test("however many hosts change, so many are remembered", () => {
  const restless = new Restless();
  for (let host = 1; host <= 5_000; host++)
    for (let times = 0; times <= changesUsual; times++) restless.note(change(host));
  expect(restless.list(atMs)).toHaveLength(2_000);
});
