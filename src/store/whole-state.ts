/** The whole state as facts: for a start, and for a reader whose place in the feed was trimmed away. */

import type { Database } from "bun:sqlite";
import type { Fact } from "../core/fact.ts";
import { listAdapters } from "./adapter-rows.ts";
import type { FactKind } from "./feed.ts";
import { readChallenges } from "./challenge-rows.ts";
import { readHosts } from "./host-rows.ts";
import { readIdentifiers } from "./interface-rows.ts";
import { readLogins } from "./login-rows.ts";
import { readUsers } from "./user-rows.ts";
import { listZoneKeys } from "./zone-key-rows.ts";
import { listRecords, readZones } from "./zone-rows.ts";

/** Everything there is, things before what refers to them. Call it inside a transaction. */
export function* readWholeState(from: Database): Generator<Fact> {
  yield* readBeforeHosts(from);
  for (const host of readHosts(from)) yield { kind: "host", id: host.id, host };
  yield* readBehindHosts(from);
}

/** What hosts refer to, and all that can be told as soon as that. */
export function* readBeforeHosts(from: Database): Generator<Fact> {
  for (const user of readUsers(from)) yield { kind: "user", id: user.id, user };
  const zones = [...readZones(from)];
  for (const zone of zones) yield { kind: "zone", id: zone.id, zone };
  for (const { id } of zones) yield { kind: "records", zone: id, records: listRecords(from, id) };
  for (const { id } of zones) yield { kind: "keys", zone: id, keys: listZoneKeys(from, id) };
}

/** What refers to hosts, and what nothing refers to. */
export function* readBehindHosts(from: Database): Generator<Fact> {
  for (const { host, identifier } of readIdentifiers(from)) {
    yield { kind: "interface", host, identifier };
  }
  for (const { host, challenges } of readChallenges(from)) {
    yield { kind: "challenges", host, challenges };
  }
  for (const login of readLogins(from)) yield { kind: "login", id: login.id, login };
  for (const adapter of listAdapters(from)) yield { kind: "adapter", id: adapter.id, adapter };
}

/**
 * Everything that was and is no longer, what refers before what is referred to. Ids are given once and
 * never again (`autoincrement`), so an id that was given and is not there is one that was removed.
 */
export function* readGone(from: Database): Generator<Fact> {
  for (const id of missingIds(from, "adapter")) yield { kind: "adapter", id, adapter: undefined };
  for (const id of missingIds(from, "login")) yield { kind: "login", id, login: undefined };
  for (const id of missingIds(from, "host")) yield { kind: "host", id, host: undefined };
  for (const id of missingIds(from, "zone")) {
    yield { kind: "keys", zone: id, keys: [] };
    yield { kind: "records", zone: id, records: [] };
    yield { kind: "zone", id, zone: undefined };
  }
  for (const id of missingIds(from, "user")) yield { kind: "user", id, user: undefined };
  yield* readEmptied(from);
}

/** What a host may have had: nothing is left of it that could be missing, so every host that has none is told. */
function* readEmptied(from: Database): Generator<Fact> {
  for (const { id } of hostsWithout(from, "host_interface")) {
    yield { kind: "interface", host: id, identifier: undefined };
  }
  for (const { id } of hostsWithout(from, "host_challenge")) {
    yield { kind: "challenges", host: id, challenges: [] };
  }
}

function hostsWithout(
  from: Database,
  table: "host_interface" | "host_challenge",
): IterableIterator<{ id: number }> {
  return from
    .query<{ id: number }, []>(
      `select id from host where not exists (select 1 from ${table} where ${table}.host = host.id)`,
    )
    .iterate();
}

function* missingIds(
  from: Database,
  table: Exclude<FactKind, "records" | "keys" | "interface" | "challenges">,
): Generator<number> {
  const given = from
    .query<{ seq: number }, [string]>("select seq from sqlite_sequence where name = ?")
    .get(table);
  let next = 1;
  for (const { id } of from
    .query<{ id: number }, []>(`select id from ${table} order by id`)
    .iterate()) {
    for (; next < id; next++) yield next;
    next = id + 1;
  }
  for (; next <= (given?.seq ?? 0); next++) yield next;
}
