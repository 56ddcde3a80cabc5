/** Looks whether each RRset of a message has a signature of a key. RFC 4035 §5.3. */

import { isSignature } from "../../src/dns/ecdsa.ts";
import { keyTag } from "../../src/dns/key-records.ts";
import type { Message, MessageRecord } from "../../src/dns/message.ts";
import type { Name } from "../../src/dns/name.ts";
import { typeName, types } from "../../src/dns/record-types.ts";
import { signedData } from "../../src/dns/rrsig.ts";
import { WireReader } from "../../src/dns/wire.ts";

export interface Judged {
  /** Types of those without a signature that counts. */
  readonly unsigned: readonly string[];
  /** How many signatures were verified. */
  readonly signatures: number;
}

/** Names outside the zone are left out; so is what a DNAME makes, which is never signed (RFC 6672 §5.3.1). */
export function findUnsigned(message: Message, apex: Name, dnskey: Uint8Array): Judged {
  const unsigned: string[] = [];
  let signatures = 0;
  for (const section of [message.answers, message.authority]) {
    for (const rrset of groupRecords(section)) {
      const { owner, type } = rrset[0]!;
      if (!owner.isWithin(apex)) continue;
      const rrsigs = section.filter(
        (record) =>
          record.type === types.RRSIG &&
          record.owner.isSame(owner) &&
          ((record.rdata[0]! << 8) | record.rdata[1]!) === type,
      );
      if (rrsigs.some((rrsig) => isSignedBy(rrset, rrsig, apex, dnskey))) signatures++;
      else unsigned.push(typeName(type));
    }
  }
  return { unsigned, signatures };
}

function groupRecords(records: readonly MessageRecord[]): readonly MessageRecord[][] {
  const groups = new Map<string, MessageRecord[]>();
  for (const record of records) {
    if (record.type === types.RRSIG) continue;
    const key = `${record.type} ${record.owner.key}`;
    const there = groups.get(key);
    if (there === undefined) groups.set(key, [record]);
    else there.push(record);
  }
  return [...groups.values()];
}

/** RFC 4034 §3.1 and RFC 4035 §5.3.1: key, signer, times and the octets. */
function isSignedBy(
  rrset: readonly MessageRecord[],
  rrsig: MessageRecord,
  apex: Name,
  dnskey: Uint8Array,
): boolean {
  const from = new WireReader(rrsig.rdata);
  const fields = {
    typeCovered: from.u16(),
    algorithm: from.u8(),
    labels: from.u8(),
    originalTtlSeconds: from.u32(),
    expiration: from.u32(),
    inception: from.u32(),
    keyTag: from.u16(),
    signer: from.name(),
  };
  const signature = from.octets(from.left);
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const owner = rrset[0]!.owner;
  if (fields.keyTag !== keyTag(dnskey) || !fields.signer.isSame(apex)) return false;
  if (fields.labels > owner.labelCount) return false;
  if (fields.inception > nowSeconds || fields.expiration < nowSeconds) return false;
  if (rrset.some(({ ttlSeconds }) => ttlSeconds > fields.originalTtlSeconds)) return false;
  const rdatas = rrset.map(({ rdata }) => rdata);
  return isSignature(dnskey.subarray(4), signedData(fields, owner, rdatas), signature);
}
