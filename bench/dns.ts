/**
 * `npm run bench:dns`: our name server beside others, in turn, in one run on one machine. What counts is
 * the processor time of an answer, as a ratio: how many there are a second depends on dnsperf as well.
 */

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { fetchCookie, hasServerCookie } from "./cookie.ts";
import { dnsHelp, parseDnsArguments } from "./dns-arguments.ts";
import type { DnsChoice, ServerName } from "./dns-arguments.ts";
import { dnsCases, hosts, printQueries } from "./dns-cases.ts";
import type { DnsCase, ZoneKind } from "./dns-cases.ts";
import { DnsServers } from "./dns-servers.ts";
import type { Contestant, DnsServer } from "./dns-servers.ts";
import { runDnsperf } from "./dnsperf.ts";
import type { DnsperfOrder, DnsperfResult } from "./dnsperf.ts";
import { waitUntilIdle } from "./idle.ts";
import { runLoad } from "./load.ts";
import type { LoadResult } from "./load.ts";
import { hostsUpdated } from "./names.ts";
import { latencyRate, printCase, printDisturbance, printSigningCost } from "./print-dns-figures.ts";
import type { DnsMeasure, DnsRow } from "./print-dns-figures.ts";
import { readBusyMicros, readTreeCpuMicros } from "./process-figures.ts";
import { findProcessors } from "./processors.ts";
import type { Processors } from "./processors.ts";

interface Durations {
  readonly rounds: number;
  readonly warmUpSeconds: number;
  readonly measuredSeconds: number;
  readonly latencySeconds: number;
}

const quick: Durations = { rounds: 1, warmUpSeconds: 1, measuredSeconds: 2, latencySeconds: 1 };
const thorough: Durations = { rounds: 3, warmUpSeconds: 1, measuredSeconds: 4, latencySeconds: 2 };
/** Updates have found their pace by then. */
const updatesWarmUpMs = 1_000;

/** One case on one server. */
interface Match {
  readonly dnsCase: DnsCase;
  readonly who: ServerName;
  readonly server: DnsServer;
  readonly file: string;
  readonly measures: DnsMeasure[];
}

interface TimedResult extends DnsperfResult {
  readonly cpuMicrosEach: number;
  readonly serverShare: number;
  /** What everything on both processors took of them. */
  readonly busyShare: number;
}

class DnsBench {
  readonly #processors: Processors;
  readonly #durations: Durations;
  /** No two updates of one run give the same address, so that every one is a change. */
  #nextNumber = 0;

  constructor(processors: Processors, durations: Durations) {
    this.#processors = processors;
    this.#durations = durations;
  }

  async measure(
    { dnsCase, server, file, measures }: Match,
    pids: readonly number[],
  ): Promise<void> {
    const { warmUpSeconds, measuredSeconds, latencySeconds } = this.#durations;
    await waitUntilIdle(pids);
    const cookie = await fetchCookie(server.port);
    const order = {
      port: server.port,
      file,
      isDnssecOk: dnsCase.isDnssecOk,
      cookie,
      processor: this.#processors.load,
    };
    // At first every answer is asked for once: some are made, or kept for the next time, when they are.
    const seconds = measures.length === 0 ? "once" : warmUpSeconds;
    await runDnsperf({ ...order, seconds });
    const full = await this.#underUpdates(dnsCase, server, measuredSeconds, () =>
      this.#runTimed(server.pid, { ...order, seconds: measuredSeconds }),
    );
    const rated = await this.#underUpdates(dnsCase, server, latencySeconds, () =>
      runDnsperf({ ...order, seconds: latencySeconds, rate: latencyRate }),
    );
    const { busyShare, ...measured } = full.result;
    const loadShare = measured.share + (full.updates?.generatorShare ?? 0);
    measures.push({
      ...measured,
      othersShare: Math.max(0, busyShare - (measured.serverShare + loadShare) / 2),
      latenciesMs: rated.result.latenciesMs,
      updates: full.updates,
      hasServerCookie: hasServerCookie(cookie),
    });
  }

  /** A run, and what processor time it took. */
  async #runTimed(pid: number, order: DnsperfOrder): Promise<TimedResult> {
    const both = [this.#processors.server, this.#processors.load];
    const beganMs = performance.now();
    const before = { server: readTreeCpuMicros(pid), all: readBusyMicros(both) };
    const result = await runDnsperf(order);
    const server = readTreeCpuMicros(pid) - before.server;
    const all = readBusyMicros(both) - before.all;
    const micros = (performance.now() - beganMs) * 1_000;
    return {
      ...result,
      cpuMicrosEach: server / Math.max(result.completed, 1),
      serverShare: server / micros,
      busyShare: all / both.length / micros,
    };
  }

  /** What is done while the updates go on, and what became of these. */
  async #underUpdates<Result>(
    { updatesPerSecond }: DnsCase,
    { pid, updates: way }: DnsServer,
    seconds: number,
    act: () => Promise<Result>,
  ): Promise<{ readonly result: Result; readonly updates: LoadResult | undefined }> {
    if (updatesPerSecond === 0 || typeof way === "string") {
      return { result: await act(), updates: undefined };
    }
    const firstNumber = this.#nextNumber;
    const times = { warmUpMs: updatesWarmUpMs, measuredMs: seconds * 1_000 };
    const order = { ...way, ...times, pid, firstNumber, rate: updatesPerSecond };
    const load = runLoad(order, this.#processors.load);
    await Bun.sleep(updatesWarmUpMs);
    const result = await act();
    const updates = await load;
    this.#nextNumber = updates.nextNumber + hostsUpdated;
    return { result, updates };
  }
}

