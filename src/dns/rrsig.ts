/** RRSIG: what is signed for an RRset, and the RDATA that carries the signature. RFC 4034 §3. */

import { assert } from "../base/assert.ts";
import { sortRdatas } from "./canonical-order.ts";
import type { Name } from "./name.ts";
import { canonicalRdata } from "./record-types.ts";
import { classes } from "./resource-record.ts";
import { WireWriter } from "./wire.ts";

/** RFC 4034 §3.1, without the signature. */
export interface RrsigFields {
  readonly typeCovered: number;
  readonly algorithm: number;
  /** As `rrsigLabels` counts them. */
  readonly labels: number;
  readonly originalTtlSeconds: number;
  /** Seconds since 1970, modulo 2^32. */
  readonly expiration: number;
  readonly inception: number;
  readonly keyTag: number;
  /** The apex of the zone. */
  readonly signer: Name;
}

/** RFC 4034 §3.1.3: labels of the owner, without the root and without a leading `*`. */
export function rrsigLabels(owner: Name): number {
  return owner.labelCount - (isWildcard(owner) ? 1 : 0);
}

/**
 * RFC 4034 §3.1.8.1. `rdatas` may be in any case and order. An owner with more labels than were signed
 * was made by a wildcard: the wildcard is what is signed (RFC 4035 §5.3.2).
 */
export function signedData(
  rrsig: RrsigFields,
  owner: Name,
  rdatas: readonly Uint8Array[],
): Uint8Array {
  const signedOwner = wildcardOf(owner, rrsig.labels).folded();
  const to = new WireWriter(signedOctetsMax);
  writeFields(rrsig, to);
  const canonical = rdatas.map((rdata) => canonicalRdata(rrsig.typeCovered, rdata));
  for (const rdata of sortRdatas(canonical)) {
    to.name(signedOwner);
    to.u16(rrsig.typeCovered);
    to.u16(classes.IN);
    to.u32(rrsig.originalTtlSeconds);
    to.u16(rdata.length);
    to.octets(rdata);
  }
  return to.finish();
}

/** RDATA of the signature over `signedData` of the same fields. */
export function writeRrsig(fields: RrsigFields, signature: Uint8Array): Uint8Array {
  const to = new WireWriter();
  writeFields(fields, to);
  to.octets(signature);
  return to.finish();
}

/** An RRset that fits a message; the owner before each record, which a message compresses, comes on top. */
const signedOctetsMax = 16 * 1024 * 1024;
const asterisk = Uint8Array.of(0x2a);

/** The signer in lower case: RFC 4034 §6.2. */
function writeFields(fields: RrsigFields, to: WireWriter): void {
  to.u16(fields.typeCovered);
  to.u8(fields.algorithm);
  to.u8(fields.labels);
  to.u32(fields.originalTtlSeconds);
  to.u32(fields.expiration);
  to.u32(fields.inception);
  to.u16(fields.keyTag);
  to.name(fields.signer.folded());
}

function wildcardOf(owner: Name, labels: number): Name {
  let above = owner;
  let count = owner.labelCount;
  assert(labels <= count, "a signature has no more labels than its owner");
  if (count === labels) return owner;
  for (; count > labels; count--) above = above.parent()!;
  return above.child(asterisk)!;
}

function isWildcard({ octets }: Name): boolean {
  return octets[0] === 1 && octets[1] === asterisk[0];
}
