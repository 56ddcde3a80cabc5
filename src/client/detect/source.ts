/** Where the update client learns which address it has. Each source is one way to ask. */

import type { Address } from "../../base/address.ts";

export type Family = 4 | 6;

/** What a source says about one family. */
export type Detected =
  | { readonly kind: "address"; readonly address: Address }
  /** It works, and there is no such address. */
  | { readonly kind: "none"; readonly why: string }
  /** It could not be asked, or its answer cannot be used. */
  | { readonly kind: "failed"; readonly why: string };

export interface Source {
  /** As the configuration names it: `interface eth0`. */
  readonly name: string;
  /** Asks once. Never rejects; ends early with `failed` when the signal is aborted. */
  detect(family: Family, signal: AbortSignal): Promise<Detected>;
}
