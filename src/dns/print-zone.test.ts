import fc from "fast-check";
import { expect, test } from "bun:test";

import { Name, parseName } from "./name.ts";
import { printZone } from "./print-zone.ts";
import type { ResourceRecord } from "./resource-record.ts";
import { parseZoneFile } from "./zone-file.ts";

const apex = parseName("Example.")!;

function parse(text: string): readonly ResourceRecord[] {
  const { records, errors } = parseZoneFile(text, { file: "zone", origin: Name.root });
  expect(errors).toEqual([]);
  return records.map(({ owner, type, ttlSeconds, rdata }) => ({ owner, type, ttlSeconds, rdata }));
}

test("the SOA comes first, then owners in the order of RFC 4034 §6.1", () => {
  // RFC 4034 §6.1's own example, shuffled.
  const text = `
    $ORIGIN Example.
    $TTL 60
    \\200.z A 192.0.2.1
    zABC.a A 192.0.2.1
    *.z A 192.0.2.1
    @ NS a
    Z.a A 192.0.2.1
    \\001.z A 192.0.2.1
    z A 192.0.2.1
    a 5 A 192.0.2.2
    a 5 A 192.0.2.1
    yljkjljk.a A 192.0.2.1
    @ SOA a h 1 2 3 4 5`;
  const printed = printZone(parse(text.replaceAll(/^ +/gm, "")), apex);
  expect(printed.replaceAll(/\t+/g, " ")).toBe(`$ORIGIN Example.
$TTL 60
@ IN SOA a.Example. h.Example. 1 2 3 4 5
 IN NS a.Example.
a 5 IN A 192.0.2.1
 5 IN A 192.0.2.2
yljkjljk.a IN A 192.0.2.1
Z.a IN A 192.0.2.1
zABC.a IN A 192.0.2.1
z IN A 192.0.2.1
\\001.z IN A 192.0.2.1
*.z IN A 192.0.2.1
\\200.z IN A 192.0.2.1
`);
});

test("an owner with the apex in another case keeps its case", () => {
  const records = parse("a.EXAMPLE. 60 A 192.0.2.1\nexample. 60 A 192.0.2.2");
  const printed = parse(printZone(records, apex));
  expect(printed.map((record) => record.owner.toString())).toEqual(["example.", "a.EXAMPLE."]);
});

test("a zone at the root is printed and read back", () => {
  const records = parse(". 60 NS a.\ncom. 60 NS a.com.");
  expect(parse(printZone(records, Name.root))).toEqual(records);
});

const label = fc.uint8Array({ minLength: 1, maxLength: 6 });
const record = fc.record({
  owner: fc.array(label, { maxLength: 3 }).map((labels) => {
    let name = apex;
    for (const one of labels) name = name.child(one)!;
    return name;
  }),
  type: fc.constant(65_280),
  ttlSeconds: fc.constantFrom(0, 60, 3_600, 2 ** 31 - 1),
  rdata: fc.uint8Array({ maxLength: 4 }),
});

test("owners and TTLs of any octets are read back", () => {
  fc.assert(
    fc.property(fc.array(record, { maxLength: 20 }), (records) => {
      const key = (one: ResourceRecord): string =>
        `${one.owner.octets.toHex()} ${one.ttlSeconds} ${one.rdata}`;
      const read = parse(printZone(records, apex));
      expect(read.map(key).toSorted()).toEqual(records.map(key).toSorted());
    }),
    { numRuns: 200, seed: 4034 },
  );
});
