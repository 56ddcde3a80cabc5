/** Devices and programs that sign up by themselves, in a zone that its operator has opened for it. */

import type { Address } from "../base/address.ts";

export type Registration =
  /** MintAuto `add.aspx`: the opaque key of a device is its only secret, and it brings its host's name. */
  | {
      readonly kind: "device";
      readonly key: string;
      readonly host: string;
      /** As sent; empty: the peer's. */
      readonly addresses: readonly string[];
      readonly from: RegistrationOrigin;
    }
  /** `remove.aspx`: the device gives up its host. */
  | { readonly kind: "leave"; readonly key: string; readonly from: RegistrationOrigin }
  /** acme-dns `/register`: a host that only holds challenges, its name and its login made by us. */
  | {
      readonly kind: "acme";
      /** From where the login may be used, as sent; empty: from everywhere. */
      readonly allowFrom: readonly string[];
      readonly from: RegistrationOrigin;
    };

export interface RegistrationOrigin {
  readonly peer: Address;
  readonly adapter: string;
  readonly userAgent: string;
}

export type RegistrationOutcome =
  | { readonly kind: "created" | "replaced" | "unchanged"; readonly host: string }
  /** `username` and `password` are shown once. */
  | {
      readonly kind: "acme";
      readonly host: string;
      readonly username: string;
      readonly password: string;
    }
  | { readonly kind: "left" }
  /** No zone is open for it, or not this one. */
  | { readonly kind: "not-open" }
  | { readonly kind: "bad-key" }
  | { readonly kind: "bad-host" }
  | { readonly kind: "bad-address" }
  | { readonly kind: "taken" }
  | { readonly kind: "unknown" }
  /** As many as the zone takes, or more than its pace allows. */
  | { readonly kind: "too-many" }
  | { readonly kind: "try-later" };
