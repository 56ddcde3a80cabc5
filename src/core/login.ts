/** Device logins: narrow credentials that may update the addresses of given hosts and nothing else. */

import type { Cidr } from "../base/address.ts";
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
  /** More ways to prove that one knows the secret, for clients that cannot send name and password. */
  readonly proofs: readonly LoginProof[];
  /** `challenges`: only the TXT records at `_acme-challenge` of its hosts, no address. */
  readonly scope: LoginScope;
  /** Networks it may be used from; none: from everywhere. */
  readonly from: readonly Cidr[];
  /** Of its hosts the one that is meant when none is named. Left out where there is none, as in nearly all logins. */
  readonly defaultHost?: HostId;
}

/** Of user name and password. */
export const loginOctetsMax = 128;

/** Why a device cannot send it by Basic (RFC 7617 §2), as a sentence; one character an octet. */
export function findUsernameFault(username: string): string | undefined {
  if (username === "") return "It is empty.";
  // oxlint-disable-next-line no-control-regex
  if (/[:\x00-\x1f\x7f]/.test(username)) return "No colon and no control characters.";
  return username.length > loginOctetsMax ? `At most ${loginOctetsMax} octets.` : undefined;
}

/** A login to be made; what is left out is none, and everything allowed. */
export type NewLogin = Omit<Login, "id" | "proofs" | "scope" | "from"> &
  Partial<Pick<Login, "proofs" | "scope" | "from">>;

export type LoginScope = "all" | "challenges";

/**
 * One more way to prove that one knows the secret of a login.
 *
 * - `token`: the password alone. `DuckDNS`, dynv6, Cloudflare's bearer, the opaque key of a MintAuto device.
 * - `sha1`: `sha1(username + "|" + password)` as 40 hex digits. FreeDNS' list of keys.
 * - `md5`: `md5(password)` as 32 hex digits, with the host's name or the user name. DuiaDNS, HE's tunnel broker.
 * - `gnudip`: an answer to a challenge, made from `md5(password)`, which therefore must be recoverable.
 */
export type LoginProof =
  /** 32 octets, see `makeProofVerifier`. */
  | { readonly kind: SecretForm; readonly verifier: Uint8Array }
  /** The 32 hex digits of `md5(password)`, encrypted under the key outside the database (`seal.ts`). */
  | { readonly kind: "gnudip"; readonly sealed: Uint8Array };

export type SecretForm = "token" | "sha1" | "md5";
export type ProofKind = LoginProof["kind"];

/** What a device sent to say who it is. Texts hold one character an octet. */
export type Credential =
  | PasswordCredential
  /** Stands alone: which login it belongs to follows from it, and from the hosts that are asked for. */
  | { readonly kind: SecretForm; readonly secret: string }
  /** GnuDIP: `digest` is `md5hex(md5hex(password) + "." + salt)` for a salt of ours. */
  | {
      readonly kind: "gnudip";
      readonly username: string;
      readonly salt: string;
      readonly digest: string;
    };

export interface PasswordCredential {
  readonly kind: "password";
  readonly username: string;
  readonly password: string;
}
