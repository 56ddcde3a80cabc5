import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { HostName } from "../core/host-name.ts";
import { applicationId, migrate, migrations } from "./schema.ts";
import { insertZoneKey, listZoneKeys } from "./zone-key-rows.ts";
import { readZones } from "./zone-rows.ts";

let folder: string;
let path: string;
let database: Database;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nameward-schema-"));
  path = join(folder, "nameward.db");
  database = new Database(path);
});
afterEach(() => {
  database.close();
  rmSync(folder, { recursive: true });
});

const first = "create table thing (id integer primary key); insert into thing values (7);";
const second = "alter table thing add column colour text not null default 'red'";

test("a new database gets every step, the version and our mark, and no copy", () => {
  migrate(database, path, [first, second]);
  expect(database.query("pragma user_version").get()).toEqual({ user_version: 2 });
  expect(database.query("pragma application_id").get()).toEqual({ application_id: applicationId });
  expect(database.query("select * from thing").all()).toEqual([{ id: 7, colour: "red" }]);
  expect(existsSync(`${path}.before-1`)).toBe(false);
});

test("an older database is copied before it is upgraded, and keeps its rows", () => {
  migrate(database, path, [first]);
  database.run("insert into thing values (8)");
  migrate(database, path, [first, second]);
  expect(database.query("select id, colour from thing").values()).toEqual([
    [7, "red"],
    [8, "red"],
  ]);
  const copy = new Database(`${path}.before-2`, { readonly: true });
  expect(copy.query("select * from thing").values()).toEqual([[7], [8]]);
  expect(copy.query("pragma user_version").get()).toEqual({ user_version: 1 });
  copy.close();
});

test("a database of schema 1 keeps its zones, and they can be signed", () => {
  migrate(database, path, migrations.slice(0, 1));
  database.run("insert into zone values (3, 'dyn.test', 0, 7, 0, 0)");
  migrate(database, path);
  expect([...readZones(database)]).toEqual([
    { id: 3, apex: "dyn.test" as HostName, isPrivate: false, serial: 7 },
  ]);
  const [dnskey, sealed] = [Uint8Array.of(1), Uint8Array.of(2)];
  const key = { algorithm: 13, dnskey, keyTag: 5, sealed } as const;
  const made = insertZoneKey(database, 3, key, "active", 8, 9);
  expect(listZoneKeys(database, 3)).toEqual([made]);
  expect(existsSync(`${path}.before-2`)).toBe(true);
});

test("a step that fails leaves the database as it was, and can be tried again", () => {
  migrate(database, path, [first]);
  const broken = "insert into thing values (9); select * from nothing;";
  expect(() => migrate(database, path, [first, broken])).toThrow("nothing");
  expect(database.query("select * from thing").values()).toEqual([[7]]);
  migrate(database, path, [first, second]);
  expect(database.query("select * from thing").all()).toEqual([{ id: 7, colour: "red" }]);
});

test("a database of a newer program is refused in words", () => {
  migrate(database, path, [first, second]);
  expect(() => migrate(database, path, [first])).toThrow("newer Nameward (schema 2");
});

test("a database of another program is refused in words", () => {
  database.run("pragma user_version = 1");
  expect(() => migrate(database, path, [first, second])).toThrow("another program");
  expect(existsSync(`${path}.before-2`)).toBe(false);
});
