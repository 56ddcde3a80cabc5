/** From facts to the table that DNS answers from. */

import type { Directory } from "../core/directory.ts";
import type { Fact } from "../core/fact.ts";
import { hostDnsName, writeHostName } from "../core/host-name.ts";
import type { HostAddresses } from "../core/host.ts";
import type { HostName } from "../core/host-name.ts";
import type { ZoneId, ZoneRecord } from "../core/zone.ts";
import { assert } from "../base/assert.ts";
import { nameOctetsMax, parseName } from "../dns/name.ts";
import type { Name } from "../dns/name.ts";
import { types } from "../dns/record-types.ts";
import { withSerial } from "../zone/soa.ts";
import type { Rrset, ZoneTable } from "../zone/zone-table.ts";

export class Publisher {
  readonly #table: ZoneTable;
  readonly #directory: Directory;
  readonly #hostTtlSeconds: number;
  /** Reused for every host. */
  readonly #owner = { octets: new Uint8Array(nameOctetsMax) };

  constructor(table: ZoneTable, directory: Directory, hostTtlSeconds: number) {
    this.#table = table;
    this.#directory = directory;
    this.#hostTtlSeconds = hostTtlSeconds;
  }

  /** So many hosts are about to be told of. */
  expectHosts(hosts: number): void {
    this.#directory.hosts.makeRoom(hosts);
    this.#table.makeRoom(hosts);
  }

  /** Brings directory and table up to what the fact says. */
  apply(fact: Fact): void {
    switch (fact.kind) {
      case "zone":
        this.#applyZone(fact);
        break;
      case "records":
        this.#replaceRecords(fact.zone, fact.records);
        break;
      case "host":
        this.#applyHost(fact);
        break;
      case "user":
      case "login":
        this.#directory.apply(fact);
        break;
    }
  }

  /** The addresses a host has in the directory become what DNS says. */
  publishHost(name: HostName, addresses: HostAddresses): void {
    writeHostName(name, this.#owner.octets);
    this.#table.setHost(this.#owner, this.#hostTtlSeconds, addresses.v4, addresses.v6);
  }

  #applyZone(fact: Extract<Fact, { kind: "zone" }>): void {
    const before = this.#directory.findZone(fact.id);
    this.#directory.apply(fact);
    if (fact.zone === undefined) {
      if (before !== undefined) this.#table.closeZone(hostDnsName(before.apex));
      return;
    }
    const apex = hostDnsName(fact.zone.apex);
    if (before === undefined) this.#table.openZone(apex);
    else if (before.serial !== fact.zone.serial) this.#table.setSerial(apex, fact.zone.serial);
  }

  #replaceRecords(id: ZoneId, records: readonly ZoneRecord[]): void {
    const zone = this.#directory.findZone(id);
    if (zone === undefined) return; // removed meanwhile; that fact comes too
    const apex = hostDnsName(zone.apex);
    this.#table.replaceRecords(apex, makeRrsets(records, zone.serial));
  }

  #applyHost(fact: Extract<Fact, { kind: "host" }>): void {
    const before = this.#directory.hosts.findName(fact.id);
    this.#directory.apply(fact);
    const { host } = fact;
    const isGone = before !== undefined && host?.name !== before;
    if (isGone) this.#table.removeHost(hostDnsName(before));
    if (host !== undefined) this.publishHost(host.name, host);
  }
}

/**
 * Records of one owner and type become one RRset; RFC 2181 §5.2: with one TTL, the first one's. The SOA
 * carries the zone's serial, since the records as they are stored may lag behind it.
 */
function makeRrsets(records: readonly ZoneRecord[], serial: number): readonly Rrset[] {
  const rrsets = new Map<
    string,
    { owner: Name; type: number; ttlSeconds: number; rdatas: Uint8Array[] }
  >();
  for (const record of records) {
    const owner = parseName(record.owner);
    assert(owner !== undefined, "a stored owner is a name");
    const key = `${record.type} ${owner.key}`;
    const rrset = rrsets.get(key);
    if (rrset !== undefined) {
      rrset.rdatas.push(record.rdata);
      continue;
    }
    const { type, ttlSeconds } = record;
    const rdata = type === types.SOA ? withSerial(record.rdata, serial) : record.rdata;
    rrsets.set(key, { owner, type, ttlSeconds, rdatas: [rdata] });
  }
  return [...rrsets.values()];
}
