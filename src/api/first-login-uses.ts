/** The first use of each device login in the audit log (ASVS 16.3.3). A fleet that begins in one minute does not hold up its updates. */

import { parseAddress } from "../base/address.ts";
import type { Clock } from "../base/clock.ts";
import { makeBucket, take } from "../base/token-bucket.ts";
import type { BucketRule, TokenBucket } from "../base/token-bucket.ts";
import type { Audit } from "./audit.ts";

export interface FirstLoginUse {
  /** Name of whoever it belongs to. */
  readonly owner: string;
  readonly username: string;
  readonly peer: string;
  /** What the client called itself. */
  readonly device: string;
}

const rule: BucketRule = { burst: 100, refillMs: 1_000 };

export class FirstLoginUses {
  readonly #audit: Audit;
  readonly #clock: Clock;
  readonly #bucket: TokenBucket;
  #unsaid = 0;

  constructor(audit: Audit, clock: Clock) {
    this.#audit = audit;
    this.#clock = clock;
    this.#bucket = makeBucket(rule, clock.monotonicMs());
  }

  /** The device does not wait for it. */
  see({ owner, username, peer: from, device }: FirstLoginUse): void {
    const peer = parseAddress(from);
    if (peer === undefined || !take(this.#bucket, rule, this.#clock.monotonicMs())) {
      this.#unsaid++;
      return;
    }
    const more = this.#unsaid === 0 ? "" : `; ${this.#unsaid} before it were not kept`;
    this.#unsaid = 0;
    const entry = { actor: owner, action: "login.first-use", target: username } as const;
    const detail = `${device.slice(0, 200)}${more}`;
    void this.#audit.note({ ...entry, result: "ok", detail }, { peer, requestId: "" });
  }
}
