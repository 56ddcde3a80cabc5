/** `nameward zone export` */

import type { HostAddresses } from "../core/host.ts";
import { hostDnsName } from "../core/host-name.ts";
import { printRdata, typeName, types } from "../dns/record-types.ts";
import { printZone } from "../dns/print-zone.ts";
import type { ResourceRecord } from "../dns/resource-record.ts";
import { command } from "./command.ts";
import { getZone, readHosts } from "./find-things.ts";
import { apexName, zoneFileRecord } from "./zone-records.ts";

export const zoneExport = command({
  words: "zone export",
  summary: "Print a zone as a zone file, the addresses of its hosts included.",
  arguments: ["APEX"],
  settings: ["hostTtlSeconds"],
  example: "nameward zone export dyn.example.net > dyn.example.net.zone",
  async run({ arguments: [text = ""], reading, openStore }) {
    await using store = await openStore();
    const zone = await getZone(store, text);
    const apex = apexName(zone.apex);
    const records = (await store.listRecords(zone.id)).map((record) =>
      zoneFileRecord(record, zone),
    );
    for await (const host of readHosts(store, { zone: zone.id })) {
      const { hostTtlSeconds } = reading.config;
      records.push(...addressRecords(host, hostDnsName(host.name), hostTtlSeconds));
    }
    return {
      kind: "done",
      text: printZone(records, apex),
      json: records.map(({ owner, type, ttlSeconds, rdata }) => ({
        owner: owner.toString(),
        type: typeName(type),
        ttlSeconds,
        data: printRdata(type, rdata),
      })),
    };
  },
});

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
