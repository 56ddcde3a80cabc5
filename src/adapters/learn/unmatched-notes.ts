/** Requests that no rule matched, on their way to the store: a few a second are looked at, the rest is let go. */

import { printNetwork } from "../../base/admission.ts";
import type { Clock } from "../../base/clock.ts";
import type { SeenShape } from "../../core/stored-adapter.ts";
import type { UnmatchedRequest } from "../update-service.ts";
import type { Acquaintances } from "./guess-roles.ts";
import { learn } from "./unmatched-sample.ts";

/** Looked at each time: what a flood costs is bounded, and a device that is passed over knocks again. */
export const lookedAtMax = 20;
/** Of one IPv4 address or IPv6 /64 among them: who floods does not stand in the way of others. */
export const lookedAtPerNetworkMax = 5;
export const lookEveryMs = 1_000;

export interface UnmatchedNotesParts {
  readonly known: Acquaintances;
  readonly clock: Clock;
  write(seen: readonly SeenShape[]): Promise<void>;
}

export class UnmatchedNotes {
  readonly #parts: UnmatchedNotesParts;
  #waiting: { readonly request: UnmatchedRequest; readonly network: string }[] = [];
  #isWriting = false;
  /** Requests that were not looked at because there were too many. */
  passedOver = 0;

  constructor(parts: UnmatchedNotesParts) {
    this.#parts = parts;
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  /** Costs next to nothing: it stands in the way of a reply. */
  add(request: UnmatchedRequest): void {
    if (this.#waiting.length >= lookedAtMax) {
      this.passedOver++;
      return;
    }
    const network = printNetwork(request.peer);
    const same = this.#waiting.filter((other) => other.network === network).length;
    if (same >= lookedAtPerNetworkMax) this.passedOver++;
    else this.#waiting.push({ request, network });
  }

  /** To be called every `lookEveryMs`. Looks at what waits, and writes down what there is to learn from it. Never fails: it is only a help. */
  async look(): Promise<void> {
    const taken = this.#waiting;
    this.#waiting = [];
    const seen = this.#group(taken.map(({ request }) => request));
    if (seen.length === 0 || this.#isWriting) return;
    this.#isWriting = true;
    try {
      await this.#parts.write(seen);
    } catch {
      // The state of the store says why; the devices will knock again.
    } finally {
      this.#isWriting = false;
    }
  }

  #group(requests: readonly UnmatchedRequest[]): readonly SeenShape[] {
    const { known, clock } = this.#parts;
    const byShape = new Map<string, SeenShape>();
    for (const request of requests) {
      const learned = learn(request, known);
      if (learned === undefined) continue;
      const { shape, sample } = learned;
      const before = byShape.get(shape)?.requests ?? 0;
      byShape.set(shape, {
        shape,
        sample: JSON.stringify(sample),
        requests: before + 1,
        lastAtMs: clock.now(),
      });
    }
    return [...byShape.values()];
  }
}
