import { readFileSync } from "node:fs";
import { expect, test } from "bun:test";

import { parseName } from "./name.ts";
import { printRdata, typeName } from "./record-types.ts";
import { includeDepthMax, parseZoneFile, printZoneFileError } from "./zone-file.ts";
import { zoneFileErrorsMax } from "./zone-file.ts";
import type { ZoneFileOptions } from "./zone-file.ts";

const origin = parseName("example.")!;

function parse(text: string, more: Partial<ZoneFileOptions> = {}) {
  return parseZoneFile(text, { file: "zone", origin, ...more });
}

/** Records as `owner ttl type rdata`, errors as messages. */
function lines(text: string, more: Partial<ZoneFileOptions> = {}): string[] {
  const { records, errors } = parse(text, more);
  return [
    ...records.map(
      (r) => `${r.owner} ${r.ttlSeconds} ${typeName(r.type)} ${printRdata(r.type, r.rdata)}`,
    ),
    ...errors.map(printZoneFileError),
  ];
}

test("a file that starts with a byte order mark is read as if it did not", () => {
  expect(lines("\u00ef\u00bb\u00bfa 60 A 192.0.2.1")).toEqual(["a.example. 60 A 192.0.2.1"]);
});

test("octets and a string of one character an octet are read alike", () => {
  const octets = Uint8Array.from([..."caf\u00e9 60 TXT \u00ff"].map((c) => c.charCodeAt(0)));
  const { records } = parseZoneFile(octets, { file: "zone", origin });
  expect(records).toEqual(parse("caf\u00e9 60 TXT \u00ff").records as typeof records);
  expect(records[0]!.rdata).toEqual(Uint8Array.of(1, 0xff));
});

const ttls = [
  ["a 60 A 192.0.2.1\nb A 192.0.2.2", [60, 60]], // RFC 1035 §5.1: the last one stated
  ["$TTL 5\na 60 A 192.0.2.1\nb A 192.0.2.2", [60, 5]], // RFC 2308 §4: $TTL goes before it
  ["@ SOA ns h 1 2 3 4 77\nb A 192.0.2.2", [77, 77]], // as BIND does
  ["a 0 A 192.0.2.1", [0]],
  ["a 1h IN A 192.0.2.1", [3600]],
  ["a IN 1w2d A 192.0.2.1", [777_600]],
  ["a 2147483647 A 192.0.2.1", [2_147_483_647]], // RFC 2181 §8
] as const;

for (const [text, expected] of ttls) {
  test(`TTLs of ${JSON.stringify(text)} are ${expected.join(" and ")}`, () => {
    const { records, errors } = parse(text);
    expect(errors).toEqual([]);
    expect(records.map((record) => record.ttlSeconds)).toEqual([...expected]);
  });
}

test("all errors of a file are told, each with its place", () => {
  const text =
    'a 60 A 192.0.2.256\nb 60 A 192.0.2.1\nc 60 TXT "open\nd 60 NOSUCHTYPE x\n   MX 10 ok';
  expect(lines(text)).toEqual([
    "b.example. 60 A 192.0.2.1",
    "d.example. 60 MX 10 ok.example.",
    'zone:1:8: found "192.0.2.256", wanted an IPv4 address for A',
    'zone:3:10: found ", wanted a " that closes it on the same line',
    'zone:4:6: found "NOSUCHTYPE", wanted a record type',
  ]);
});

test("records below an owner that is none do not fall to the owner before", () => {
  expect(lines("a 60 A 192.0.2.1\nb..c A 192.0.2.2\n   A 192.0.2.3\nd A 192.0.2.4")).toEqual([
    "a.example. 60 A 192.0.2.1",
    "d.example. 60 A 192.0.2.4",
    'zone:2:1: found "b..c", wanted a domain name as owner',
  ]);
});

test(`after ${zoneFileErrorsMax} errors reading stops`, () => {
  expect(parse("a 60 A nonsense\n".repeat(100)).errors.length).toBe(zoneFileErrorsMax);
});

test("a file of more records than allowed is cut there, and says so once", () => {
  const { records, errors } = parse("a 60 A 192.0.2.1\n".repeat(10), { recordsMax: 7 });
  expect(records.length).toBe(7);
  expect(errors.map(printZoneFileError)).toEqual(['zone:8:1: found "a", wanted at most 7 records']);
});

test("$INCLUDE is refused where no files are to be read", () => {
  expect(lines("$INCLUDE /etc/passwd")).toEqual([
    'zone:1:1: found "$INCLUDE", wanted the records themselves: other files are not read here',
  ]);
});

test("$INCLUDE tells the file of a record and of an error, and why one cannot be read", () => {
  const files: Record<string, string> = { "b.part": "b 60 A 192.0.2.1\nb A x" };
  const open = (file: string) => files[file] ?? { refused: "no such file" };
  const { records, errors } = parse('$INCLUDE "b.part"\n$INCLUDE c.part', { open });
  expect(records.map(({ file, line }) => [file, line])).toEqual([["b.part", 1]]);
  expect(errors.map(printZoneFileError)).toEqual([
    'b.part:2:5: found "x", wanted an IPv4 address for A',
    'zone:2:10: found "c.part", wanted a file that can be read: no such file',
  ]);
});

test("a file that includes itself comes to an end", () => {
  let opened = 0;
  const open = (): string => {
    opened++;
    return "$INCLUDE zone";
  };
  const { errors } = parse("$INCLUDE zone", { open });
  expect(opened).toBe(includeDepthMax);
  expect(errors.length).toBe(1);
});

test("files that include each other many times come to an end", () => {
  let opened = 0;
  const open = (): string => {
    opened++;
    return "$INCLUDE zone\n".repeat(100);
  };
  parse("$INCLUDE zone", { open });
  expect(opened).toBeLessThanOrEqual(1_000);
});

const invalid = readFileSync("test/fixtures/zone-files/invalid/cases.txt", "latin1");
const cases = invalid.split(/^### /m).slice(1);

test("there are invalid zone files to read", () => {
  expect(cases.length).toBeGreaterThan(40);
});

for (const text of cases) {
  const [head, ...rest] = text.split("\n");
  const [, place, wanted] = /^(\d+:\d+) (.+)$/.exec(head!)!;
  test(`an invalid file is told at ${place}, wanted ${wanted}: ${rest[0]}`, () => {
    const { errors } = parse(rest.join("\n"));
    expect(errors.map((error) => `${error.line}:${error.column} ${error.wanted}`)).toEqual([
      `${place} ${wanted}`,
    ]);
  });
}
