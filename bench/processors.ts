/** Two processors apart: one for the server that is measured, one for what loads it. */

import { readFileSync } from "node:fs";
import { runProgram } from "./run-program.ts";

export interface Processors {
  readonly server: number;
  readonly load: number;
}

/** The first and the last that this process may use (proc(5)); `undefined` where there is only one. */
export function findProcessors(): Processors | undefined {
  const status = readFileSync("/proc/self/status", "latin1");
  const numbers = /^Cpus_allowed_list:\s+(\S+)$/m.exec(status)?.[1]?.match(/\d+/g)?.map(Number);
  const load = numbers?.at(0);
  const server = numbers?.at(-1);
  if (load === undefined || server === undefined || load === server) return undefined;
  return { server, load };
}

/** The command, kept on that processor with all that it starts; anywhere when none is named. */
export function pin(processor: number | undefined, command: readonly string[]): string[] {
  if (processor === undefined) return [...command];
  return ["taskset", "--cpu-list", String(processor), ...command];
}

/** The same for all threads of a process that is up: Knot chooses processors for its own. */
export async function pinThreads(processor: number, pid: number): Promise<void> {
  await runProgram([
    "taskset",
    "--all-tasks",
    "--cpu-list",
    "--pid",
    String(processor),
    String(pid),
  ]);
}
