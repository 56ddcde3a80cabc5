import { join } from "node:path";
import { expect, test } from "bun:test";
import { parseDnsperf } from "./dnsperf.ts";

async function readFixture(name: string): Promise<string> {
  return Bun.file(join(import.meta.dir, "fixtures", name)).text();
}

test("the figures of dnsperf are read from what it printed, losses and latencies too", async () => {
  const printed = parseDnsperf(await readFixture("dnsperf-2.10.txt"));
  expect(printed).toEqual({
    completed: 7,
    lostPercent: 56.25,
    perSecond: 3.499657,
    rcodes: { NOERROR: 5, NXDOMAIN: 2 },
    replyOctets: 96,
    latenciesMs: Float64Array.of(0.125, 0.129, 0.146, 0.174, 0.226, 0.449, 3.58),
  });
});

test("a server that answered nothing has completed nothing", async () => {
  const printed = parseDnsperf(await readFixture("dnsperf-2.10-unanswered.txt"));
  expect(printed).toMatchObject({ completed: 0, lostPercent: 100, perSecond: 0, rcodes: {} });
});

test("what ends before its figures has measured nothing", async () => {
  const [head] = (await readFixture("dnsperf-2.10.txt")).split("  Response codes:");
  expect(parseDnsperf(head!)).toBeUndefined();
  expect(parseDnsperf("")).toBeUndefined();
});
