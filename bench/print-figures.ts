/** The figures as tables, and as ratios beside what we aim for. */

import { printFailures } from "./load.ts";
import type { LoadResult } from "./load.ts";
import type { StartFigures } from "./million.ts";
import { median, printTable } from "./print-table.ts";

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

export function medianOf(row: Row, figure: Figure): number {
  return median(row.results.map((result) => result[figure]));
}

export function printComparison(rows: readonly Row[], open: Row, rate: number): string {
  const ours = best(rows.filter((row) => row.how === "http-change"))!;
  const repeats = best(rows.filter((row) => row.how === "http-repeat"))!;
  const lines = [printRows([...rows, open]), "", ...printBusyGenerators([ours, repeats])];
  for (const who of ["knotd", "named"] as const) {
    const peer = best(rows.filter((row) => row.who === who));
    if (peer === undefined) {
      lines.push(`${who}: LEFT OUT, not installed`);
      continue;
    }
    const ratio = medianOf(ours, "perSecond") / medianOf(peer, "perSecond");
    const cpu = medianOf(peer, "cpuMicrosEach") / medianOf(ours, "cpuMicrosEach");
    lines.push(
      printRatio(`changes a second, nameward / ${who} (${printWay(peer)})`, ratio, aims[who]),
      `CPU time of a change, ${who} / nameward: ${cpu.toFixed(2)}`,
    );
  }
  const ratio = medianOf(repeats, "perSecond") / medianOf(ours, "perSecond");
  const p99Ms = medianOf(open, "p99Ms");
  lines.push(
    printRatio("repeats / changes a second", ratio, aims.repeats),
    `reply at half the rate (${rate.toFixed(0)} a second): p50 ${medianOf(open, "p50Ms").toFixed(1)} ms, ` +
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
  return [
    ...lines,
    printLimit("octets of memory a host", each, hostOctetsAim),
    printLimit("ms from start to the first answer", full.answeredMs, answeredMsAim),
  ].join("\n");
}

function best(rows: readonly Row[]): Row | undefined {
  return rows.toSorted((a, b) => medianOf(b, "perSecond") - medianOf(a, "perSecond"))[0];
}

/** It opens a connection for each request, which is dearer than to accept one: so it may end first. */
const busyShare = 0.8;

function printBusyGenerators(rows: readonly Row[]): readonly string[] {
  return rows
    .filter((row) => medianOf(row, "generatorShare") >= busyShare)
    .map((row) => {
      const share = (medianOf(row, "generatorShare") * 100).toFixed(0);
      return `${printWay(row)}: the generator took ${share} % of a processor, so it limits the rate`;
    });
}

function printWay(row: Row): string {
  return `${row.how} ${row.window}`;
}

const hostOctetsAim = 200;
const answeredMsAim = 3_000;

function printLimit(what: string, figure: number, most: number): string {
  return `${what}: ${figure.toFixed(0)}, aim at most ${most}: ${figure <= most ? "met" : "MISSED"}`;
}

function printRatio(what: string, ratio: number, aim: number): string {
  return `${what}: ${ratio.toFixed(2)}, aim ${aim}: ${ratio >= aim ? "met" : "MISSED"}`;
}

/** Failures are shown, and not only counted out: a server that refuses is not quick. */
function printRows(rows: readonly Row[]): string {
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
    medianOf(row, "perSecond").toFixed(0),
    medianOf(row, "cpuMicrosEach").toFixed(1),
    `${(medianOf(row, "generatorShare") * 100).toFixed(0)} %`,
    medianOf(row, "p50Ms").toFixed(1),
    medianOf(row, "p99Ms").toFixed(1),
    printFailures(row.results),
  ]);
  return printTable(head, lines, 2);
}
