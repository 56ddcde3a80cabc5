/** What adapters need of the service behind them. */

import type { Credential } from "../core/login.ts";
import type { UpdateOutcome, UpdateRequest } from "../core/update.ts";

export interface Service {
  /** An outcome at once where nothing has to be stored. */
  takeUpdate(request: UpdateRequest): UpdateOutcome | Promise<UpdateOutcome>;
  checkCredential(credential: Credential): CredentialCheck | Promise<CredentialCheck>;
  listHosts(credential: Credential): HostListing | Promise<HostListing>;
}

export type CredentialCheck = "ok" | "wrong" | "try-later";

export type HostListing =
  /** The hosts that the credential may update, in the order in which they shall be shown. */
  | { readonly kind: "hosts"; readonly hosts: readonly ListedHost[] }
  | { readonly kind: "bad-credentials" }
  | { readonly kind: "try-later" };

export interface ListedHost {
  readonly name: string;
  /** Canonical texts. */
  readonly addresses: readonly string[];
  /** Undefined when no address was ever set. */
  readonly changedAtMs: number | undefined;
}
