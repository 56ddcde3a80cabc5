/** Refused authorisation in the audit log (ASVS 16.3.2): every kind of it is seen, and a flood fills no disk. */

import { printNetwork } from "../base/admission.ts";
import type { Address } from "../base/address.ts";
import { BoundedMap } from "../base/bounded-map.ts";
import type { Clock } from "../base/clock.ts";
import { makeBucket, take } from "../base/token-bucket.ts";
import type { BucketRule, TokenBucket } from "../base/token-bucket.ts";
import type { Audit } from "./audit.ts";
import type { Caller } from "./caller.ts";
import type { Refusal } from "./refusal.ts";

export interface RefusedCall {
  /** Undefined: it was refused before anybody was known. */
  readonly caller: Caller | undefined;
  /** `DELETE /users/{name}` */
  readonly route: string;
  readonly refusal: Refusal;
  readonly peer: Address;
  readonly requestId: string;
}

/** Of one account, or of one network where nobody is known. */
const ofOne: BucketRule = { burst: 20, refillMs: 60_000 };
/** Of all together: at most 1,440 entries a day, some 300 KB. */
const ofAll: BucketRule = { burst: 100, refillMs: 60_000 };
const rememberedMax = 5_000;

export class RefusedAccess {
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #buckets = new BoundedMap<string, TokenBucket>(rememberedMax);
  readonly #whole: TokenBucket;
  #unsaid = 0;

  constructor(audit: Audit, clock: Clock) {
    this.#audit = audit;
    this.#clock = clock;
    this.#whole = makeBucket(ofAll, clock.monotonicMs());
  }

  /** Whoever was refused does not wait for it. */
  see({ caller, route, refusal, peer, requestId }: RefusedCall): void {
    if (!isWorthSaying(refusal)) return;
    const isKnown = caller !== undefined && caller.kind !== "nobody";
    if (!this.#mayBeSaid(isKnown ? `user ${caller.user.id}` : printNetwork(peer))) {
      this.#unsaid++;
      return;
    }
    const more = this.#unsaid === 0 ? "" : `; ${this.#unsaid} before it were not kept`;
    this.#unsaid = 0;
    const detail = `${refusal.code}${more}`;
    const entry = { actor: caller ?? "unknown", action: "access.refuse", target: route, detail };
    void this.#audit.note({ ...entry, result: "refused" }, { peer, requestId });
  }

  #mayBeSaid(who: string): boolean {
    const nowMs = this.#clock.monotonicMs();
    const bucket = this.#buckets.find(who) ?? makeBucket(ofOne, nowMs);
    this.#buckets.set(who, bucket);
    return take(bucket, ofOne, nowMs) && take(this.#whole, ofAll, nowMs);
  }
}

/** Not who is only asked to sign in, to prove it once more or to enrol: every page meets that. */
function isWorthSaying({ status, code }: Refusal): boolean {
  if (code === "step-up" || code === "second-factor-needed") return false;
  return status === 403 || code === "bad-token";
}
