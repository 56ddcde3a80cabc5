import { expect, test } from "bun:test";
import { findQuantile } from "./quantile.ts";

const bounds = [1, 5, 10];

const cases = [
  ["nothing was counted", [0, 0, 0, 0], 0.5, undefined],
  ["all lie in one bucket", [0, 7, 0, 0], 0.99, 5],
  ["the middle lies in the first", [50, 40, 10, 0], 0.5, 1],
  ["99 of 100 reach the third", [50, 40, 10, 0], 0.99, 10],
  ["one of a hundred is above all bounds", [99, 0, 0, 1], 0.99, 1],
  ["too many are above all bounds", [98, 0, 0, 2], 0.99, undefined],
] as const;

for (const [when, counts, share, expected] of cases) {
  test(`where ${when}, the bound for ${share} is ${expected}`, () => {
    expect(findQuantile({ bounds, counts, sum: 0 }, share)).toBe(expected);
  });
}
