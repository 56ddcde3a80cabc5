/** A thread that answers DNS by sockets of the runtime. Trouble in HTTP, the store or the disk does not reach it. */

import { systemClock } from "../base/clock.ts";
import { DnsCounts } from "./dns-counts.ts";
import { listenTcp } from "./listen-tcp.ts";
import { listenUdp } from "./listen-udp.ts";
import type { DnsAddress, SocketOrders, ThreadReport } from "./thread-messages.ts";
import { makeFailureReport, makeResponder } from "./thread-responder.ts";

declare const self: Worker;

self.addEventListener("message", (event: MessageEvent<SocketOrders>) => void start(event.data), {
  once: true,
});

async function start(orders: SocketOrders): Promise<void> {
  const responder = makeResponder(orders);
  const counts = new DnsCounts(orders.counts);
  const onFailure = makeFailureReport(report);
  const bound: DnsAddress[] = [];
  for (const address of orders.listen) {
    const parts = { ...address, responder, counts, onFailure };
    try {
      const { port } = listenTcp({ ...parts, clock: systemClock, limits: orders.tcpLimits });
      if (orders.hasUdp) await listenUdp({ ...parts, port });
      bound.push({ hostname: address.hostname, port });
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      const why = error instanceof Error ? error.message : String(error);
      return report({ kind: "cannot-listen", address, code, why });
    }
  }
  report({ kind: "up", bound });
}

function report(message: ThreadReport): void {
  self.postMessage(message);
}
