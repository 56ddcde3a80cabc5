/** `npm test -- --long test/dns/bombard.test.ts` for ten times the packets, `--fuzz-seed=7` for others. */

import { expect, test } from "bun:test";
import { rm } from "node:fs/promises";
import { makeDataFolder, mustRun, startServer } from "../server.ts";
import { bombard } from "./bombard.ts";
import type { Damage } from "./bombard.ts";
import { zoneFiles } from "./served-zone.ts";

const seed = Number(process.env["NAMEWARD_TEST_FUZZ_SEED"] ?? 20_261_130);
const times = process.env["NAMEWARD_TEST_LONG"] === undefined ? 1 : 10;
const orders = { seed, packetsOverUdp: 85_000 * times, packetsOverTcp: 15_000 * times };
/** Below a few hundred octets a packet; a heap breathes by some megabytes. */
const rssGrowthOctetsMax = 48 * 2 ** 20;
const testMs = 120_000 * times;

test(
  `a server survives ${orders.packetsOverUdp} bent packets over UDP and ${orders.packetsOverTcp} over TCP, seed ${seed}`,
  async () => {
    const data = await makeDataFolder();
    try {
      await mustRun(["zone", "import", "ddns.test", `${zoneFiles}ddns.test.zone`], { data });
      await using server = await startServer({ data });
      const damage = await bombard(server, orders);
      tell("Bent packets", damage);
      expect(damage.logged).toBe("");
      expect(damage.rssGrowthOctets).toBeLessThan(rssGrowthOctetsMax);
      expect(damage.repliesOverTcp).toBeGreaterThan(orders.packetsOverTcp / 4);
      const health = await fetch(`http://${server.web.hostname}:${server.web.port}/healthz`);
      expect(await health.json()).toMatchObject({ status: "ok" });
      expect(await server.stop()).toBe(0);
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  },
  testMs,
);

// Negative controls: a server of our own parts, with one fault each and with none.
const few = { seed, packetsOverUdp: 3_000, packetsOverTcp: 1_000 };

test(
  "a server that keeps 1 KiB of each packet is found out by its memory",
  async () => {
    await using server = await startFaulty("leaks");
    const damage = await bombard(server, { ...orders, packetsOverUdp: 85_000 });
    tell("Control: a leak", damage);
    expect(damage.rssGrowthOctets).toBeGreaterThan(rssGrowthOctetsMax);
  },
  testMs,
);

test(
  "a server that writes to its log about packets is found out",
  async () => {
    await using server = await startFaulty("talks");
    expect((await bombard(server, few)).logged).not.toBe("");
  },
  testMs,
);

for (const fault of ["dies", "sticks"]) {
  test(
    `a server that ${fault} at a packet is found out`,
    async () => {
      await using server = await startFaulty(fault);
      await expect(bombard(server, { ...few, answerMs: 1_500 })).rejects.toThrow();
    },
    testMs,
  );
}

test(
  "the same server without a fault is not found fault with",
  async () => {
    await using server = await startFaulty("none");
    const damage = await bombard(server, few);
    expect(damage.logged).toBe("");
    expect(damage.rssGrowthOctets).toBeLessThan(rssGrowthOctetsMax);
  },
  testMs,
);

function startFaulty(fault: string) {
  return startServer({
    command: [process.execPath, `${import.meta.dir}/faulty-server.ts`, fault],
  });
}

function tell(name: string, { rssGrowthOctets, repliesOverTcp }: Damage): void {
  const mebibytes = (rssGrowthOctets / 2 ** 20).toFixed(1);
  process.stderr.write(
    `${name}: memory grew by ${mebibytes} MiB, ${repliesOverTcp} replies over TCP, seed ${seed}\n`,
  );
}
