/** Device logins: narrow credentials that may update the addresses of given hosts and nothing else. */

import type { HostId } from "./host.ts";
import type { UserId } from "./user.ts";

export type LoginId = number;

export interface Login {
  readonly id: LoginId;
  readonly user: UserId;
  /** As the device sends it; compared octet for octet. */
  readonly username: string;
  /** 32 octets, see `makeVerifier`. */
  readonly verifier: Uint8Array;
  /** The hosts it may update, or every host of its user. */
  readonly hosts: readonly HostId[] | "all-of-user";
}

/** A user name and a password as a device sent them, one character an octet. */
export interface Credential {
  readonly username: string;
  readonly password: string;
}
