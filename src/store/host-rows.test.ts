import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import type { HostName } from "../core/host-name.ts";
import { countHosts, deleteHost, findHostById, insertHost, readHosts } from "./host-rows.ts";
import { migrate } from "./schema.ts";
import { insertUser } from "./user-rows.ts";
import { insertZone } from "./zone-rows.ts";

for (const hosts of [0, 1, 999, 1_000, 1_001, 2_500]) {
  test(`of ${hosts} hosts each is read once, in order of id`, () => {
    using database = openDatabase();
    fill(database, hosts);
    const read = [...readHosts(database)];
    expect(read).toHaveLength(hosts);
    expect(countHosts(database)).toBe(hosts);
    for (const [at, host] of read.entries()) {
      expect(host).toEqual(findHostById(database, at + 1)!);
    }
  });
}

test("hosts that are gone leave no gap in what is read", () => {
  using database = openDatabase();
  fill(database, 2_500);
  for (let id = 501; id <= 2_000; id++) deleteHost(database, id);
  const ids = [...readHosts(database)].map((host) => host.id);
  expect(ids).toHaveLength(1_000);
  expect([ids[499], ids[500], ids.at(-1)]).toEqual([500, 2_001, 2_500]);
});

function openDatabase(): Database {
  const database = new Database(":memory:");
  migrate(database, ":memory:");
  return database;
}

/** Hosts that have no address, one or the other, or both, and that are held or not. */
function fill(database: Database, hosts: number): void {
  const user = insertUser(database, "alice", false, "hash", 0).id;
  const zone = insertZone(database, "dyn.test" as HostName, false, 1);
  const setAddresses = database.query(
    "update host set v4 = ?, v6 = ?, changed_at_ms = ?, is_blocked = ? where id = ?",
  );
  const insertAll = database.transaction(() => {
    for (let made = 0; made < hosts; made++) {
      const { id } = insertHost(database, `cam${made}.dyn.test` as HostName, zone, user, made);
      const v4 = (made & 1) === 0 ? null : Uint8Array.of(10, 0, made >> 8, made);
      const v6 = (made & 2) === 0 ? null : new Uint8Array(16).fill(made);
      if (made % 5 !== 0) setAddresses.run(v4, v6, made, (made >> 2) & 1, id);
    }
  });
  insertAll();
}
