/** Keeps receipts and the past of hosts for as long as the operator wants, and no longer: a short step now and then. */

import type { Clock } from "./base/clock.ts";
import type { ReceiptRing } from "./core/receipt-ring.ts";
import type { HostId } from "./core/host.ts";
import type { Log } from "./observe/log.ts";
import type { Forgotten } from "./store/operator-store.ts";

export interface RetentionParts {
  readonly store: { forgetBefore(beforeMs: number, after: HostId): Promise<Forgotten> };
  readonly receipts: ReceiptRing;
  /** As it is set now. */
  days(): number;
  readonly clock: Clock;
  readonly log: Log;
}

const dayMs = 86_400_000;

export class Retention {
  readonly #parts: RetentionParts;
  #after: HostId = 0;
  #isBusy = false;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** One step; what is left waits for the next. Undefined: the one before is not done, or the store is in trouble. */
  async tick(): Promise<Forgotten | undefined> {
    if (this.#isBusy) return undefined;
    const { store, receipts, clock, log } = this.#parts;
    const beforeMs = clock.now() - this.#parts.days() * dayMs;
    receipts.forgetBefore(beforeMs);
    this.#isBusy = true;
    try {
      const forgotten = await store.forgetBefore(beforeMs, this.#after);
      this.#after = forgotten.next;
      return forgotten;
    } catch (error) {
      log.warn({ error: error as Error }, "What is too old could not be forgotten");
      return undefined;
    } finally {
      this.#isBusy = false;
    }
  }
}
