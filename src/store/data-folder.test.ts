import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../base/clock.ts";
import { findNetworkFileSystem, parseStoreUrl } from "./data-folder.ts";
import { openStore } from "./open-store.ts";

const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nameward-data-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const urls = [
  ["/var/lib/nameward/nameward.db", "/var/lib/nameward/nameward.db"],
  ["sqlite:/var/lib/nameward/nameward.db", "/var/lib/nameward/nameward.db"],
  ["sqlite:data/nameward.db", join(process.cwd(), "data/nameward.db")],
  ["postgres://db/nameward", undefined],
  ["sqlite:", undefined],
  [":memory:", undefined], // nothing durable about it
  ["", undefined],
] as const;

for (const [url, path] of urls) {
  test(`the store "${url}" is ${path ?? "not a database file"}`, () => {
    expect(parseStoreUrl(url)).toBe(path);
  });
}

test("nobody but the owner may read what is in the data folder", async () => {
  const data = join(folder, "deep", "data");
  await using store = await openStore({
    url: join(data, "nameward.db"),
    thread: true,
    clock: systemClock,
    log,
  });
  await store.addUser("alice", false, "hash");
  expect(statSync(data).mode & 0o777).toBe(0o700);
  const files = readdirSync(data).toSorted();
  expect(files).toEqual(["nameward.db", "nameward.db-shm", "nameward.db-wal", "nameward.lock"]);
  for (const file of files) expect(statSync(join(data, file)).mode & 0o777).toBe(0o600);
});

test("a second server on the folder is refused in words, a command is not", async () => {
  const options = { url: join(folder, "nameward.db"), clock: systemClock, log };
  {
    await using _server = await openStore({ ...options, thread: true });
    await expect(openStore({ ...options, thread: true })).rejects.toThrow(
      "another Nameward server",
    );
    await using command = await openStore({ ...options, thread: false });
    expect(await command.listUsers()).toEqual([]);
  }
  await using next = await openStore({ ...options, thread: true });
  expect(next.health().state).toBe("ready");
});

test("network file systems are known by their numbers in statfs(2)", () => {
  expect(findNetworkFileSystem(0x6969)).toBe("NFS");
  expect(findNetworkFileSystem(-11317950)).toBe("CIFS"); // some runtimes print the number signed
  expect(findNetworkFileSystem(0xef53)).toBeUndefined(); // ext4
});
