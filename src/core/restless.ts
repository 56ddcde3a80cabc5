/** Which hosts change their address oftener than any line does: counted anew every hour, with fixed memory. */

import { BoundedMap } from "../base/bounded-map.ts";
import type { HostId } from "./host.ts";
import type { Receipt } from "./receipt.ts";

export interface RestlessHost {
  readonly host: HostId;
  readonly changes: number;
  readonly atMs: number;
}

const hourMs = 3_600_000;
/** Hosts; those that changed longest ago go first. */
const hostsMax = 2_000;
/** Lines that are cut every few minutes stay below it. */
export const changesUsual = 20;

export class Restless {
  #counts = new BoundedMap<HostId, RestlessHost>(hostsMax);
  #hour = 0;

  note({ atMs, host, outcome }: Receipt): void {
    if (outcome !== "changed" || host === undefined) return;
    this.#turn(atMs);
    const changes = (this.#counts.find(host)?.changes ?? 0) + 1;
    this.#counts.set(host, { host, changes, atMs });
  }

  /** Of this hour, those above what is usual; the most restless first. */
  list(nowMs: number): readonly RestlessHost[] {
    this.#turn(nowMs);
    return [...this.#counts.entries()]
      .map(([, each]) => each)
      .filter(({ changes }) => changes > changesUsual)
      .toSorted((a, b) => b.changes - a.changes);
  }

  #turn(nowMs: number): void {
    const hour = Math.floor(nowMs / hourMs);
    if (hour === this.#hour) return;
    this.#hour = hour;
    this.#counts = new BoundedMap(hostsMax);
  }
}
