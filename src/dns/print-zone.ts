/** Zones as text: master files that BIND, Knot and our own parser read back as the same records. */

import { canonicalKey } from "./canonical-order.ts";
import type { Name } from "./name.ts";
import { printRdata, typeName, types } from "./record-types.ts";
import type { ResourceRecord } from "./resource-record.ts";

/** The records in the order of a zone file: the SOA, then owner by owner in canonical order. */
export function printZone(records: readonly ResourceRecord[], apex: Name): string {
  const defaultTtlSeconds = commonTtl(records);
  const lines = [`$ORIGIN ${apex}`, `$TTL ${defaultTtlSeconds}`];
  let ownerBefore: Name | undefined;
  for (const record of sortRecords(records, apex)) {
    // The octets, not the key: an owner in another case is written out, so that its case survives.
    const isRepeat = ownerBefore !== undefined && isSameOctets(ownerBefore, record.owner);
    const owner = isRepeat ? "" : printOwner(record.owner, apex);
    const ttl = record.ttlSeconds === defaultTtlSeconds ? "" : `${record.ttlSeconds}`;
    const type = typeName(record.type);
    lines.push(`${owner}\t${ttl}\tIN\t${type}\t${printRdata(record.type, record.rdata)}`);
    ownerBefore = record.owner;
  }
  return `${lines.join("\n")}\n`;
}

/** The SOA first; then RFC 4034 §6.1's order of owners, then types and RDATA by their octets. */
function sortRecords(records: readonly ResourceRecord[], apex: Name): ResourceRecord[] {
  return records
    .map((record) => ({ record, key: isSoa(record, apex) ? "" : canonicalKey(record.owner) }))
    .toSorted(
      (a, b) =>
        (a.key < b.key ? -1 : a.key > b.key ? 1 : 0) ||
        a.record.type - b.record.type ||
        Buffer.compare(a.record.rdata, b.record.rdata),
    )
    .map(({ record }) => record);
}

function isSoa(record: ResourceRecord, apex: Name): boolean {
  return record.type === types.SOA && record.owner.isSame(apex);
}

/** `@`, or without the apex; whole where the case of the apex in it is another. */
function printOwner(owner: Name, apex: Name): string {
  if (isSameOctets(owner, apex)) return "@";
  const text = owner.toString();
  const tail = apex.isRoot ? "." : `.${apex}`;
  return owner.isWithin(apex) && text.endsWith(tail) ? text.slice(0, -tail.length) : text;
}

function isSameOctets(a: Name, b: Name): boolean {
  return Buffer.compare(a.octets, b.octets) === 0;
}

/** The TTL that most records have, so that it need not be repeated. */
function commonTtl(records: readonly ResourceRecord[]): number {
  const counts = new Map<number, number>();
  for (const { ttlSeconds } of records) counts.set(ttlSeconds, (counts.get(ttlSeconds) ?? 0) + 1);
  let common = 0;
  for (const [ttlSeconds, count] of counts) {
    if (count > (counts.get(common) ?? 0)) common = ttlSeconds;
  }
  return common;
}
