/** ECDSA on P-256 as DNSSEC has it, RFC 6605: keys as bare numbers, signatures of 64 octets. */

import { createECDH, createPrivateKey, createPublicKey, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import type { Chance } from "../base/chance.ts";
import { assert } from "../base/assert.ts";

/** RFC 6605 §4: x and y of a point. */
export const publicKeyOctets = 64;
/** A number below the order of the curve. */
const privateKeyOctets = 32;

export interface KeyPair {
  /** The secret number, 32 octets. */
  readonly secret: Uint8Array;
  readonly publicKey: Uint8Array;
}

export function makeKeyPair(chance: Chance): KeyPair {
  for (;;) {
    const secret = chance.octets(privateKeyOctets);
    const publicKey = findPublicKey(secret);
    if (publicKey !== undefined) return { secret, publicKey };
  }
}

/** A key to sign with; `undefined` when the octets are none. */
export function parsePrivateKey(secret: Uint8Array): KeyObject | undefined {
  const publicKey = findPublicKey(secret);
  if (publicKey === undefined) return undefined;
  const jwk = { ...publicJwk(publicKey), d: base64Url(secret) };
  return createPrivateKey({ key: jwk, format: "jwk" });
}

/** RFC 6605 §4: r and s, 32 octets each. */
export function signOctets(key: KeyObject, data: Uint8Array): Uint8Array {
  return sign("sha256", data, { key, dsaEncoding: "ieee-p1363" });
}

/** Whether `signature` was made over `data` by the owner of the public key. */
export function isSignature(
  publicKey: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  assert(publicKey.length === publicKeyOctets, "a P-256 key is two numbers of 32 octets");
  const key = createPublicKey({ key: publicJwk(publicKey), format: "jwk" });
  return verify("sha256", data, { key, dsaEncoding: "ieee-p1363" }, signature);
}

/** `undefined` when the number is 0 or not below the order of the curve. */
export function findPublicKey(secret: Uint8Array): Uint8Array | undefined {
  if (secret.length !== privateKeyOctets) return undefined;
  const curve = createECDH("prime256v1");
  try {
    curve.setPrivateKey(secret);
  } catch {
    return undefined; // the only way the runtime says that it is out of range
  }
  return new Uint8Array(curve.getPublicKey().subarray(1)); // behind 4, which says "uncompressed"
}

function publicJwk(publicKey: Uint8Array) {
  const x = base64Url(publicKey.subarray(0, 32));
  const y = base64Url(publicKey.subarray(32));
  return { kty: "EC", crv: "P-256", x, y };
}

function base64Url(octets: Uint8Array): string {
  return octets.toBase64({ alphabet: "base64url", omitPadding: true });
}
