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
