/**
 * RFC 1034 §4.3.2 over lists of records, from the apex down as the RFC tells it and with no thought of
 * speed: what the table in shared memory must agree with.
 */

import { types } from "../../src/dns/record-types.ts";
import type { BlockRrset } from "../../src/zone/block.ts";
import type { Finding } from "../../src/zone/look-up.ts";
import type { Rrset } from "../../src/zone/zone-table.ts";

/** A finding with what belongs to it, as text. */
export interface Found {
  readonly finding: Finding;
  readonly rrset: string;
  /** Of the DNAME or the NS of a referral. */
  readonly owner: string;
  readonly soa: string;
}

interface Addresses {
  readonly v4: Uint8Array | undefined;
  readonly v6: Uint8Array | undefined;
}

interface ModelZone {
  readonly apex: string;
  /** RRsets by owner and type. */
  records: Map<string, Map<number, BlockRrset>>;
  readonly hosts: Map<string, Addresses>;
  /** RDATA of TXT that hosts have there. */
  readonly challenges: Map<string, readonly Uint8Array[]>;
}

export class ZoneModel {
  readonly #zones = new Map<string, ModelZone>();
  /** For showing that a comparison would notice. */
  fault: "none" | "short-wildcards" | "no-empty-non-terminals" | "no-cuts" | "no-challenges" =
    "none";

  isOpen(apex: string): boolean {
    return this.#zones.has(apex);
  }

  isServed(name: string): boolean {
    return this.#nearest(name) !== undefined;
  }

  open(apex: string, rrsets: readonly Rrset[]): void {
    const zone: ModelZone = { apex, records: new Map(), hosts: new Map(), challenges: new Map() };
    const above = this.#nearest(apex);
    for (const [owner, addresses] of above?.hosts ?? []) {
      if (isWithin(owner, apex)) zone.hosts.set(owner, addresses);
    }
    for (const [owner, rdatas] of above?.challenges ?? []) {
      if (isWithin(owner, apex)) zone.challenges.set(owner, rdatas);
    }
    this.#zones.set(apex, zone);
    this.replace(apex, rrsets);
  }

  close(apex: string): void {
    const zone = this.#zones.get(apex);
    this.#zones.delete(apex);
    for (const [owner, addresses] of zone?.hosts ?? []) {
      if (this.isServed(owner)) this.setHost(owner, addresses);
    }
    for (const [owner, rdatas] of zone?.challenges ?? []) {
      if (this.isServed(owner)) this.setChallenges(owner, rdatas);
    }
  }

  replace(apex: string, rrsets: readonly Rrset[]): void {
    const zone = this.#zones.get(apex)!;
    zone.records = new Map();
    for (const rrset of rrsets) {
      const owner = rrset.owner.toString();
      if (zone.hosts.has(owner) && isAddress(rrset.type)) continue;
      const at = zone.records.get(owner) ?? new Map<number, BlockRrset>();
      zone.records.set(owner, at.set(rrset.type, rrset));
    }
  }

  setSoa(apex: string, soa: Rrset): void {
    this.#zones.get(apex)!.records.get(apex)!.set(types.SOA, soa);
  }

  setHost(owner: string, addresses: Addresses): void {
    const zone = this.#nearest(owner)!;
    zone.hosts.set(owner, addresses);
    // At a host the addresses are the host's alone.
    zone.records.get(owner)?.delete(types.A);
    zone.records.get(owner)?.delete(types.AAAA);
  }

