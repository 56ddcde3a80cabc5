/** Records of a zone's keys: DNSKEY in the zone, DS at its parent, CDS and CDNSKEY to ask the parent for it. */

import { createHash } from "node:crypto";
import { assert } from "../base/assert.ts";
import { publicKeyOctets } from "./ecdsa.ts";
import type { Name } from "./name.ts";

/** RFC 6605 §4: ECDSA on P-256 with SHA-256, which every validator knows and which signs fastest. */
export const ecdsaP256Sha256 = 13;

/** RFC 4034 §2.1.1: a zone key that is a secure entry point, being the only kind of key that a zone has. */
const zoneKeyFlags = 0x0101;
/** RFC 4034 §2.1.2. */
const dnssecProtocol = 3;
/** RFC 4509 §2.1. */
const sha256Digest = 2;

/** DNSKEY RDATA of a public key as `makeKeyPair` gives it. */
export function makeDnskey(publicKey: Uint8Array): Uint8Array {
  assert(publicKey.length === publicKeyOctets, "a P-256 key is two numbers of 32 octets");
  return Uint8Array.from([
    zoneKeyFlags >> 8,
    zoneKeyFlags & 0xff,
    dnssecProtocol,
    ecdsaP256Sha256,
    ...publicKey,
  ]);
}

/** RFC 4034 appendix B: a number by which most keys of a zone differ. */
export function keyTag(dnskey: Uint8Array): number {
  let sum = 0;
  for (const [i, octet] of dnskey.entries()) sum += (i & 1) === 0 ? octet * 0x100 : octet;
  return (sum + (sum >> 16)) & 0xffff;
}

/** DS RDATA, RFC 4034 §5.1.4: the digest of the owner in lower case and the DNSKEY RDATA. */
export function makeDs(owner: Name, dnskey: Uint8Array): Uint8Array {
  const tag = keyTag(dnskey);
  const digest = createHash("sha256").update(owner.folded().octets).update(dnskey).digest();
  return Uint8Array.from([tag >> 8, tag & 0xff, dnskey[3]!, sha256Digest, ...digest]);
}

/** RFC 8078 §4: RDATA that ask the parent to take every DS away. */
export const deleteCds: Uint8Array = Uint8Array.of(0, 0, 0, 0, 0);
export const deleteCdnskey: Uint8Array = Uint8Array.of(0, 0, 3, 0, 0);
