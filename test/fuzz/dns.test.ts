/** `npm test -- --fuzz=1000000 test/fuzz` for a longer run, `--fuzz-seed=7` for another one. */

import { readFileSync, readdirSync } from "node:fs";
import { expect, test } from "bun:test";

import { makeQuery, writeMessage } from "../../src/dns/message.ts";
import { parseName } from "../../src/dns/name.ts";
import { typeCode, types } from "../../src/dns/record-types.ts";
import { makeUpdate } from "../../src/dns/update-message.ts";
import { classes } from "../../src/dns/resource-record.ts";
import type { ResourceRecord } from "../../src/dns/resource-record.ts";
import { MalformedMessage, WireReader } from "../../src/dns/wire.ts";
import { parseZoneFile } from "../../src/dns/zone-file.ts";
import { parseHexLine, parseRdataLine, readFixtures } from "./fixtures.ts";
import { fuzzMessage, fuzzRdata, fuzzZoneFile } from "./dns-targets.ts";
import { findFault } from "./mutate.ts";
import type { FuzzRun } from "./mutate.ts";

const longCount = process.env["NAMEWARD_TEST_LONG"] === undefined ? 20_000 : 1_000_000;
const count = Number(process.env["NAMEWARD_TEST_FUZZ"] ?? longCount);
const seed = Number(process.env["NAMEWARD_TEST_FUZZ_SEED"] ?? 1035);
const slowMs = 5_000;
const testMs = 60_000 + count * 5;

const folder = "test/fixtures/zone-files";
const zoneFiles = readdirSync(`${folder}/valid`).map((file) =>
  readFileSync(`${folder}/valid/${file}`),
);
const cases = readFileSync(`${folder}/invalid/cases.txt`, "latin1").split(/^### .*\n/m);

/** One record of every kind in the fixtures. */
const records = zoneFiles.flatMap((file) => [
  ...parseZoneFile(file, { file: "seed", origin: parseName("example.")! }).records,
]);

function messageOf(answers: readonly ResourceRecord[]): Uint8Array {
  const query = makeQuery(parseName("host.example.")!, types.A, {
    id: 1,
    edns: { isDnssecOk: true },
  });
  return writeMessage({ ...query, answers: answers.map((r) => ({ ...r, class: classes.IN })) });
}

const owner = parseName("host.example.")!;
const update = makeUpdate(parseName("example.")!, {
  id: 1,
  prerequisites: [{ kind: "name-in-use", owner }],
  changes: [
    { kind: "delete-name", owner },
    { kind: "delete-rrset", owner, type: types.A },
    { kind: "add", record: { owner, type: types.A, ttlSeconds: 60, rdata: new Uint8Array(4) } },
  ],
});
/** The odd ones, good and bad: what was worth writing down is worth bending. */
const oddMessages = ["messages/valid.txt", "messages/invalid.txt"].flatMap((path) =>
  readFixtures(path).map(({ line }) => parseHexLine(line)),
);
const oddRdatas = ["rdata/valid.txt", "rdata/invalid.txt"].flatMap((path) =>
  readFixtures(path).map(({ line }) => {
    const { type, rdata } = parseRdataLine(line);
    return Uint8Array.of(typeCode(type)! >> 8, typeCode(type)!, ...rdata);
  }),
);
const messages = [
  ...oddMessages,
  writeMessage(update),
  ...records.map((record) => messageOf([record])),
  messageOf(records.slice(0, 12)),
];

const rdatas = [
  ...oddRdatas,
  ...records.map((r) => Uint8Array.of(r.type >> 8, r.type & 0xff, ...r.rdata)),
];

const texts = [
  "$GENERATE 1-9 a$ ",
  "$INCLUDE x\n",
  "$ORIGIN ",
  "$TTL ",
  "\n",
  "\n@ ",
  "\t",
  " ( ",
  ")",
];
const words = [
  '"',
  "\\",
  "\\255",
  "\\#",
  " IN ",
  " 1h ",
  " CNAME ",
  " TYPE64 ",
  "=",
  ",",
  ";",
  ".",
];
const octets = ["0000", "ffff", "c000", "c00c", "00", "0001", "0029", "00ff", "3f", "00000000"];

function runOf(target: FuzzRun["target"]): FuzzRun {
  const isText = target === fuzzZoneFile;
  const corpora = new Map([
    [fuzzMessage, messages],
    [fuzzRdata, rdatas],
    [fuzzZoneFile, [...zoneFiles, ...cases.map((text) => Buffer.from(text, "latin1"))]],
  ]);
  return {
    target,
    corpus: corpora.get(target) ?? messages,
    dictionary: isText
      ? [...texts, ...words].map((text) => Buffer.from(text, "latin1"))
      : octets.map((hex) => Uint8Array.fromHex(hex)),
    count: isText ? Math.ceil(count / 10) : count,
    seed,
    slowMs,
  };
}

test("there is a corpus to bend", () => {
  expect(messages.length).toBeGreaterThan(100);
  expect(oddMessages.length).toBeGreaterThan(50);
  expect(oddRdatas.length).toBeGreaterThan(40);
  expect(new Set(records.map((record) => record.type)).size).toBeGreaterThan(35);
  expect(cases.length).toBeGreaterThan(40);
});

for (const target of [fuzzMessage, fuzzRdata, fuzzZoneFile]) {
  test(
    `${target.name} survives ${runOf(target).count} inputs, seed ${seed}`,
    () => {
      const fault = findFault(runOf(target));
      if (fault !== undefined)
        throw new Error(`${fault.why}\n${Buffer.from(fault.data).toString("hex")}`);
    },
    testMs,
  );
}

// Negative controls: the mistakes such readers are known for are found in no more inputs than above.
const broken: readonly [string, FuzzRun["target"]][] = [
  ["reads past the end", readPastTheEnd],
  ["trusts a pointer", trustPointer],
  ["throws something else than MalformedMessage", throwOther],
];

for (const [what, target] of broken) {
  test(`a reader that ${what} is caught`, () => {
    expect(findFault({ ...runOf(target), count: 20_000 })).toBeDefined();
  });
}

test("a reader that takes too long is caught", () => {
  const spin = (): void => {
    for (const startMs = performance.now(); performance.now() - startMs < 20;);
  };
  expect(findFault({ ...runOf(spin), count: 3, slowMs: 10 })?.why).toContain("ms for one input");
});

/** The length of the first label is believed. */
function readPastTheEnd(data: Uint8Array): void {
  const length = data[12] ?? 0;
  if (data.length > 12 && data[12 + length] === undefined) throw new RangeError("past the end");
}

/** Follows pointers wherever they lead, until it has gone round. */
function trustPointer(data: Uint8Array): void {
  const seen = new Set<number>();
  for (let at = 12; at < data.length && data[at] !== 0;) {
    if (seen.has(at)) throw new Error("a loop");
    seen.add(at);
    at = data[at]! >= 0xc0 ? (data[at]! & 0x3f) * 256 + (data[at + 1] ?? 0) : at + data[at]! + 1;
  }
}

function throwOther(data: Uint8Array): void {
  try {
    new WireReader(data, 12).name();
  } catch (error) {
    if (error instanceof MalformedMessage && error.message.includes("does not lead backwards")) {
      throw new TypeError("not what was promised");
    }
  }
}
