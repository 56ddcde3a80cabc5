/**
 * `npm run bench`: our server beside Knot and BIND, in turn, in one run on one machine. What counts
 * are the ratios. `--quick` makes it shorter and less certain; `--only=million` leaves the peers out
 * and measures start-up and memory.
 */

import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fillStore } from "./fill-store.ts";
import { waitUntilIdle } from "./idle.ts";
import { runLoad } from "./load.ts";
import type { LoadOrder, LoadResult } from "./load.ts";
import { measureStart } from "./million.ts";
import { apex, hostsUpdated } from "./names.ts";
import { findPeer, startPeer } from "./peers.ts";
import type { PeerName } from "./peer-rows.ts";
import { medianOf, printComparison, printStarts } from "./print-figures.ts";
import type { Row } from "./print-figures.ts";
import { startServer } from "./server.ts";
import { printZoneFile } from "./zone-file.ts";

const isQuick = process.argv.includes("--quick");
const isMillionOnly = process.argv.includes("--only=million");
const rounds = isQuick ? 1 : 3;
const warmUpMs = isQuick ? 500 : 1_000;
const measuredMs = isQuick ? 1_500 : 3_000;
const manyHosts = isQuick ? 100_000 : 1_000_000;
/** Below the most connections that the server takes from one address. */
const openLoopWindow = 900;

const httpWindows = [64, 256];
/** A peer gets the credit of whichever suits it best. */
const peerWays = [
  { how: "udp-update", window: 64 },
  { how: "udp-update", window: 256 },
  { how: "udp-update", window: 1_024 },
  { how: "tcp-update", window: 256 },
] as const;

type Contestant = Pick<LoadOrder, "how" | "window" | "pid" | "port"> & { readonly who: string };

let nextNumber = 0;

async function run(contestant: Contestant, rate?: number): Promise<LoadResult> {
  const { how, window, pid, port } = contestant;
  const order = { how, window, pid, port, warmUpMs, measuredMs, firstNumber: nextNumber, rate };
  const result = await runLoad(order);
  nextNumber = result.nextNumber + hostsUpdated;
  return result;
}

/** All in turn, and that several times: what disturbs the machine for a while disturbs everybody. */
async function measure(contestants: readonly Contestant[]): Promise<Row[]> {
  const rows = contestants.map((contestant) => ({ ...contestant, results: [] as LoadResult[] }));
  const pids = [...new Set(contestants.map(({ pid }) => pid))];
  for (let round = 0; round < rounds; round++) {
    for (const row of rows) {
      await waitUntilIdle(pids);
      row.results.push(await run(row));
    }
  }
  return rows;
}

async function compare(folder: string): Promise<void> {
  await using running = new AsyncDisposableStack();
  const zone = printZoneFile(hostsUpdated);
  const data = join(folder, "ours");
  await mkdir(data);
  await fillStore(data, hostsUpdated);
  const server = running.use(await startServer(data, `cam0.${apex}`));
  const ours = { who: "nameward", pid: server.pid, port: server.devicePort };
  const contestants: Contestant[] = [];
  for (const how of ["http-change", "http-repeat"] as const) {
    for (const window of httpWindows) contestants.push({ ...ours, how, window });
  }
  for (const name of ["knotd", "named"] satisfies PeerName[]) {
    const program = findPeer(name);
    if (program === undefined) {
      console.log(`LEFT OUT: ${name} is not installed, so nothing is compared with it.`);
      continue;
    }
    const { pid, port } = running.use(
      await startPeer(name, program, folder, { zone, isSigned: false }),
    );
    for (const way of peerWays) contestants.push({ who: name, pid, port, ...way });
  }
  const rows = await measure(contestants);
  const changes = rows.filter((row) => row.how === "http-change");
  const halfRate = Math.max(...changes.map((row) => medianOf(row, "perSecond"))) / 2;
  const open = { ...ours, how: "http-change", window: openLoopWindow } as const;
  const results: LoadResult[] = [];
  await waitUntilIdle([...new Set(rows.map(({ pid }) => pid))]);
  for (let round = 0; round < rounds; round++) results.push(await run(open, halfRate));
  console.log(printComparison(rows, { ...open, results }, halfRate));
}

const folder = await mkdtemp(join(tmpdir(), "nameward-bench-"));
try {
  console.log(`${cpus().length} processors, ${cpus()[0]?.model}; ${rounds} rounds, medians\n`);
  if (!isMillionOnly) await compare(folder);
  console.log(printStarts(await measureStart(folder, 0), await measureStart(folder, manyHosts)));
} finally {
  await rm(folder, { recursive: true, force: true });
}
