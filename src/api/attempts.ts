/** How often somebody may try to prove something: budgets by account and by network, asked before anything is hashed. */

import { printNetwork } from "../base/admission.ts";
import type { Address } from "../base/address.ts";
import { BoundedMap } from "../base/bounded-map.ts";
import type { Clock } from "../base/clock.ts";
import { makeBucket, waitMs } from "../base/token-bucket.ts";
import type { BucketRule, TokenBucket } from "../base/token-bucket.ts";
import { Refusal } from "./refusal.ts";

/** What is tried; each has budgets of its own. */
export type AttemptKind = "password" | "second-factor" | "link" | "mail";

interface Budget {
  /** Of one account as asked from one network: who attacks from elsewhere locks nobody out. */
  readonly pair: BucketRule;
  /** Of one network, whatever account: an IPv4 /24 or an IPv6 /64. */
  readonly network: BucketRule;
  /** Of one account from everywhere. Undefined where others could lock its person out with it. */
  readonly account: BucketRule | undefined;
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

const budgets: Readonly<Record<AttemptKind, Budget>> = {
  password: {
    pair: { burst: 10, refillMs: 30 * secondMs },
    network: { burst: 60, refillMs: 2 * secondMs },
    account: undefined,
  },
  // ASVS 6.6.3: five, over all sessions and addresses, then back-off. Only who knows the password gets here.
  "second-factor": {
    pair: { burst: 5, refillMs: 5 * minuteMs },
    network: { burst: 60, refillMs: 2 * secondMs },
    account: { burst: 5, refillMs: 5 * minuteMs },
  },
  link: {
    pair: { burst: 20, refillMs: 30 * secondMs },
    network: { burst: 20, refillMs: 30 * secondMs },
    account: undefined, // nobody guesses 257 bits
  },
  // Whoever has the mailbox is not to be flooded.
  mail: {
    pair: { burst: 3, refillMs: 20 * minuteMs },
    network: { burst: 20, refillMs: 3 * minuteMs },
    account: { burst: 3, refillMs: 20 * minuteMs },
  },
};

/** Networks and accounts that are remembered; about 200 octets each, so at most some 4 MiB. */
const entriesMax = 20_000;

export class Attempts {
  readonly #clock: Clock;
  readonly #buckets = new BoundedMap<string, TokenBucket>(entriesMax);

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get remembered(): number {
    return this.#buckets.size;
  }

  /** Takes one of each budget. Throws a refusal with the time to wait when one is empty; then nothing is taken. */
  take(kind: AttemptKind, account: string, peer: Address): void {
    const held = this.#held(kind, account, peer);
    const nowMs = this.#clock.monotonicMs();
    const wait = Math.max(...held.map(({ bucket, rule }) => waitMs(bucket, rule, nowMs)));
    if (wait > 0) throw tooMany(wait);
    for (const { bucket } of held) bucket.tokens -= 1;
  }

  /** It was right: what this person got wrong before counts no longer. The network's budget stays as it is. */
  forgive(kind: AttemptKind, account: string, peer: Address): void {
    const { pair, account: ofAccount } = keysOf(kind, account, peer);
    this.#buckets.delete(pair);
    this.#buckets.delete(ofAccount);
  }

  #held(
    kind: AttemptKind,
    account: string,
    peer: Address,
  ): readonly { readonly bucket: TokenBucket; readonly rule: BucketRule }[] {
    const rules = budgets[kind];
    const keys = keysOf(kind, account, peer);
    const nowMs = this.#clock.monotonicMs();
    return (["pair", "network", "account"] as const).flatMap((which) => {
      const rule = rules[which];
      if (rule === undefined) return [];
      const bucket = this.#buckets.find(keys[which]) ?? makeBucket(rule, nowMs);
      this.#buckets.set(keys[which], bucket);
      return [{ bucket, rule }];
    });
  }
}

function keysOf(
  kind: AttemptKind,
  account: string,
  peer: Address,
): Readonly<Record<keyof Budget, string>> {
  const network = networkOf(peer);
  const name = account.slice(0, 254).toLowerCase();
  return {
    pair: `${kind} ${network} ${name}`,
    network: `${kind} ${network}`,
    account: `${kind} = ${name}`,
  };
}

function networkOf(peer: Address): string {
  if (peer.family === 6) return printNetwork(peer);
  return peer.text.slice(0, peer.text.lastIndexOf("."));
}

function tooMany(waitMilliseconds: number): Refusal {
  const seconds = Math.ceil(waitMilliseconds / secondMs);
  return new Refusal(429, "too-many-attempts", "That was tried too often.", {
    hint: `Wait ${seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}, then try again.`,
    retryAfterSeconds: seconds,
  });
}
