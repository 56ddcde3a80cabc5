/** A crowd before a listener, and what becomes of it, of the limits and of those who mean well. */

import { Crowd } from "./crowd.ts";
import type { CrowdOrder } from "./crowd.ts";

export interface Siege {
  readonly crowd: CrowdOrder;
  /** Connections that the listener has open. */
  readonly readOpen: () => number | Promise<number>;
  /** One exchange of a good client; whether it got what it asked for. */
  readonly serve: () => Promise<boolean>;
  /** After so long every one of the crowd must be gone. */
  readonly patienceMs: number;
}

export interface Outcome {
  /** Connections of the crowd that were there for a moment at least. */
  readonly connected: number;
  /** The most that were open at a time, as the listener counts them. */
  readonly mostOpen: number;
  /** Of the crowd, when patience ended. */
  readonly left: number;
  readonly served: number;
  readonly failed: number;
}

/** Between two good clients, so that they do not make a storm of their own. */
const pauseMs = 20;

export async function besiege({ crowd, readOpen, serve, patienceMs }: Siege): Promise<Outcome> {
  let [mostOpen, served, failed] = [0, 0, 0];
  let isOver = false;
  const serving = (async () => {
    while (!isOver) {
      mostOpen = Math.max(mostOpen, await readOpen());
      if (await serve().catch(() => false)) served++;
      else failed++;
      await Bun.sleep(pauseMs);
    }
  })();
  using people = await Crowd.gather(crowd);
  const endMs = performance.now() + patienceMs;
  while (people.open > 0 && performance.now() < endMs) await Bun.sleep(pauseMs);
  isOver = true;
  const { connected, open } = people;
  await serving;
  return { connected, mostOpen, left: open, served, failed };
}
