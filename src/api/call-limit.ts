/** How often one account may make the service ask others: a bucket for each, in fixed memory. */

import { BoundedMap } from "../base/bounded-map.ts";
import type { Clock } from "../base/clock.ts";
import { makeBucket, take, waitMs } from "../base/token-bucket.ts";
import type { BucketRule, TokenBucket } from "../base/token-bucket.ts";
import type { UserId } from "../core/user.ts";
import { Refusal } from "./refusal.ts";

/** Beyond it the account that asked longest ago begins anew. */
const accountsMax = 10_000;

export class CallLimit {
  readonly #rule: BucketRule;
  readonly #clock: Clock;
  readonly #buckets = new BoundedMap<UserId, TokenBucket>(accountsMax);

  constructor(rule: BucketRule, clock: Clock) {
    this.#rule = rule;
    this.#clock = clock;
  }

  /** Throws `Refusal` where it is too often. */
  take(user: UserId): void {
    const nowMs = this.#clock.monotonicMs();
    const bucket = this.#buckets.find(user) ?? makeBucket(this.#rule, nowMs);
    this.#buckets.set(user, bucket);
    if (take(bucket, this.#rule, nowMs)) return;
    const seconds = Math.ceil(waitMs(bucket, this.#rule, nowMs) / 1_000);
    throw new Refusal(429, "too-often", "That was asked too often.", {
      hint: `Try again in ${seconds} s.`,
      retryAfterSeconds: seconds,
    });
  }
}
