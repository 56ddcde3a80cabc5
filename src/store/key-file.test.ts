import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openPepper } from "./pepper.ts";
import { openOrMakeSecretsKey, openSecretsKey } from "./secrets-key.ts";

let folder: string;
let data: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nameward-key-"));
  data = join(folder, "deep", "data");
});
afterEach(() => rmSync(folder, { recursive: true }));

const files = [
  ["device-logins.key", openPepper],
  ["secrets.key", openOrMakeSecretsKey],
] as const;

for (const [file, open] of files) {
  test(`${file} is made once, for its owner alone`, async () => {
    const key = await open(data);
    expect(key.length).toBe(32);
    expect(await open(data)).toEqual(key);
    expect(readdirSync(data)).toEqual([file]);
    expect(statSync(data).mode & 0o777).toBe(0o700);
    expect(statSync(join(data, file)).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(data, file), "latin1")).toBe(`${key.toHex()}\n`);
  });

  test(`${file} that is asked for many times at once is one key`, async () => {
    const keys = await Promise.all(Array.from({ length: 20 }, () => open(data)));
    expect(new Set(keys.map((key) => key.toHex())).size).toBe(1);
  });

  for (const text of ["", "abcd", `${"ab".repeat(31)}zz`, "ab".repeat(33)]) {
    test(`${file} that holds ${text.length} characters which are no key is left as it is`, async () => {
      await open(data);
      writeFileSync(join(data, file), text);
      await expect(open(data)).rejects.toThrow("Restore it from a backup");
      expect(readFileSync(join(data, file), "latin1")).toBe(text);
    });
  }
}

test("a key that something was sealed with is not made anew", async () => {
  await expect(openSecretsKey(folder)).rejects.toThrow(
    "secrets.key. Restore it from a backup: without it neither the keys of signed zones nor the secrets of GnuDIP logins can be used.",
  );
  expect(readdirSync(folder)).toEqual([]);
  const key = await openOrMakeSecretsKey(folder);
  expect(await openSecretsKey(folder)).toEqual(key);
});
