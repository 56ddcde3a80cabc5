/** Records of a zone between the store and the zone file. */

import type { Zone, ZoneRecord } from "../core/zone.ts";
import { parseName } from "../dns/name.ts";
import type { Name } from "../dns/name.ts";
import { parseRdataText, types } from "../dns/record-types.ts";
import type { ResourceRecord } from "../dns/resource-record.ts";
import { withSerial } from "../dns/soa-serial.ts";
import { assert } from "../base/assert.ts";

export function makeRecord(
  owner: string,
  type: number,
  ttlSeconds: number,
  text: string,
): ZoneRecord {
  const parsed = parseRdataText(type, text);
  assert(parsed.kind === "rdata", `the program writes RDATA that can be read: ${text}`);
  return { owner, type, ttlSeconds, rdata: parsed.rdata };
}

export function storedRecord(record: ResourceRecord): ZoneRecord {
  const { owner, type, ttlSeconds, rdata } = record;
  return { owner: owner.toString(), type, ttlSeconds, rdata };
}

/** The SOA's own serial stands still; the zone's goes on with every change. */
export function zoneFileRecord(record: ZoneRecord, zone: Zone): ResourceRecord {
  const { type, ttlSeconds } = record;
  const rdata = type === types.SOA ? withSerial(record.rdata, zone.serial) : record.rdata;
  return { owner: getStoredName(record.owner), type, ttlSeconds, rdata };
}

export function apexName(apex: string): Name {
  return getStoredName(`${apex}.`);
}

function getStoredName(text: string): Name {
  const name = parseName(text);
  assert(name !== undefined, `a stored owner is a name: ${text}`);
  return name;
}
