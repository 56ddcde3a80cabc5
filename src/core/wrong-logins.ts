/** Bursts of requests for a host with a login that is not right. */

import { BoundedMap } from "../base/bounded-map.ts";
import type { Clock } from "../base/clock.ts";
import type { HostId } from "./host.ts";

/** A device that tries every minute has a wrong password after a quarter of an hour; a typing error is over by then. */
const burst = 15;
const withinMs = 30 * 60_000;
/** Hosts that are looked at; whoever asks for more of them pushes out what was asked longest ago. */
const hostsMax = 10_000;

export class WrongLogins {
  readonly #clock: Clock;
  readonly #seen = new BoundedMap<HostId, { count: number; readonly sinceMs: number }>(hostsMax);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Whether a burst is full with this one; then it begins anew. */
  note(host: HostId): boolean {
    const nowMs = this.#clock.monotonicMs();
    const found = this.#seen.find(host);
    if (found === undefined || nowMs - found.sinceMs > withinMs) {
      this.#seen.set(host, { count: 1, sinceMs: nowMs });
      return false;
    }
    if (++found.count < burst) return false;
    this.#seen.delete(host);
    return true;
  }
}
