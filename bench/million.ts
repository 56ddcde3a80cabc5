/** Memory and start-up with a million hosts. */

import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { fillStore } from "./fill-store.ts";
import { apex } from "./names.ts";
import { readRssOctets } from "./process-figures.ts";
import { startServer } from "./server.ts";

export interface StartFigures {
  readonly hosts: number;
  readonly rssOctets: number;
  readonly readyMs: number;
  readonly answeredMs: number;
}

/** A collection of garbage and the first pages written back are over by then. */
const settleMs = 3_000;

/** Starts a server on a new store with so many hosts, and ends it again. */
export async function measureStart(under: string, hosts: number): Promise<StartFigures> {
  const data = join(under, `hosts-${hosts}`);
  await mkdir(data);
  await fillStore(data, hosts);
  const asked = hosts === 0 ? `ns1.${apex}` : `cam${hosts - 1}.${apex}`;
  await using server = await startServer(data, asked);
  const { readyMs, answeredMs } = server;
  await Bun.sleep(settleMs);
  return { hosts, rssOctets: readRssOctets(server.pid), readyMs, answeredMs };
}
