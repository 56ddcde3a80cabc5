/** What each thread that answers makes of its orders. */

import { systemClock } from "../base/clock.ts";
import { ZoneReader } from "../zone/zone-reader.ts";
import { ServerCookies } from "./cookies.ts";
import { Responder } from "./respond.ts";
import { ResponseLimit } from "./response-limit.ts";
import type { AnsweringOrders, ThreadReport } from "./thread-messages.ts";

export function makeResponder(orders: AnsweringOrders): Responder {
  return new Responder(new ZoneReader(orders.zones, orders.hashSeed, orders.reader), {
    cookies: new ServerCookies(orders.cookieSecrets),
    limit: new ResponseLimit(orders.limitRule, orders.limitTable, orders.hashSeed),
    signing: orders.signing,
    names: orders.names,
    tcpIdleMs: orders.tcpLimits.idleMs,
  });
}

/** Tells the responder what time it is; once for what comes together. */
export function setTime(responder: Responder): void {
  responder.nowMs = systemClock.monotonicMs();
  responder.nowSeconds = Math.floor(systemClock.now() / 1_000);
}

/** Failures told to the main thread a second; the rest is only counted. */
const failuresToldMax = 5;

export function makeFailureReport(
  report: (message: ThreadReport) => void,
): (error: unknown) => void {
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
