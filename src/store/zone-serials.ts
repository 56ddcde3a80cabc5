/**
 * When a zone gets its next serial. Devices change answers thousands of times a second, and a serial
 * for each would make secondaries transfer as often; so a zone's serial is raised at most once in
 * `raiseEveryMs` and stands for everything before it. Management raises it at once.
 */

import type { Database } from "bun:sqlite";
import type { Clock } from "../base/clock.ts";
import type { ZoneId } from "../core/zone.ts";
import { nextSerial } from "../dns/serial.ts";
import { appendEntry, getFeedEnd } from "./feed.ts";
import { findZoneById, setContent, setSerial } from "./zone-rows.ts";

export const raiseEveryMs = 250;

/** What a transaction did to serials; it counts when the transaction is committed. */
export interface SerialStep {
  readonly raised: readonly ZoneId[];
  readonly behind: readonly ZoneId[];
}

export class ZoneSerials {
  readonly #clock: Clock;
  readonly #raisedAtMs = new Map<ZoneId, number>();
  readonly #behind = new Set<ZoneId>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Inside a transaction that changed answers of these zones by addresses: raise what may be raised, or all. */
  step(database: Database, changed: ReadonlySet<ZoneId>, atOnce = false): SerialStep {
    const raised: ZoneId[] = [];
    const behind: ZoneId[] = [];
    for (const zone of new Set([...changed, ...this.#behind])) {
      if (atOnce || this.#waitMs(zone) === 0) raised.push(zone);
      else if (changed.has(zone)) behind.push(zone);
    }
    const at = getFeedEnd(database);
    for (const zone of behind) setContent(database, zone, at);
    for (const zone of raised) raiseSerial(database, zone, this.#clock.now());
    return { raised, behind };
  }

  /** After the transaction was committed. */
  settle(step: SerialStep): void {
    for (const zone of step.behind) this.#behind.add(zone);
    for (const zone of step.raised) {
      this.#behind.delete(zone);
      this.#raisedAtMs.set(zone, this.#clock.monotonicMs());
    }
  }

  /** Milliseconds until a zone that waits may be raised; undefined when none waits. */
  dueInMs(): number | undefined {
    let due: number | undefined;
    for (const zone of this.#behind) due = Math.min(due ?? Infinity, this.#waitMs(zone));
    return due;
  }

  #waitMs(zone: ZoneId): number {
    const raisedAtMs = this.#raisedAtMs.get(zone);
    if (raisedAtMs === undefined) return 0;
    return Math.max(0, Math.ceil(raisedAtMs + raiseEveryMs - this.#clock.monotonicMs()));
  }
}

/** Raises it now, with an entry in the feed by which every reader learns of it. */
export function raiseSerial(database: Database, zone: ZoneId, nowMs: number): void {
  const found = findZoneById(database, zone);
  if (found === undefined) return; // removed meanwhile
  const at = appendEntry(database, "zone", zone, nowMs);
  setSerial(database, zone, nextSerial(found.serial), at);
}
