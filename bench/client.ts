/**
 * `npm run bench:client`: the flood that the founding document warns of. 30,000 update clients over 30 days in virtual time,
 * against as many that send every minute; and what they do when their service was away for ten minutes.
 */

import { parseArgs } from "node:util";
import { median } from "./print-table.ts";
import { herdRatio, runFleet } from "./client-fleet.ts";
import type { FleetPlan } from "./client-fleet.ts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

const { values } = parseArgs({
  options: {
    clients: { type: "string", default: "30000" },
    days: { type: "string", default: "30" },
    seed: { type: "string", default: "1" },
  },
});
const [clients, days] = [Number(values.clients), Number(values.days)];
const outage = { fromMs: 20 * dayMs, toMs: 20 * dayMs + 10 * minuteMs };
const plan: FleetPlan = {
  clients,
  days,
  addressDays: 3,
  rebootDays: 20,
  // A minute here and there, as services have them, and the one that is looked at.
  outages: [
    ...Array.from({ length: 15 }, (_, i) => ({
      fromMs: (i + 0.3) * dayMs,
      toMs: (i + 0.3) * dayMs + minuteMs,
    })),
    outage,
  ],
  seed: Number(values.seed),
  startSpreadMs: dayMs,
};

const result = runFleet(plan);
const naive = clients * days * 24 * 60;
const { peak, mean } = herdRatio(result, outage);
const delays = [...result.delaysMs];
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(0)} s`;
console.log(
  [
    `${clients} clients, ${days} days: ${result.changes} changes of address, ${result.reboots} restarts, seed ${plan.seed}`,
    `sent            ${result.sent} updates, ${Math.round(result.sent / days)} a day`,
    `naive client    ${naive} updates, ${naive / days} a day: ${Math.round(naive / result.sent)} times as many`,
    `changed nothing ${result.needless}, one for each restart and 25 days without a change`,
    `change to reply ${seconds(median(delays))} at the median, ${seconds(quantile(delays, 1))} at most, outages left out`,
    `left behind     ${result.stale} clients`,
    `herd            ${peak} in the busiest minute after 10 minutes of outage, ${mean.toFixed(1)} in a usual one: ${(peak / mean).toFixed(1)} times`,
  ].join("\n"),
);

function quantile(figures: readonly number[], share: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
