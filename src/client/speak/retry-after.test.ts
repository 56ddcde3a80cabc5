import { expect, test } from "bun:test";
import { readRetryAfterMs, retryAfterMsMax } from "./retry-after.ts";

const nowMs = Date.parse("2026-11-30T12:00:00Z");
const headers = [
  ["120", 120_000],
  [" 0 ", 0],
  ["Mon, 30 Nov 2026 12:05:00 GMT", 300_000],
  ["Mon, 30 Nov 2026 11:00:00 GMT", 0], // it is over
  ["9999999999", retryAfterMsMax],
  ["Fri, 31 Dec 9999 23:59:59 GMT", retryAfterMsMax],
  [null, undefined],
  ["", undefined],
  ["-5", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["2026-11-30", undefined],
  ["Mon, 99 Nov 2026 12:05:00 GMT", undefined],
] as const;

for (const [header, ms] of headers) {
  test(`Retry-After: ${header} is ${ms} ms`, () => {
    expect(readRetryAfterMs(header, nowMs)).toBe(ms as never);
  });
}
