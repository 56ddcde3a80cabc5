/** Which devices are refused most often just now: counted anew every hour, with fixed memory. */

import { BoundedMap } from "../base/bounded-map.ts";
import type { Receipt } from "./receipt.ts";

export interface Noise {
  readonly name: string;
  readonly peer: string;
  readonly device: string;
  readonly refused: number;
  /** The latest. */
  readonly outcome: string;
}

const hourMs = 3_600_000;
/** Pairs of name and address; those that were quiet longest go first. */
const pairsMax = 2_000;

export class Noisiest {
  #counts = new BoundedMap<string, Noise>(pairsMax);
  #hour = 0;

  note({ atMs, asked, peer, userAgent, outcome }: Receipt): void {
    if (outcome === "changed" || outcome === "unchanged" || outcome === "shadow") return;
    const hour = Math.floor(atMs / hourMs);
    if (hour !== this.#hour) {
      this.#hour = hour;
      this.#counts = new BoundedMap(pairsMax);
    }
    const key = `${peer} ${asked}`;
    const refused = (this.#counts.find(key)?.refused ?? 0) + 1;
    this.#counts.set(key, { name: asked, peer, device: userAgent, refused, outcome });
  }

  /** The noisiest first. */
  list(limit: number): readonly Noise[] {
    return [...this.#counts.entries()]
      .map(([, noise]) => noise)
      .toSorted((a, b) => b.refused - a.refused)
      .slice(0, limit);
  }
}
