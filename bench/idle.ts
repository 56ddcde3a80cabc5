/** A server may work on what it was sent long after the load has gone. The next measurement waits for that. */

import { readTreeCpuMicros } from "./process-figures.ts";

const idleSampleMs = 300;
const idleMicrosMax = 20_000;
const idleSamplesMax = 100;

export async function waitUntilIdle(pids: readonly number[]): Promise<void> {
  const readAll = () => pids.reduce((sum, pid) => sum + readTreeCpuMicros(pid), 0);
  for (let sample = 0; sample < idleSamplesMax; sample++) {
    const before = readAll();
    await Bun.sleep(idleSampleMs);
    if (readAll() - before <= idleMicrosMax) return;
  }
  console.log("A server was still busy when the next round began.");
}
