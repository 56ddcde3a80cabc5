/** The figures as tables, and as ratios beside what we aim for. */

import type { LoadResult } from "./load.ts";
import type { StartFigures } from "./million.ts";

export interface Row {
  readonly who: string;
  readonly pid: number;
  readonly how: string;
  readonly window: number;
  readonly results: readonly LoadResult[];
}

/** What holds on two processors: ratios of one run, and one latency. */
const aims = { knotd: 4, named: 12, repeats: 1.3, p99Ms: 50 } as const;

type Figure = "perSecond" | "cpuMicrosEach" | "generatorShare" | "p50Ms" | "p99Ms";

export function median(row: Row, figure: Figure): number {
  const sorted = row.results.map((result) => result[figure]).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)]!;
}

export function printComparison(rows: readonly Row[], open: Row, rate: number): string {
  const ours = best(rows.filter((row) => row.how === "http-change"))!;
  const repeats = best(rows.filter((row) => row.how === "http-repeat"))!;
  const lines = [printTable([...rows, open]), "", ...printBusyGenerators([ours, repeats])];
  for (const who of ["knotd", "named"] as const) {
    const peer = best(rows.filter((row) => row.who === who));
    if (peer === undefined) {
      lines.push(`${who}: LEFT OUT, not installed`);
      continue;
    }
    const ratio = median(ours, "perSecond") / median(peer, "perSecond");
    const cpu = median(peer, "cpuMicrosEach") / median(ours, "cpuMicrosEach");
    lines.push(
      printRatio(`changes a second, nameward / ${who} (${printWay(peer)})`, ratio, aims[who]),
      `CPU time of a change, ${who} / nameward: ${cpu.toFixed(2)}`,
    );
  }
  const ratio = median(repeats, "perSecond") / median(ours, "perSecond");
  const p99Ms = median(open, "p99Ms");
  lines.push(
    printRatio("repeats / changes a second", ratio, aims.repeats),
    `reply at half the rate (${rate.toFixed(0)} a second): p50 ${median(open, "p50Ms").toFixed(1)} ms, ` +
      `p99 ${p99Ms.toFixed(1)} ms, aim under ${aims.p99Ms}: ${p99Ms < aims.p99Ms ? "met" : "MISSED"}`,
    "",
  );
  return lines.join("\n");
}

export function printStarts(empty: StartFigures, full: StartFigures): string {
  const each = (full.rssOctets - empty.rssOctets) / full.hosts;
  const lines = [empty, full].map(
    ({ hosts, rssOctets, readyMs, answeredMs }) =>
      `${hosts} hosts: ${(rssOctets / 2 ** 20).toFixed(0)} MiB resident, ` +
      `ready after ${readyMs.toFixed(0)} ms, first answer after ${answeredMs.toFixed(0)} ms`,
  );
  return [...lines, `memory of a host: ${each.toFixed(0)} octets`].join("\n");
}

function best(rows: readonly Row[]): Row | undefined {
  return rows.toSorted((a, b) => median(b, "perSecond") - median(a, "perSecond"))[0];
}

/** It opens a connection for each request, which is dearer than to accept one: so it may end first. */
const busyShare = 0.8;

function printBusyGenerators(rows: readonly Row[]): readonly string[] {
  return rows
    .filter((row) => median(row, "generatorShare") >= busyShare)
    .map((row) => {
      const share = (median(row, "generatorShare") * 100).toFixed(0);
      return `${printWay(row)}: the generator took ${share} % of a processor, so it limits the rate`;
    });
}

function printWay(row: Row): string {
  return `${row.how} ${row.window}`;
}

function printRatio(what: string, ratio: number, aim: number): string {
  return `${what}: ${ratio.toFixed(2)}, aim ${aim}: ${ratio >= aim ? "met" : "MISSED"}`;
}

/** Failures are shown, and not only counted out: a server that refuses is not quick. */
function printTable(rows: readonly Row[]): string {
  const head = [
    "",
    "",
    "window",
    "a second",
    "CPU µs each",
    "generator CPU",
    "p50 ms",
    "p99 ms",
    "failed",
  ];
  const lines = rows.map((row) => [
    row.who,
    row.how,
    String(row.window),
    median(row, "perSecond").toFixed(0),
    median(row, "cpuMicrosEach").toFixed(1),
    `${(median(row, "generatorShare") * 100).toFixed(0)} %`,
    median(row, "p50Ms").toFixed(1),
    median(row, "p99Ms").toFixed(1),
    printFailures(row),
  ]);
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at]!.length)));
  return [head, ...lines]
    .map((line) =>
      line.map((cell, at) => (at < 2 ? cell.padEnd(widths[at]!) : cell.padStart(widths[at]!))),
    )
    .map((line) => line.join("  ").trimEnd())
    .join("\n");
}

function printFailures(row: Row): string {
  const failed = row.results.reduce((sum, result) => sum + result.failed, 0);
  const why = row.results.find((result) => result.failure !== undefined)?.failure;
  return why === undefined ? String(failed) : `${failed} (${JSON.stringify(why.slice(-40))})`;
}
