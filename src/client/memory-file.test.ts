/** The memory of the update client on a real disk. */

import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  hasFingerprint,
  makeFingerprint,
  parseMemory,
  printMemory,
  readMemory,
  writeMemory,
} from "./memory-file.ts";
import type { Entry } from "./memory-file.ts";

const entry: Entry = {
  profile: "home",
  host: "cam1.dyn.test",
  family: 4,
  accepted: { address: "203.0.113.7", atMs: 1_800_000_000_000 },
  halted: undefined,
  fingerprint: undefined,
  notBeforeMs: undefined,
};
const halted: Entry = {
  ...entry,
  family: 6,
  accepted: undefined,
  halted: "badauth",
  fingerprint: "c2FsdA.aGFzaA",
  notBeforeMs: 1_800_000_060_000,
};

test("what is written is read again, by its owner alone, and leaves nothing beside it", () => {
  using folder = makeFolder();
  const path = join(folder.path, "deeper", "memory.json");
  expect(readMemory(path)).toEqual({ kind: "absent" });
  expect(writeMemory(path, [entry])).toBeUndefined();
  expect(writeMemory(path, [entry, halted])).toBeUndefined();
  expect(readMemory(path)).toEqual({ kind: "memory", entries: [entry, halted] });
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(readdirSync(join(folder.path, "deeper"))).toEqual(["memory.json"]);
});

test("a run that was killed while it wrote leaves the old memory, and the next one writes", () => {
  using folder = makeFolder();
  const path = join(folder.path, "memory.json");
  expect(writeMemory(path, [entry])).toBeUndefined();
  writeFileSync(`${path}.new`, printMemory([entry, halted]).slice(0, 40));
  expect(readMemory(path)).toEqual({ kind: "memory", entries: [entry] });
  expect(writeMemory(path, [halted])).toBeUndefined();
  expect(readMemory(path)).toEqual({ kind: "memory", entries: [halted] });
});

test("a memory that cannot be written is told, and nothing is thrown", () => {
  using folder = makeFolder();
  const path = join(folder.path, "file", "memory.json");
  writeFileSync(join(folder.path, "file"), "");
  expect(writeMemory(path, [entry])).toMatch(/^E/);
});

const good = printMemory([entry]);
const unusable = [
  ["nothing", ""],
  ["a file that was cut", good.slice(0, -10)],
  ["another program's JSON", '{"hosts": []}'],
  ["a later version", good.replace('"version": 1', '"version": 2')],
  ["an address of the other family", good.replace('"family": 4', '"family": 6')],
  ["what is no address", good.replace("203.0.113.7", "home")],
  ["what is no time", good.replace("2027-", "soon-")],
  ["a list", "[]"],
  ["octets", "\0\0\0\0"],
] as const;

for (const [what, text] of unusable) {
  test(`${what} is no memory`, () => {
    expect(text).not.toBe(good);
    expect(parseMemory(text)).toBeUndefined();
  });
}

test("a fingerprint knows its configuration, and does not say what is in it", () => {
  const fingerprint = makeFingerprint("alice secret");
  expect(hasFingerprint("alice secret", fingerprint)).toBe(true);
  expect(hasFingerprint("alice Secret", fingerprint)).toBe(false);
  expect(hasFingerprint("", ".")).toBe(false);
  expect(makeFingerprint("alice secret")).not.toBe(fingerprint);
});

function makeFolder(): Disposable & { readonly path: string } {
  const path = mkdtempSync(join(tmpdir(), "nameward-memory-"));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}
