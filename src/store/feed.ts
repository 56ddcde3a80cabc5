/**
 * The change feed: who changed what, in order. Every transaction that changes something appends its
 * entries itself, so the feed and the tables agree whatever happens. An entry names a thing and not
 * its value; a reader tells the value that the thing has now.
 */

import type { Database } from "bun:sqlite";
import type { Fact } from "../core/fact.ts";
import { listChallenges } from "./challenge-rows.ts";
import type { FeedPosition } from "./store.ts";
import { findAdapterById } from "./adapter-rows.ts";
import { findHostById } from "./host-rows.ts";
import { findIdentifier } from "./interface-rows.ts";
import { findLoginById } from "./login-rows.ts";
import { findUserById } from "./user-rows.ts";
import { listZoneKeys } from "./zone-key-rows.ts";
import { findZoneById, listRecords } from "./zone-rows.ts";

/** Older entries go. A reader that was away for longer is told the whole state. */
export const feedEntriesMax = 400_000;

export type FactKind = Fact["kind"];

/** What an entry is about: its number in the table, and how its fact is found. */
const kinds: Readonly<Record<FactKind, { code: number; find(from: Database, id: number): Fact }>> =
  {
    user: { code: 1, find: (from, id) => ({ kind: "user", id, user: findUserById(from, id) }) },
    zone: { code: 2, find: (from, id) => ({ kind: "zone", id, zone: findZoneById(from, id) }) },
    records: {
      code: 3,
      find: (from, id) => ({ kind: "records", zone: id, records: listRecords(from, id) }),
    },
    host: { code: 4, find: (from, id) => ({ kind: "host", id, host: findHostById(from, id) }) },
    keys: {
      code: 6,
      find: (from, id) => ({ kind: "keys", zone: id, keys: listZoneKeys(from, id) }),
    },
    login: { code: 5, find: (from, id) => ({ kind: "login", id, login: findLoginById(from, id) }) },
    adapter: {
      code: 12,
      find: (from, id) => ({ kind: "adapter", id, adapter: findAdapterById(from, id) }),
    },
    interface: {
      code: 7,
      find: (from, id) => ({ kind: "interface", host: id, identifier: findIdentifier(from, id) }),
    },
    challenges: {
      code: 8,
      find: (from, id) => ({ kind: "challenges", host: id, challenges: listChallenges(from, id) }),
    },
  };
const kindsByCode = new Map(Object.values(kinds).map((kind) => [kind.code, kind]));

export function kindCode(kind: FactKind): number {
  return kinds[kind].code;
}

export function findFact(from: Database, kind: FactKind, id: number): Fact {
  return kinds[kind].find(from, id);
}

/** Entries of nobody are told to every reader, the one that made them included. */
export const nobody = 0;

export function appendEntry(to: Database, kind: FactKind, id: number, nowMs: number): FeedPosition {
  const { lastInsertRowid } = to
    .query("insert into change (writer, at_ms, kind, subject) values (?, ?, ?, ?)")
    .run(nobody, nowMs, kindCode(kind), id);
  return Number(lastInsertRowid);
}

/** The newest entry there ever was, trimmed or not. */
export function getFeedEnd(from: Database): FeedPosition {
  const row = from
    .query<{ seq: number }, []>("select seq from sqlite_sequence where name = 'change'")
    .get();
  return row?.seq ?? 0;
}

interface FeedEntry {
  readonly seq: FeedPosition;
  readonly kind: number;
  readonly subject: number;
}

export interface FeedRead {
  readonly facts: readonly Fact[];
  /** Where the next read goes on. */
  readonly position: FeedPosition;
}

/**
 * What others did behind `after`, oldest first, at most about `entriesMax` entries. `trimmed` when
 * entries behind `after` are no longer there. Call it inside a transaction, so that the facts and the
 * position are of one moment.
 */
export function readFeed(
  from: Database,
  after: FeedPosition,
  writer: number,
  entriesMax: number,
): FeedRead | "trimmed" {
  const end = getFeedEnd(from);
  if (end === after) return { facts: [], position: after };
  const oldest = from.query<{ seq: number | null }, []>("select min(seq) as seq from change").get();
  // A feed that ends before `after` is another feed: an older copy was put in place.
  if (end < after || after + 1 < (oldest?.seq ?? end + 1)) return "trimmed";

  const entries = from
    .query<FeedEntry, [number, number, number]>(
      "select seq, kind, subject from change where seq > ? and writer <> ? order by seq limit ?",
    )
    .all(after, writer, entriesMax);
  const position = entries.length === entriesMax ? entries.at(-1)!.seq : end;
  return { facts: factsOf(from, entries), position };
}

/**
 * Facts are of now, so one for each thing is enough. What is there is told at the place of its first entry,
 * before all that refers to it; what is gone at the place of its last one, behind all that did.
 */
function factsOf(from: Database, entries: readonly FeedEntry[]): readonly Fact[] {
  const things = new Map<string, FeedEntry & { last: number }>();
  for (const entry of entries) {
    const key = `${entry.kind}:${entry.subject}`;
    const there = things.get(key);
    if (there === undefined) things.set(key, { ...entry, last: entry.seq });
    else there.last = entry.seq;
  }
  const placed: { readonly fact: Fact; readonly at: FeedPosition }[] = [];
  for (const { kind, subject, seq, last } of things.values()) {
    const row = kindsByCode.get(kind);
    if (row === undefined) continue; // unknown to us: a newer program writes it
    const fact = row.find(from, subject);
    placed.push({ fact, at: isGone(fact) ? last : seq });
  }
  return placed.toSorted((a, b) => a.at - b.at).map(({ fact }) => fact);
}

function isGone(fact: Fact): boolean {
  switch (fact.kind) {
    case "user":
      return fact.user === undefined;
    case "zone":
      return fact.zone === undefined;
    case "host":
      return fact.host === undefined;
    case "login":
      return fact.login === undefined;
    case "adapter":
      return fact.adapter === undefined;
    case "records":
    case "keys":
    case "interface":
    case "challenges":
      return false; // they go with their zone or their host
  }
}

/** Keeps the newest `feedEntriesMax` entries. Costs as much as was added since the last time. */
export function trimFeed(database: Database, end: FeedPosition): void {
  database.query("delete from change where seq <= ?").run(end - feedEntriesMax);
}
