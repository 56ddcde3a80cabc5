import { expect, test } from "bun:test";

import { health, printHealth } from "./health.ts";
import type { PartStates } from "./health.ts";

const well: PartStates = {
  store: { state: "ready", why: undefined },
  dnsThreads: { wanted: 2, alive: 2 },
  listeners: { devices: true, dns: true },
};

const cases: readonly (readonly [string, Partial<PartStates>, "ok" | "degraded", 200 | 503])[] = [
  ["all is well", {}, "ok", 200],
  // A full disk stops changes only: DNS and repeats go on, so the node stays in its balancer.
  ["the disk is full", { store: { state: "full", why: "ENOSPC" } }, "degraded", 200],
  ["the store has failed", { store: { state: "failed", why: "EIO" } }, "degraded", 200],
  ["one DNS thread of two has ended", { dnsThreads: { wanted: 2, alive: 1 } }, "degraded", 200],
  ["no DNS thread is left", { dnsThreads: { wanted: 2, alive: 0 } }, "degraded", 503],
  ["a listener is down", { listeners: { devices: false, dns: true } }, "degraded", 200],
];

for (const [name, change, status, code] of cases) {
  test(`when ${name} the status is ${status}, with code ${code}`, () => {
    const now = health({ ...well, ...change });
    expect(now.status).toBe(status);
    expect(now.troubles).toHaveLength(status === "ok" ? 0 : 1);
    expect(printHealth(now).status).toBe(code);
    expect(JSON.parse(printHealth(now).body)).toEqual(now);
  });
}
