/**
 * A program that a fault test runs and hurts: it changes hosts and says on standard output what the
 * store said, a line each, written before the next change of that host begins:
 *
 *   a HOST VALUE RECOVERIES   acknowledged
 *   f HOST VALUE RECOVERIES   refused, or unknown
 *   t HOST VALUE              told by the feed
 *   end STATE                 as many acknowledgements as wanted, or given up
 *
 * Arguments: data folder, hosts, acknowledgements wanted, seconds at most, and how honest it is:
 * `honest`, `ignores-failures` or `answers-first`. The last two are the faults that a checker of
 * acknowledgements has to find.
 */

import { writeSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "../src/base/clock.ts";
import { openStore } from "../src/store/open-store.ts";
import { quietLog } from "./quiet-log.ts";

const [folder, hostsText, wantedText, secondsText, honesty] = process.argv.slice(2);
const hostCount = Number(hostsText);
const wanted = Number(wantedText);
const endMs = performance.now() + Number(secondsText) * 1_000;

await using store = await openStore({
  url: join(folder!, "nameward.db"),
  thread: true,
  clock: systemClock,
  log: quietLog,
});
let acknowledged = 0;
const say = (line: string): void => void writeSync(1, `${line}\n`);

store.follow(await store.load(() => undefined), (facts) => {
  for (const fact of facts) {
    if (fact.kind === "host" && fact.host?.v4) say(`t ${fact.id} ${readValue(fact.host.v4)}`);
  }
});

async function changeAgainAndAgain(host: number): Promise<void> {
  for (let value = 1; acknowledged < wanted && performance.now() < endMs; value++) {
    const change = { host, atMs: Date.now(), v4: makeAddress(value), v6: undefined };
    const line = `${host} ${value}`;
    if (honesty === "answers-first") say(`a ${line} ${recoveries()}`);
    try {
      await store.commit([change], []);
      acknowledged++;
      if (honesty !== "answers-first") say(`a ${line} ${recoveries()}`);
    } catch {
      say(`${honesty === "ignores-failures" ? "a" : "f"} ${line} ${recoveries()}`);
      await Bun.sleep(50);
    }
  }
}

function recoveries(): number {
  return store.health().counts.recoveries;
}

function makeAddress(value: number): Uint8Array {
  return Uint8Array.from([10, value >> 16, value >> 8, value]);
}

function readValue(v4: Uint8Array): number {
  return (v4[1]! << 16) | (v4[2]! << 8) | v4[3]!;
}

await Promise.all(Array.from({ length: hostCount }, (_, index) => changeAgainAndAgain(index + 1)));
say(`end ${store.health().state}`);
