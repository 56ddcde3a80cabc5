/** Bulk import: rows as they were read, what becomes of each, and of all of them. */

import type { HostName } from "./host-name.ts";
import type { InterfaceIdentifier } from "./interface-identifier.ts";
import type { UserId } from "./user.ts";
import type { ZoneId } from "./zone.ts";

export const importRowsMax = 100_000;

/** One host. Of what may be left out, undefined stays as it is and null is taken away. */
export interface ImportRow {
  /** Where it stood, counted from 1. */
  readonly line: number;
  readonly name: HostName;
  readonly zone: ZoneId;
  /** Whose it is, or is to be. */
  readonly user: UserId;
  readonly v4?: Uint8Array | null | undefined;
  readonly v6?: Uint8Array | null | undefined;
  readonly note?: string | undefined;
  readonly interfaceId?: InterfaceIdentifier | null | undefined;
  /** A device login for this host alone. */
  readonly login?: ImportLogin | undefined;
}

export interface ImportLogin {
  /** One character an octet. */
  readonly username: string;
  readonly verifier: Uint8Array;
  /** Only for a host that the import makes; otherwise also for one that is there, where it lacks it. */
  readonly isForNew: boolean;
}

export type RowVerdict =
  | { readonly kind: "create" }
  /** `what`: columns whose value is another. */
  | { readonly kind: "change"; readonly what: readonly string[] }
  | { readonly kind: "unchanged" }
  | { readonly kind: "refused"; readonly why: string };

export interface ImportCounts {
  readonly rows: number;
  readonly created: number;
  readonly changed: number;
  readonly unchanged: number;
}

export interface RowFault {
  readonly line: number;
  readonly why: string;
}

/** What makes a repeat harmless: the caller's key, and a digest of what was sent with it. */
export interface ImportKey {
  readonly user: UserId;
  readonly key: string;
  readonly requestHash: Uint8Array;
}

export type ImportOutcome =
  | { readonly kind: "done"; readonly verdicts: readonly RowVerdict[] }
  /** It was done before. */
  | { readonly kind: "repeat"; readonly counts: ImportCounts }
  /** The key came with something else before. */
  | { readonly kind: "key-used" }
  /** Nothing was done. */
  | { readonly kind: "refused"; readonly faults: readonly RowFault[] };

export function countVerdicts(verdicts: readonly RowVerdict[]): ImportCounts {
  const count = (kind: RowVerdict["kind"]): number =>
    verdicts.reduce((sum, verdict) => sum + Number(verdict.kind === kind), 0);
  return {
    rows: verdicts.length,
    created: count("create"),
    changed: count("change"),
    unchanged: count("unchanged"),
  };
}
