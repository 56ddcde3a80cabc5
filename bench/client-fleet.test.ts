/** The simulation of the founding document, small: what a fleet of clients sends, and when. */

import { expect, test } from "bun:test";
import { herdRatio, runFleet } from "./client-fleet.ts";
import type { FleetPlan } from "./client-fleet.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const outage = { fromMs: 20 * dayMs, toMs: 20 * dayMs + 10 * minuteMs };
const plan: FleetPlan = {
  clients: 2_000,
  days: 30,
  addressDays: 3,
  rebootDays: 20,
  outages: [outage],
  seed: 7,
  startSpreadMs: dayMs,
};

test("a fleet sends what changed and what a start asks for, and leaves nobody behind", () => {
  const result = runFleet(plan);
  expect(result.changes).toBeGreaterThan(15_000);
  expect(result.reboots).toBeGreaterThan(2_000);
  expect(result.stale).toBe(0);
  // Each start, each change, and what an outage made to be sent again; two changes between two looks are one.
  const asked = plan.clients + result.changes + result.reboots;
  expect(result.sent).toBeLessThan(asked * 1.01);
  expect(result.sent).toBeGreaterThan(asked * 0.98);
  expect(Math.max(...result.delaysMs)).toBeLessThan(6 * minuteMs);
});

test("nothing changes, and each client is heard once at its start and once before the service forgets it", () => {
  const still = { ...plan, addressDays: 1e9, rebootDays: 1e9, outages: [] };
  const result = runFleet(still);
  expect(result).toMatchObject({ changes: 0, reboots: 0, sent: 2 * plan.clients });
});

test("a service that comes back is not run over, as it would be by clients without jitter", () => {
  // Everybody moves every hour: then a minute has enough requests to compare.
  const busy = { ...plan, clients: 3_000, addressDays: 1 / 24, days: 3 };
  const away = { fromMs: 2 * dayMs, toMs: 2 * dayMs + 10 * minuteMs };
  const ratio = (given: FleetPlan): number => {
    const { peak, mean } = herdRatio(runFleet(given), away);
    expect(mean).toBeGreaterThan(20);
    return peak / mean;
  };
  const outages = [away];
  expect(ratio({ ...busy, outages })).toBeLessThan(5);
  expect(ratio({ ...busy, outages, hasJitter: false })).toBeGreaterThan(8);
}, 60_000);
