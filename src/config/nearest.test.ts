import { expect, test } from "bun:test";

import { findNearest } from "./nearest.ts";

const known = ["dns", "web", "devices", "hostTtlSeconds", "trustedProxies"];

const meant = [
  ["dsn", "dns"], // two neighbours swapped
  ["device", "devices"],
  ["host_ttl_seconds", "hostTtlSeconds"],
  ["host-ttl-second", "hostTtlSeconds"],
  ["trustdProxys", undefined], // three slips
  ["xx", undefined],
  ["", undefined],
  ["w".repeat(100_000), undefined],
] as const;

for (const [word, nearest] of meant) {
  test(`${word.slice(0, 20)} means ${nearest ?? "nothing that is known"}`, () => {
    expect(findNearest(word, known)).toBe(nearest);
  });
}
