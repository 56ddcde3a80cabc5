/** `npm test -- --fuzz=100000 test/fuzz` for more runs of each, `--fuzz-seed=7` for others. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { readMessage, writeMessage } from "../../src/dns/message.ts";
import { Name, parseName, printName } from "../../src/dns/name.ts";
import { printZone } from "../../src/dns/print-zone.ts";
import { parseRdataText, printRdata, typeCode, types } from "../../src/dns/record-types.ts";
import type { ResourceRecord } from "../../src/dns/resource-record.ts";
import { MalformedMessage, WireReader, WireWriter } from "../../src/dns/wire.ts";
import { parseZoneFile, zoneFileErrorsMax } from "../../src/dns/zone-file.ts";
import { anyMessage, anyName, nearlyZoneText, rdataOf, zoneRecord } from "./arbitraries.ts";
import { describeRecords, plainMessage } from "./dns-targets.ts";

const seed = Number(process.env["NAMEWARD_TEST_FUZZ_SEED"] ?? 3_597);
const longRuns = process.env["NAMEWARD_TEST_LONG"] === undefined ? 500 : 20_000;
const numRuns = Number(process.env["NAMEWARD_TEST_FUZZ"] ?? longRuns);
const options = { numRuns, seed };
const testMs = 60_000 + numRuns * 20;

const apex = parseName("fuzz.example.")!;

/** One character an octet, and a few that are none. */
const anyText = fc.string({
  unit: fc.oneof(
    fc.constantFrom(".", "\\", "0", "1", "2", "9", "@", "a"),
    fc.nat(0x17f).map((code) => String.fromCharCode(code)),
  ),
  maxLength: 300,
});

function holds<Values extends [unknown, ...unknown[]]>(
  name: string,
  property: fc.IProperty<Values>,
): void {
  test(`${name} (${numRuns} runs, seed ${seed})`, () => fc.assert(property, options), testMs);
}

holds(
  "a name is parsed as it was printed, and read as it was written",
  fc.property(anyName, (name) => {
    const hex = name.octets.toHex();
    expect(parseName(printName(name))?.octets.toHex()).toBe(hex);
    expect(Name.fromOctets(name.octets)?.octets.toHex()).toBe(hex);
    const to = new WireWriter();
    to.compressedName(name);
    to.compressedName(name);
    const from = new WireReader(to.finish());
    expect([from.name(), from.name()].map(({ octets }) => octets.toHex())).toEqual([hex, hex]);
  }),
);

holds(
  "any text is a name or is none, and a name it is prints as text of the same name",
  fc.property(anyText, anyName, (text, origin) => {
    const name = parseName(text, origin);
    if (name === undefined) return;
    expect(Name.fromOctets(name.octets)).toBeDefined();
    expect(parseName(printName(name))?.octets.toHex()).toBe(name.octets.toHex());
  }),
);

holds(
  "a message is read as it was written",
  fc.property(anyMessage, (message) => {
    const read = readMessage(writeMessage(message));
    expect(plainMessage(read)).toEqual(plainMessage(message));
  }),
);

holds(
  "a message that is cut to fit is whole, within its limit, and says TC when an answer is missing",
  fc.property(anyMessage, fc.nat(2_000), (message, room) => {
    const head = writeMessage({ ...message, answers: [], authority: [], additional: [] });
    const maxOctets = head.length + room;
    const octets = writeMessage(message, { maxOctets });
    expect(octets.length).toBeLessThanOrEqual(maxOctets);
    const read = readMessage(octets);
    expect(read.edns).toEqual(message.edns);
    for (const part of ["answers", "authority", "additional"] as const) {
      const wanted = plainMessage(message)[part];
      expect(plainMessage(read)[part]).toEqual(wanted.slice(0, read[part].length));
    }
    const isShort =
      read.answers.length < message.answers.length ||
      read.authority.length < message.authority.length;
    expect(read.flags.has("tc")).toBe(isShort || message.flags.has("tc"));
  }),
);

holds(
  "any octets are a message or malformed, and nothing else is thrown",
  fc.property(fc.uint8Array({ maxLength: 600 }), (octets) => {
    expect(readOrMalformed(() => readMessage(octets))).toBeDefined();
    expect(readOrMalformed(() => new WireReader(octets).name())).toBeDefined();
  }),
);

holds(
  "any text is RDATA of a type or is refused, and RDATA it is prints as text of the same",
  fc.property(fc.constantFrom(...Object.keys(rdataOf)), nearlyZoneText, (type, text) => {
    const code = typeCode(type)!;
    const parsed = parseRdataText(code, text);
    if (parsed.kind === "refused") return;
    expect(parseRdataText(code, printRdata(code, parsed.rdata))).toEqual(parsed);
  }),
);

holds(
  "a zone of every record type is parsed as it was printed",
  fc.property(fc.array(zoneRecord, { maxLength: 30 }), (records) => {
    const read = parseZoneFile(printZone(records, apex), { file: "printed", origin: apex });
    expect(read.errors).toEqual([]);
    expect(describeRecords(read.records)).toEqual(describeRecords(records));
  }),
);

holds(
  "any text is a zone file or has errors, each with its place",
  fc.property(nearlyZoneText, (text) => {
    const open = (): string => text;
    const { records, errors } = parseZoneFile(text, { file: "any", origin: apex, open });
    expect(errors.length).toBeLessThanOrEqual(zoneFileErrorsMax);
    for (const { line, column } of errors) expect(Math.min(line, column)).toBeGreaterThan(0);
    const again = parseZoneFile(printZone(records, apex), { file: "printed", origin: apex });
    expect(again.errors).toEqual([]);
    expect(describeRecords(again.records)).toEqual(describeRecords(records));
  }),
);

test("the generators reach every type, the longest names and good zone files", () => {
  const sample = <Thing>(from: fc.Arbitrary<Thing>): Thing[] =>
    fc.sample(from, { numRuns: 2_000, seed });
  const seen = new Set(sample(zoneRecord).map((record: ResourceRecord) => record.type));
  expect(seen.size).toBe(Object.keys(rdataOf).length + 2);
  expect(seen.has(types.NULL)).toBe(true);
  expect(Math.max(...sample(anyName).map(({ octets }) => octets.length))).toBe(255);
  const parsed = sample(nearlyZoneText).map((text) =>
    parseZoneFile(text, { file: "any", origin: apex, open: () => "" }),
  );
  expect(parsed.filter(({ records }) => records.length > 0).length).toBeGreaterThan(5);
  expect(parsed.filter(({ errors }) => errors.length > 0).length).toBeGreaterThan(100);
});

function readOrMalformed(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof MalformedMessage) return error;
    throw error;
  }
}
