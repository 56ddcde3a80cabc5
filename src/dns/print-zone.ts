/** Zones as text: master files that BIND, Knot and our own parser read back as the same records. */

import { Name } from "./name.ts";
import { printRdata, typeName, types } from "./record-types.ts";
import type { ResourceRecord } from "./resource-record.ts";

/** The records in the order of a zone file: the SOA, then owner by owner (`compareRecords`). */
export function printZone(records: readonly ResourceRecord[], apex: Name): string {
  const defaultTtlSeconds = commonTtl(records);
  const lines = [`$ORIGIN ${apex}`, `$TTL ${defaultTtlSeconds}`];
  let ownerBefore: Name | undefined;
  for (const record of records.toSorted((a, b) => compareRecords(a, b, apex))) {
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
export function compareRecords(a: ResourceRecord, b: ResourceRecord, apex: Name): number {
  return (
    Number(isSoa(b, apex)) - Number(isSoa(a, apex)) ||
    compareNames(a.owner, b.owner) ||
    a.type - b.type ||
    Buffer.compare(a.rdata, b.rdata)
  );
}

/** RFC 4034 §6.1: label by label from the right, without case, a shorter name before what is below it. */
export function compareNames(a: Name, b: Name): number {
  if (a.key === b.key) return 0;
  const left = foldedLabels(a);
  const right = foldedLabels(b);
  for (let i = 1; i <= Math.min(left.length, right.length); i++) {
    const order = Buffer.compare(left.at(-i)!, right.at(-i)!);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function foldedLabels(name: Name): Uint8Array[] {
  return Name.fromOctets(Buffer.from(name.key, "latin1"))!.labels();
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
