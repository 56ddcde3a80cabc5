/** A token bucket as a pure value: how many tokens there were, and when. */

export interface TokenBucket {
  tokens: number;
  atMs: number;
}

export interface BucketRule {
  /** Tokens in a full bucket. */
  readonly burst: number;
  /** Time in which one token comes back. */
  readonly refillMs: number;
}

export function makeBucket(rule: BucketRule, nowMs: number): TokenBucket {
  return { tokens: rule.burst, atMs: nowMs };
}

/** Brings the bucket up to `nowMs`. */
export function refill(bucket: TokenBucket, rule: BucketRule, nowMs: number): void {
  const earned = Math.max(0, nowMs - bucket.atMs) / rule.refillMs;
  bucket.tokens = Math.min(rule.burst, bucket.tokens + earned);
  bucket.atMs = nowMs;
}

/** Takes a token if there is one. */
export function take(bucket: TokenBucket, rule: BucketRule, nowMs: number): boolean {
  refill(bucket, rule, nowMs);
  if (bucket.tokens < 1) return false;
  bucket.tokens -= 1;
  return true;
}

/** Milliseconds until `take` succeeds, 0 when it would now. */
export function waitMs(bucket: TokenBucket, rule: BucketRule, nowMs: number): number {
  refill(bucket, rule, nowMs);
  return bucket.tokens >= 1 ? 0 : Math.ceil((1 - bucket.tokens) * rule.refillMs);
}

/** A full bucket says nothing and need not be kept. */
export function isFull(bucket: TokenBucket, rule: BucketRule, nowMs: number): boolean {
  refill(bucket, rule, nowMs);
  return bucket.tokens >= rule.burst;
}
