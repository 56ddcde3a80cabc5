/** `nameward zone import` */

import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";

import type { Zone } from "../core/zone.ts";
import { checkZone } from "../dns/check-zone.ts";
import { typeName, types } from "../dns/record-types.ts";
import { isNewerSerial, nextSerial } from "../dns/serial.ts";
import { signerTypes } from "../dns/sign-zone.ts";
import { readSerial, withSerial } from "../dns/soa-serial.ts";
import { parseZoneFile, printZoneFileError } from "../dns/zone-file.ts";
import type { ZoneFileError, ZoneFileRecord } from "../dns/zone-file.ts";
import type { Store } from "../store/store.ts";
import { Refused, command, refused } from "./command.ts";
import type { Refusal } from "./command.ts";
import { getName } from "./find-things.ts";
import { sortOutHosts } from "./host-conflicts.ts";
import type { Io } from "./io.ts";
import { readInput } from "./read-input.ts";
import { apexName, storedRecord } from "./zone-records.ts";

/** A zone of five million records, the most that is read, has about this many octets. */
const zoneFileOctetsMax = 512 * 1_024 * 1_024;

export const zoneImport = command({
  words: "zone import",
  changes: true,
  summary: "Take the records of a zone from a zone file; - is standard input.",
  arguments: ["APEX", "FILE"],
  flags: { private: { doc: "For a zone that this begins: as in nameward zone add." } },
  notes: [
    "Nothing is changed when the file has an error; all errors are listed with line and column.",
    "The records of a zone that is there are replaced. Its hosts stay, with their addresses.",
    "The serial of the file counts when it is newer; otherwise the zone's own goes on by one.",
  ],
  example: "nameward zone import dyn.example.net dyn.example.net.zone",
  makesData: true,
  async run({ arguments: [text = "", file = ""], flags, io, openStore, warn }) {
    const apex = getName(text);
    const name = apexName(apex);
    const input = await readZoneFile(file, io);
    const parsed = parseZoneFile(input, {
      file,
      origin: name,
      open: (path) => openIncluded(path, file),
    });
    if (parsed.errors.length > 0) return refusedFile(file, parsed.errors);
    const checked = checkZone(parsed.records, name);
    if (checked.errors.length > 0) return refusedFile(file, checked.errors);
    for (const warning of checked.warnings) warn(printZoneFileError(warning));

    await using store = await openStore();
    const zone = (await store.listZones()).find((each) => each.apex === apex);
    if (zone === undefined) {
      const { serial, records } = withZoneSerial(checked.records, undefined);
      const outcome = await store.addZone(apex, flags.private, serial, records);
      if (outcome.kind === "taken") return refused(`The zone ${apex} was made meanwhile.`);
      if (outcome.kind === "refused") return refused(outcome.why);
      return done(outcome.made, records.length, true);
    }
    if (flags.private && !zone.isPrivate) {
      return refused(`The zone ${apex} is there already, and is public.`, "Leave out --private.");
    }
    await refuseSignerRecords(checked.records, zone, store);
    const sorted = await sortOutHosts(checked.records, zone, store);
    if (sorted.errors.length > 0) return refusedFile(file, sorted.errors);
    const { serial, records } = withZoneSerial(sorted.records, zone);
    await store.replaceRecords(zone.id, serial, records);
    return done({ ...zone, serial }, records.length, false);
  },
});

/** A signed zone has them from its own keys; those of a file would contradict them. */
async function refuseSignerRecords(
  records: readonly ZoneFileRecord[],
  zone: Zone,
  store: Store,
): Promise<void> {
  const foreign = records.find((record) => signerTypes.has(record.type));
  if (foreign === undefined || (await store.listKeys(zone.id)).length === 0) return;
  const { owner, type, line } = foreign;
  const what = `${owner} ${typeName(type)} in line ${line}`;
  throw new Refused(
    refused(
      `The zone ${zone.apex} is signed here, and the file has records of a signer: ${what}.`,
      "Export the zone without --signed, or leave such records out.",
    ),
  );
}

function done(zone: Zone, records: number, isNew: boolean) {
  const { apex, serial } = zone;
  const what = isNew ? `Zone ${apex} is made` : `The records of zone ${apex} are replaced`;
  return {
    kind: "done" as const,
    text: `${what}: ${records} records, serial ${serial}.\n`,
    json: { apex, private: zone.isPrivate, serial, records, made: isNew },
  };
}

async function readZoneFile(file: string, io: Io): Promise<Uint8Array> {
  if (file === "-") {
    const input = await readInput(io.stdin, zoneFileOctetsMax);
    if (input !== undefined) return input;
    throw new Refused(refused(`The input is larger than ${zoneFileOctetsMax} octets.`));
  }
  try {
    return readFileSync(file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new Refused(refused(`Cannot read ${file}: ${why}.`));
  }
}

/** `$INCLUDE` is looked for beside the file that was named, as BIND and Knot look in one folder. */
function openIncluded(path: string, file: string): Uint8Array | { readonly refused: string } {
  try {
    return readFileSync(resolve(file === "-" ? "." : dirname(file), path));
  } catch (error) {
    return { refused: error instanceof Error ? error.message : String(error) };
  }
}

function refusedFile(file: string, errors: readonly ZoneFileError[]): Refusal {
  return {
    kind: "refused",
    why: `Nothing is imported: ${file} has errors.`,
    details: errors.map(printZoneFileError),
  };
}

/** RFC 1982 §3.2 decides what is newer. Secondaries would not fetch a zone whose serial went back. */
function withZoneSerial(fileRecords: readonly ZoneFileRecord[], zone: Zone | undefined) {
  const soa = fileRecords.find((record) => record.type === types.SOA)!;
  const inFile = readSerial(soa.rdata);
  const goesOn = zone !== undefined && !isNewerSerial(inFile, zone.serial);
  const serial = goesOn ? nextSerial(zone.serial) : inFile;
  const records = fileRecords.map((record) =>
    storedRecord(
      record.type === types.SOA ? { ...record, rdata: withSerial(record.rdata, serial) } : record,
    ),
  );
  return { serial, records };
}
