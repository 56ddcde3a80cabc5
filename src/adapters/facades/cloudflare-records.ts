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

export function listRecords(
  hosts: readonly ListedHost[],
  zone: CloudflareZone,
): readonly CloudflareRecord[] {
  return hosts.filter((host) => host.zone === zone.name).flatMap(recordsOf);
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
  return makeId("record", type === "TXT" ? `${address} ${content}` : address);
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
