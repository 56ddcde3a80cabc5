/** Hosts that are held, and what looks as if somebody should look at it. */

import type { Database } from "bun:sqlite";
import type { HeldHost, Signal } from "./operator-store.ts";

/** More than one person looks through; the latest. */
const rowsMax = 500;
const dayMs = 86_400_000;
/** Names that an account younger than a day has made. */
const manyHosts = 10;

export function listHeld(from: Database): readonly HeldHost[] {
  return from
    .query<
      { host: string; owner: string; why: string | null; by: string | null; at: number | null },
      [number]
    >(
      `select host.name as host, user.name as owner, held_why as why, held_by as by, held_at_ms as at
       from host join user on user.id = host.user left join host_note on host_note.host = host.id
       where host.is_blocked = 1 order by held_at_ms desc, host.name limit ?`,
    )
    .all(rowsMax)
    .map(({ host, owner, why, by, at }) => {
      return { host, owner, why: why ?? "", by: by ?? "", atMs: at ?? undefined };
    });
}

export function listSignals(from: Database, nowMs: number): readonly Signal[] {
  const bursts = from
    .query<{ host: string; owner: string; atMs: number }, [number, number]>(
      `select host.name as host, user.name as owner, opened_at_ms as atMs
       from incident join host on host.id = incident.host join user on user.id = host.user
       where kind = 'failed-authentication' and opened_at_ms > ?
       order by opened_at_ms desc limit ?`,
    )
    .all(nowMs - dayMs, rowsMax)
    .map((row): Signal => ({ what: "many requests with a wrong login", ...row }));
  const crowds = from
    .query<{ owner: string; hosts: number; atMs: number }, [number, number, number]>(
      `select user.name as owner, count(*) as hosts, max(host.created_at_ms) as atMs
       from user join host on host.user = user.id
       where user.created_at_ms > ? group by user.id having hosts >= ? order by hosts desc limit ?`,
    )
    .all(nowMs - dayMs, manyHosts, rowsMax)
    .map(({ owner, hosts, atMs }): Signal => {
      return { what: `a new account with ${hosts} hosts`, host: undefined, owner, atMs };
    });
  return [...bursts, ...crowds];
}
