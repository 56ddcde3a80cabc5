/** The room about zones for people, put together from the parts of the service. */

import type { Audit } from "./api/audit.ts";
import type { Handlers } from "./api/handler.ts";
import { recordHandlers } from "./api/handlers/records.ts";
import type { RecordParts } from "./api/handlers/records.ts";
import { zoneHandlers } from "./api/handlers/zones.ts";
import type { ZoneParts } from "./api/handlers/zones.ts";
import { delegationHandlers } from "./api/handlers/delegation.ts";
import type { DelegationParts } from "./api/handlers/delegation.ts";
import type { Brand } from "./api/brand.ts";
import { dnsPort } from "./asking/ask-dns.ts";
import { checkDelegation } from "./asking/check-delegation.ts";
import { plain } from "./asking/delegation.ts";
import type { ZoneHere } from "./asking/delegation.ts";
import { addressFromOctets, reach } from "./base/address.ts";
import type { Address } from "./base/address.ts";
import type { Clock } from "./base/clock.ts";
import { parseHostName } from "./core/host-name.ts";
import { makeDs } from "./dns/key-records.ts";
import type { Name } from "./dns/name.ts";
import { WireReader } from "./dns/wire.ts";
import { readWholeZone } from "./cli/whole-zone.ts";
import { apexRecords } from "./cli/zone-add.ts";
import { apexName } from "./cli/zone-records.ts";
import type { Config } from "./config/options.ts";
import type { Directory } from "./core/directory.ts";
import { nextStep } from "./core/key-roll.ts";
import type { ZoneKey } from "./core/zone-key.ts";
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
  readonly brand: Brand;
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
    ...delegationHandlers({ list, check: (zone) => check(zone, parts), clock }),
  };
}

async function check(zone: Zone, parts: ZoneRoomParts): ReturnType<DelegationParts["check"]> {
  const { wanted, parent, fault, rows } = await checkDelegation(await zoneHere(zone, parts), {
    resolvers: parts.brand.settings.value("resolvers"),
    // The world cannot reach a local network, and through this machine nobody shall; a private zone lies in one.
    serverAt: (address) =>
      zone.isPrivate || reach(address) !== "not-global"
        ? { hostname: address.text, port: dnsPort }
        : undefined,
  });
  const { ns, glue, ds, withoutAddress } = wanted;
  return {
    wanted: { ns: [...ns], glue: [...glue], ds: [...ds], withoutAddress: [...withoutAddress] },
    parent: parent === undefined ? null : plain(parent),
    fault: fault ?? null,
    rows: rows.map(({ role, server, address, transport, finding }) => ({
      role,
      server,
      address: address?.text ?? "",
      family: address?.family ?? null,
      transport,
      isGood: finding.isGood ?? null,
      says: finding.says,
    })),
  };
}

/** Name servers and their addresses as records and hosts say them, and what the keys want of the parent. */
async function zoneHere(zone: Zone, { store, directory }: ZoneRoomParts): Promise<ZoneHere> {
  const apex = apexName(zone.apex);
  const records = await store.records.listRecordsAt(zone.id, apex.toString());
  const names = records
    .filter(({ type }) => type === types.NS)
    .map(({ rdata }) => new WireReader(rdata).name());
  const addressesOf = async (name: Name): Promise<readonly Address[]> => {
    const own = await store.records.listRecordsAt(zone.id, name.toString());
    const hostName = parseHostName(plain(name));
    const host = hostName === undefined ? undefined : directory.hosts.find(hostName);
    const { v4, v6 } = host === undefined ? {} : directory.hosts.addresses(host);
    const octets = [
      ...own
        .filter(({ type }) => type === types.A || type === types.AAAA)
        .map(({ rdata }) => rdata),
      ...[v4, v6].filter((one) => one !== undefined),
    ];
    return octets.map((one) => addressFromOctets(one.slice()));
  };
  const nameServers = names.map(async (name) => ({
    name,
    addresses: name.isWithin(apex) ? await addressesOf(name) : undefined,
  }));
  const keys = await store.listKeys(zone.id);
  const dsOf = ({ dnskey }: ZoneKey): Uint8Array => makeDs(apex, dnskey);
  return {
    apex,
    nameServers: await Promise.all(nameServers),
    ds: keys.filter(({ state }) => state === "active").map(dsOf),
    dsOfKeys: keys.map(dsOf),
    serial: () => directory.findZone(zone.id)?.serial ?? zone.serial,
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
