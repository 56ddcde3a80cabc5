/** A server under load is killed at a random moment and started again, as often as is wanted. */

import { rm } from "node:fs/promises";
import { makeDataFolder, startServer } from "../server.ts";
import { fillHosts } from "./fill-hosts.ts";
import { startGenerator } from "./generator.ts";
import { Ledger } from "./ledger.ts";
import type { Fault } from "./ledger.ts";
import { checkHosts, openNameReader } from "./read-hosts.ts";

export interface KillRun {
  readonly kills: number;
  readonly hosts: number;
  readonly seed: number;
  /** The server's program; the real one unless said otherwise. */
  readonly command?: readonly string[];
}

export interface KillResult {
  readonly ledger: Ledger;
  readonly faults: readonly Fault[];
}

/** From the start of the load to the kill. */
const loadMsMin = 300;
const loadMsMax = 1_500;

export async function runKills(options: KillRun): Promise<KillResult> {
  const data = await makeDataFolder();
  try {
    await fillHosts(data, options.hosts);
    return await killAndCheck(data, options);
  } finally {
    await rm(data, { recursive: true, force: true });
  }
}

async function killAndCheck(data: string, options: KillRun): Promise<KillResult> {
  const ledger = new Ledger(options.hosts);
  const faults: Fault[] = [];
  const nextMs = makeLoadTimes(options.seed);
  const server = options.command === undefined ? { data } : { data, command: options.command };
  let serial = 1;
  for (let kill = 0; kill <= options.kills; kill++) {
    await using running = await startServer(server);
    faults.push(...(await checkHosts(running.dns, ledger, serial)));
    if (kill === options.kills) break;
    using reader = await openNameReader(running.dns);
    const generator = startGenerator(running.devices, ledger);
    await Bun.sleep(nextMs());
    serial = await reader.readSerial();
    // The kill comes first: what is under way then must be in every state that it can be in.
    const gone = running.kill();
    await Promise.all([generator.stop(), gone]);
  }
  return { ledger, faults };
}

/** The same seed, the same moments: the linear congruential generator of Numerical Recipes. */
function makeLoadTimes(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return loadMsMin + (state / 2 ** 32) * (loadMsMax - loadMsMin);
  };
}
