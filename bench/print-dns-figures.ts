/** The figures of `npm run bench:dns` as tables, and as ratios beside what we aim for. */

import type { ServerName } from "./dns-arguments.ts";
import type { DnsCase } from "./dns-cases.ts";
import type { DnsperfResult } from "./dnsperf.ts";
import { printFailures } from "./load.ts";
import type { LoadResult } from "./load.ts";
import { median, printTable } from "./print-table.ts";

export interface DnsMeasure extends DnsperfResult {
  /** Processor time of the server for one answer; what it did for updates meanwhile is in it. */
  readonly cpuMicrosEach: number;
  /** How much of its processor the server took. */
  readonly serverShare: number;
  /** How much of the two processors went to neither the server nor its load. */
  readonly othersShare: number;
  readonly updates: LoadResult | undefined;
  readonly hasServerCookie: boolean;
}

export interface DnsRow {
  readonly dnsCase: DnsCase;
  readonly who: ServerName;
  /** One a round; none when it was left out. */
  readonly measures: readonly DnsMeasure[];
  /** Why it was left out. */
  readonly why?: string | undefined;
}

/** Latency is measured at a rate that every server can well keep; under full load it says how long the queue is. */
export const latencyRate = 5_000;

/** The most that one answer may cost, compared with theirs. */
const aims: Readonly<Partial<Record<ServerName, number>>> = { knotd: 1, nsd: 1.3 };
/** And a signed one compared with our unsigned one. */
const signedAim = 1.2;
/** What a quiet machine does meanwhile is less. */
const othersShareMax = 0.05;

export function printCase(dnsCase: DnsCase, allRows: readonly DnsRow[]): string {
  const rows = allRows.filter((row) => row.dnsCase === dnsCase);
  const measured = rows.filter(({ measures }) => measures.length > 0);
  const lines = [dnsCase.title, printMeasured(dnsCase, measured)];
  for (const { who, why, measures } of rows) {
    if (measures.length === 0) lines.push(`${who}  LEFT OUT: ${why}`);
  }
  if (dnsCase.updatesPerSecond === 0) lines.push(...printComparison(measured));
  else lines.push(...printKept(measured, allRows));
  return `${lines.join("\n")}\n`;
}

/** What our signatures cost, once both have been measured. */
export function printSigningCost(rows: readonly DnsRow[]): string {
  const ours = rows.filter(({ who, measures }) => who === "nameward" && measures.length > 0);
  const signed = ours.find(({ dnsCase }) => dnsCase.name === "signed");
  const unsigned = ours.find(({ dnsCase }) => dnsCase.name === "existing");
  if (signed === undefined || unsigned === undefined) return "";
  return printCost("signed / unsigned of ours", cpu(signed) / cpu(unsigned), signedAim);
}

/** A warning where processors were shared: then even ratios say little. */
export function printDisturbance(rows: readonly DnsRow[]): string {
  const shares = rows.map((row) => of(row, ({ othersShare }) => othersShare));
  const worst = Math.max(0, ...shares.filter((share) => !Number.isNaN(share)));
  if (worst <= othersShareMax) return "";
  return `Other programs took up to ${(worst * 100).toFixed(0)} % of these processors: do not trust the figures.`;
}

function printMeasured(dnsCase: DnsCase, rows: readonly DnsRow[]): string {
  const isUpdated = dnsCase.updatesPerSecond > 0;
  const head = [
    "",
    "queries/s",
    "lost",
    "CPU µs each",
    "server busy",
    "dnsperf busy",
    "others",
    "octets",
    "cookie",
    `p50 ms at ${latencyRate}/s`,
    "p99 ms",
    "other replies",
    ...(isUpdated ? ["updates/s", "updates p99 ms", "their generator", "updates failed"] : []),
  ];
  const lines = rows.map((row) => [
    row.who,
    of(row, ({ perSecond }) => perSecond).toFixed(0),
    `${of(row, ({ lostPercent }) => lostPercent).toFixed(2)} %`,
    cpu(row).toFixed(2),
    `${(of(row, ({ serverShare }) => serverShare) * 100).toFixed(0)} %`,
    `${(of(row, ({ share }) => share) * 100).toFixed(0)} %`,
    `${(of(row, ({ othersShare }) => othersShare) * 100).toFixed(0)} %`,
    of(row, ({ replyOctets }) => replyOctets).toFixed(0),
    row.measures.every(({ hasServerCookie }) => hasServerCookie) ? "yes" : "NO",
    of(row, ({ latenciesMs }) => quantile(latenciesMs, 0.5)).toFixed(2),
    of(row, ({ latenciesMs }) => quantile(latenciesMs, 0.99)).toFixed(2),
    printOthers(row),
    ...(isUpdated
      ? [
          of(row, ({ updates }) => updates?.perSecond ?? Number.NaN).toFixed(0),
          of(row, ({ updates }) => updates?.p99Ms ?? Number.NaN).toFixed(0),
          `${(of(row, ({ updates }) => updates?.generatorShare ?? Number.NaN) * 100).toFixed(0)} %`,
          printFailures(row.measures.flatMap(({ updates }) => updates ?? [])),
        ]
      : []),
  ]);
  return printTable(head, lines, 1);
}

/** A server that refuses is not quick: replies that are not what the case is about. */
function printOthers({ dnsCase, measures }: DnsRow): string {
  const others = new Map<string, number>();
  for (const { rcodes } of measures) {
    for (const [rcode, count] of Object.entries(rcodes)) {
      if (rcode !== dnsCase.rcode) others.set(rcode, (others.get(rcode) ?? 0) + count);
    }
  }
  return [...others].map(([rcode, count]) => `${count} ${rcode}`).join(" ") || "none";
}

function printComparison(rows: readonly DnsRow[]): string[] {
  const ours = rows.find(({ who }) => who === "nameward");
  if (ours === undefined) return [];
  return rows
    .filter((row) => row !== ours)
    .map((peer) => printCost(`nameward / ${peer.who}`, cpu(ours) / cpu(peer), aims[peer.who]));
}

/** How many of its queries a server still answers while records change. */
function printKept(rows: readonly DnsRow[], allRows: readonly DnsRow[]): string[] {
  return rows.flatMap((row) => {
    const quiet = allRows.find(
      ({ who, dnsCase }) => who === row.who && dnsCase.name === "existing",
    );
    if (quiet === undefined) return [];
    const kept = of(row, ({ perSecond }) => perSecond) / of(quiet, ({ perSecond }) => perSecond);
    return `${row.who} answers ${(kept * 100).toFixed(0)} % of what it does without updates`;
  });
}

function printCost(what: string, ratio: number, aim: number | undefined): string {
  const line = `CPU time of an answer, ${what}: ${ratio.toFixed(2)}`;
  if (aim === undefined) return line;
  return `${line}, aim at most ${aim}: ${ratio <= aim ? "met" : "MISSED"}`;
}

function cpu(row: DnsRow): number {
  return of(row, ({ cpuMicrosEach }) => cpuMicrosEach);
}

function of({ measures }: DnsRow, figure: (measure: DnsMeasure) => number): number {
  return median(measures.map(figure));
}

function quantile(sorted: Float64Array, part: number): number {
  return sorted[Math.floor(sorted.length * part)] ?? Number.NaN;
}
