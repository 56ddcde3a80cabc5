/** Zone files read and printed by us, and by BIND, ldns, NSD and Knot: the same records, octet for octet. */

import { spawnSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "bun:test";

import { Name, parseName } from "../../src/dns/name.ts";
import { checkZone } from "../../src/dns/check-zone.ts";
import { printZone } from "../../src/dns/print-zone.ts";
import { printRdata, recordTypes, typeName, types } from "../../src/dns/record-types.ts";
import type { RecordTypeName } from "../../src/dns/record-types.ts";
import type { ResourceRecord } from "../../src/dns/resource-record.ts";
import { parseZoneFile, printZoneFileError } from "../../src/dns/zone-file.ts";
import { WireReader } from "../../src/dns/wire.ts";
import { testWith, tool } from "../debian.ts";
import { describe, difference, judge, judges, printFor, printOpaquely } from "./zone-judge.ts";
import { scratchFile } from "./zone-judge.ts";

const folder = "test/fixtures/zone-files/valid";
/** Obsolete since RFC 1035 §3.3.4 and §3.3.5, and BIND loads no zone that holds one. */
const refusedTypes: readonly RecordTypeName[] = ["MD", "MF"];
const files = readdirSync(folder).filter((file) => file.endsWith(".zone"));

test("there are valid zone files to compare", () => {
  expect(files.length).toBeGreaterThanOrEqual(5);
});

test("every type with a form of its own is in a zone file, and two programs judge it by its name", () => {
  const inFiles = new Set(readZone("types.test.zone").map(({ type }) => typeName(type)));
  const named = Object.entries(recordTypes)
    .filter(([, row]) => "fields" in row)
    .map(([name]) => name as RecordTypeName)
    .filter((name) => !refusedTypes.includes(name));
  expect(named.filter((name) => !inFiles.has(name))).toEqual([]);
  const judgedBy = (name: RecordTypeName): number =>
    judges.filter(({ lacks }) => !lacks.has(name)).length;
  // Younger than Debian 12, but for BIND. Their octets are judged by all, see below.
  expect(named.filter((name) => judgedBy(name) < 2)).toEqual([
    "DSYNC",
    "AMTRELAY",
    "RESINFO",
    "WALLET",
  ]);
});

for (const file of files) {
  testWith(["named-compilezone"], `${file}: BIND reads the records that we read`, () => {
    const ours = describe(readZone(file));
    expect(ours.length).toBeGreaterThan(4);
    expect(readByBind(file, apexOf(file))).toEqual(ours);
  });

  testWith(["named-compilezone"], `${file}: BIND reads what we print as the same records`, () => {
    using printed = scratchFile(printZone(readZone(file), parseName(apexOf(file))!));
    expect(readByBind(printed.path, apexOf(file))).toEqual(describe(readZone(file)));
  });

  for (const by of judges) {
    const reads = by.prints
      ? `reads what we print, and we read what it prints of it`
      : "accepts what we print";
    testWith([by.program], `${file}: ${by.program} ${reads}`, () => {
      const records = readZone(file).filter(
        ({ owner, type, rdata }) =>
          by.misprints?.test(`${owner} ${typeName(type)} ${printRdata(type, rdata)}`) !== true,
      );
      const apex = parseName(apexOf(file))!;
      for (const text of [printFor(by, records, apex), printOpaquely(records)]) {
        using printed = scratchFile(text);
        const { complaints, printed: again } = judge(by, apexOf(file), printed.path);
        expect(complaints).toEqual([]);
        if (!by.prints) continue;
        const back = parseZoneFile(Buffer.from(again, "latin1"), { file, origin: apex });
        expect(back.errors.map(printZoneFileError)).toEqual([]);
        const fold = by.folds === true ? foldOwner : keep;
        const found = describe(back.records.map(fold));
        expect(difference(found, describe(records.map(fold)))).toEqual([]);
      }
    });
  }

  test(`${file}: what we print is read back by us`, () => {
    const records = readZone(file);
    const apex = parseName(apexOf(file))!;
    for (const printed of [printZone(records, apex), printOpaquely(records)]) {
      const again = parseZoneFile(printed, { file, origin: apex });
      expect(again.errors).toEqual([]);
      expect(describe(again.records)).toEqual(describe(records));
      expect(printZone(again.records, apex)).toBe(printZone(records, apex));
    }
  });
}

testWith(["named-compilezone"], "a record that differs in one octet is seen", () => {
  const [first, ...rest] = readZone("syntax.test.zone");
  const other = first!.rdata.slice();
  other[other.length - 1]! ^= 1;
  const changed = describe([{ ...first!, rdata: other }, ...rest]);
  expect(readByBind("syntax.test.zone", "syntax.test")).not.toEqual(changed);
  expect(difference(changed, describe([first!, ...rest]))).toHaveLength(2);
});

for (const by of judges) {
  testWith([by.program], `${by.program} refuses what it cannot read`, () => {
    const records = readZone("types.test.zone");
    const broken = records.find(({ type }) => type === types.AAAA)!;
    const text = printFor(by, records, parseName("types.test")!);
    const wrong = `${broken.owner} 60 IN AAAA 192.0.2.1\n`;
    using file = scratchFile(text + wrong);
    expect(judge(by, "types.test", file.path).complaints).not.toEqual([]);
  });
}

function keep(record: ResourceRecord): ResourceRecord {
  return record;
}

function foldOwner(record: ResourceRecord): ResourceRecord {
  return { ...record, owner: Name.fromOctets(Buffer.from(record.owner.key, "latin1"))! };
}

/** `ddns.test.zone` has the apex `ddns.test`. */
function apexOf(file: string): string {
  return file.replace(/\.zone$/, "");
}

function readZone(file: string): readonly ResourceRecord[] {
  const apex = parseName(apexOf(file))!;
  const open = (name: string): Uint8Array => readFileSync(join(folder, name));
  const parsed = parseZoneFile(open(file), { file, origin: apex, open });
  expect(parsed.errors.map(printZoneFileError)).toEqual([]);
  const checked = checkZone(parsed.records, apex);
  expect(checked.errors.map(printZoneFileError)).toEqual([]);
  return checked.records;
}

/** BIND's raw form holds RDATA as octets, so that no text parser stands between it and the comparison. */
function readByBind(file: string, apex: string): string[] {
  const checks = ["-i", "none", "-k", "ignore", "-n", "ignore"];
  const form = ["-q", "-F", "raw", "-o", "-"];
  const made = spawnSync(tool("named-compilezone")!, [...checks, ...form, apex, file], {
    cwd: folder,
  });
  expect(made.stderr.toString("latin1")).not.toContain("error");
  expect(made.status).toBe(0);
  return describe(readRaw(made.stdout));
}

/** BIND's `masterfile-format raw`, version 1: a header of 24 octets, then one block an RRset. */
function readRaw(octets: Uint8Array): ResourceRecord[] {
  const from = new WireReader(octets);
  expect([from.u32(), from.u32()]).toEqual([2, 1]);
  from.octets(16);
  const records: ResourceRecord[] = [];
  while (from.left > 0) {
    const rrset = from.sub(from.u32() - 4);
    rrset.u16(); // class
    const type = rrset.u16();
    rrset.u16(); // type covered
    const ttlSeconds = rrset.u32();
    const count = rrset.u32();
    const owner = rrset.sub(rrset.u16()).plainName();
    for (let i = 0; i < count; i++) {
      records.push({ owner, type, ttlSeconds, rdata: rrset.octets(rrset.u16()).slice() });
    }
    expect(rrset.left).toBe(0);
  }
  return records;
}
