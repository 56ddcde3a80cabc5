/** A thread that does nothing but answer DNS. Trouble in HTTP, the store or the disk does not reach it. */

import { systemClock } from "../base/clock.ts";
import { ZoneReader } from "../zone/zone-reader.ts";
import { DnsCounts } from "./dns-counts.ts";
import { listenTcp } from "./listen-tcp.ts";
import { listenUdp } from "./listen-udp.ts";
import type { UdpParts } from "./listen-udp.ts";
import { Responder } from "./respond.ts";
import type { DnsAddress, ThreadOrders, ThreadReport } from "./thread-messages.ts";

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
  const bound: DnsAddress[] = [];
  for (const address of orders.listen) {
    const { hostname } = address;
    try {
      const port = await listenBoth({ ...address, responder, counts, onFailure });
      bound.push({ hostname, port });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      return report({ kind: "cannot-listen", address, code, why: describe(error) });
    }
  }
  report({ kind: "up", bound });
}

/** UDP and TCP on the same port (RFC 7766 §5). Returns the port. */
async function listenBoth(parts: UdpParts): Promise<number> {
  for (let tries = 1; ; tries++) {
    const udp = await listenUdp(parts);
    try {
      return listenTcp({ ...parts, port: udp.port, clock: systemClock }).port;
    } catch (error) {
      udp[Symbol.dispose]();
      if (parts.port !== 0 || tries === samePortTries) throw error;
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
    if (++told <= failuresToldMax) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      report({ kind: "failure", why });
    }
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function report(message: ThreadReport): void {
  self.postMessage(message);
}
