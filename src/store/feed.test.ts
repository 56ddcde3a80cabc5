import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../base/clock.ts";
import type { Fact } from "../core/fact.ts";
import type { HostName } from "../core/host-name.ts";
import { feedEntriesMax, getFeedEnd, trimFeed } from "./feed.ts";
import { openStore } from "./open-store.ts";
import { migrate } from "./schema.ts";

const log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};
let folder: string;
let url: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nameward-feed-"));
  url = join(folder, "nameward.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

test("who was away while the feed was trimmed is told all there is, and all that is gone", async () => {
  await using store = await openStore({ url, thread: true, clock: systemClock, log });
  await store.addUser("alice", false, "");
  await store.addZone("dyn.test" as HostName, false, 1, []);
  await store.addHost("a.dyn.test" as HostName, 1, 1);
  await store.addHost("b.dyn.test" as HostName, 1, 1);
  await store.changeChallenges([2], { kind: "add", value: "old" }, []);
  await store.setInterface(2, Uint8Array.of(...Array<number>(15).fill(0), 7));
  const login = { user: 1, verifier: new Uint8Array(32), hosts: "all-of-user" } as const;
  await store.addLogin({ ...login, username: "cam" });
  const position = await store.load(() => undefined);

  await store.removeHost("a.dyn.test" as HostName);
  await store.removeLogin("cam");
  await store.changeChallenges([2], { kind: "clear" }, []);
  await store.setInterface(2, undefined);
  await store.addHost("c.dyn.test" as HostName, 1, 1);
  const direct = new Database(url);
  direct.run("delete from change where seq <= ?", [position + 1]);
  direct.close();

  const told: Fact[] = [];
  store.follow(position, (facts) => told.push(...facts));
  const host = await store.findHost("c.dyn.test" as HostName); // asked after `follow`, so answered after it
  expect(told.slice(0, 2)).toEqual([
    { kind: "login", id: 1, login: undefined },
    { kind: "host", id: 1, host: undefined },
  ]);
  // Of what hosts have beside addresses nothing says that it was there: all that have none are told.
  expect(told.slice(2, 6)).toEqual([
    { kind: "interface", host: 2, identifier: undefined },
    { kind: "interface", host: 3, identifier: undefined },
    { kind: "challenges", host: 2, challenges: [] },
    { kind: "challenges", host: 3, challenges: [] },
  ]);
  expect(told.slice(6).map((fact) => fact.kind)).toEqual([
    "user",
    "zone",
    "records",
    "keys",
    "host",
    "host",
  ]);
  expect(told.at(-1)).toEqual({ kind: "host", id: 3, host });
});

test("the feed keeps its newest entries and its numbers go on", () => {
  const database = new Database(url);
  migrate(database, url);
  database.run(
    `with recursive n (i) as (select 1 union all select i + 1 from n where i < ${feedEntriesMax + 500})
     insert into change (writer, at_ms, kind, subject) select 1, 0, 4, i from n`,
  );
  trimFeed(database, getFeedEnd(database));
  expect(database.query("select count(*), min(seq) from change").values()).toEqual([
    [feedEntriesMax, 501],
  ]);
  database.run("delete from change");
  expect(getFeedEnd(database)).toBe(feedEntriesMax + 500);
  database.close();
});
