/** A server with hosts that are asked for and stay as they are, and hosts that are updated meanwhile. */

import { rm } from "node:fs/promises";
import { fillHosts } from "../ledger/fill-hosts.ts";
import { askUpdate, startGenerator } from "../ledger/generator.ts";
import type { Generator } from "../ledger/generator.ts";
import { Ledger } from "../ledger/ledger.ts";
import { mountSmallDisk } from "../ledger/small-disk.ts";
import type { SmallDisk } from "../ledger/small-disk.ts";
import { makeDataFolder, startServer } from "../server.ts";
import type { Listener, TestServer } from "../server.ts";
import type { AskOrder } from "./ask-steadily.ts";

export interface Stage extends AsyncDisposable {
  readonly server: TestServer;
  /** What the hosts that are updated were told. */
  readonly ledger: Ledger;
  /** Where the data folder lies, if that can be filled. */
  readonly disk: SmallDisk | undefined;
  order(perSecond: number): AskOrder;
  /** Updates, over a connection each, from 64 devices at once. */
  startUpdates(): Generator;
}

export interface StageOptions {
  readonly command?: readonly string[];
  readonly isSmallDisk?: boolean;
}

const hostsUpdated = 1_000;
const hostsAsked = 200;
/** What every host that is asked for was set to. */
const change = 1;
/** Generous: a machine may be busy, and an answer that comes late is still one. */
const patienceMs = 10_000;

export async function openStage(options: StageOptions = {}): Promise<Stage> {
  await using opened = new AsyncDisposableStack();
  const disk = options.isSmallDisk === true ? opened.use(await mountSmallDisk()) : undefined;
  const data = disk?.data ?? (await makeDataFolder());
  if (disk === undefined) opened.defer(() => rm(data, { recursive: true, force: true }));
  await fillHosts(data, hostsUpdated + hostsAsked);
  const { command } = options;
  if (command !== undefined) {
    // A server with a fault finds the hosts as a whole one has set them.
    await using whole = await startServer({ data });
    await setHosts(whole.devices);
    await whole.stop();
  }
  const server = opened.use(await startServer({ data, ...(command && { command }) }));
  if (command === undefined) await setHosts(server.devices);
  const ledger = new Ledger(hostsUpdated);
  const all = opened.move();
  return {
    server,
    ledger,
    disk,
    order: (perSecond) => ({
      dns: server.dns,
      firstHost: hostsUpdated,
      hosts: hostsAsked,
      change,
      perSecond,
      patienceMs,
    }),
    startUpdates: () => startGenerator(server.devices, ledger),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

async function setHosts(devices: Listener): Promise<void> {
  await Promise.all(
    Array.from({ length: hostsAsked }, async (_, i) => {
      const word = await askUpdate(devices, hostsUpdated + i, change);
      if (word !== "good") throw new Error(`A host could not be set: ${word}`);
    }),
  );
}
