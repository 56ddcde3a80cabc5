/** The tables, as numbered migrations. A migration that has been released is never changed. */

import { existsSync, rmSync } from "node:fs";
import type { Database } from "bun:sqlite";
import { StoreFailed } from "./store.ts";

/** "NmWd": marks the file as ours for `file(1)` and for ourselves. */
export const applicationId = 0x4e6d5764;

/** Migration `n` of this list leads from `user_version` n to n + 1. */
export const migrations: readonly string[] = [
  `
  create table user (
    id integer primary key autoincrement,
    name text not null unique,
    is_admin integer not null,
    password_hash text not null,
    created_at_ms integer not null
  ) strict;

  -- content_seq: the feed entry that last changed an answer of the zone.
  -- serial_seq: the newest entry that the serial stands for. Newer content waits for its serial.
  create table zone (
    id integer primary key autoincrement,
    apex text not null unique,
    is_private integer not null,
    serial integer not null,
    serial_seq integer not null,
    content_seq integer not null
  ) strict;

  -- RFC 4343: owners compare without regard to ASCII case, which is what nocase folds.
  create table record (
    id integer primary key autoincrement,
    zone integer not null references zone (id) on delete cascade,
    owner text not null collate nocase,
    type integer not null,
    ttl_seconds integer not null,
    rdata blob not null
  ) strict;
  create index record_owner on record (zone, owner);

  create table host (
    id integer primary key autoincrement,
    zone integer not null references zone (id) on delete cascade,
    user integer not null references user (id),
    name text not null unique,
    is_blocked integer not null default 0,
    created_at_ms integer not null,
    changed_at_ms integer,
    v4 blob,
    v6 blob
  ) strict;
  create index host_zone on host (zone, name);
  create index host_user on host (user, name);

  create table login (
    id integer primary key autoincrement,
    user integer not null references user (id),
    username text not null unique,
    verifier blob not null,
    is_for_all_hosts integer not null
  ) strict;
  create index login_user on login (user);

  create table login_host (
    login integer not null references login (id) on delete cascade,
    host integer not null references host (id) on delete cascade,
    primary key (login, host)
  ) strict, without rowid;
  create index login_host_host on login_host (host);

  -- The feed. writer: who commits addresses under this number need not be told again; 0 is nobody.
  create table change (
    seq integer primary key autoincrement,
    writer integer not null,
    at_ms integer not null,
    kind integer not null,
    subject integer not null
  ) strict;

  create table receipt (
    id integer primary key autoincrement,
    at_ms integer not null,
    host integer,
    asked text not null collate nocase,
    username text,
    peer text not null,
    adapter text not null,
    user_agent text not null,
    outcome text not null,
    addresses text not null,
    note text not null
  ) strict;
  create index receipt_host on receipt (host) where host is not null;
  create index receipt_asked on receipt (asked) where host is null;

  -- Rewritten to find out whether a full disk has room again.
  create table probe (id integer primary key, filler blob not null) strict;
  `,
  `
  -- sealed: the secret, encrypted under a key that is not in this database.
  create table zone_key (
    id integer primary key autoincrement,
    zone integer not null references zone (id) on delete cascade,
    algorithm integer not null,
    dnskey blob not null,
    key_tag integer not null,
    sealed blob not null,
    state text not null check (
      state in ('published', 'active', 'retiring', 'retired', 'withdrawing', 'withdrawn')
    ),
    state_since_ms integer not null,
    waits_until_ms integer not null,
    unique (zone, key_tag)
  ) strict;
  -- One key signs a zone, and at most one is to follow it.
  create unique index zone_key_signs on zone_key (zone)
    where state in ('active', 'withdrawing', 'withdrawn');
  create unique index zone_key_follows on zone_key (zone) where state = 'published';
  `,
  `
  -- allowed_from: networks, separated by commas; empty: everywhere.
  alter table login add column scope text not null default 'all'
    check (scope in ('all', 'challenges'));
  alter table login add column allowed_from text not null default '';

  -- is_default: the one that is meant when none is named. A login for all hosts has only this row.
  alter table login_host add column is_default integer not null default 0;

  -- More ways to prove that one knows the secret. value: a verifier, or what is sealed for gnudip.
  create table login_proof (
    login integer not null references login (id) on delete cascade,
    kind text not null check (kind in ('token', 'sha1', 'md5', 'gnudip')),
    value blob not null,
    primary key (login, kind)
  ) strict, without rowid;

  -- What a host puts behind a prefix: 16 octets, the prefix bits zero.
  create table host_interface (
    host integer primary key references host (id) on delete cascade,
    identifier blob not null
  ) strict;

  -- Texts at _acme-challenge of a host, the oldest first.
  create table host_challenge (
    id integer primary key autoincrement,
    host integer not null references host (id) on delete cascade,
    value text not null,
    at_ms integer not null,
    unique (host, value)
  ) strict;

  -- Zones in which devices (MintAuto) or ACME programs (acme-dns) sign up by themselves, and for whom.
  create table zone_opening (
    zone integer not null references zone (id) on delete cascade,
    kind text not null check (kind in ('device', 'acme')),
    user integer not null references user (id),
    hosts_max integer not null,
    primary key (zone, kind)
  ) strict, without rowid;

  -- Rules an operator made. rule: as JSON. requests: what it must match, as JSON.
  create table adapter (
    id integer primary key autoincrement,
    name text not null unique,
    rule text not null,
    requests text not null,
    state text not null check (state in ('shadow', 'enabled', 'disabled')),
    changed_at_ms integer not null
  ) strict;

  -- Requests that no rule matched, by shape. sample: one of them as JSON, secrets masked.
  create table unmatched (
    id integer primary key autoincrement,
    shape text not null unique,
    sample text not null,
    requests integer not null,
    first_at_ms integer not null,
    last_at_ms integer not null
  ) strict;
  `,
];

/**
 * Brings the database to the newest version, each step in a transaction of its own. Before an
 * existing database is touched, a copy is put beside it. A database of a newer program is refused.
 */
export function migrate(
  database: Database,
  path: string,
  steps: readonly string[] = migrations,
): void {
  const found = readVersion(database);
  if (found > steps.length) {
    throw new StoreFailed(
      `Cannot open ${path}: it was written by a newer Nameward (schema ${found}, this one knows ${steps.length}). Use that version, or restore the copy from before its upgrade.`,
    );
  }
  if (found === steps.length) {
    refuseForeign(database, path);
    return;
  }
  if (found > 0) {
    refuseForeign(database, path);
    copyBefore(database, `${path}.before-${found + 1}`);
  }
  for (let version = found; version < steps.length; version++) {
    database
      .transaction(() => {
        // Another process may have been quicker while we waited for the lock.
        if (readVersion(database) !== version) return;
        database.run(steps[version]!);
        database.run(`pragma user_version = ${version + 1}`);
        database.run(`pragma application_id = ${applicationId}`);
      })
      .immediate();
  }
}

function readVersion(database: Database): number {
  const row = database.query<{ user_version: number }, []>("pragma user_version").get();
  return row!.user_version;
}

function refuseForeign(database: Database, path: string): void {
  const row = database.query<{ application_id: number }, []>("pragma application_id").get();
  if (row!.application_id === applicationId) return;
  throw new StoreFailed(`Cannot open ${path}: it is an SQLite database of another program.`);
}

/** An interrupted upgrade leaves its copy; the next attempt makes it again from the same data. */
function copyBefore(database: Database, copyPath: string): void {
  if (existsSync(copyPath)) rmSync(copyPath);
  database.query("vacuum into ?").run(copyPath);
}
