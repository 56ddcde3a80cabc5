/** Receipts of requests that changed nothing: they wait for the next group, or a second. */

import type { Clock } from "../base/clock.ts";
import type { Receipt } from "../core/receipt.ts";
import type { Log } from "../observe/log.ts";

/** A flood of refusals must not fill memory or disk: above this they are dropped and counted. */
export const notesMax = 10_000;
const writeEveryMs = 1_000;
/** Dropped receipts are one line a minute in the log. */
const logEveryMs = 60_000;

export class ReceiptNotes {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #write: (receipts: readonly Receipt[]) => Promise<void>;
  #waiting: Receipt[] = [];
  #dropped = 0;
  #loggedAtMs: number | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(clock: Clock, log: Log, write: (receipts: readonly Receipt[]) => Promise<void>) {
    this.#clock = clock;
    this.#log = log;
    this.#write = write;
  }

  add(receipts: readonly Receipt[]): void {
    for (const receipt of receipts) {
      if (this.#waiting.length < notesMax) this.#waiting.push(receipt);
      else this.#dropped++;
    }
    this.#timer ??= setTimeout(() => void this.#writeNow(), writeEveryMs);
    this.#logDropped();
  }

  /** For a group that takes them along. */
  take(): readonly Receipt[] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const taken = this.#waiting;
    this.#waiting = [];
    return taken;
  }

  close(): Promise<void> {
    return this.#writeNow();
  }

  /** Best effort: what cannot be written is dropped, and the state of the store says why. */
  async #writeNow(): Promise<void> {
    const taken = this.take();
    if (taken.length === 0) return;
    try {
      await this.#write(taken);
    } catch {
      this.#dropped += taken.length;
      this.#logDropped();
    }
  }

  #logDropped(): void {
    if (this.#dropped === 0) return;
    const nowMs = this.#clock.monotonicMs();
    if (this.#loggedAtMs !== undefined && nowMs - this.#loggedAtMs < logEveryMs) return;
    this.#loggedAtMs = nowMs;
    this.#log.warn({ dropped: this.#dropped }, "Receipts were dropped");
  }
}
