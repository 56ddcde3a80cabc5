/** Zone files, put into a table as the service does. */

import { checkZone } from "../../src/dns/check-zone.ts";
import { parseName } from "../../src/dns/name.ts";
import type { Name } from "../../src/dns/name.ts";
import type { ResourceRecord } from "../../src/dns/resource-record.ts";
import { parseZoneFile } from "../../src/dns/zone-file.ts";
import type { Rrset, ZoneTable } from "../../src/zone/zone-table.ts";

export const zoneFiles = new URL("../fixtures/zone-files/valid/", import.meta.url).pathname;

/** Opens the zone of `<apex>.zone` in the fixtures. Returns how many records it has. */
export async function serveZoneFile(table: ZoneTable, apexText: string): Promise<number> {
  return serveZoneText(table, apexText, await Bun.file(`${zoneFiles}${apexText}.zone`).bytes());
}

export function serveZoneText(
  table: ZoneTable,
  apexText: string,
  text: Uint8Array | string,
): number {
  const apex = mustParseName(apexText);
  const file = parseZoneFile(text, { file: apexText, origin: apex });
  const checked = checkZone(file.records, apex);
  const errors = [...file.errors, ...checked.errors];
  if (errors.length > 0) throw new Error(`${apexText}: ${JSON.stringify(errors)}`);
  table.openZone(apex);
  table.replaceRecords(apex, makeRrsets(checked.records));
  return checked.records.length;
}

export function makeRrsets(records: readonly ResourceRecord[]): readonly Rrset[] {
  const rrsets = new Map<string, Rrset & { readonly rdatas: Uint8Array[] }>();
  for (const { owner, type, ttlSeconds, rdata } of records) {
    const key = `${type} ${owner.key}`;
    const there = rrsets.get(key);
    if (there === undefined) rrsets.set(key, { owner, type, ttlSeconds, rdatas: [rdata] });
    else there.rdatas.push(rdata);
  }
  return [...rrsets.values()];
}

export function mustParseName(text: string): Name {
  const name = parseName(text);
  if (name === undefined) throw new Error(`Not a name: ${text}`);
  return name;
}
