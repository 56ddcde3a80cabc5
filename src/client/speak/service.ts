/** A service that the update client reports to, in the dialect that it speaks. */

import type { Address } from "../../base/address.ts";

/** What the service made of one host. */
export type HostAnswer =
  /** `good`, or what stands for it: the service has the address now. */
  | { readonly kind: "accepted" }
  /** `nochg`: it had it already. */
  | { readonly kind: "unchanged" }
  /** Nothing will change until somebody changes the configuration: `badauth`, `nohost`, `abuse` … */
  | { readonly kind: "refused"; readonly word: string }
  /** A passing trouble: try again, not before `waitMs` when the service said so or its words ask for it. */
  | { readonly kind: "failed"; readonly why: string; readonly waitMs: number | undefined };

export interface Update {
  /** Full names, all with the same addresses. */
  readonly hosts: readonly string[];
  /** Families that are left out keep what the service has. */
  readonly v4: Address | undefined;
  readonly v6: Address | undefined;
}

export interface Service {
  /** As the configuration names it. */
  readonly name: string;
  /** Hosts that one request may carry. */
  readonly hostsMax: number;
  /** Sends one request. One answer a host, in order. Never rejects. */
  send(update: Update, signal: AbortSignal): Promise<readonly HostAnswer[]>;
}
