/** A whole zone signed beforehand, with a chain of NSEC: for servers that cannot sign. RFC 4035 §2. */

import { assert } from "../base/assert.ts";
import { canonicalKey } from "./canonical-order.ts";
import type { Name } from "./name.ts";
import { makeNsec } from "./nsec.ts";
import { types } from "./record-types.ts";
import type { ResourceRecord } from "./resource-record.ts";
import { rrsigLabels, signedData, writeRrsig } from "./rrsig.ts";
import { WireReader } from "./wire.ts";

export interface ZoneSigner {
  readonly algorithm: number;
  readonly keyTag: number;
  sign(data: Uint8Array): Uint8Array;
}

export interface Signing {
  readonly apex: Name;
  /** Signs everything but what the others sign. */
  readonly signer: ZoneSigner;
  /** Each signs DNSKEY, CDS and CDNSKEY. */
  readonly keySigners: readonly ZoneSigner[];
  /** Seconds since 1970. */
  readonly inception: number;
  readonly expiration: number;
}

/** What only a signer puts into a zone. */
export const signerTypes: ReadonlySet<number> = new Set([
  types.RRSIG,
  types.NSEC,
  types.DNSKEY,
  types.NSEC3,
  types.NSEC3PARAM,
  types.CDS,
  types.CDNSKEY,
]);

const keyTypes: ReadonlySet<number> = new Set([types.DNSKEY, types.CDS, types.CDNSKEY]);

interface Node {
  readonly owner: Name;
  /** A delegation: its DS and NSEC are ours, and nothing below it is. */
  readonly isCut: boolean;
  readonly rrsets: Map<number, ResourceRecord[]>;
}

/** The records with what signing adds; the key records are among those that are given. */
export function signZone(
  records: readonly ResourceRecord[],
  signing: Signing,
): readonly ResourceRecord[] {
  const nodes = authoritativeNodes(records, signing.apex);
  const ttlSeconds = nsecTtl(nodes[0]!);
  const added = nodes.flatMap((node, i) => {
    const next = nodes[(i + 1) % nodes.length]!.owner;
    const present = [...node.rrsets.keys(), types.RRSIG, types.NSEC];
    const nsec = { owner: node.owner, type: types.NSEC, ttlSeconds };
    const rdata = makeNsec(next, present);
    const signed = [...node.rrsets.values(), [{ ...nsec, rdata }]].flatMap((rrset) =>
      isSigned(node, rrset[0]!.type) ? signRrset(rrset, signing) : [],
    );
    return [{ ...nsec, rdata }, ...signed];
  });
  return [...records, ...added];
}

/** RFC 4035 §2.3: each name with records of ours, in canonical order; not what lies below a delegation. */
function authoritativeNodes(records: readonly ResourceRecord[], apex: Name): readonly Node[] {
  const cuts = new Set(
    records
      .filter(({ type, owner }) => type === types.NS && !owner.isSame(apex))
      .map(({ owner }) => owner.key),
  );
  const nodes = new Map<string, Node>();
  for (const record of records) {
    const { owner, type } = record;
    if (isBelowCut(owner, apex, cuts)) continue;
    const isCut = cuts.has(owner.key);
    // RFC 4035 §2.3: other records at a delegation, such as glue, are not ours to vouch for.
    if (isCut && type !== types.NS && type !== types.DS) continue;
    const node = nodes.get(owner.key) ?? { owner, isCut, rrsets: new Map() };
    nodes.set(owner.key, node);
    node.rrsets.set(type, [...(node.rrsets.get(type) ?? []), record]);
  }
  const sorted = [...nodes.values()]
    .map((node) => ({ node, key: canonicalKey(node.owner) }))
    .toSorted((a, b) => (a.key < b.key ? -1 : 1))
    .map(({ node }) => node);
  assert(sorted[0]?.owner.isSame(apex) === true, "a zone has records at its apex");
  return sorted;
}

function isBelowCut(owner: Name, apex: Name, cuts: ReadonlySet<string>): boolean {
  for (let above = owner; !above.isSame(apex);) {
    above = above.parent()!;
    if (cuts.has(above.key)) return true;
  }
  return false;
}

/** RFC 4035 §2.2: the NS records of a delegation belong to the child. */
function isSigned(node: Node, type: number): boolean {
  return !node.isCut || type !== types.NS;
}

function signRrset(rrset: readonly ResourceRecord[], signing: Signing): ResourceRecord[] {
  const { owner, type, ttlSeconds } = rrset[0]!;
  const signers = keyTypes.has(type) ? signing.keySigners : [signing.signer];
  return signers.map((signer) => {
    const fields = {
      typeCovered: type,
      algorithm: signer.algorithm,
      labels: rrsigLabels(owner),
      originalTtlSeconds: ttlSeconds,
      expiration: signing.expiration,
      inception: signing.inception,
      keyTag: signer.keyTag,
      signer: signing.apex,
    };
    const data = signedData(
      fields,
      owner,
      rrset.map(({ rdata }) => rdata),
    );
    return { owner, type: types.RRSIG, ttlSeconds, rdata: writeRrsig(fields, signer.sign(data)) };
  });
}

/** RFC 9077 §3: as long as the negative answer that it proves. */
function nsecTtl(apex: Node): number {
  const soa = apex.rrsets.get(types.SOA)?.[0];
  assert(soa !== undefined, "a zone has an SOA");
  const minimum = new WireReader(soa.rdata.subarray(-4)).u32();
  return Math.min(soa.ttlSeconds, minimum);
}
