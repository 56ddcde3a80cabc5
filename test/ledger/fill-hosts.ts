/** A data folder with one private zone, many hosts and a login for them all. */

import { Database } from "bun:sqlite";
import { join } from "node:path";
import { systemClock } from "../../src/base/clock.ts";
import { parseHostName } from "../../src/core/host-name.ts";
import { makeVerifier } from "../../src/core/verifier.ts";
import { openPepper } from "../../src/store/pepper.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Made } from "../../src/store/store.ts";
import { parseRdataText, types } from "../../src/dns/record-types.ts";
import { quietLog } from "../quiet-log.ts";

export const zoneText = "ledger.test";
export const username = "fleet";
export const password = "every-change-counts";

export function hostText(host: number): string {
  return `h${host}.${zoneText}`;
}

/** The zone is private: in it a host has no budget of changes. */
export async function fillHosts(data: string, hosts: number): Promise<void> {
  const url = join(data, "nameward.db");
  await using store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
  const verifier = makeVerifier(await openPepper(data), username, password);
  const user = made(await store.addUser("ledger", false, "!")); // no password opens this account
  const soa = `ns1.${zoneText}. hostmaster.${zoneText}. 1 3600 600 1209600 60`;
  const records = [record(types.SOA, soa), record(types.NS, `ns1.${zoneText}.`)];
  const zone = made(await store.addZone(parseHostName(zoneText)!, true, 1, records));
  addHosts(url, zone.id, user.id, hosts);
  made(await store.addLogin({ user: user.id, username, verifier, hosts: "all-of-user" }));
}

/** In one transaction: the store makes a host durable each time, which takes too long for many. */
function addHosts(url: string, zone: number, user: number, hosts: number): void {
  using database = new Database(url);
  const insert = database.query(
    "insert into host (zone, user, name, created_at_ms) values (?, ?, ?, ?)",
  );
  database.transaction(() => {
    for (let host = 0; host < hosts; host++) insert.run(zone, user, hostText(host), Date.now());
  })();
}

function record(type: number, text: string) {
  const parsed = parseRdataText(type, text);
  if (parsed.kind !== "rdata") throw new Error(`The zone of the ledger is wrong: ${text}`);
  return { owner: `${zoneText}.`, type, ttlSeconds: 3_600, rdata: parsed.rdata };
}

function made<Thing>(outcome: Made<Thing>): Thing {
  if (outcome.kind === "made") return outcome.made;
  throw new Error(`The hosts of the ledger could not be made: ${outcome.kind}`);
}
