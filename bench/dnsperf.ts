/** dnsperf as a child process, and what it prints. */

import { pin } from "./processors.ts";

export interface DnsperfOrder {
  readonly port: number;
  /** Lines of a name and a type. */
  readonly file: string;
  /** It ends then; "once": when it has asked everything in the file. */
  readonly seconds: number | "once";
  readonly isDnssecOk: boolean;
  /** As hex digits. */
  readonly cookie: string;
  /** Queries a second; undefined: as many as are answered. Then each latency is told, too. */
  readonly rate?: number;
  readonly processor: number;
}

export interface DnsperfResult {
  readonly completed: number;
  readonly lostPercent: number;
  readonly perSecond: number;
  /** Replies by RCODE, in the words of dnsperf. */
  readonly rcodes: Readonly<Record<string, number>>;
  readonly replyOctets: number;
  /** In order of size; empty when they were not asked for. */
  readonly latenciesMs: Float64Array;
  /** How much of its processor it took: near 1 it is what limits the rate. */
  readonly share: number;
}

/** Sockets, and queries under way on all of them together. No server on one processor has room for more. */
const clients = 4;
const queriesUnderWay = 100;
/** A query that was not answered for so long is lost. */
const lostSeconds = 1;
/** Asking for everything once ends after this all the same. */
const onceSeconds = 60;

export async function runDnsperf(order: DnsperfOrder): Promise<DnsperfResult> {
  const { port, file, seconds, isDnssecOk, cookie, rate, processor } = order;
  const startedMs = performance.now();
  const words = [
    `-f inet -s 127.0.0.1 -p ${port}`,
    `-T 1 -c ${clients} -q ${queriesUnderWay} -t ${lostSeconds}`,
    `-e -E 10:${cookie}`,
    isDnssecOk ? "-D" : "",
    seconds === "once" ? `-n 1 -l ${onceSeconds}` : `-l ${seconds}`,
    rate === undefined ? "" : `-v -Q ${rate}`,
  ].flatMap((part) => part.split(" ").filter((word) => word !== ""));
  const child = Bun.spawn(pin(processor, ["dnsperf", "-d", file, ...words]), {
    stdout: "pipe",
    stderr: "pipe",
  });
  const [text, trouble] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  const micros = performance.now() * 1_000 - startedMs * 1_000;
  const printed = parseDnsperf(text);
  if (printed === undefined) throw new Error(`dnsperf did not measure: ${trouble || text}`);
  return { ...printed, share: Number(child.resourceUsage()?.cpuTime.total ?? 0) / micros };
}

/** What version 2.10 prints; `undefined` when it ended before its figures. */
export function parseDnsperf(text: string): Omit<DnsperfResult, "share"> | undefined {
  const completed = /^ +Queries completed: +(\d+)/m.exec(text)?.[1];
  const lostPercent = /^ +Queries lost: +\d+ \(([\d.]+)%\)/m.exec(text)?.[1];
  const perSecond = /^ +Queries per second: +([\d.]+)/m.exec(text)?.[1];
  const rcodes = /^ +Response codes:(.*)$/m.exec(text)?.[1];
  const replyOctets = /^ +Average packet size: +request \d+, response (\d+)/m.exec(text)?.[1];
  if (completed === undefined || lostPercent === undefined || perSecond === undefined)
    return undefined;
  if (rcodes === undefined || replyOctets === undefined) return undefined;
  return {
    completed: Number(completed),
    lostPercent: Number(lostPercent),
    perSecond: Number(perSecond),
    rcodes: Object.fromEntries(
      [...rcodes.matchAll(/(\w+) (\d+) \(/g)].map(([, rcode, count]) => [rcode, Number(count)]),
    ),
    replyOctets: Number(replyOctets),
    latenciesMs: Float64Array.from(
      text.matchAll(/^> \S+ \S+ \S+ (\d+\.\d+)$/gm),
      ([, seconds]) => Math.round(Number(seconds) * 1e6) / 1_000,
    ).sort(),
  };
}
