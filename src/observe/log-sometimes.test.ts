import { expect, test } from "bun:test";

import { logSometimes } from "./log-sometimes.ts";
import { makeTextLog } from "./log.ts";

test("a sentence that repeats is written a few times, then now and then with what was left out", () => {
  let nowMs = 0;
  const clock = { now: () => nowMs, monotonicMs: () => nowMs };
  const lines: string[] = [];
  const plain = makeTextLog("info", (line) => lines.push(line));
  const log = logSometimes(plain, clock, { burst: 2, refillMs: 1_000 });
  for (let i = 0; i < 100; i++) log.warn({ peer: `192.0.2.${i}` }, "The limit is reached");
  log.warn({}, "Another sentence");
  expect(lines.map((line) => line.slice(15, 35))).toEqual([
    "The limit is reached",
    "The limit is reached",
    "Another sentence\n",
  ]);
  nowMs = 1_000;
  log.warn({}, "The limit is reached");
  expect(lines[3]).toEndWith("The limit is reached  suppressed=98\n");
});
