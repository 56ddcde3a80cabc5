/** Whether records make a zone that may be served. */

import type { Name } from "./name.ts";
import { printRdata, typeName, types } from "./record-types.ts";
import { WireReader } from "./wire.ts";
import { zoneFileErrorsMax } from "./zone-file.ts";
import type { ZoneFileError, ZoneFileRecord } from "./zone-file.ts";

/** BIND's default: beyond it, updates and answers of the RRset cost more than a zone is worth. */
export const rrsetRecordsMax = 100;

export interface CheckedZone {
  /** One TTL an RRset, no record twice; to be used when there are no errors. */
  readonly records: readonly ZoneFileRecord[];
  /** At most 20; with any, the zone cannot be served. */
  readonly errors: readonly ZoneFileError[];
  /** At most 20: what was changed to make it right, or is most likely a mistake. */
  readonly warnings: readonly ZoneFileError[];
}

/** Records of one owner and type. Signatures are apart by the type they cover: RFC 4034 §3 gives them its TTL. */
interface FileRrset {
  readonly type: number;
  readonly records: ZoneFileRecord[];
  ttlSeconds: number;
}

interface FileNode {
  readonly owner: Name;
  readonly rrsets: Map<string, FileRrset>;
}

export function checkZone(records: readonly ZoneFileRecord[], apex: Name): CheckedZone {
  const errors: ZoneFileError[] = [];
  const warnings: ZoneFileError[] = [];
  const nodes = new Map<string, FileNode>();
  for (const record of records) {
    if (record.owner.isWithin(apex)) sortIn(record, nodes, errors, warnings);
    else tell(errors, record, record.owner.toString(), `an owner in ${apex}`);
  }
  checkApex(nodes.get(apex.key), apex, records[0], errors);
  const hasDname = records.some((record) => record.type === types.DNAME);
  for (const node of nodes.values()) {
    checkNode(node, apex, errors);
    const above = hasDname ? findDname(node.owner, apex, nodes) : undefined;
    if (above !== undefined) {
      // RFC 6672 §2.3: resolvers are told that nothing of its own is there.
      tell(errors, anyRecord(node), node.owner.toString(), `no names below the DNAME at ${above}`);
    }
    checkNameServers(node, apex, nodes, warnings);
  }
  return { records: [...nodes.values()].flatMap(nodeRecords), errors, warnings };
}

function sortIn(
  record: ZoneFileRecord,
  nodes: Map<string, FileNode>,
  errors: ZoneFileError[],
  warnings: ZoneFileError[],
): void {
  const { owner, type, ttlSeconds, rdata } = record;
  let node = nodes.get(owner.key);
  if (node === undefined) nodes.set(owner.key, (node = { owner, rrsets: new Map() }));
  const covered = type === types.RRSIG ? new WireReader(rdata).u16() : 0;
  const key = `${type} ${covered}`;
  const rrset = node.rrsets.get(key) ?? { type, records: [], ttlSeconds };
  node.rrsets.set(key, rrset);

  const what = `${owner} ${typeName(type)}`;
  if (rrset.records.some((there) => Buffer.compare(there.rdata, rdata) === 0)) {
    // RFC 2181 §5: an RRset is a set.
    tell(warnings, record, `${what} a second time`, "each record once; this one is left out");
    return;
  }
  if (ttlSeconds !== rrset.ttlSeconds) {
    rrset.ttlSeconds = Math.min(ttlSeconds, rrset.ttlSeconds);
    const wanted = `one TTL for all of ${what} (RFC 2181 §5.2); the smallest, ${rrset.ttlSeconds}, is taken`;
    tell(warnings, record, `a TTL of ${ttlSeconds}`, wanted);
  }
  if (rrset.records.length === rrsetRecordsMax) {
    tell(
      errors,
      record,
      `one more ${what}`,
      `at most ${rrsetRecordsMax} records of a name and type`,
    );
    return;
  }
  rrset.records.push(record);
}

