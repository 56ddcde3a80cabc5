/**
 * When a change is published. A host of a public zone has a budget of changes; above it a change is
 * accepted and durable all the same, and the newest one is published when the budget allows.
 */

import { BoundedMap } from "../base/bounded-map.ts";
import { isFull, makeBucket, take, waitMs } from "../base/token-bucket.ts";
import type { BucketRule, TokenBucket } from "../base/token-bucket.ts";
import type { HostId } from "./host.ts";

/** Buckets are kept for hosts that changed lately. More at once than this and the oldest is forgiven. */
const bucketsMax = 1_000_000;

export class Publication {
  readonly #rule: BucketRule;
  readonly #buckets = new BoundedMap<HostId, TokenBucket>(bucketsMax);
  /** Hosts whose newest addresses are not published yet, and when they may be. */
  readonly #due = new Map<HostId, number>();

  constructor(rule: BucketRule) {
    this.#rule = rule;
  }

  get pending(): number {
    return this.#due.size;
  }

  /** Whether a change of the host may be published now. If not, `takeDue` gives it out later. */
  offer(host: HostId, nowMs: number): "now" | "later" {
    let bucket = this.#buckets.find(host);
    if (bucket === undefined) {
      bucket = makeBucket(this.#rule, nowMs);
      this.#buckets.set(host, bucket);
    }
    if (take(bucket, this.#rule, nowMs)) {
      this.#due.delete(host);
      return "now";
    }
    this.#due.set(host, nowMs + waitMs(bucket, this.#rule, nowMs));
    return "later";
  }

  /** What `offer` would say, without taking anything from the budget. */
  isWithinBudget(host: HostId, nowMs: number): boolean {
    const bucket = this.#buckets.find(host);
    return bucket === undefined || waitMs(bucket, this.#rule, nowMs) === 0;
  }

  /** Hosts that may be published by now; each has paid for it. */
  takeDue(nowMs: number): readonly HostId[] {
    const due: HostId[] = [];
    for (const [host, atMs] of this.#due) {
      const bucket = this.#buckets.find(host);
      if (atMs > nowMs || (bucket !== undefined && !take(bucket, this.#rule, nowMs))) continue;
      this.#due.delete(host);
      due.push(host);
    }
    return due;
  }

  /** Lets go of buckets that are full again; a full bucket says nothing. */
  sweep(nowMs: number): void {
    for (const [host, bucket] of this.#buckets.entries()) {
      if (isFull(bucket, this.#rule, nowMs)) this.#buckets.delete(host);
    }
  }

  forget(host: HostId): void {
    this.#buckets.delete(host);
    this.#due.delete(host);
  }
}
