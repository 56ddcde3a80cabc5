/** The way of an answer makes no garbage: however many there are, nothing is collected. */

import { expect, test } from "bun:test";
import { questionsAsked } from "./questions-asked.ts";

/** Eight MiB of garbage lead to a collection: so 16 octets an answer show. */
const answers = 550_000;
const runMs = 120_000;

/**
 * Collections that became due by what was allocated, while each question was answered. The runtime makes
 * others now and then, by the clock.
 */
async function countCollections(...flags: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const command = [process.execPath, `${import.meta.dir}/answer-many.ts`, `${answers}`, ...flags];
  const child = Bun.spawn(command, {
    env: { ...process.env, BUN_JSC_logGC: "1" },
    stdout: "ignore",
    stderr: "pipe",
  });
  const counts = new Map<string, number>();
  let current: string | undefined;
  for (const line of (await new Response(child.stderr).text()).split("\n")) {
    const mark = /^(BEGIN|END) (.*)$/.exec(line);
    if (mark !== null) {
      current = mark[1] === "BEGIN" ? mark[2] : undefined;
      if (current !== undefined) counts.set(current, 0);
    } else if (current !== undefined && line.includes("because bytes allocated")) {
      counts.set(current, counts.get(current)! + 1);
    }
  }
  return counts;
}

test(
  `${answers} answers of each kind lead to no collection of garbage`,
  async () => {
    const counts = await countCollections();
    expect(counts.size).toBe(questionsAsked.length);
    expect([...counts].filter(([, collections]) => collections > 0)).toEqual([]);
  },
  runMs,
);

test(
  "one small object an answer is noticed",
  async () => {
    const counts = await countCollections("--allocates");
    expect(counts.size).toBe(questionsAsked.length);
    expect([...counts].filter(([, collections]) => collections === 0)).toEqual([]);
  },
  runMs,
);