/** RFC 1035 §5.2: exactly one SOA, at the top, and the name servers beside it. */
function checkApex(
  node: FileNode | undefined,
  apex: Name,
  first: ZoneFileRecord | undefined,
  errors: ZoneFileError[],
): void {
  const soas = findRrset(node, types.SOA)?.records ?? [];
  if (soas.length === 0) tell(errors, first, "none", `an SOA record at ${apex}`);
  for (const soa of soas.slice(1)) tell(errors, soa, "one more SOA", "only one");
  if (findRrset(node, types.NS) === undefined) {
    tell(errors, soas[0] ?? first, "none", `at least one NS record at ${apex}`);
  }
}

function checkNode(node: FileNode, apex: Name, errors: ZoneFileError[]): void {
  const isApex = node.owner.isSame(apex);
  const soa = findRrset(node, types.SOA);
  if (soa !== undefined && !isApex) {
    tell(errors, soa.records[0], `an SOA at ${node.owner}`, `it only at ${apex}`);
  }
  for (const type of [types.CNAME, types.DNAME]) {
    const [, second] = findRrset(node, type)?.records ?? [];
    // RFC 2181 §10.1, RFC 6672 §2.4.
    if (second !== undefined)
      tell(errors, second, `one more ${typeName(type)}`, "only one at a name");
  }
  if (findRrset(node, types.CNAME) === undefined) return;
  for (const rrset of node.rrsets.values()) {
    if (besideCname.has(rrset.type)) continue;
    const found = `${typeName(rrset.type)} beside the CNAME at ${node.owner}`;
    tell(errors, rrset.records[0], found, "a CNAME alone (RFC 2181 §10.1)");
  }
}

/** RFC 4035 §2.5: what signing puts there may stand beside an alias. */
const besideCname: ReadonlySet<number> = new Set([types.CNAME, types.RRSIG, types.NSEC]);

/** The owner of a DNAME above `name`, in the zone. */
function findDname(name: Name, apex: Name, nodes: ReadonlyMap<string, FileNode>): Name | undefined {
  for (let above = name; !above.isSame(apex);) {
    above = above.parent()!;
    if (findRrset(nodes.get(above.key), types.DNAME) !== undefined) return above;
  }
  return undefined;
}

/** A name server in this zone needs its address here, or nobody finds it. */
function checkNameServers(
  node: FileNode,
  apex: Name,
  nodes: ReadonlyMap<string, FileNode>,
  warnings: ZoneFileError[],
): void {
  for (const record of findRrset(node, types.NS)?.records ?? []) {
    const server = new WireReader(record.rdata).name();
    if (!server.isWithin(apex)) continue;
    const there = nodes.get(server.key);
    const hasAddress =
      findRrset(there, types.A) !== undefined || findRrset(there, types.AAAA) !== undefined;
    if (hasAddress || isCovered(server, apex, nodes)) continue;
    const found = `no address of ${printRdata(types.NS, record.rdata)}`;
    tell(warnings, record, found, "an A or AAAA record of each name server in the zone");
  }
}

/** Whether a wildcard may answer for the name. */
function isCovered(name: Name, apex: Name, nodes: ReadonlyMap<string, FileNode>): boolean {
  for (let above = name; !above.isSame(apex);) {
    above = above.parent()!;
    const wildcard = above.child(asterisk);
    if (wildcard !== undefined && nodes.has(wildcard.key)) return true;
  }
  return false;
}

const asterisk = Uint8Array.of(0x2a);

function findRrset(node: FileNode | undefined, type: number): FileRrset | undefined {
  return node?.rrsets.get(`${type} 0`);
}

function nodeRecords(node: FileNode): ZoneFileRecord[] {
  return [...node.rrsets.values()].flatMap(({ records, ttlSeconds }) =>
    records.map((record) =>
      record.ttlSeconds === ttlSeconds ? record : { ...record, ttlSeconds },
    ),
  );
}

function anyRecord(node: FileNode): ZoneFileRecord | undefined {
  return node.rrsets.values().next().value?.records[0];
}

function tell(
  into: ZoneFileError[],
  record: ZoneFileRecord | undefined,
  found: string,
  wanted: string,
): void {
  if (into.length >= zoneFileErrorsMax) return;
  into.push({ file: record?.file ?? "", line: record?.line ?? 0, column: 1, found, wanted });
}
