/** Records of a zone file that cannot stand beside the hosts of the zone. */

import { parseHostName } from "../core/host-name.ts";
import type { Host } from "../core/host.ts";
import type { Zone } from "../core/zone.ts";
import { claimsName, isCut } from "../dns/name-claims.ts";
import { printRdata, typeName, types } from "../dns/record-types.ts";
import { zoneFileErrorsMax } from "../dns/zone-file.ts";
import type { ZoneFileError, ZoneFileRecord } from "../dns/zone-file.ts";
import type { Store } from "../store/store.ts";
import { readHosts } from "./find-things.ts";

export interface SortedRecords {
  /** Without those that only say what a host's address is already, as an exported zone does. */
  readonly records: readonly ZoneFileRecord[];
  readonly errors: readonly ZoneFileError[];
}

/** A host's address is its device's: no file may set it, hide it behind an alias or delegate it. */
export async function sortOutHosts(
  records: readonly ZoneFileRecord[],
  zone: Zone,
  store: Store,
): Promise<SortedRecords> {
  const errors: ZoneFileError[] = [];
  const kept: ZoneFileRecord[] = [];
  const refuse = (record: ZoneFileRecord, wanted: string): void => {
    const { file, line, owner, type, rdata } = record;
    const found = `${owner} ${typeName(type)} ${printRdata(type, rdata)}`;
    if (errors.length < zoneFileErrorsMax) errors.push({ file, line, column: 1, found, wanted });
  };
  const cuts = new Map<string, ZoneFileRecord>();
  for (const record of records) {
    const owner = nameOf(record);
    if (isCut(record.type, owner === zone.apex)) cuts.set(owner, record);
    const host = claimsName.has(record.type) ? await findHost(store, owner) : undefined;
    if (host === undefined) kept.push(record);
    else if (!isItsAddress(record, host)) refuse(record, `no address or alias: ${owner} is a host`);
  }
  if (cuts.size > 0) {
    for await (const host of readHosts(store, { zone: zone.id })) {
      const cut = findCutAbove(host.name, cuts);
      if (cut !== undefined) refuse(cut, `nothing that hides the host ${host.name}`);
    }
  }
  return { records: kept, errors };
}

function nameOf(record: ZoneFileRecord): string {
  return record.owner.toString().toLowerCase().slice(0, -1);
}

async function findHost(store: Store, owner: string): Promise<Host | undefined> {
  const name = parseHostName(owner);
  return name === undefined ? undefined : store.findHost(name);
}

function isItsAddress({ type, rdata }: ZoneFileRecord, host: Host): boolean {
  const address = type === types.A ? host.v4 : type === types.AAAA ? host.v6 : undefined;
  return address !== undefined && Buffer.compare(address, rdata) === 0;
}

/** A delegation hides what stands at its own name, too; a DNAME only what is below. */
function findCutAbove(
  host: string,
  cuts: ReadonlyMap<string, ZoneFileRecord>,
): ZoneFileRecord | undefined {
  for (let at = host; at.includes("."); at = at.slice(at.indexOf(".") + 1)) {
    const cut = cuts.get(at);
    if (cut !== undefined && (at !== host || cut.type === types.NS)) return cut;
  }
  return undefined;
}
