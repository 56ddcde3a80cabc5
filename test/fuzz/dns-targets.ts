/** What the readers of `src/dns` promise for any octets: a value that lasts, or `MalformedMessage`. */

import { isDeepStrictEqual } from "node:util";

import { assert } from "../../src/base/assert.ts";
import { checkZone } from "../../src/dns/check-zone.ts";
import { readMessage, writeMessage } from "../../src/dns/message.ts";
import type { Message, MessageRecord } from "../../src/dns/message.ts";
import { parseName } from "../../src/dns/name.ts";
import { printZone } from "../../src/dns/print-zone.ts";
import { isRdata, parseRdataText, printRdata, readRdata } from "../../src/dns/record-types.ts";
import type { ResourceRecord } from "../../src/dns/resource-record.ts";
import { MalformedMessage, WireReader } from "../../src/dns/wire.ts";
import { parseZoneFile, zoneFileErrorsMax } from "../../src/dns/zone-file.ts";

/** A message that is read is written and read back as the same value. */
export function fuzzMessage(data: Uint8Array): void {
  const message = orMalformed(() => readMessage(data));
  if (message === undefined) return;
  const again = readMessage(writeMessage(message));
  assert(
    isDeepStrictEqual(plainMessage(again), plainMessage(message)),
    "a message is read back as it was written",
  );
}

/** Octets 0 and 1 choose the type, the rest is a message that begins with the RDATA. */
export function fuzzRdata(data: Uint8Array): void {
  const type = ((data[0] ?? 0) * 256 + (data[1] ?? 0)) % 300;
  const body = data.subarray(2);
  const rdata = orMalformed(() => readRdata(type, new WireReader(body), body.length));
  printRdata(type, body);
  if (rdata === undefined) return;
  assert(isRdata(type, rdata), "RDATA that was read is RDATA");
  const parsed = parseRdataText(type, printRdata(type, rdata));
  assert(parsed.kind === "rdata", "RDATA that was printed is parsed");
  assert(Buffer.compare(parsed.rdata, rdata) === 0, "RDATA is parsed as it was printed");
}

/** `$INCLUDE` finds the file itself, whatever it is called. */
export function fuzzZoneFile(data: Uint8Array): void {
  const options = { file: "fuzz", origin: apex, open: () => data, recordsMax: 2_000 };
  const parsed = parseZoneFile(data, options);
  assert(parsed.errors.length <= zoneFileErrorsMax, "errors are bounded");
  assert(parsed.records.length <= options.recordsMax, "records are bounded");
  for (const record of parsed.records) {
    assert(isRdata(record.type, record.rdata), "what a zone file holds is RDATA");
  }
  const { records } = checkZone(parsed.records, apex);
  const again = parseZoneFile(printZone(records, apex), { file: "printed", origin: apex });
  assert(again.errors.length === 0, "a printed zone is parsed");
  assert(
    isDeepStrictEqual(describeRecords(again.records), describeRecords(records)),
    "a zone is parsed as printed",
  );
}

const apex = parseName("fuzz.example.")!;

function orMalformed<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedMessage) return undefined;
    throw error;
  }
}

/** Names by their octets: a name that was asked for its key and one that was not are the same. */
export function plainMessage(message: Message) {
  const record = (r: MessageRecord) => ({ ...r, owner: r.owner.octets.toHex() });
  return {
    ...message,
    questions: message.questions.map((q) => ({ ...q, name: q.name.octets.toHex() })),
    answers: message.answers.map(record),
    authority: message.authority.map(record),
    additional: message.additional.map(record),
  };
}

export function describeRecords(records: readonly ResourceRecord[]): string[] {
  return records
    .map((r) => `${r.owner.octets.toHex()} ${r.ttlSeconds} ${r.type} ${r.rdata.toHex()}`)
    .toSorted();
}
