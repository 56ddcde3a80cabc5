/** From facts to the table that DNS answers from. */

import { challengeName, challengeTtlSeconds } from "../core/challenge.ts";
import type { Directory } from "../core/directory.ts";
import type { Fact, ManyHosts } from "../core/fact.ts";
import { v4Octets, v6Octets } from "../core/host-columns.ts";
import type { HostColumns } from "../core/host-columns.ts";
import { hostDnsName } from "../core/host-name.ts";
import type { HostName } from "../core/host-name.ts";
import type { HostId } from "../core/host.ts";
import type { ZoneId, ZoneRecord } from "../core/zone.ts";
import type { ZoneKey } from "../core/zone-key.ts";
import { signingOf } from "../core/zone-signing.ts";
import type { ZoneSigning } from "../core/zone-signing.ts";
import { assert } from "../base/assert.ts";
import { nameOctetsMax, parseName } from "../dns/name.ts";
import type { Name } from "../dns/name.ts";
import { types } from "../dns/record-types.ts";
import type { BlockRrset } from "../zone/block.ts";
import { withSerial } from "../dns/soa-serial.ts";
import type { Rrset, ZoneTable } from "../zone/zone-table.ts";

export interface PublisherParts {
  readonly table: ZoneTable;
  readonly directory: Directory;
  readonly hostTtlSeconds: number;
  /** Gives the keys of a zone to who signs; none: it is signed no longer. */
  readonly setKeys: (apex: HostName, keys: readonly ZoneKey[]) => void;
}

export class Publisher {
  readonly #table: ZoneTable;
  readonly #directory: Directory;
  readonly #hostTtlSeconds: number;
  readonly #setKeys: PublisherParts["setKeys"];
  /** Reused for every host. */
  readonly #owner = { octets: new Uint8Array(nameOctetsMax) };
  readonly #v4 = new Uint8Array(v4Octets);
  readonly #v6 = new Uint8Array(v6Octets);

  constructor({ table, directory, hostTtlSeconds, setKeys }: PublisherParts) {
    this.#table = table;
    this.#directory = directory;
    this.#hostTtlSeconds = hostTtlSeconds;
    this.#setKeys = setKeys;
  }

  /** So many hosts are about to be told of. */
  expectHosts(hosts: number): void {
    this.#directory.hosts.makeRoom(hosts);
    this.#table.makeRoom(hosts);
  }

  /** Brings directory and table up to what the fact says. */
  apply(fact: Fact | ManyHosts): void {
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
      case "hosts":
        this.#applyHosts(fact.hosts);
        break;
      case "keys":
        this.#applyKeys(fact.zone, fact.keys);
        break;
      case "challenges":
        this.#applyChallenges(fact);
        break;
      case "user":
      case "login":
      case "interface":
        this.#directory.apply(fact);
        break;
      case "adapter":
        break; // what requests look like changes no answer
    }
  }

  /** The addresses a host has in the directory become what DNS says. Nothing is made on the way. */
  publishHost(id: HostId): void {
    const { hosts } = this.#directory;
    if (hosts.writeName(id, this.#owner.octets) === 0) return; // gone meanwhile
    const v4 = hosts.writeV4(id, this.#v4) ? this.#v4 : undefined;
    const v6 = hosts.writeV6(id, this.#v6) ? this.#v6 : undefined;
    this.#table.setHost(this.#owner, this.#hostTtlSeconds, v4, v6);
  }

  #applyZone(fact: Extract<Fact, { kind: "zone" }>): void {
    const before = this.#directory.findZone(fact.id);
    this.#directory.apply(fact);
    if (fact.zone === undefined) {
      if (before === undefined) return;
      this.#setKeys(before.apex, []);
      this.#table.closeZone(hostDnsName(before.apex));
      return;
    }
    const apex = hostDnsName(fact.zone.apex);
    if (before === undefined) this.#table.openZone(apex);
    else if (before.serial !== fact.zone.serial) this.#table.setSerial(apex, fact.zone.serial);
  }

  /** The signer has the keys before the zone says that it is signed with them. */
  #applyKeys(id: ZoneId, keys: readonly ZoneKey[]): void {
    const zone = this.#directory.findZone(id);
    if (zone === undefined) return; // removed meanwhile; that fact comes too
    this.#setKeys(zone.apex, keys);
    const apex = hostDnsName(zone.apex);
    const signing = signingOf(apex, keys);
    this.#table.setSigning(apex, signing && { ...signing, keySet: makeKeySet(signing) });
  }

  #replaceRecords(id: ZoneId, records: readonly ZoneRecord[]): void {
    const zone = this.#directory.findZone(id);
    if (zone === undefined) return; // removed meanwhile; that fact comes too
    const apex = hostDnsName(zone.apex);
    this.#table.replaceRecords(apex, makeRrsets(records, zone.serial));
  }

  #applyChallenges(fact: Extract<Fact, { kind: "challenges" }>): void {
    const had = this.#directory.challengesOf(fact.host).length > 0;
    const name = this.#directory.hosts.findName(fact.host);
    if (name === undefined) return; // removed meanwhile; that fact comes too
    this.#directory.apply(fact);
    if (had || fact.challenges.length > 0) this.#setChallenges(name, fact.challenges);
  }

  #setChallenges(host: HostName, texts: readonly string[]): void {
    const name = challengeName(host);
    if (name === undefined) return; // none was ever taken
    const rdatas = texts.map((text) => Uint8Array.of(text.length, ...Buffer.from(text, "latin1")));
    this.#table.setChallenges(hostDnsName(name), challengeTtlSeconds, rdatas);
  }

  #applyHost(fact: Extract<Fact, { kind: "host" }>): void {
    const challenges = this.#directory.challengesOf(fact.id);
    const before = this.#directory.hosts.findName(fact.id);
    this.#directory.apply(fact);
    this.#followHost(fact.id, before);
    if (before === undefined || challenges.length === 0) return;
    const after = this.#directory.hosts.findName(fact.id);
    if (after === before) return;
    this.#setChallenges(before, []);
    if (after !== undefined) this.#setChallenges(after, challenges);
  }

  #applyHosts(columns: HostColumns): void {
    const { hosts } = this.#directory;
    for (let row = 0; row < columns.rows; row++) {
      const id = columns.ids[row]!;
      const before = hosts.findName(id);
      hosts.setRow(columns, row);
      this.#followHost(id, before);
    }
  }

  /** DNS says of a host what the directory says now; `before` is the name it had there. */
  #followHost(id: HostId, before: HostName | undefined): void {
    const isGone = before !== undefined && this.#directory.hosts.findName(id) !== before;
    if (isGone) this.#table.removeHost(hostDnsName(before));
    this.publishHost(id);
  }
}

/** The records that a signed zone has at its apex because it is signed. */
export function makeKeySet({
  dnskeys,
  cds,
  cdnskeys,
  keyTtlSeconds,
}: ZoneSigning): readonly BlockRrset[] {
  const rrsets = [
    { type: types.DNSKEY, ttlSeconds: keyTtlSeconds, rdatas: dnskeys },
    { type: types.CDS, ttlSeconds: keyTtlSeconds, rdatas: cds },
    { type: types.CDNSKEY, ttlSeconds: keyTtlSeconds, rdatas: cdnskeys },
  ];
  return rrsets.filter(({ rdatas }) => rdatas.length > 0);
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
