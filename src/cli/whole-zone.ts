/** All that a zone answers with: its records, and the addresses of its hosts. */

import type { HostAddresses } from "../core/host.ts";
import { hostDnsName } from "../core/host-name.ts";
import type { Zone } from "../core/zone.ts";
import { types } from "../dns/record-types.ts";
import type { ResourceRecord } from "../dns/resource-record.ts";
import type { Store } from "../store/store.ts";
import { readHosts } from "./find-things.ts";
import { zoneFileRecord } from "./zone-records.ts";

export async function readWholeZone(
  store: Store,
  zone: Zone,
  hostTtlSeconds: number,
): Promise<readonly ResourceRecord[]> {
  const records = (await store.listRecords(zone.id)).map((record) => zoneFileRecord(record, zone));
  for await (const host of readHosts(store, { zone: zone.id })) {
    records.push(...addressRecords(host, hostDnsName(host.name), hostTtlSeconds));
  }
  return records;
}

function addressRecords(
  { v4, v6 }: HostAddresses,
  owner: ResourceRecord["owner"],
  ttlSeconds: number,
): ResourceRecord[] {
  const records: ResourceRecord[] = [];
  if (v4 !== undefined) records.push({ owner, type: types.A, ttlSeconds, rdata: v4 });
  if (v6 !== undefined) records.push({ owner, type: types.AAAA, ttlSeconds, rdata: v6 });
  return records;
}
