import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { openApi } from "../../test/called-api.ts";
import { parseHostName } from "../core/host-name.ts";

test("held hosts are listed with why and by whom, and bursts and new crowds are signals", async () => {
  await using api = await openApi(() => ({}));
  const { store, folder } = api;
  const [bob, eve] = [
    await store.addUser("bob", false, "-"),
    await store.addUser("eve", false, "-"),
  ];
  const zone = await store.addZone(parseHostName("dyn.example.net")!, true, 1, []);
  if (bob.kind !== "made" || eve.kind !== "made" || zone.kind !== "made") throw new Error("No");
  for (let i = 0; i < 12; i++) {
    const owner = i < 2 ? bob.made.id : eve.made.id;
    await store.addHost(parseHostName(`h${i}.dyn.example.net`)!, zone.made.id, owner);
  }
  expect(await store.operator.listHeld()).toEqual([]);
  const database = new Database(join(folder, "nameward.db"));
  database.run("update host set is_blocked = 1 where name = 'h0.dyn.example.net'");
  database.run(
    "insert into host_note (host, held_by, held_why, held_at_ms) select id, 'alice', 'phishing', 5 from host where name = 'h0.dyn.example.net'",
  );
  const nowMs = Date.now();
  database.run(
    "insert into incident (host, kind, opened_at_ms) select id, 'failed-authentication', ? from host where name = 'h1.dyn.example.net'",
    [nowMs],
  );
  database.close();
  expect(await store.operator.listHeld()).toEqual([
    { host: "h0.dyn.example.net", owner: "bob", why: "phishing", by: "alice", atMs: 5 },
  ]);
  expect(await store.operator.listSignals(nowMs)).toMatchObject([
    { what: "many requests with a wrong login", host: "h1.dyn.example.net", owner: "bob" },
    { what: "a new account with 10 hosts", owner: "eve" },
  ]);
  // A day later both are old.
  expect(await store.operator.listSignals(nowMs + 2 * 86_400_000)).toEqual([]);
});
