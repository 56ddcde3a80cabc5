/** Counting by upper bound. */

import type { Histogram } from "./store.ts";

export function makeHistogram(bounds: readonly number[]): Histogram {
  return { bounds, counts: Array.from({ length: bounds.length + 1 }, () => 0), sum: 0 };
}

export function count(histogram: Histogram, value: number): void {
  const bucket = histogram.bounds.findIndex((bound) => value <= bound);
  histogram.counts[bucket === -1 ? histogram.bounds.length : bucket]!++;
  histogram.sum += value;
}
