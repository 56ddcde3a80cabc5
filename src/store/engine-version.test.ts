import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { isSoundEngine } from "./engine-version.ts";

const versions = [
  ["3.54.1", true],
  ["3.51.3", true], // the first with the fix
  ["3.51.2", false], // the last without
  ["3.51.10", true], // numbers, not text
  ["3.50.7", true], // the fix in older series
  ["3.50.6", false],
  ["3.44.6", true],
  ["3.44.5", false],
  ["3.45.9", false], // a series without the fix
  ["3.7.0", false],
  ["4.0.0", true],
  ["2.8.17", false],
  ["3.52", false], // not a version as SQLite prints it
  ["", false],
] as const;

for (const [version, isSound] of versions) {
  test(`SQLite "${version}" is ${isSound ? "trusted" : "refused"}`, () => {
    expect(isSoundEngine(version)).toBe(isSound);
  });
}

test("the SQLite of this runtime is trusted", () => {
  const database = new Database(":memory:");
  const row = database.query<{ version: string }, []>("select sqlite_version() as version").get();
  database.close();
  expect(isSoundEngine(row!.version)).toBe(true);
});
