import { expect, test } from "bun:test";

import { checkZone, rrsetRecordsMax } from "./check-zone.ts";
import { parseName } from "./name.ts";
import { parseZoneFile } from "./zone-file.ts";

const apex = parseName("example.")!;
const base = "$TTL 60\n@ SOA ns1 h 1 2 3 4 5\n@ NS ns1\nns1 A 192.0.2.1\n";

function check(text: string) {
  const { records, errors } = parseZoneFile(text, { file: "zone", origin: apex });
  expect(errors).toEqual([]);
  return checkZone(records, apex);
}

/** `line: found …, wanted …`. */
function print(problems: ReturnType<typeof check>["errors"]): string[] {
  return problems.map(({ line, found, wanted }) => `${line}: found ${found}, wanted ${wanted}`);
}

const good = [
  ["the least there can be", ""],
  ["a signed CNAME", "c CNAME ns1\nc NSEC d CNAME RRSIG NSEC\nc RRSIG CNAME 8 2 60 0 0 1 @ AA=="], // RFC 4035 §2.5
  [
    "signatures of other TTLs",
    "a 5 A 192.0.2.1\na 5 RRSIG A 8 2 5 0 0 1 @ AA==\na 9 RRSIG TXT 8 2 9 0 0 1 @ AA==\na 9 TXT x",
  ], // RFC 4034 §3
  ["a DNAME beside other records", "d DNAME x.\nd A 192.0.2.1"], // RFC 6672 §2.3
  ["a name server outside", "sub NS ns.other."],
  ["a name server under a wildcard", "*.w A 192.0.2.1\nsub NS ns.w"],
] as const;

for (const [what, text] of good) {
  test(`a zone with ${what} is in order`, () => {
    const checked = check(base + text);
    expect(print([...checked.errors, ...checked.warnings])).toEqual([]);
  });
}

const bad = [
  ["a name outside", "x.other. A 192.0.2.1", ["5: found x.other., wanted an owner in example."]],
  ["an SOA twice", "@ SOA ns1 h 2 2 3 4 5", ["5: found one more SOA, wanted only one"]],
  [
    "an SOA below the apex",
    "sub SOA ns1 h 2 2 3 4 5",
    ["5: found an SOA at sub.example., wanted it only at example."],
  ],
  [
    "a CNAME beside an address",
    "ns1 CNAME x",
    ["4: found A beside the CNAME at ns1.example., wanted a CNAME alone (RFC 2181 §10.1)"],
  ],
  ["two CNAMEs", "c CNAME x\nC CNAME y", ["6: found one more CNAME, wanted only one at a name"]],
  ["two DNAMEs", "c DNAME x.\nc DNAME y.", ["6: found one more DNAME, wanted only one at a name"]],
  [
    "a name below a DNAME",
    "d DNAME x.\na.b.d A 192.0.2.1",
    ["6: found a.b.d.example., wanted no names below the DNAME at d.example."],
  ],
] as const;

for (const [what, text, expected] of bad) {
  test(`a zone with ${what} is refused`, () => {
    expect(print(check(base + text).errors)).toEqual([...expected]);
  });
}

test("a zone without SOA and NS is refused for both", () => {
  expect(print(check("a 60 A 192.0.2.1").errors)).toEqual([
    "1: found none, wanted an SOA record at example.",
    "1: found none, wanted at least one NS record at example.",
  ]);
  expect(checkZone([], apex).errors.length).toBe(2);
});

test("a record that is there twice is kept once, with a warning", () => {
  const checked = check(`${base}ns1 A 192.0.2.1\n`);
  expect(checked.records.length).toBe(3);
  expect(print(checked.warnings)).toEqual([
    "5: found ns1.example. A a second time, wanted each record once; this one is left out",
  ]);
});

test("an RRset takes the smallest of its TTLs, with a warning (RFC 2181 §5.2)", () => {
  const checked = check(`${base}a 30 A 192.0.2.1\na 20 A 192.0.2.2\na 40 A 192.0.2.3`);
  expect(checked.records.slice(3).map((record) => record.ttlSeconds)).toEqual([20, 20, 20]);
  expect(checked.warnings.length).toBe(2);
  expect(checked.errors).toEqual([]);
});

test(`an RRset of ${rrsetRecordsMax} records is taken, one more is refused`, () => {
  const records = Array.from({ length: rrsetRecordsMax }, (_, i) => `a A 10.0.0.${i}\n`).join("");
  expect(check(base + records).errors).toEqual([]);
  expect(print(check(`${base}${records}a A 10.0.1.0`).errors)).toEqual([
    "105: found one more a.example. A, wanted at most 100 records of a name and type",
  ]);
});

test("a name server in the zone without an address is most likely a mistake", () => {
  expect(print(check(`${base}sub NS ns.sub`).warnings)).toEqual([
    "5: found no address of ns.sub.example., wanted an A or AAAA record of each name server in the zone",
  ]);
});
