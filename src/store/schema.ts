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
  `
  -- state: suspended, its hosts stay. deletes_at_ms: when the account goes; until then it can be taken back.
  -- totp: the secret, sealed; totp_step: the last one that was used.
  alter table user add column mail text collate nocase;
  alter table user add column mail_confirmed_at_ms integer;
  alter table user add column state text not null default 'active' check (state in ('active', 'suspended'));
  alter table user add column deletes_at_ms integer;
  alter table user add column seen_at_ms integer;
  alter table user add column totp blob;
  alter table user add column totp_step integer not null default 0;
  alter table user add column hosts_max integer;
  alter table user add column logins_max integer;
  alter table user add column tokens_max integer;
  create unique index user_mail on user (mail) where mail_confirmed_at_ms is not null;

  -- hash: SHA-256 of what the cookie holds. id: what lists show.
  create table session (
    id text primary key,
    hash blob not null unique,
    user integer not null references user (id) on delete cascade,
    created_at_ms integer not null,
    seen_at_ms integer not null,
    proved_at_ms integer not null,
    peer text not null,
    user_agent text not null
  ) strict, without rowid;
  create index session_user on session (user);

  create table recovery_code (
    id integer primary key autoincrement,
    user integer not null references user (id) on delete cascade,
    hash text not null
  ) strict;
  create index recovery_code_user on recovery_code (user);

  create table passkey (
    id text primary key,
    user integer not null references user (id) on delete cascade,
    name text not null,
    public_key blob not null,
    counter integer not null,
    transports text not null,
    created_at_ms integer not null,
    used_at_ms integer
  ) strict, without rowid;
  create index passkey_user on passkey (user);

  -- One-time tokens: of set-up, of invitations, of mails. hash: SHA-256 of the token. wanted_…: of a sign-up.
  create table ticket (
    id text primary key,
    hash blob not null unique,
    kind text not null check (kind in ('setup', 'invitation', 'sign-up', 'change-mail', 'reset')),
    user integer references user (id) on delete cascade,
    mail text,
    is_admin integer not null default 0,
    created_by integer references user (id) on delete cascade,
    wanted_name text,
    wanted_hash text,
    created_at_ms integer not null,
    expires_at_ms integer not null
  ) strict, without rowid;

  -- policy, allowed_from: as JSON. hash: SHA-256 of the token, which is random and long.
  create table api_token (
    id text primary key,
    hash blob not null unique,
    user integer not null references user (id) on delete cascade,
    name text not null,
    policy text not null,
    allowed_from text not null,
    created_at_ms integer not null,
    expires_at_ms integer,
    unused_days integer,
    used_at_ms integer,
    used_from text
  ) strict, without rowid;
  create index api_token_user on api_token (user);

  -- A chain: hash covers the entry and the hash before it.
  create table audit (
    id integer primary key autoincrement,
    at_ms integer not null,
    actor text not null,
    actor_user integer,
    action text not null,
    target text not null,
    peer text not null,
    result text not null,
    request_id text not null,
    detail text not null,
    hash blob not null
  ) strict;
  create index audit_actor on audit (actor_user, id);

  -- Settings that people changed at run time, and what belongs to the brand. Sealed where they are secret.
  create table setting (
    name text primary key,
    value blob not null,
    changed_at_ms integer not null
  ) strict, without rowid;

  create table channel (
    id text primary key,
    user integer not null references user (id) on delete cascade,
    kind text not null check (kind in ('mail', 'webhook')),
    target text not null,
    events text not null,
    secret blob,
    confirmed_at_ms integer,
    created_at_ms integer not null
  ) strict, without rowid;
  create table delivery (
    id integer primary key autoincrement,
    channel text not null references channel (id) on delete cascade,
    at_ms integer not null,
    event text not null,
    body text not null,
    tries integer not null,
    next_at_ms integer,
    is_good integer not null,
    says text not null
  ) strict;
  create index delivery_channel on delivery (channel, id);
  create index delivery_due on delivery (next_at_ms) where next_at_ms is not null;
  -- An incident is told once: while it is here it is open.
  create table incident (
    host integer not null references host (id) on delete cascade,
    kind text not null,
    opened_at_ms integer not null,
    primary key (host, kind)
  ) strict, without rowid;

  -- Names that were given up, or taken away. until_ms: null is for ever. user: who may take it again meanwhile.
  create table tombstone (
    name text primary key,
    user integer references user (id) on delete set null,
    until_ms integer,
    why text not null
  ) strict, without rowid;

  -- What people keep about a host. contact: when a device was last heard, written now and then.
  create table host_note (
    host integer primary key references host (id) on delete cascade,
    note text not null default '',
    guide text,
    alert_hours integer,
    is_fixed integer not null default 0,
    held_by text,
    held_why text,
    held_at_ms integer,
    heard_at_ms integer,
    heard_from text,
    rhythm text not null default ''
  ) strict;
  create table host_day (
    host integer not null references host (id) on delete cascade,
    day integer not null,
    changes integer not null,
    contacts integer not null,
    refused integer not null,
    primary key (host, day)
  ) strict, without rowid;
  create table host_span (
    host integer not null references host (id) on delete cascade,
    family integer not null check (family in (4, 6)),
    from_ms integer not null,
    address blob,
    primary key (host, family, from_ms)
  ) strict, without rowid;

  -- People may make hosts in it.
  alter table zone add column is_shared integer not null default 0;

  -- What a bulk import with this key answered, so that a repeat does nothing.
  create table idempotency (
    user integer not null references user (id) on delete cascade,
    key text not null,
    request_hash blob not null,
    reply text not null,
    at_ms integer not null,
    primary key (user, key)
  ) strict, without rowid;
  `,
  `
  -- Its owner's choice: what devices report is recorded and not applied. Beside the block, since both decide updates.
  alter table host_note drop column is_fixed;
  alter table host add column is_fixed integer not null default 0;
  `,
  `
  -- When a device login was last used with success, and what the client called itself.
  create table login_use (
    login integer primary key references login (id) on delete cascade,
    at_ms integer not null,
    device text not null
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
