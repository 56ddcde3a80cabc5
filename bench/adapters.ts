/**
 * `npm run bench:adapters`: changes a second by ten rules, each as a ratio to plain dyndns2 in the same run, over real
 * sockets against a server in a process of its own. `--quick` makes it shorter and less certain.
 */

import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../test/server.ts";
import type { AdapterOrder } from "./adapter-load.ts";
import { wayNames, waysHosts } from "./adapter-ways.ts";
import type { WayName } from "./adapter-ways.ts";
import { fillWays } from "./fill-ways.ts";
import { waitUntilIdle } from "./idle.ts";
import { printFailures } from "./load.ts";
import type { LoadResult } from "./load.ts";
import { median, printTable } from "./print-table.ts";

const isQuick = process.argv.includes("--quick");
const rounds = isQuick ? 1 : 5;
const warmUpMs = isQuick ? 300 : 500;
const measuredMs = isQuick ? 1_000 : 2_000;
/** A talk listener takes 100 connections of one address, those included that are about to close. */
const window = 32;

let nextNumber = 0;

async function run(
  way: WayName,
  server: { readonly pid: number; readonly devicePort: number; readonly gnudipPort: number },
): Promise<LoadResult> {
  await waitUntilIdle([server.pid]);
  const order: AdapterOrder = {
    ...server,
    way,
    window,
    warmUpMs,
    measuredMs,
    firstNumber: nextNumber,
  };
  const script = `${import.meta.dir}/adapter-load.ts`;
  const child = Bun.spawn([process.execPath, script, JSON.stringify(order)], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`The generator of ${way} failed`);
  const result = JSON.parse(text) as LoadResult;
  nextNumber = result.nextNumber + waysHosts;
  return result;
}

const folder = await mkdtemp(join(tmpdir(), "nameward-bench-"));
try {
  await fillWays(folder);
  await using started = await startServer({
    data: folder,
    args: ["--gnudip", "127.0.0.1:0", "--trusted-proxies", "127.0.0.1/32"],
  });
  const server = {
    pid: started.pid,
    devicePort: started.devices.port,
    gnudipPort: started.listeners.get("gnudip")!.port,
  };
  const all: readonly WayName[] = ["dyndns2", ...wayNames];
  const results = new Map<WayName, LoadResult[]>(all.map((way) => [way, []]));
  await run("dyndns2", server); // the server has compiled what it needs
  // In turn, so that what disturbs the machine for a while disturbs all of them.
  for (let round = 0; round < rounds; round++) {
    for (const way of all) results.get(way)!.push(await run(way, server));
  }
  const plain = results.get("dyndns2")!;
  const lines = all.map((way) => {
    const ofWay = results.get(way)!;
    const ratio = (of: (result: LoadResult) => number): string =>
      median(ofWay.map((result, round) => of(result) / of(plain[round]!))).toFixed(2);
    return [
      way,
      median(ofWay.map(({ perSecond }) => perSecond)).toFixed(0),
      ratio(({ perSecond }) => perSecond),
      median(ofWay.map(({ cpuMicrosEach }) => cpuMicrosEach)).toFixed(0),
      ratio(({ cpuMicrosEach }) => cpuMicrosEach),
      printFailures(ofWay),
    ];
  });
  console.log(
    `${cpus().length} processors, ${cpus()[0]?.model}; ${rounds} rounds, medians; ${window} at once`,
  );
  const head = ["changes by", "a second", "ratio", "µs of CPU", "ratio", "failed"];
  console.log(printTable(head, lines, 1));
} finally {
  await rm(folder, { recursive: true, force: true });
}
