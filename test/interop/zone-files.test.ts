/** Zone files read and printed by us, and by BIND and Knot: the same records, octet for octet. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "bun:test";

import { parseName } from "../../src/dns/name.ts";
import { checkZone } from "../../src/dns/check-zone.ts";
import { printZone } from "../../src/dns/print-zone.ts";
import { typeName } from "../../src/dns/record-types.ts";
import type { ResourceRecord } from "../../src/dns/resource-record.ts";
import { parseZoneFile, printZoneFileError } from "../../src/dns/zone-file.ts";
import { WireReader } from "../../src/dns/wire.ts";
import { testWith, tool } from "../debian.ts";

const folder = "test/fixtures/zone-files/valid";
const files = readdirSync(folder).filter((file) => file.endsWith(".zone"));

test("there are valid zone files to compare", () => {
  expect(files.length).toBeGreaterThanOrEqual(5);
});

for (const file of files) {
  testWith(["named-compilezone"], `${file}: BIND reads the records that we read`, () => {
    const ours = describe(readZone(file));
    expect(ours.length).toBeGreaterThan(4);
    expect(readByBind(file, apexOf(file))).toEqual(ours);
  });

  testWith(["named-compilezone"], `${file}: BIND reads what we print as the same records`, () => {
    using printed = printedFile(file);
    expect(readByBind(printed.path, apexOf(file))).toEqual(describe(readZone(file)));
  });

  testWith(["knotc"], `${file}: Knot accepts what we print`, () => {
    using printed = printedFile(file);
    expect(checkByKnot(printed, apexOf(file))).toEqual([]);
  });

  test(`${file}: what we print is read back by us`, () => {
    const records = readZone(file);
    const apex = parseName(apexOf(file))!;
    const printed = printZone(records, apex);
    const again = parseZoneFile(printed, { file, origin: apex });
    expect(again.errors).toEqual([]);
    expect(describe(again.records)).toEqual(describe(records));
    expect(printZone(again.records, apex)).toBe(printed);
  });
}

testWith(["named-compilezone"], "a record that differs in one octet is seen", () => {
  const [first, ...rest] = readZone("syntax.test.zone");
  const other = first!.rdata.slice();
  other[other.length - 1]! ^= 1;
  const changed = describe([{ ...first!, rdata: other }, ...rest]);
  expect(readByBind("syntax.test.zone", "syntax.test")).not.toEqual(changed);
});

testWith(["knotc"], "Knot refuses a zone that is none, so that its silence means something", () => {
  using printed = scratchFile("@ 60 A 192.0.2.1\n");
  expect(checkByKnot(printed, "syntax.test")).not.toEqual([]);
});

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

/** One line a record, sorted: the order inside an RRset and of names is not the file's. */
function describe(records: readonly ResourceRecord[]): string[] {
  return records
    .map((r) => `${r.owner} ${r.ttlSeconds} ${typeName(r.type)} ${r.rdata.toHex()}`)
    .toSorted();
}

interface ScratchFile extends Disposable {
  readonly folder: string;
  readonly path: string;
}

function printedFile(file: string): ScratchFile {
  return scratchFile(printZone(readZone(file), parseName(apexOf(file))!));
}

function scratchFile(text: string): ScratchFile {
  const scratch = mkdtempSync(join(tmpdir(), "nameward-zone-"));
  const path = join(scratch, "printed.zone");
  writeFileSync(path, text, "latin1");
  return {
    folder: scratch,
    path,
    [Symbol.dispose]: () => rmSync(scratch, { recursive: true, force: true }),
  };
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

/** What `knotc zone-check` has to say, without what it says about signatures we made up. */
function checkByKnot(scratch: ScratchFile, apex: string): string[] {
  const config = join(scratch.folder, "knot.conf");
  writeFileSync(
    config,
    `server:\n  rundir: ${scratch.folder}\ndatabase:\n  storage: ${scratch.folder}\n` +
      `zone:\n  - domain: ${apex}\n    file: ${scratch.path}\n    semantic-checks: off\n`,
  );
  const checked = spawnSync(tool("knotc")!, ["-c", config, "zone-check", apex]);
  const said = `${checked.stdout.toString("latin1")}${checked.stderr.toString("latin1")}`;
  return said.split("\n").filter((line) => /error|warning/i.test(line));
}
