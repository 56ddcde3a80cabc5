import { expect, test } from "bun:test";

import { openMetrics } from "./metrics.ts";
import { serviceMetrics } from "./service-metrics.ts";
import type { ServiceNumbers } from "./service-metrics.ts";

const counts = {
  groups: 3,
  changes: 12,
  failures: 1,
  recoveries: 1,
  groupSizes: { bounds: [1, 4, 16], counts: [1, 0, 2, 0], sum: 12 },
  commitSeconds: { bounds: [0.001, 0.01], counts: [1, 1, 1], sum: 0.5 },
};
const updates: Record<string, number> = { changed: 5, unchanged: 7 };
const numbers: ServiceNumbers = {
  version: "1.2.3",
  startedAtMs: 1_700_000_000_000,
  updates: () => updates,
  dnsQueries: () => ({ udp: { NOERROR: 9 }, tcp: { REFUSED: 1 } }),
  openConnections: () => ({ devices: 2 }),
  heldAnswers: () => ({ now: 1, ever: 8 }),
  limitsReached: () => ({ "device-connections": 4 }),
  store: () => ({ state: "full", waiting: 6, counts }),
  logLinesDropped: () => 0,
};

/** Prometheus text as a table: `name{labels}` to value. */
async function read(metrics: ReturnType<typeof openMetrics>): Promise<Map<string, string>> {
  const lines = (await metrics.print()).split("\n");
  const samples = lines.filter((line) => line !== "" && !line.startsWith("#"));
  return new Map(samples.map((line) => line.split(" ") as [string, string]));
}

const expected = [
  ['nameward_updates_total{outcome="changed"}', "5"],
  ['nameward_dns_queries_total{transport="udp",rcode="NOERROR"}', "9"],
  ['nameward_dns_queries_total{transport="tcp",rcode="REFUSED"}', "1"],
  ['nameward_open_connections{listener="devices"}', "2"],
  ["nameward_held_answers", "1"],
  ["nameward_answers_held_total", "8"],
  ['nameward_limits_reached_total{limit="device-connections"}', "4"],
  ["nameward_store_ready", "0"],
  ["nameward_store_waiting_changes", "6"],
  ["nameward_store_changes_total", "12"],
  // Prometheus: a bucket counts all that is at most its bound.
  ['nameward_store_group_changes_bucket{le="1"}', "1"],
  ['nameward_store_group_changes_bucket{le="16"}', "3"],
  ['nameward_store_group_changes_bucket{le="+Inf"}', "3"],
  ["nameward_store_group_changes_sum", "12"],
  ["nameward_store_group_changes_count", "3"],
  ['nameward_store_commit_seconds_bucket{le="+Inf"}', "3"],
  ["process_start_time_seconds", "1700000000"],
] as const;

test("every number of the service is in the text, under its name", async () => {
  const samples = await read(openMetrics(serviceMetrics(numbers)));
  for (const [name, value] of expected) expect([name, samples.get(name)]).toEqual([name, value]);
  expect(samples.get(`nameward_build_info{version="1.2.3",bun="${Bun.version}"}`)).toBe("1");
  expect(Number(samples.get("process_resident_memory_bytes"))).toBeGreaterThan(1_000_000);
});

test("each reading tells the numbers of its own moment, and adds nothing to the one before", async () => {
  const metrics = openMetrics(serviceMetrics(numbers));
  await metrics.print();
  updates["changed"] = 6;
  expect((await read(metrics)).get('nameward_updates_total{outcome="changed"}')).toBe("6");
  updates["changed"] = 5;
});

test("two services in one process do not share their numbers", async () => {
  const other = openMetrics(serviceMetrics({ ...numbers, updates: () => ({ changed: 1 }) }));
  const name = 'nameward_updates_total{outcome="changed"}';
  expect((await read(other)).get(name)).toBe("1");
  expect((await read(openMetrics(serviceMetrics(numbers)))).get(name)).toBe("5");
});
