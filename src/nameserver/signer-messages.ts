/** What the main thread and the signer say to each other. */

import type { ZoneKey } from "../core/zone-key.ts";

/** All keys of a zone, as they lie in the database, and what opens them. */
export interface KeyOrders {
  readonly kind: "keys";
  readonly apex: string;
  readonly keys: readonly Pick<ZoneKey, "dnskey" | "keyTag" | "sealed">[];
  readonly sealKey: Uint8Array;
}

export type SignerOrders =
  | {
      readonly kind: "start";
      readonly signatures: SharedArrayBuffer;
      /** A ring for each thread that may ask. */
      readonly requests: readonly SharedArrayBuffer[];
      readonly bell: SharedArrayBuffer;
    }
  | KeyOrders;

export type SignerReport =
  /** What became of `KeyOrders`: tags of those that could not be opened. */
  | { readonly kind: "keys"; readonly apex: string; readonly unopened: readonly number[] }
  | { readonly kind: "failure"; readonly why: string };
