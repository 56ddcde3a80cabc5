/** What the kernel says about a process: proc(5). */

import { readdirSync, readFileSync } from "node:fs";

/** USER_HZ is 100 on every Linux that Bun runs on. */
const microsPerTick = 10_000;

/** User and system time of all its threads. */
export function readCpuMicros(pid: number): number {
  return readStat(pid).cpuMicros;
}

/** The same of the process and of all that descend from it: some servers answer in a child. */
export function readTreeCpuMicros(pid: number): number {
  const stats = readdirSync("/proc")
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((entry) => findStat(Number(entry)) ?? []);
  const sum = (stat: Stat): number =>
    stats
      .filter(({ parent }) => parent === stat.pid)
      .reduce((micros, child) => micros + sum(child), stat.cpuMicros);
  return sum(readStat(pid));
}

/** What all processes together took of these processors. */
export function readBusyMicros(processors: readonly number[]): number {
  const stat = readFileSync("/proc/stat", "latin1");
  return processors.reduce((micros, processor) => {
    const line = new RegExp(`^cpu${processor} (.+)$`, "m").exec(stat)?.[1]?.split(" ") ?? [];
    // user, nice, system, then idle and waiting, then interrupts and what a hypervisor took
    const busy = [0, 1, 2, 5, 6, 7].map((at) => Number(line[at]));
    return busy.reduce((sum, ticks) => sum + ticks * microsPerTick, micros);
  }, 0);
}

/** Resident memory. */
export function readRssOctets(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, "latin1");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
}

interface Stat {
  readonly pid: number;
  readonly parent: number;
  readonly cpuMicros: number;
}

/** A process of others may end while the list is read. */
function findStat(pid: number): Stat | undefined {
  try {
    return readStat(pid);
  } catch {
    return undefined;
  }
}

function readStat(pid: number): Stat {
  const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
  // The second field is the command in brackets, and may hold blanks.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const cpuMicros = (Number(fields[11]) + Number(fields[12])) * microsPerTick;
  return { pid, parent: Number(fields[1]), cpuMicros };
}
