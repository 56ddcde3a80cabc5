/** Device login passwords at rest: one keyed hash, because the passwords are random and long. */

import { timingSafeEqual } from "node:crypto";
import type { SecretForm } from "./login.ts";

/** Octets of a pepper, the key that lies outside the database. */
export const pepperOctets = 32;
/** A device may send no more than this for a password; longer ones are wrong without being hashed. */
export const passwordCharactersMax = 128;

/**
 * HMAC-SHA-256 under the pepper. `username` and `password` hold one character an octet, as they come
 * off the wire; the length in front keeps `a` + `bc` and `ab` + `c` apart. 32 octets.
 */
export function makeVerifier(pepper: Uint8Array, username: string, password: string): Uint8Array {
  // A hasher with a key is an HMAC, at half of what `createHmac` costs a request.
  const hasher = new Bun.CryptoHasher("sha256", pepper);
  return hasher.update(`${username.length}:${username}:${password}`, "latin1").digest();
}

/**
 * As `makeVerifier`, of a secret that stands alone. The form in front keeps the verifiers of all forms and those of
 * user name and password apart. Hex digits have no case.
 */
export function makeProofVerifier(pepper: Uint8Array, kind: SecretForm, text: string): Uint8Array {
  const hasher = new Bun.CryptoHasher("sha256", pepper);
  const secret = kind === "token" ? text : text.toLowerCase();
  return hasher.update(`${kind}:${secret}`, "latin1").digest();
}

/** Compares in constant time. */
export function isSameVerifier(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}
