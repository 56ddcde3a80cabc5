/** A thread that does nothing but answer DNS. Trouble in HTTP, the store or the disk does not reach it. */

import { systemClock } from "../base/clock.ts";
import { ZoneReader } from "../zone/zone-reader.ts";
import { DnsCounts } from "./dns-counts.ts";
import { listenTcp } from "./listen-tcp.ts";
import { listenUdp } from "./listen-udp.ts";
import { Responder } from "./respond.ts";
import type { ThreadOrders, ThreadReport } from "./thread-messages.ts";

declare const self: Worker;

/** Failures told to the main thread a second; the rest is only counted. */
const failuresToldMax = 5;
/** With port 0 UDP chooses, and TCP may find the same number taken. */
const samePortTries = 20;

self.addEventListener("message", (event: MessageEvent<ThreadOrders>) => void start(event.data), {
  once: true,
});

async function start(orders: ThreadOrders): Promise<void> {
  const reader = new ZoneReader(orders.zones, orders.hashSeed, orders.reader);
  const responder = new Responder(reader);
  const counts = new DnsCounts(orders.counts);
  const onFailure = makeFailureReport();
  const bound: { hostname: string; port: number }[] = [];
  for (const { hostname, port } of orders.listen) {
    try {
      bound.push({ hostname, port: await listenBoth(hostname, port, responder, counts, onFailure) });
    } catch (error) {
      const where = `${hostname}:${port}`;
      return report({ kind: "cannot-listen", where, why: describe(error) });
    }
  }
  report({ kind: "up", bound });
}

async function listenBoth(
  hostname: string,
  port: number,
  responder: Responder,
  counts: DnsCounts,
  onFailure: (error: unknown) => void,
): Promise<number> {
  for (let tries = 1; ; tries++) {
    const udp = await listenUdp(hostname, port, responder, counts, onFailure);
    try {
      return listenTcp(hostname, udp.port, responder, counts, systemClock, onFailure).port;
    } catch (error) {
      udp[Symbol.dispose]();
      if (port !== 0 || tries === samePortTries) throw error;
    }
  }
}

function makeFailureReport(): (error: unknown) => void {
  let told = 0;
  let secondStartMs = 0;
  return (error) => {
    const now = systemClock.monotonicMs();
    if (now - secondStartMs >= 1_000) {
      secondStartMs = now;
      told = 0;
    }
    if (++told <= failuresToldMax) report({ kind: "failure", why: describe(error) });
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function report(message: ThreadReport): void {
  self.postMessage(message);
}
