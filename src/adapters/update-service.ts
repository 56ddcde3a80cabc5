/** What adapters need of the service behind them. */

import type { Address } from "../base/address.ts";
import type { Credential } from "../core/login.ts";
import type { Registration, RegistrationOutcome } from "../core/registration.ts";
import type { UpdateOutcome, UpdateRequest } from "../core/update.ts";

export interface Service {
  /** An outcome at once where nothing has to be stored. */
  takeUpdate(request: UpdateRequest): UpdateOutcome | Promise<UpdateOutcome>;
  /** `peer`: a login may be bound to networks. */
  checkCredential(
    credential: Credential,
    peer: Address,
  ): CredentialCheck | Promise<CredentialCheck>;
  listHosts(credential: Credential, peer: Address): HostListing | Promise<HostListing>;
  /** Makes a host and a login for a device, or gives both up again, in a zone that is open for it. */
  register(registration: Registration): RegistrationOutcome | Promise<RegistrationOutcome>;
  /** Keeps what no rule matched, and what a rule on trial matched. Never fails, never waits. */
  note(seen: SeenRequest): void;
  /** Somebody was told the own address, by this rule. */
  noteTold?(rule: string): void;
}

export type CredentialCheck = "ok" | "wrong" | "try-later";

export type HostListing =
  /** The hosts that the credential may update, in the order in which they shall be shown. */
  | { readonly kind: "hosts"; readonly hosts: readonly ListedHost[] }
  | { readonly kind: "bad-credentials" }
  | { readonly kind: "try-later" };

export interface ListedHost {
  readonly id: number;
  readonly name: string;
  /** Apex of the zone it lies in. */
  readonly zone: string;
  /** Canonical texts. */
  readonly addresses: readonly string[];
  /** What stands at its `_acme-challenge`. */
  readonly challenges: readonly string[];
  /** Undefined when no address was ever set. */
  readonly changedAtMs: number | undefined;
}

/** A request that was not acted on, for the operator to learn from. */
export type SeenRequest =
  | { readonly kind: "unmatched"; readonly request: UnmatchedRequest }
  /** A rule on trial matched: what it would have asked for, as one line. */
  | {
      readonly kind: "shadow";
      readonly rule: string;
      /** As sent. */
      readonly hosts: readonly string[];
      readonly would: string;
      /** What the device was told meanwhile: status and the first line of the body. */
      readonly answered: string;
      readonly peer: Address;
      readonly userAgent: string;
    };

/** As it came, secrets included: who keeps it masks it. */
export interface UnmatchedRequest {
  readonly method: string;
  readonly target: string;
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
  readonly peer: Address;
}
