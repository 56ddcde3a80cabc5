/**
 * Secrets at rest. What must be recoverable is kept in the database only as AES-256-GCM under a key that
 * lies outside it; what is authenticated beside it binds a secret to its place, so that none can be moved.
 */

import { createCipheriv, createDecipheriv } from "node:crypto";
import type { Chance } from "../base/chance.ts";

export const sealKeyOctets = 32;
/** 96 bits by chance: among 2^32 secrets under one key, two alike are as good as impossible. */
const nonceOctets = 12;
const tagOctets = 16;
const cipher = "aes-256-gcm";

/** Nonce, ciphertext and tag. `place` is opened with the same text or not at all. */
export function seal(
  key: Uint8Array,
  secret: Uint8Array,
  place: string,
  chance: Chance,
): Uint8Array {
  const nonce = chance.octets(nonceOctets);
  const sealing = createCipheriv(cipher, key, nonce, { authTagLength: tagOctets });
  sealing.setAAD(Buffer.from(place));
  const sealed = [nonce, sealing.update(secret), sealing.final(), sealing.getAuthTag()];
  return new Uint8Array(Buffer.concat(sealed));
}

/** `undefined`: sealed under another key or for another place, or changed since. */
export function unseal(key: Uint8Array, sealed: Uint8Array, place: string): Uint8Array | undefined {
  if (sealed.length < nonceOctets + tagOctets) return undefined;
  const nonce = sealed.subarray(0, nonceOctets);
  const opening = createDecipheriv(cipher, key, nonce, { authTagLength: tagOctets });
  opening.setAAD(Buffer.from(place));
  opening.setAuthTag(sealed.subarray(-tagOctets));
  const secret = opening.update(sealed.subarray(nonceOctets, -tagOctets));
  try {
    opening.final();
  } catch {
    return undefined; // the one thing that it checks
  }
  return new Uint8Array(secret);
}
