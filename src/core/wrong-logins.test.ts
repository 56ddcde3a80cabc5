import { expect, test } from "bun:test";
import { WrongLogins } from "./wrong-logins.ts";

test("fifteen within half an hour are a burst, and then it begins anew", () => {
  let nowMs = 0;
  const wrong = new WrongLogins({ now: () => nowMs, monotonicMs: () => nowMs });
  const many = Array.from({ length: 30 }, () => {
    nowMs += 60_000;
    return wrong.note(1);
  });
  expect(many.flatMap((isFull, at) => (isFull ? [at + 1] : []))).toEqual([15, 30]);
});

test("one every three minutes is none, and what others do does not count", () => {
  let nowMs = 0;
  const wrong = new WrongLogins({ now: () => nowMs, monotonicMs: () => nowMs });
  for (let i = 0; i < 100; i++) {
    nowMs += 180_000;
    expect(wrong.note(1)).toBe(false);
    expect(wrong.note(i + 2)).toBe(false);
  }
});
