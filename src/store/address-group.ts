/** A group of address changes: how it travels to the writer, and how it is written. */

import type { Database } from "bun:sqlite";
import type { AddressChange, HostId } from "../core/host.ts";
import type { Receipt } from "../core/receipt.ts";
import type { ZoneId } from "../core/zone.ts";
import { kindCode } from "./feed.ts";
import { insertReceipts } from "./receipt-rows.ts";

/** Flat, since copying thousands of small objects to another thread costs more than writing them. */
export interface AddressGroup {
  /** Host id and time, in turns. */
  readonly numbers: Float64Array;
  /** `addressOctets` for each change: what is there, the IPv4 and the IPv6 address. */
  readonly addresses: Uint8Array;
  /** As JSON: one text goes to the other thread in a quarter of the time that its receipts would take. */
  readonly receipts: string;
}

const hasV4 = 1;
const hasV6 = 2;
const v4At = 1;
const v6At = 5;
const addressOctets = 21;

export function packGroup(
  batches: readonly (readonly AddressChange[])[],
  receipts: readonly Receipt[],
): AddressGroup {
  const count = batches.reduce((sum, batch) => sum + batch.length, 0);
  const numbers = new Float64Array(count * 2);
  const addresses = new Uint8Array(count * addressOctets);
  let index = 0;
  for (const batch of batches) {
    for (const { host, atMs, v4, v6 } of batch) {
      numbers[index * 2] = host;
      numbers[index * 2 + 1] = atMs;
      const at = index * addressOctets;
      if (v4 !== undefined) {
        addresses[at]! |= hasV4;
        addresses.set(v4, at + v4At);
      }
      if (v6 !== undefined) {
        addresses[at]! |= hasV6;
        addresses.set(v6, at + v6At);
      }
      index++;
    }
  }
  return { numbers, addresses, receipts: JSON.stringify(receipts) };
}

export function listHostIds(group: AddressGroup): readonly HostId[] {
  const ids = new Set<HostId>();
  for (let at = 0; at < group.numbers.length; at += 2) ids.add(group.numbers[at]!);
  return [...ids];
}

export interface GroupWritten {
  /** One octet a change: 1 applied, 0 its host is gone. */
  readonly applied: Uint8Array;
  /** Zones that answer differently now. */
  readonly zones: ReadonlySet<ZoneId>;
}

/** Inside a transaction: the changes in their order, their feed entries, and the receipts. */
export function writeGroup(database: Database, group: AddressGroup, writer: number): GroupWritten {
  const { numbers, addresses } = group;
  const update = database.query<
    { zone: number },
    [Uint8Array | null, Uint8Array | null, number, number]
  >("update host set v4 = ?, v6 = ?, changed_at_ms = ? where id = ? returning zone");
  const append = database.query(
    "insert into change (writer, at_ms, kind, subject) values (?, ?, ?, ?)",
  );
  const kind = kindCode("host");
  const applied = new Uint8Array(numbers.length / 2);
  const zones = new Set<ZoneId>();
  for (let index = 0; index < applied.length; index++) {
    const host = numbers[index * 2]!;
    const atMs = numbers[index * 2 + 1]!;
    const at = index * addressOctets;
    const flags = addresses[at]!;
    const v4 = flags & hasV4 ? addresses.subarray(at + v4At, at + v6At) : null;
    const v6 = flags & hasV6 ? addresses.subarray(at + v6At, at + addressOctets) : null;
    const row = update.get(v4, v6, atMs, host);
    if (row === null) continue;
    applied[index] = 1;
    zones.add(row.zone);
    append.run(writer, atMs, kind, host);
  }
  insertReceipts(database, JSON.parse(group.receipts) as readonly Receipt[]);
  return { applied, zones };
}
