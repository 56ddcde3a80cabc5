/** The newest receipts of all hosts, in memory. */

import type { Receipt } from "./receipt.ts";

export class ReceiptRing {
  readonly #receipts: Receipt[] = [];
  readonly #receiptsMax: number;
  #next = 0;

  constructor(receiptsMax: number) {
    this.#receiptsMax = receiptsMax;
  }

  add(receipt: Receipt): void {
    this.#receipts[this.#next] = receipt;
    this.#next = (this.#next + 1) % this.#receiptsMax;
  }

  /** They came in order of time. */
  forgetBefore(atMs: number): void {
    const kept = this.latest(this.#receiptsMax)
      .filter((receipt) => receipt.atMs >= atMs)
      .toReversed();
    if (kept.length === this.#receipts.length) return;
    this.#receipts.splice(0, Infinity, ...kept);
    this.#next = kept.length % this.#receiptsMax;
  }

  /** Newest first. */
  latest(limit: number): readonly Receipt[] {
    const found: Receipt[] = [];
    const size = this.#receipts.length;
    for (let back = 1; back <= Math.min(limit, size); back++) {
      found.push(this.#receipts[(this.#next - back + size) % size]!);
    }
    return found;
  }
}
