/**
 * Group commit: changes that come while a group is being written wait for the next one, and share its
 * transaction and its fsync. One group is on its way at a time; so its size follows the load, and no
 * timer is needed to gather.
 */

import type { Clock } from "../base/clock.ts";
import type { AddressChange, HostId } from "../core/host.ts";
import type { Receipt } from "../core/receipt.ts";
import { packGroup } from "./address-group.ts";
import type { AddressGroup } from "./address-group.ts";
import { count } from "./histogram.ts";
import { StoreFailed } from "./store.ts";
import type { Applied, StoreCounts } from "./store.ts";

/** Changes that wait; above it they are refused at once. A few seconds of the fastest disk. */
export const waitingMax = 100_000;
/** Changes in one group: what is written in about a tenth of a second. */
export const groupMax = 5_000;
/** No caller waits longer for a disk that does not answer. */
export const commitDeadlineMs = 2_000;
/** How exactly the deadline is kept. */
const deadlineCheckMs = 100;

interface Call {
  readonly changes: readonly AddressChange[];
  readonly receipts: readonly Receipt[];
  readonly sinceMs: number;
  readonly resolve: (applied: readonly Applied[]) => void;
  readonly reject: (error: StoreFailed) => void;
}

/** What a group needs of the rest of the store. */
export interface GroupEnds {
  write(group: AddressGroup): Promise<Uint8Array>;
  /** Receipts that wait for a group to take them along. */
  takeNotes(): readonly Receipt[];
  /** A group was written after its callers had given up; memory has to follow. */
  tellLate(hosts: readonly HostId[]): void;
}

export class GroupCommit {
  readonly #ends: GroupEnds;
  readonly #clock: Clock;
  readonly #counts: StoreCounts;
  #queue: Call[] = [];
  /** Changes in `#queue`. */
  #waiting = 0;
  #group:
    | { readonly calls: readonly Call[]; readonly sinceMs: number; isLate: boolean }
    | undefined;
  #isDue = false;
  #deadlines: ReturnType<typeof setInterval> | undefined;
  #whenIdle: (() => void)[] = [];

  constructor(ends: GroupEnds, clock: Clock, counts: StoreCounts) {
    this.#ends = ends;
    this.#clock = clock;
    this.#counts = counts;
  }

  /** Changes that are not yet on disk. */
  get waiting(): number {
    const inGroup = this.#group?.calls.reduce((sum, call) => sum + call.changes.length, 0) ?? 0;
    return this.#waiting + inGroup;
  }

  commit(
    changes: readonly AddressChange[],
    receipts: readonly Receipt[],
  ): Promise<readonly Applied[]> {
    if (this.#waiting + changes.length > waitingMax) {
      this.#counts.failures++;
      return Promise.reject(new StoreFailed("Too many changes wait for the disk already."));
    }
    return new Promise((resolve, reject) => {
      const sinceMs = this.#clock.monotonicMs();
      this.#queue.push({ changes, receipts, sinceMs, resolve, reject });
      this.#waiting += changes.length;
      this.#sendSoon();
    });
  }

  /** When everything that waits has been written or refused. */
  idle(): Promise<void> {
    if (this.#group === undefined && this.#queue.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** At the end of this turn, so that requests that came in together go together. */
  #sendSoon(): void {
    if (this.#isDue || this.#group !== undefined) return;
    this.#isDue = true;
    setImmediate(() => {
      this.#isDue = false;
      this.#send();
    });
  }

  #send(): void {
    if (this.#group !== undefined) return;
    const calls = this.#takeGroup();
    if (calls.length === 0) return this.#rest();
    const sinceMs = this.#clock.monotonicMs();
    const group = { calls, sinceMs, isLate: false };
    this.#group = group;
    this.#deadlines ??= setInterval(() => this.#keepDeadlines(), deadlineCheckMs);
    const receipts = calls.flatMap((call) => call.receipts).concat(this.#ends.takeNotes());
    const packed = packGroup(
      calls.map((call) => call.changes),
      receipts,
    );
    this.#ends.write(packed).then(
      (applied) => {
        this.#countGroup(applied.length, sinceMs);
        this.#group = undefined;
        if (group.isLate) this.#ends.tellLate(calls.flatMap(hostsOf));
        else resolveAll(calls, applied);
        this.#send();
      },
      (error: unknown) => {
        this.#group = undefined;
        if (!group.isLate) this.#rejectAll(calls, asStoreFailed(error));
        this.#send();
      },
    );
  }

  /** Whole calls, since a call is all or nothing. One larger than a group is a group of its own. */
  #takeGroup(): readonly Call[] {
    let taken = 0;
    let changes = 0;
    for (const call of this.#queue) {
      if (taken > 0 && changes + call.changes.length > groupMax) break;
      changes += call.changes.length;
      taken++;
    }
    this.#waiting -= changes;
    return this.#queue.splice(0, taken);
  }

  /** Oldest first, so the first that may go on waiting ends the search. */
  #keepDeadlines(): void {
    const latestMs = this.#clock.monotonicMs() - commitDeadlineMs;
    if (this.#group !== undefined && !this.#group.isLate && this.#group.sinceMs <= latestMs) {
      this.#group.isLate = true;
      const why = "The disk has not answered in time. Whether the change is durable is not known.";
      this.#rejectAll(this.#group.calls, new StoreFailed(why));
    }
    const kept = this.#queue.findIndex((call) => call.sinceMs > latestMs);
    const late = this.#queue.splice(0, kept === -1 ? this.#queue.length : kept);
    for (const call of late) this.#waiting -= call.changes.length;
    this.#rejectAll(late, new StoreFailed("The disk has not answered in time."));
  }

  #rest(): void {
    clearInterval(this.#deadlines);
    this.#deadlines = undefined;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }

  #rejectAll(calls: readonly Call[], error: StoreFailed): void {
    for (const call of calls) {
      this.#counts.failures++;
      call.reject(error);
    }
  }

  #countGroup(size: number, sinceMs: number): void {
    this.#counts.groups++;
    this.#counts.changes += size;
    count(this.#counts.groupSizes, size);
    count(this.#counts.commitSeconds, (this.#clock.monotonicMs() - sinceMs) / 1_000);
  }
}

function resolveAll(calls: readonly Call[], applied: Uint8Array): void {
  let index = 0;
  for (const call of calls) {
    call.resolve(call.changes.map(() => (applied[index++] === 1 ? "applied" : "gone")));
  }
}

function hostsOf(call: Call): readonly HostId[] {
  return call.changes.map((change) => change.host);
}

function asStoreFailed(error: unknown): StoreFailed {
  if (error instanceof StoreFailed) return error;
  return new StoreFailed("The group could not be written.", { cause: error });
}
