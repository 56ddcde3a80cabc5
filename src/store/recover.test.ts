import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../base/clock.ts";
import type { HostName } from "../core/host-name.ts";
import { openStore } from "./open-store.ts";
import { recoverDatabase } from "./recover.ts";
import type { Store } from "./store.ts";

const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nameward-recover-"));
  path = join(folder, "nameward.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const open = (): Promise<Store> => openStore({ url: path, thread: false, clock: systemClock, log });
const names = async (store: Store): Promise<readonly string[]> =>
  (await store.listUsers()).map((user) => user.name);

test("another process that has the database open goes on in the new file", async () => {
  await using beside = await open();
  await beside.addUser("before", false, "");
  const inode = statSync(path).ino;
  recoverDatabase(path, 1, () => undefined);
  expect(statSync(path).ino).not.toBe(inode);
  expect(statSync(path).mode & 0o777).toBe(0o600);

  await beside.addUser("after", false, "");
  await using fresh = await open();
  expect(await names(fresh)).toEqual(["before", "after"]);
});

test("a handle of the old file that closes last takes nothing of the new one along", async () => {
  await using first = await open();
  await first.addUser("before", false, "");
  const stale = new Database(path);
  stale.query("select * from user").all();
  recoverDatabase(path, 1, () => undefined);
  await using second = await open();
  await second.addUser("after", false, "");
  stale.close();
  expect(existsSync(`${path}-wal`)).toBe(true);
  await using third = await open();
  expect(await names(third)).toEqual(["before", "after"]);
});

test("a copy that lacks what was acknowledged is refused, and the database stays", async () => {
  await using store = await open();
  await store.addUser("alice", false, "");
  const inode = statSync(path).ino;
  expect(() => recoverDatabase(path, 2, () => undefined)).toThrow("2 was acknowledged");
  expect(statSync(path).ino).toBe(inode);
  expect(await names(store)).toEqual(["alice"]);
});

test("a swap that was interrupted is completed by whoever opens next, without the old log", async () => {
  {
    await using store = await open();
    await store.addUser("alice", false, "");
  }
  copyFileSync(path, join(folder, "decided"));
  {
    await using store = await open();
    await store.addUser("bob", false, "");
    copyFileSync(`${path}-wal`, join(folder, "old-log"));
  }
  // As after a crash between the decision and the second rename: the old log lies there, with bob.
  renameSync(join(folder, "old-log"), `${path}-wal`);
  renameSync(join(folder, "decided"), `${path}.swap`);
  await using store = await open();
  expect(await names(store)).toEqual(["alice"]);
  expect(existsSync(`${path}.swap`)).toBe(false);
});

test("without the completion the old log would be taken for the new file's", async () => {
  {
    await using store = await open();
    await store.addUser("alice", false, "");
  }
  copyFileSync(path, join(folder, "decided"));
  {
    await using store = await open();
    await store.addUser("bob", false, "");
    copyFileSync(`${path}-wal`, join(folder, "old-log"));
  }
  renameSync(join(folder, "old-log"), `${path}-wal`);
  renameSync(join(folder, "decided"), path);
  await using store = await open();
  expect(await names(store)).toEqual(["alice", "bob"]); // why the log goes first
});

const adminName = "dyn.test" as HostName;
test("a recovery keeps zones, their records and the feed", async () => {
  await using store = await open();
  const rdata = Uint8Array.of(1, 2, 3);
  await store.addZone(adminName, true, 9, [{ owner: "dyn.test.", type: 16, ttlSeconds: 5, rdata }]);
  const before = await store.load(() => undefined);
  recoverDatabase(path, before, () => undefined);
  expect(await store.listRecords(1)).toEqual([
    { owner: "dyn.test.", type: 16, ttlSeconds: 5, rdata },
  ]);
  expect(await store.load(() => undefined)).toBe(before);
});
