/** Resource records, RFC 1035 §3.2.1, of the one class that is served: IN. */

import type { Name } from "./name.ts";

export interface ResourceRecord {
  readonly owner: Name;
  readonly type: number;
  readonly ttlSeconds: number;
  /** Wire form, names uncompressed. */
  readonly rdata: Uint8Array;
}

/** RFC 1035 §3.2.4, and RFC 2136 §1.3 for what `NONE` is for. */
export const classes = { IN: 1, CH: 3, HS: 4, NONE: 254, ANY: 255 } as const;
