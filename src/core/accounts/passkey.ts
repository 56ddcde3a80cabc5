/** Passkeys as they are kept: public keys, and how often each was used. */

import type { UserId } from "../user.ts";

export interface NewPasskey {
  /** The id of the credential, base64url. */
  readonly id: string;
  readonly user: UserId;
  readonly name: string;
  /** COSE. */
  readonly publicKey: Uint8Array;
  readonly counter: number;
  readonly transports: readonly string[];
}

export interface Passkey extends NewPasskey {
  readonly createdAtMs: number;
  /** Undefined: never. */
  readonly usedAtMs: number | undefined;
}

export interface PasskeyStore {
  /** Taken: the credential is there already, with this account or another. */
  addPasskey(passkey: NewPasskey): Promise<"added" | "taken" | "too-many">;
  /** In the order they were made. */
  listPasskeys(user: UserId): Promise<readonly Passkey[]>;
  findPasskey(id: string): Promise<Passkey | undefined>;
  /**
   * Whether the counter grew: one that did not is of a copy (WebAuthn §6.1.1), unless the authenticator does not
   * count at all.
   */
  usePasskey(id: string, counter: number): Promise<boolean>;
  /** With the last second factor of an account its recovery codes go too. */
  removePasskey(user: UserId, id: string): Promise<"removed" | "not-found">;
}

/** Of one account. */
export const passkeysMax = 20;
