/** A data folder with one zone, one login and many hosts, made before a server is started on it. */

import { Database } from "bun:sqlite";
import { join } from "node:path";
import { systemClock } from "../src/base/clock.ts";
import { parseHostName } from "../src/core/host-name.ts";
import { makeVerifier } from "../src/core/verifier.ts";
import { parseRdataText, types } from "../src/dns/record-types.ts";
import { openPepper } from "../src/store/pepper.ts";
import { openStore } from "../src/store/open-store.ts";
import type { Made } from "../src/store/store.ts";
import { apex, credential, hostOctets } from "./names.ts";

/** Hosts cam0, cam1, … Each has an A record in 10.0.0.0/8, as if it had updated once. */
export async function fillStore(data: string, hosts: number): Promise<void> {
  const url = join(data, "nameward.db");
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  await using store = await openStore({ url, thread: false, clock: systemClock, log });
  const pepper = await openPepper(data);
  const user = made(await store.addUser("bench", false, "!")); // no password opens this account
  const zone = made(
    await store.addZone(parseHostName(apex)!, true, 1, [
      record(types.SOA, `ns1.${apex}. hostmaster.${apex}. 1 3600 600 1209600 60`, `${apex}.`),
      record(types.NS, `ns1.${apex}.`, `${apex}.`),
      record(types.A, "127.0.0.1", `ns1.${apex}.`),
    ]),
  );
  const { username, password } = credential;
  const verifier = makeVerifier(pepper, username, password);
  made(await store.addLogin({ user: user.id, username, verifier, hosts: "all-of-user" }));
  insertHosts(url, zone.id, user.id, hosts);
}

/** Straight SQL: a million calls of `addHost` would take longer than what is to be measured. */
function insertHosts(path: string, zone: number, user: number, hosts: number): void {
  using database = new Database(path);
  const insert = database.query(`
    insert into host (zone, user, name, created_at_ms, changed_at_ms, v4)
    values (?, ?, ?, ?, ?, ?)`);
  const nowMs = Date.now();
  const insertAll = database.transaction(() => {
    for (let host = 0; host < hosts; host++) {
      insert.run(zone, user, `cam${host}.${apex}`, nowMs, nowMs, hostOctets(host));
    }
  });
  insertAll();
}

function ignore(): void {
  // Filling a folder that will be thrown away is nothing to write about.
}

function record(type: number, text: string, owner: string) {
  const parsed = parseRdataText(type, text);
  if (parsed.kind !== "rdata") throw new Error(`The zone is wrong: ${text}`);
  return { owner, type, ttlSeconds: 3_600, rdata: parsed.rdata };
}

function made<Thing>(outcome: Made<Thing>): Thing {
  if (outcome.kind !== "made") throw new Error(`The store could not be filled: ${outcome.kind}`);
  return outcome.made;
}
