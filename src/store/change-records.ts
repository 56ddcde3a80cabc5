/**
 * Adds and removes single records of a zone in one transaction. What may stand in a zone is decided by the same
 * `checkZone` as for a zone file, given the part of the zone that the change can touch: the apex, the owners of
 * the change and the names above them.
 */

import { assert } from "../base/assert.ts";
import type {
  RecordChange,
  RecordFault,
  RecordsChanged,
  StoredRecord,
} from "../core/record-change.ts";
import type { Zone, ZoneId, ZoneRecord } from "../core/zone.ts";
import { checkZone } from "../dns/check-zone.ts";
import { parseName } from "../dns/name.ts";
import type { Name } from "../dns/name.ts";
import { types } from "../dns/record-types.ts";
import { isNewerSerial, nextSerial } from "../dns/serial.ts";
import { readSerial, withSerial } from "../dns/soa-serial.ts";
import type { ZoneFileError, ZoneFileRecord } from "../dns/zone-file.ts";
import type { Edit } from "./manage.ts";
import { noteZone } from "./manage.ts";
import { findRecordObstacle } from "./record-place.ts";
import {
  deleteRecord,
  findRecord,
  insertRecord,
  listRecordsAt,
  listRecordsBelow,
  updateRecordTtl,
} from "./record-rows.ts";
import { findZoneById } from "./zone-rows.ts";

/** Marks the records of the change among those that stay, where a zone file has its name. */
const added = "add";
const kept = "";

export function changeRecords(edit: Edit, id: ZoneId, change: RecordChange): RecordsChanged {
  const { database } = edit;
  const zone = findZoneById(database, id);
  if (zone === undefined) return { kind: "not-found" };
  const faults: RecordFault[] = [];
  const removed = new Map<number, StoredRecord>();
  for (const [index, recordId] of change.remove.entries()) {
    const record = findRecord(database, id, recordId);
    if (record !== undefined) removed.set(recordId, record);
    else faults.push({ list: "remove", index, found: "no such record", wanted: goneWanted });
  }
  for (const [index, record] of change.add.entries()) {
    const obstacle = findRecordObstacle(database, record, zone);
    if (obstacle !== undefined) faults.push({ list: "add", index, ...obstacle });
  }
  if (faults.length > 0) return { kind: "refused", faults };

  const apex = nameOf(`${zone.apex}.`);
  const before = readAround(edit, zone, change, removed);
  const staying = before.filter((record) => !removed.has(record.id));
  const comes = change.add.map((record, index) => fileRecord(record, added, index));
  const ttls = new Map(comes.map((record) => [rrsetKey(record), record.ttlSeconds]));
  const stays = staying.map((record) => {
    const there = fileRecord(record, kept, record.id);
    // RFC 2181 §5.2: one TTL an RRset; the one that is written last is meant.
    return { ...there, ttlSeconds: ttls.get(rrsetKey(there)) ?? there.ttlSeconds };
  });
  const checked = checkZone([...stays, ...comes], apex);
  if (checked.errors.length > 0) {
    const owners = { add: change.add, remove: change.remove.map((gone) => removed.get(gone)!) };
    return {
      kind: "refused",
      faults: checked.errors.map((error) => blame(error, staying, owners)),
    };
  }
  return write(edit, zone, checked.records, staying, removed);
}

const goneWanted = "a record as it stands; it was changed or taken away meanwhile";

/** What the rules look at. In the order in which a zone file has it: the apex first. */
function readAround(
  { database }: Edit,
  { id, apex: apexText }: Zone,
  { add }: RecordChange,
  removed: ReadonlyMap<number, StoredRecord>,
): readonly StoredRecord[] {
  const apex = nameOf(`${apexText}.`);
  const names = new Map([[apex.key, apex]]);
  for (const { owner } of [...removed.values(), ...add]) {
    let name: Name | undefined = nameOf(owner);
    for (; name !== undefined && name.isWithin(apex); name = name.parent()) {
      if (names.has(name.key)) break;
      names.set(name.key, name);
    }
  }
  const found = [...names.values()].flatMap((name) => listRecordsAt(database, id, `${name}`));
  // RFC 6672 §2.4: nothing stands below a DNAME; one name is enough to say so.
  const below = add
    .filter(({ type }) => type === types.DNAME)
    .flatMap(({ owner }) => listRecordsBelow(database, id, owner, removed.size + 1));
  return [...new Map([...found, ...below].map((record) => [record.id, record])).values()];
}

function rrsetKey({ owner, type }: ZoneFileRecord): string {
  return `${type} ${owner.key}`;
}

function write(
  edit: Edit,
  zone: Zone,
  checked: readonly ZoneFileRecord[],
  staying: readonly StoredRecord[],
  removed: ReadonlyMap<number, StoredRecord>,
): RecordsChanged {
  const { database } = edit;
  const soa = checked.find(({ type, file }) => type === types.SOA && file === added);
  const wanted = soa === undefined ? zone.serial : readSerial(soa.rdata);
  const serial = isNewerSerial(wanted, zone.serial) ? wanted : nextSerial(zone.serial);
  const ttlBefore = new Map(staying.map((record) => [record.id, record.ttlSeconds]));
  let changes = removed.size;
  for (const id of removed.keys()) deleteRecord(database, id);
  for (const { owner, type, ttlSeconds, rdata, file, line } of checked) {
    if (file === added) {
      const own = type === types.SOA ? withSerial(rdata, serial) : rdata;
      insertRecord(database, zone.id, { owner: `${owner}`, type, ttlSeconds, rdata: own });
    } else if (ttlBefore.get(line) !== ttlSeconds) updateRecordTtl(database, line, ttlSeconds);
    else continue;
    changes++;
  }
  // RFC 2136 §3.4.2.2: a record that is there already is no change.
  if (changes === 0) return { kind: "changed", serial: zone.serial };
  noteZone(edit, zone.id, serial);
  return { kind: "changed", serial };
}

/** The record of the change that a fault is about: the rules may name one that stands beside it. */
function blame(
  { file, line, found, wanted }: ZoneFileError,
  staying: readonly StoredRecord[],
  change: Readonly<Record<RecordFault["list"], readonly ZoneRecord[]>>,
): RecordFault {
  if (file === added) return { list: "add", index: line, found, wanted };
  const told = staying.find(({ id }) => id === line);
  for (const list of ["add", "remove"] as const) {
    const index = change[list].findIndex(
      ({ owner }) => told !== undefined && nameOf(owner).isSame(nameOf(told.owner)),
    );
    if (index !== -1) return { list, index, found, wanted };
  }
  return { list: change.remove.length > 0 ? "remove" : "add", index: 0, found, wanted };
}

function fileRecord(record: ZoneRecord, file: string, line: number): ZoneFileRecord {
  const { owner, type, ttlSeconds, rdata } = record;
  return { owner: nameOf(owner), type, ttlSeconds, rdata, file, line };
}

function nameOf(text: string): Name {
  const name = parseName(text);
  assert(name !== undefined, `an owner is a name when it comes here: ${text}`);
  return name;
}