async function run(choice: DnsChoice, processors: Processors): Promise<void> {
  const durations = choice.isQuick ? quick : thorough;
  const cases = dnsCases.filter(({ name }) => choice.cases.includes(name));
  console.log(
    `${cpus()[0]?.model}; servers on processor ${processors.server}, dnsperf on ${processors.load}; ` +
      `${hosts} names, EDNS and cookies; ${durations.rounds} rounds, medians\n`,
  );
  const folder = await mkdtemp(join(tmpdir(), "nameward-bench-dns-"));
  try {
    await using running = new AsyncDisposableStack();
    const servers = new DnsServers(folder, processors.server, running);
    const matches: Match[] = [];
    const leftOut: DnsRow[] = [];
    const started = new Map<string, Contestant>();
    for (const dnsCase of cases) {
      const file = join(folder, `${dnsCase.name}.queries`);
      await writeFile(file, printQueries(dnsCase));
      for (const who of choice.servers) {
        const key = `${who} ${dnsCase.zone satisfies ZoneKind}`;
        const server = started.get(key) ?? (await servers.start(who, dnsCase.zone));
        started.set(key, server);
        const why = whyNot(dnsCase, server);
        if (typeof server !== "string" && why === undefined) {
          matches.push({ dnsCase, who, server, file, measures: [] });
        } else {
          leftOut.push({ dnsCase, who, measures: [], why });
        }
      }
    }
    await measureAll(matches, new DnsBench(processors, durations), durations.rounds);
    const rows: readonly DnsRow[] = [...matches, ...leftOut];
    for (const dnsCase of cases) console.log(printCase(dnsCase, rows));
    console.log([printSigningCost(rows), printDisturbance(rows)].join("\n"));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function whyNot({ updatesPerSecond }: DnsCase, server: Contestant): string | undefined {
  if (typeof server === "string") return server;
  return updatesPerSecond > 0 && typeof server.updates === "string" ? server.updates : undefined;
}

/** All in turn, and that several times. Updates come last: a server is not the same after them. */
async function measureAll(
  matches: readonly Match[],
  bench: DnsBench,
  rounds: number,
): Promise<void> {
  const pids = [...new Set(matches.map(({ server }) => server.pid))];
  const quiet = matches.filter(({ dnsCase }) => dnsCase.updatesPerSecond === 0);
  const updated = matches.filter(({ dnsCase }) => dnsCase.updatesPerSecond > 0);
  for (const part of [quiet, updated]) {
    for (let round = 0; round < rounds; round++) {
      for (const match of part) await bench.measure(match, pids);
    }
  }
}

const given = parseDnsArguments(process.argv.slice(2));
const processors = findProcessors();
if (given.kind === "mistake") {
  console.error(`${given.why}\n\n${dnsHelp}`);
  process.exitCode = 2;
} else if (given.kind === "help") {
  console.log(dnsHelp);
} else if (Bun.which("dnsperf") === null || Bun.which("taskset") === null) {
  console.error("This needs dnsperf and taskset (Debian: dnsperf and util-linux).");
  process.exitCode = 1;
} else if (processors === undefined) {
  console.error("This needs two processors: one for the servers, one for dnsperf.");
  process.exitCode = 1;
} else {
  await run(given, processors);
}
