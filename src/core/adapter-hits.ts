/** How often each rule was used since the service started. */

import { BoundedMap } from "../base/bounded-map.ts";

export interface AdapterUse {
  readonly hits: number;
  readonly lastAtMs: number;
}

/** More than there are rules of ours and of the operator together. */
const rulesMax = 1_000;

export class AdapterHits {
  readonly #uses = new BoundedMap<string, { hits: number; lastAtMs: number }>(rulesMax);

  note(rule: string, atMs: number): void {
    const use = this.#uses.find(rule);
    if (use === undefined) this.#uses.set(rule, { hits: 1, lastAtMs: atMs });
    else {
      use.hits++;
      use.lastAtMs = atMs;
    }
  }

  find(rule: string): AdapterUse | undefined {
    return this.#uses.find(rule);
  }
}
