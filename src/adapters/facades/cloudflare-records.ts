/**
 * Zones and records as Cloudflare's API shows them, made from the hosts of a login. An id follows from what it
 * stands for and from nothing else: it is the same after a restart, and of another's host nobody here has one.
 */

import { parseAddress } from "../../base/address.ts";
import { challengeRecordName } from "../challenge-host.ts";
import type { ListedHost } from "../update-service.ts";

export interface CloudflareZone {
  readonly id: string;
  readonly name: string;
}

export type RecordType = "A" | "AAAA" | "TXT";

export interface CloudflareRecord {
  readonly host: ListedHost;
  readonly type: RecordType;
  /** Undefined: the host has no address of this family. Its id is known all the same, for a client that kept it. */
  readonly content: string | undefined;
}

/** In the order of their hosts. */
export function listZones(hosts: readonly ListedHost[]): readonly CloudflareZone[] {
  const apexes = new Set(hosts.map(({ zone }) => zone));
  return [...apexes].map((name) => ({ id: zoneId(name), name }));
}

/** `name`: of these records alone; empty: of all. */
export function listRecords(
  hosts: readonly ListedHost[],
  zone: CloudflareZone,
  name = "",
): readonly CloudflareRecord[] {
  return hosts
    .filter((host) => host.zone === zone.name && (name === "" || isOwner(host, name)))
    .flatMap(recordsOf);
}

function isOwner(host: ListedHost, name: string): boolean {
  return host.name === name || challengeRecordName(host.name) === name;
}

export function findRecord(
  hosts: readonly ListedHost[],
  zone: CloudflareZone,
  id: string,
): CloudflareRecord | undefined {
  const wanted = Number.parseInt(id.slice(0, hostCharacters), 16);
  const host = hosts.find((one) => one.id === wanted && one.zone === zone.name);
  return host && recordsOf(host).find((record) => recordId(record) === id);
}

function recordsOf(host: ListedHost): readonly CloudflareRecord[] {
  const ofFamily = (family: 4 | 6): string | undefined =>
    host.addresses.find((text) => parseAddress(text)?.family === family);
  return [
    { host, type: "A", content: ofFamily(4) },
    { host, type: "AAAA", content: ofFamily(6) },
    ...host.challenges.map((content) => ({ host, type: "TXT", content }) as const),
  ];
}

export function recordName({ host, type }: CloudflareRecord): string {
  return type === "TXT" ? challengeRecordName(host.name) : host.name;
}

export function recordId({ host, type, content }: CloudflareRecord): string {
  const address = `${host.id} ${type}`;
  const digest = makeId("record", type === "TXT" ? `${address} ${content}` : address);
  const number = host.id.toString(16).padStart(hostCharacters, "0");
  return `${number}${digest.slice(hostCharacters)}`;
}

export function tokenId(hosts: readonly ListedHost[]): string {
  return makeId("token", hosts.map(({ id }) => id).join());
}

function zoneId(apex: string): string {
  return makeId("zone", apex);
}

function makeId(kind: "token" | "zone" | "record", text: string): string {
  return new Bun.CryptoHasher("sha256")
    .update(`${kind} ${text}`)
    .digest("hex")
    .slice(0, idCharacters);
}

/** inadyn has room for 32. */
const idCharacters = 32;
/** Of a record they begin with the number of its host, so that one among thousands is found by it. */
const hostCharacters = 8;
