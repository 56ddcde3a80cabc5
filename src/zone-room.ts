/** The room about zones for people, put together from the parts of the service. */

import type { Audit } from "./api/audit.ts";
import type { Handlers } from "./api/handler.ts";
import { recordHandlers } from "./api/handlers/records.ts";
import type { RecordParts } from "./api/handlers/records.ts";
import { zoneHandlers } from "./api/handlers/zones.ts";
import type { ZoneParts } from "./api/handlers/zones.ts";
import type { Clock } from "./base/clock.ts";
import { readWholeZone } from "./cli/whole-zone.ts";
import { apexRecords } from "./cli/zone-add.ts";
import { apexName } from "./cli/zone-records.ts";
import type { Config } from "./config/options.ts";
import type { Directory } from "./core/directory.ts";
import { nextStep } from "./core/key-roll.ts";
import type { Zone, ZoneRecord } from "./core/zone.ts";
import { parseRecord } from "./dns/parse-record.ts";
import { printZone } from "./dns/print-zone.ts";
import { printRdata, typeName, types } from "./dns/record-types.ts";
import { readMinimum, withSerial } from "./dns/soa-serial.ts";
import type { Store } from "./store/store.ts";

export interface ZoneRoomParts {
  readonly config: Config;
  readonly store: Store;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly audit: Audit;
}

export function openZoneRoom(parts: ZoneRoomParts): Partial<Handlers> {
  const { config, store, directory, clock, audit } = parts;
  const list = (): Iterable<Zone> => directory.zones();
  return {
    ...zoneHandlers({
      zones: {
        removeZone: (zone) => store.removeZone(zone),
        setShared: (zone, isShared) => store.hostNotes.setShared(zone, isShared),
      },
      list,
      look: (zone) => look(zone, parts),
      add(apex, isPrivate) {
        const servers = config.nameServers.length > 0 ? config.nameServers : [`ns1.${apex}`];
        const serial = Math.floor(clock.now() / 1_000);
        const records = apexRecords(apex, servers, serial, config.negativeTtlSeconds);
        return store.addZone(apex, isPrivate, serial, records);
      },
      audit,
    }),
    ...recordHandlers({
      records: store.records,
      list,
      print: printRecord,
      parse: readRecord,
      async printZone(zone) {
        const records = await readWholeZone(store, zone, config.hostTtlSeconds);
        return printZone(records, apexName(zone.apex));
      },
      audit,
    }),
  };
}

async function look(zone: Zone, { store, config }: ZoneRoomParts): ReturnType<ZoneParts["look"]> {
  const keys = await store.listKeys(zone.id);
  const waitsForParent = nextStep(keys)?.step === "parent";
  const apex = await store.records.listRecordsAt(zone.id, `${zone.apex}.`);
  const soa = apex.find(({ type }) => type === types.SOA);
  return {
    hosts: await store.hostNotes.countHostsIn(zone.id),
    records: await store.records.countRecords(zone.id),
    signing: keys.length === 0 ? "unsigned" : waitsForParent ? "waiting-for-ds" : "signed",
    hostTtlSeconds: config.hostTtlSeconds,
    // RFC 2308 §5: the smaller of the two.
    negativeTtlSeconds: soa === undefined ? null : Math.min(readMinimum(soa.rdata), soa.ttlSeconds),
  };
}

/** The SOA's own serial stands still; the zone's goes on with every change. */
function printRecord(
  { type, rdata }: ZoneRecord,
  { serial }: Zone,
): ReturnType<RecordParts["print"]> {
  const served = type === types.SOA ? withSerial(rdata, serial) : rdata;
  return { type: typeName(type), data: printRdata(type, served) };
}

function readRecord(
  text: Parameters<RecordParts["parse"]>[0],
  zone: Zone,
): ReturnType<RecordParts["parse"]> {
  const parsed = parseRecord(text, apexName(zone.apex));
  if (parsed.kind === "refused") return parsed;
  const { owner, type, rdata } = parsed;
  const { ttlSeconds } = text;
  return { kind: "record", record: { owner: owner.toString(), type, ttlSeconds, rdata } };
}