  removeHost(owner: string): void {
    for (const zone of this.#zones.values()) zone.hosts.delete(owner);
  }

  setChallenges(owner: string, rdatas: readonly Uint8Array[]): void {
    for (const zone of this.#zones.values()) zone.challenges.delete(owner);
    if (rdatas.length > 0) this.#nearest(owner)!.challenges.set(owner, rdatas);
  }

  /** What may be found. More than one only where RFCs leave it open. */
  find(name: string, type: number): readonly Found[] {
    const zone = this.#nearest(name);
    if (zone === undefined) return [{ finding: "not-ours", rrset: "", owner: "", soa: "" }];
    const inZone = this.#findIn(zone, name, type);
    if (type !== types.DS || zone.apex !== name) return [inZone];
    // RFC 4035 §3.1.4.1: the zone above has DS, if it knows of the delegation.
    const above = this.#nearest(parentOf(name));
    if (above === undefined || name === ".") return [inZone];
    const fromAbove = this.#findIn(above, name, type);
    if (above.records.has(name)) return [fromAbove];
    // It may know the name only by what lies below it, under a cut or an alias of its own perhaps: then
    // neither zone has a DS, and which of them says so is open.
    return this.#exists(above, name) ? [fromAbove, inZone] : [inZone];
  }

  #nearest(name: string): ModelZone | undefined {
    for (let at = name; ; at = parentOf(at)) {
      const zone = this.#zones.get(at);
      if (zone !== undefined || at === ".") return zone;
    }
  }

  #findIn(zone: ModelZone, name: string, type: number): Found {
    const soa = printRrset(this.#rrsetsOf(zone, zone.apex).get(types.SOA)!);
    for (const at of pathDown(zone.apex, name)) {
      const rrsets = this.#rrsetsOf(zone, at);
      const ns = at === zone.apex || this.fault === "no-cuts" ? undefined : rrsets.get(types.NS);
      if (ns !== undefined && !(at === name && type === types.DS)) {
        return { finding: "referral", rrset: printRrset(ns), owner: at, soa };
      }
      const dname = rrsets.get(types.DNAME);
      if (dname !== undefined && at !== name) {
        return { finding: "dname", rrset: printRrset(dname), owner: at, soa };
      }
      if (at === name) return { ...answerFrom(rrsets, type), owner: "", soa };
      const next = pathDown(at, name)[1]!;
      if (this.#exists(zone, next)) continue;
      const wildcard = at === "." ? "*." : `*.${at}`;
      const reaches = this.fault !== "short-wildcards" || next === name;
      if (!reaches || !this.#exists(zone, wildcard)) {
        return { finding: "no-such-name", rrset: "", owner: "", soa };
      }
      return { ...answerFrom(this.#rrsetsOf(zone, wildcard), type), owner: "", soa };
    }
    throw new Error(`${name} does not lie in ${zone.apex}`);
  }

  #rrsetsOf(zone: ModelZone, owner: string): ReadonlyMap<number, BlockRrset> {
    const rrsets = new Map(zone.records.get(owner));
    const host = zone.hosts.get(owner);
    if (host?.v4 !== undefined) rrsets.set(types.A, hostRrset(types.A, host.v4));
    if (host?.v6 !== undefined) rrsets.set(types.AAAA, hostRrset(types.AAAA, host.v6));
    const challenges = zone.challenges.get(owner);
    // RFC 1034 §3.6.2: an alias that the zone has there stands alone.
    if (challenges === undefined || rrsets.has(types.CNAME)) return rrsets;
    if (this.fault === "no-challenges") return rrsets;
    return rrsets.set(types.TXT, mergeTexts(rrsets.get(types.TXT), challenges));
  }

  /** RFC 4592 §2.2.2: a name exists when it or a name below it owns records. */
  #exists(zone: ModelZone, name: string): boolean {
    const owners = [...zone.records].flatMap(([owner, at]) => (at.size > 0 ? [owner] : []));
    return [...owners, ...zone.hosts.keys(), ...zone.challenges.keys(), zone.apex].some((owner) =>
      this.fault === "no-empty-non-terminals" ? owner === name : isWithin(owner, name),
    );
  }
}

export function printRrset(rrset: BlockRrset): string {
  const rdatas = rrset.rdatas.map((rdata) => Buffer.from(rdata).toString("hex"));
  return `${rrset.ttlSeconds} ${rrset.type} ${rdatas.join(" ")}`;
}

function answerFrom(
  rrsets: ReadonlyMap<number, BlockRrset>,
  type: number,
): Pick<Found, "finding" | "rrset"> {
  const data = rrsets.get(type);
  if (data !== undefined) return { finding: "data", rrset: printRrset(data) };
  if (type === types.ANY && rrsets.size > 0) return { finding: "data", rrset: "any of them" };
  const cname = type === types.ANY ? undefined : rrsets.get(types.CNAME);
  if (cname !== undefined) return { finding: "alias", rrset: printRrset(cname) };
  return { finding: "no-data", rrset: "" };
}

/** Each text once (RFC 2181 §5), with the lower TTL. */
function mergeTexts(own: BlockRrset | undefined, challenges: readonly Uint8Array[]): BlockRrset {
  const ttlSeconds = Math.min(own?.ttlSeconds ?? 60, 60);
  const texts = new Map<string, Uint8Array>();
  for (const rdata of [...(own?.rdatas ?? []), ...challenges]) texts.set(String(rdata), rdata);
  return { type: types.TXT, ttlSeconds, rdatas: [...texts.values()] };
}

function hostRrset(type: number, rdata: Uint8Array): BlockRrset {
  return { type, ttlSeconds: 60, rdatas: [rdata] };
}

function isAddress(type: number): boolean {
  return type === types.A || type === types.AAAA;
}

/** The names from `from` down to `to`, both included. */
function pathDown(from: string, to: string): readonly string[] {
  const path = [to];
  for (let at = to; at !== from; path.unshift(at)) at = parentOf(at);
  return path;
}

/** Labels in these texts hold no dots. */
function parentOf(name: string): string {
  const parent = name.slice(name.indexOf(".") + 1);
  return parent === "" ? "." : parent;
}

function isWithin(name: string, ancestor: string): boolean {
  return ancestor === "." || name === ancestor || name.endsWith(`.${ancestor}`);
}
