/** Names that were given up, or taken away, in the database: who may have them again, and when. */

import type { Database } from "bun:sqlite";
import type { HostName } from "../core/host-name.ts";
import type { UserId } from "../core/user.ts";

/** So long a name that was given up goes to nobody else: caches, cameras and links still know it (D11). */
export const quarantineMs = 90 * 24 * 60 * 60 * 1_000;

/** Why this person cannot have the name now; undefined: nothing is known against it. */
export function findTombstone(
  from: Database,
  name: HostName,
  user: UserId,
  nowMs: number,
): string | undefined {
  const row = from
    .query<{ until_ms: number | null; user: number | null }, [string]>(
      "select until_ms, user from tombstone where name = ?",
    )
    .get(name);
  if (row === null) return undefined;
  if (row.until_ms === null) return "The name was taken away, and nobody gets it again.";
  if (row.until_ms <= nowMs || row.user === user) return undefined;
  // Not the day: it would tell when another gave it up.
  return "The name was somebody's until lately, and is kept for some time.";
}

/** `isForEver`: it was blocked when it went. What is for ever stays so. */
export function setTombstone(
  to: Database,
  name: HostName,
  user: UserId,
  isForEver: boolean,
  nowMs: number,
): void {
  to.query(
    `insert into tombstone (name, user, until_ms, why) values (?, ?, ?, ?)
     on conflict (name) do update set user = excluded.user, until_ms = excluded.until_ms, why = excluded.why
     where until_ms is not null`,
  ).run(name, user, isForEver ? null : nowMs + quarantineMs, isForEver ? "blocked" : "given up");
}

export function deleteTombstone(to: Database, name: HostName): void {
  to.query("delete from tombstone where name = ?").run(name);
}

/** What nobody is kept from any more. */
export function trimTombstones(to: Database, nowMs: number): void {
  to.query("delete from tombstone where until_ms <= ?").run(nowMs);
}
