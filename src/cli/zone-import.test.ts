import { expect, test } from "bun:test";
import { join } from "node:path";

import { systemClock } from "../base/clock.ts";
import { openStore } from "../store/open-store.ts";
import { CommandLine } from "../../test/command-line.ts";
import type { Ended } from "../../test/command-line.ts";
import { quietLog } from "../../test/quiet-log.ts";

const apex = "dyn.test";

function zoneFile(serial: number, ...lines: readonly string[]): string {
  return [
    "$TTL 300",
    `@ 7200 IN SOA ns.example. host.example. ${serial} 3600 600 86400 60`,
    "@ 7200 IN NS ns.example.",
    ...lines,
    "",
  ].join("\n");
}

function take(line: CommandLine, text: string, ...flags: readonly string[]): Promise<Ended> {
  return line.run(["zone", "import", apex, "-", ...flags], text);
}

interface Imported {
  readonly serial: number;
  readonly records: number;
  readonly made: boolean;
  readonly private: boolean;
}

async function imported(line: CommandLine, text: string, ...flags: string[]): Promise<Imported> {
  const ended = await take(line, text, "--json", ...flags);
  expect([ended.code, ended.stderr]).toEqual([0, ""]);
  return JSON.parse(ended.stdout) as Imported;
}

async function exported(line: CommandLine): Promise<string> {
  return (await line.run(["zone", "export", apex])).stdout;
}

test("a zone that is not there is made from the file, serial and TTLs as they are", async () => {
  using line = new CommandLine();
  const text = zoneFile(41, "www IN A 192.0.2.1", "mx 60 IN MX 10 mail.example.");
  expect(await imported(line, text, "--private")).toMatchObject({
    serial: 41,
    records: 4,
    made: true,
    private: true,
  });
  const out = await exported(line);
  expect(out).toMatch(/@\t(7200)?\tIN\tSOA\tns\.example\. host\.example\. 41 3600 600 86400 60\n/);
  expect(out).toMatch(/\nmx\t60\tIN\tMX\t10 mail\.example\.\n/);
  expect(out).toMatch(/\nwww\t(300)?\tIN\tA\t192\.0\.2\.1\n/);
});

test("what is exported can be imported again, and is the same", async () => {
  using line = new CommandLine();
  await imported(line, zoneFile(41, 'a\\.b IN TXT "x;y" "\\200"', "u IN TYPE65280 \\# 2 abcd"));
  const out = await exported(line);
  using other = new CommandLine();
  await imported(other, out);
  expect(await exported(other)).toBe(out);
});

/** RFC 1982 §3.2. */
const serials = [
  ["newer", 1_000, 2_000, 2_000],
  ["the same", 1_000, 1_000, 1_001],
  ["older", 1_000, 999, 1_001],
  ["newer around the corner", 4_294_967_295, 5, 5],
  ["older around the corner", 5, 4_294_967_295, 6],
] as const;

for (const [relation, stored, inFile, becomes] of serials) {
  test(`when the file's serial is ${relation}, ${stored} and ${inFile} make ${becomes}`, async () => {
    using line = new CommandLine();
    await imported(line, zoneFile(stored));
    expect(await imported(line, zoneFile(inFile))).toMatchObject({ serial: becomes, made: false });
    expect(await exported(line)).toContain(` ${becomes} 3600 600 86400 60`);
  });
}

test("errors are told with file, line and column, all at once, and nothing is imported", async () => {
  using line = new CommandLine();
  await imported(line, zoneFile(1, "www IN A 192.0.2.1"));
  const before = await exported(line);
  const file = join(line.data, "bad.zone");
  await Bun.write(file, zoneFile(2, "www IN A 192.0.2.256", "mx IN MX mail"));
  const { code, stdout, stderr } = await line.run(["zone", "import", apex, file]);
  expect([code, stdout]).toEqual([1, ""]);
  const lines = stderr.trimEnd().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines[0]).toStartWith(`${file}:4:10: `);
  expect(lines[1]).toStartWith(`${file}:5:`);
  expect(lines[2]).toBe(`error: Nothing is imported: ${file} has errors.`);
  expect(await exported(line)).toBe(before);
});

