/** What a load generator is told, and what it says when it is done. Each runs in its own process. */

import { readCpuMicros } from "./process-figures.ts";
import { pin } from "./processors.ts";

export interface LoadOrder {
  readonly port: number;
  /** The server, whose CPU time is read at both ends of the measured time. */
  readonly pid: number;
  readonly how: "http-change" | "http-repeat" | "udp-update" | "tcp-update";
  /** Requests under way at once; in an open loop the most of them. */
  readonly window: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
  /** No two orders of one run share addresses, so that every change is one. */
  readonly firstNumber: number;
  /** Requests a second whether or not the answers come (open loop); undefined: as fast as they come. */
  readonly rate?: number | undefined;
}

export interface LoadResult {
  /** Requests answered as they should be, in the measured time. */
  readonly done: number;
  /** Answered in another way, refused or lost. */
  readonly failed: number;
  /** An example of what else was answered. */
  readonly failure: string | undefined;
  readonly perSecond: number;
  readonly cpuMicrosEach: number;
  /** How much of one processor the generator took for itself: near 1 it is what limits the rate. */
  readonly generatorShare: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The first number that was not used. */
  readonly nextNumber: number;
}

/** Counts between `begin` and `end`. What comes outside is warm-up. */
export class LoadMeter {
  readonly #pid: number;
  #latenciesMs: number[] = [];
  #failed = 0;
  #failure: string | undefined;
  #beganMs = 0;
  #cpuMicros = 0;
  #generatorMicros = 0;
  #isOn = false;

  constructor(pid: number) {
    this.#pid = pid;
  }

  begin(): void {
    this.#isOn = true;
    this.#beganMs = performance.now();
    this.#cpuMicros = readCpuMicros(this.#pid);
    this.#generatorMicros = readCpuMicros(process.pid);
  }

  done(sinceMs: number): void {
    if (this.#isOn) this.#latenciesMs.push(performance.now() - sinceMs);
  }

  failed(why: string): void {
    if (!this.#isOn) return;
    this.#failed++;
    this.#failure ??= why;
  }

  end(nextNumber: number): LoadResult {
    const seconds = (performance.now() - this.#beganMs) / 1_000;
    const cpuMicros = readCpuMicros(this.#pid) - this.#cpuMicros;
    const generatorMicros = readCpuMicros(process.pid) - this.#generatorMicros;
    this.#isOn = false;
    const sorted = Float64Array.from(this.#latenciesMs).sort();
    const done = sorted.length;
    return {
      done,
      failed: this.#failed,
      failure: this.#failure,
      perSecond: done / seconds,
      cpuMicrosEach: cpuMicros / Math.max(done, 1),
      generatorShare: generatorMicros / 1_000_000 / seconds,
      p50Ms: sorted[Math.floor(done * 0.5)] ?? Number.NaN,
      p99Ms: sorted[Math.floor(done * 0.99)] ?? Number.NaN,
      nextNumber,
    };
  }
}

/** Has a generator carry out an order in a process of its own, on that processor if one is named. */
export async function runLoad(order: LoadOrder, processor?: number): Promise<LoadResult> {
  const script = order.how.startsWith("http") ? "http-load.ts" : "update-load.ts";
  const child = Bun.spawn(
    pin(processor, [process.execPath, `${import.meta.dir}/${script}`, JSON.stringify(order)]),
    {
      stdout: "pipe",
      stderr: "inherit",
    },
  );
  const text = await new Response(child.stdout).text();
  if ((await child.exited) !== 0) throw new Error(`${script} failed`);
  return JSON.parse(text) as LoadResult;
}

/** How many, with an example of what was answered instead. */
export function printFailures(results: readonly LoadResult[]): string {
  const failed = results.reduce((sum, result) => sum + result.failed, 0);
  const why = results.find((result) => result.failure !== undefined)?.failure;
  return why === undefined ? String(failed) : `${failed} (${JSON.stringify(why.slice(-40))})`;
}
