/** A quantile of what was counted in buckets. */

import type { BucketCounts } from "./metrics.ts";

/** The bound below which this share lies. Undefined: nothing was counted, or it lies above the last bound. */
export function findQuantile({ bounds, counts }: BucketCounts, share: number): number | undefined {
  const all = counts.reduce((sum, count) => sum + count, 0);
  if (all === 0) return undefined;
  let below = 0;
  const at = counts.findIndex((count) => (below += count) >= share * all);
  return bounds[at];
}
