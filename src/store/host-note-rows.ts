/** Contacts, days, spans and notes of hosts in the database. */

import type { Database } from "bun:sqlite";
import type { AddressSpan, ContactBatch, DayCounts, Heard } from "../core/contacts.ts";
import type { HostId } from "../core/host.ts";
import type { ZoneId } from "../core/zone.ts";
import { appendEntry } from "./feed.ts";
import type { HostNote, HostNoteChange } from "./host-note-store.ts";

export function writeContacts(to: Database, batch: ContactBatch): void {
  const isThere = to.query("select 1 from host where id = ?");
  const gone = new Set(batch.days.map(({ host }) => host).filter((id) => isThere.get(id) === null));
  const heard = to.query(
    `insert into host_note (host, heard_at_ms, heard_from, rhythm) values (?, ?, ?, ?)
     on conflict (host) do update set heard_at_ms = excluded.heard_at_ms, heard_from = excluded.heard_from,
       rhythm = excluded.rhythm`,
  );
  for (const { host, atMs, device, gapMinutes, gaps } of batch.heard)
    if (!gone.has(host)) heard.run(host, atMs, device, `${gapMinutes} ${gaps}`);
  const day = to.query(
    `insert into host_day (host, day, changes, contacts, refused) values (?, ?, ?, ?, ?)
     on conflict (host, day) do update set changes = changes + excluded.changes,
       contacts = contacts + excluded.contacts, refused = refused + excluded.refused`,
  );
  for (const { host, day: at, changes, contacts, refused } of batch.days) {
    if (!gone.has(host)) day.run(host, at, changes, contacts, refused);
  }
  const last = to.query<{ address: Uint8Array | null }, [number, number]>(
    "select address from host_span where host = ? and family = ? order by from_ms desc limit 1",
  );
  const span = to.query(
    "insert or replace into host_span (host, family, from_ms, address) values (?, ?, ?, ?)",
  );
  for (const { host, family, fromMs, address } of batch.spans) {
    if (gone.has(host)) continue;
    const before = last.get(host, family);
    if (before === null ? address === undefined : isSame(before.address, address)) continue;
    span.run(host, family, fromMs, address ?? null);
  }
}

function isSame(a: Uint8Array | null, b: Uint8Array | undefined): boolean {
  if (a === null || b === undefined) return a === null && b === undefined;
  return Buffer.compare(a, b) === 0;
}

export function listHeard(from: Database, after: HostId, limit: number): readonly Heard[] {
  return from
    .query<{ host: number; atMs: number; device: string; rhythm: string }, [number, number]>(
      `select host, heard_at_ms as atMs, coalesce(heard_from, '') as device, rhythm from host_note
       where host > ? and heard_at_ms is not null order by host limit ?`,
    )
    .all(after, limit)
    .map(({ rhythm, ...heard }) => {
      const [gapMinutes = 0, gaps = 0] = rhythm.split(" ").map(Number);
      return { ...heard, gapMinutes, gaps };
    });
}

export function listAlerts(
  from: Database,
  after: HostId,
  limit: number,
): readonly { host: HostId; hours: number }[] {
  return from
    .query<{ host: number; hours: number }, [number, number]>(
      `select host, alert_hours as hours from host_note
       where host > ? and alert_hours is not null order by host limit ?`,
    )
    .all(after, limit);
}

interface NoteRow {
  readonly note: string;
  readonly guide: string | null;
  readonly alert_hours: number | null;
  readonly held_by: string | null;
  readonly held_why: string | null;
}

export function findHostNote(from: Database, host: HostId): HostNote | undefined {
  const row = from
    .query<NoteRow, [number]>(
      "select note, guide, alert_hours, held_by, held_why from host_note where host = ?",
    )
    .get(host);
  if (row === null) return undefined;
  return {
    host,
    note: row.note,
    guide: row.guide ?? undefined,
    alertHours: row.alert_hours ?? undefined,
    heldBy: row.held_by ?? undefined,
    heldWhy: row.held_why ?? undefined,
  };
}

export function changeHostNote(to: Database, host: HostId, change: HostNoteChange): void {
  to.query("insert or ignore into host_note (host) select id from host where id = ?").run(host);
  const { note, guide, alertHours } = change;
  if (note !== undefined) to.query("update host_note set note = ? where host = ?").run(note, host);
  if (guide !== undefined) {
    to.query("update host_note set guide = ? where host = ?").run(guide, host);
  }
  if (alertHours !== undefined) {
    to.query("update host_note set alert_hours = ? where host = ?").run(alertHours, host);
  }
}

export function setHeld(
  to: Database,
  host: HostId,
  by: string | undefined,
  why: string,
  nowMs: number,
): "set" | "not-found" {
  const { changes } = to
    .query("update host set is_blocked = ? where id = ?")
    .run(Number(by !== undefined), host);
  if (changes === 0) return "not-found";
  to.query("insert or ignore into host_note (host) values (?)").run(host);
  to.query("update host_note set held_by = ?, held_why = ?, held_at_ms = ? where host = ?").run(
    by ?? null,
    by === undefined ? null : why,
    by === undefined ? null : nowMs,
    host,
  );
  appendEntry(to, "host", host, nowMs);
  return "set";
}

export function setFixed(
  to: Database,
  host: HostId,
  isFixed: boolean,
  nowMs: number,
): "set" | "not-found" {
  const { changes } = to
    .query("update host set is_fixed = ? where id = ?")
    .run(Number(isFixed), host);
  if (changes === 0) return "not-found";
  appendEntry(to, "host", host, nowMs);
  return "set";
}

export function setShared(
  to: Database,
  zone: ZoneId,
  isShared: boolean,
  nowMs: number,
): "set" | "not-found" {
  const { changes } = to
    .query("update zone set is_shared = ? where id = ?")
    .run(Number(isShared), zone);
  if (changes === 0) return "not-found";
  appendEntry(to, "zone", zone, nowMs);
  return "set";
}

export function countHostsIn(from: Database, zone: ZoneId): number {
  return from
    .query<{ hosts: number }, [number]>("select count(*) as hosts from host where zone = ?")
    .get(zone)!.hosts;
}

export function listDays(from: Database, host: HostId, fromDay: number): readonly DayCounts[] {
  return from
    .query<DayCounts, [number, number]>(
      "select host, day, changes, contacts, refused from host_day where host = ? and day >= ? order by day",
    )
    .all(host, fromDay);
}

interface SpanRow {
  readonly family: 4 | 6;
  readonly fromMs: number;
  readonly address: Uint8Array | null;
}

export function listSpans(from: Database, host: HostId, fromMs: number): readonly AddressSpan[] {
  return from
    .query<SpanRow, [number, number]>(
      `select family, from_ms as fromMs, address from host_span s where host = ? and from_ms >=
         coalesce((select max(from_ms) from host_span o where o.host = s.host and o.family = s.family and o.from_ms <= ?), 0)
       order by from_ms`,
    )
    .all(host, fromMs)
    .map(({ family, fromMs: at, address }) => ({
      host,
      family,
      fromMs: at,
      address: address ?? undefined,
    }));
}
