import { expect, test } from "bun:test";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { printMistake, printMistakeBoxed } from "./mistake.ts";
import { configOctetsMax } from "./config-text.ts";
import { readConfig } from "./read-config.ts";

const folder = join(import.meta.dir, "../../test/fixtures/config");
const invalid = readdirSync(join(folder, "invalid"));
const valid = readdirSync(join(folder, "valid"));

test("there are sixty wrong files and more, and some that are right", () => {
  expect(invalid.length).toBeGreaterThanOrEqual(60);
  expect(valid.length).toBeGreaterThanOrEqual(4);
});

for (const name of invalid) {
  test(`invalid/${name} is refused for exactly what is wrong with it`, () => {
    const file = join(folder, "invalid", name);
    const expected = readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line.startsWith("#: "));
    expect(expected.length).toBeGreaterThan(0);
    const reading = readConfig({ flags: { config: file }, env: {} });
    if (reading.kind !== "mistakes") throw new Error(`${name} was taken`);
    const found = reading.mistakes.map((mistake) => printMistake(mistake));
    expect(found.map((line, i) => isAs(line, file, expected[i]) || line)).toEqual(
      expected.map(() => true),
    );
    for (const mistake of reading.mistakes) {
      if (mistake.place.kind !== "file") throw new Error(`${name}: not in the file`);
      expect(mistake.place.line).toBeGreaterThan(0);
      expect(printMistakeBoxed(mistake)).toMatch(/┌─ .*\n\d+ │ .*\n +│ +\^+/);
      expect(printMistakeBoxed(mistake).replaceAll("\n", "")).not.toMatch(/\p{Cc}/u);
    }
  });
}

/** `#: 2:1: text` is where and how the mistake begins; without a place its text is anywhere in the line. */
function isAs(line: string, file: string, expectation: string | undefined): boolean {
  if (expectation === undefined || !line.startsWith(`${file}:`)) return false;
  const text = expectation.slice(3);
  return /^\d+:\d+: /.test(text) ? line.startsWith(`${file}:${text}`) : line.includes(`: ${text}`);
}

for (const name of valid) {
  test(`valid/${name} is taken`, () => {
    const reading = readConfig({ flags: { config: join(folder, "valid", name) }, env: {} });
    expect(reading.kind === "mistakes" ? reading.mistakes.map(printMistake) : []).toEqual([]);
  });
}

test("control: a right file does not satisfy the expectation of a wrong one", () => {
  expect(isAs("/x.yaml:1:1: something else", "/x.yaml", "#: 1:1: unknown setting")).toBe(false);
  expect(isAs("/x.yaml:2:1: unknown setting", "/x.yaml", "#: 1:1: unknown setting")).toBe(false);
});

const unreadable = [
  ["is not there", "none.yaml", "cannot read the file: there is no such file"],
  ["is a folder", "folder", "cannot read the file: it is not a regular file"],
  ["is a pipe", "pipe", "cannot read the file: it is not a regular file"],
  ["is not UTF-8", "latin1.yaml", "the file is not UTF-8 text"],
  ["is too large", "large.yaml", `cannot read the file: it is larger than ${configOctetsMax}`],
] as const;

test("a file that cannot be read is told by name and reason, and nobody waits for it", async () => {
  const made = mkdtempSync(join(tmpdir(), "nameward-config-"));
  try {
    await Bun.write(join(made, "folder", "x"), "");
    await Bun.write(join(made, "latin1.yaml"), Uint8Array.of(0x23, 0xe9, 0x0a));
    await Bun.write(join(made, "large.yaml"), "#".repeat(configOctetsMax + 1));
    expect(await Bun.spawn(["mkfifo", join(made, "pipe")]).exited).toBe(0);
    for (const [, name, says] of unreadable) {
      const file = join(made, name);
      const reading = readConfig({ flags: { config: file }, env: {} });
      const found = reading.kind === "mistakes" ? reading.mistakes.map(printMistake) : [];
      expect(found).toEqual([expect.stringContaining(`${file}: ${says}`)]);
    }
    expect(statSync(join(made, "large.yaml")).size).toBe(configOctetsMax + 1);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
});
