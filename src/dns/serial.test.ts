import { expect, test } from "bun:test";

import { isNewerSerial, nextSerial } from "./serial.ts";

const half = 2 ** 31;

// RFC 1982 §5.2 scales its examples to 8 bits; these are the same places on the circle of 32.
const pairs = [
  [1, 0, true],
  [44, 0, true],
  [100, 44, true],
  [0, 2 ** 32 - 1, true], // round the end
  [half - 1, 0, true],
  [0, half + 1, true],
  [half + 5, 6, true],
  [0, 0, false],
  [44, 100, false],
  [half, 0, false], // exactly opposite: undefined, RFC 1982 §3.2
  [0, half, false],
  [2 ** 32 - 1, 0, false],
] as const;

for (const [a, b, isNewer] of pairs) {
  test(`${a} is ${isNewer ? "" : "not "}newer than ${b}`, () => {
    expect(isNewerSerial(a, b)).toBe(isNewer);
  });
}

test("the next serial is newer, and goes round without touching 0", () => {
  for (const serial of [0, 1, 2024010101, half - 1, half, 2 ** 32 - 2, 2 ** 32 - 1]) {
    expect(isNewerSerial(nextSerial(serial), serial)).toBe(true);
  }
  expect(nextSerial(2 ** 32 - 1)).toBe(1);
});