const refusedFiles = [
  ["no SOA at the apex", "@ 60 IN NS ns.example.\n", "SOA"],
  ["a name outside the zone", zoneFile(1, "x.example. IN A 192.0.2.1"), "an owner in dyn.test."],
  ["an empty file", "", "SOA"],
] as const;

for (const [what, text, says] of refusedFiles) {
  test(`a file with ${what} makes no zone`, async () => {
    using line = new CommandLine();
    const { code, stderr } = await take(line, text);
    expect([code, stderr]).toEqual([1, expect.stringContaining(says)]);
    expect((await line.run(["zone", "list"])).stdout).not.toContain(apex);
  });
}

test("a file that is not there is told by name", async () => {
  using line = new CommandLine();
  const { code, stderr } = await line.run(["zone", "import", apex, "/no/such.zone"]);
  expect([code, stderr]).toEqual([1, expect.stringContaining("Cannot read /no/such.zone")]);
});

test("$INCLUDE is looked for beside the file", async () => {
  using line = new CommandLine();
  await Bun.write(join(line.data, "more"), "www IN A 192.0.2.1\n");
  await Bun.write(join(line.data, "zone"), zoneFile(1, "$INCLUDE more"));
  expect((await line.run(["zone", "import", apex, join(line.data, "zone")])).code).toBe(0);
  expect(await exported(line)).toContain("192.0.2.1");
});

/** The zone with the host cam.dyn.test at 192.0.2.7. */
async function withHost(): Promise<CommandLine> {
  const line = new CommandLine();
  await imported(line, zoneFile(1, "www IN A 192.0.2.1"));
  await line.json(["user", "add", "alice", "--password-stdin"], "lantern gravel oboe tuesday");
  await line.json(["host", "add", "cam.dyn.test", "--user", "alice"]);
  const url = join(line.data, "nameward.db");
  await using store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
  const host = (await store.listHosts({ limit: 1 }))[0]!.id;
  const v4 = Uint8Array.of(192, 0, 2, 7);
  await store.commit([{ host, v4, v6: undefined, atMs: 1 }], []);
  return line;
}

test("hosts stay when the records are replaced, and an export with them can be imported", async () => {
  using line = await withHost();
  const out = await exported(line);
  expect(out).toMatch(/cam\t60\tIN\tA\t192\.0\.2\.7\n/);
  expect(await imported(line, out.replace("192.0.2.1\n", "192.0.2.2\n"))).toMatchObject({
    records: 3, // the host's address is not one of them
  });
  expect(await exported(line)).toMatch(/cam\t60\tIN\tA\t192\.0\.2\.7\n/);
  expect(await exported(line)).toContain("192.0.2.2");
});

const conflicts = [
  ["another address", "cam IN A 192.0.2.8", 4, "no address or alias: cam.dyn.test is a host"],
  ["an address of the other family", "CAM IN AAAA 2001:db8::1", 4, "cam.dyn.test is a host"],
  ["an alias", "cam IN CNAME www", 4, "cam.dyn.test is a host"],
  ["a delegation", "cam IN NS ns.example.", 4, "nothing that hides the host cam.dyn.test"],
] as const;

for (const [what, record, at, says] of conflicts) {
  test(`${what} at a host's name is refused with its line`, async () => {
    using line = await withHost();
    const before = await exported(line);
    const { code, stderr } = await take(line, zoneFile(9, record, "ok IN TXT ok"));
    expect(code).toBe(1);
    expect(stderr).toStartWith(`-:${at}:1: `);
    expect(stderr).toContain(says);
    expect(await exported(line)).toBe(before);
  });
}

test("other types may stand at a host's name", async () => {
  using line = await withHost();
  await imported(line, zoneFile(9, 'cam IN TXT "the garage"', "cam IN MX 10 mail.example."));
});

test("a public zone does not become private by an import", async () => {
  using line = await withHost();
  const { code, stderr } = await take(line, zoneFile(9), "--private");
  expect([code, stderr]).toEqual([1, expect.stringContaining("is public")]);
});
