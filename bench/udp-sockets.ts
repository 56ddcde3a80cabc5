/**
 * `npm run bench:sockets`: what a datagram there and back costs by each way of reading sockets that the
 * runtime has, nothing else being done with it. dnsperf on one processor asks, the echo is on another.
 */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runDnsperf } from "./dnsperf.ts";
import { median, printTable } from "./print-table.ts";
import { readTreeCpuMicros } from "./process-figures.ts";
import { findProcessors, pin } from "./processors.ts";
import type { Processors } from "./processors.ts";
import { udpWays } from "./udp-echo.ts";

const rounds = 3;
const warmUpSeconds = 1;
const seconds = 3;
/** Some client's: nobody looks at it. */
const cookie = "2464c4abcf10c957";

interface Echo extends AsyncDisposable {
  readonly pid: number;
  readonly port: number;
}

async function startEcho(way: string, processor: number): Promise<Echo> {
  const script = join(import.meta.dir, "udp-echo.ts");
  const child = Bun.spawn(pin(processor, [process.execPath, script, way]), { stdout: "pipe" });
  const { value } = await child.stdout.getReader().read();
  const port = Number(new TextDecoder().decode(value));
  return {
    pid: child.pid,
    port,
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL"); // one of them never looks up
      await child.exited;
    },
  };
}

async function measure(way: string, file: string, { server, load }: Processors) {
  await using echo = await startEcho(way, server);
  const order = { port: echo.port, file, isDnssecOk: false, cookie, processor: load };
  await runDnsperf({ ...order, seconds: warmUpSeconds });
  const before = readTreeCpuMicros(echo.pid);
  const { completed, perSecond } = await runDnsperf({ ...order, seconds });
  return { perSecond, micros: (readTreeCpuMicros(echo.pid) - before) / completed };
}

const processors = findProcessors();
if (processors === undefined || Bun.which("dnsperf") === null || Bun.which("taskset") === null) {
  console.error("This needs two processors, dnsperf and taskset (Debian: dnsperf and util-linux).");
  process.exitCode = 1;
} else {
  const folder = await mkdtemp(join(tmpdir(), "nameward-bench-udp-"));
  try {
    const file = join(folder, "queries");
    await writeFile(file, "cam1.dyn.test A\n");
    const measures = new Map(
      udpWays.map((way) => [way, [] as Awaited<ReturnType<typeof measure>>[]]),
    );
    for (let round = 0; round < rounds; round++) {
      for (const [way, all] of measures) all.push(await measure(way, file, processors));
    }
    const rows = [...measures].map(([way, all]) => ({
      way,
      perSecond: median(all.map((one) => one.perSecond)),
      micros: median(all.map((one) => one.micros)),
    }));
    const least = Math.min(...rows.map(({ micros }) => micros));
    const lines = rows.map(({ way, perSecond, micros }) => [
      way,
      perSecond.toFixed(0),
      micros.toFixed(2),
      (micros / least).toFixed(2),
    ]);
    console.log(printTable(["echo by", "a second", "CPU µs each", "ratio"], lines, 1));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
