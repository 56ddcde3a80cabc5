/** Texts at `_acme-challenge` of hosts in the database. */

import type { Database } from "bun:sqlite";
import { challengesPerHostMax } from "../core/challenge.ts";
import type { HostId } from "../core/host.ts";

/** The oldest first. */
export function listChallenges(from: Database, host: HostId): readonly string[] {
  return from
    .query<{ value: string }, [number]>(
      "select value from host_challenge where host = ? order by id",
    )
    .all(host)
    .map((row) => row.value);
}

/** Hosts that have any, in order of id. */
export function* readChallenges(
  from: Database,
): Generator<{ readonly host: HostId; readonly challenges: readonly string[] }> {
  const hosts = from
    .query<{ host: number }, []>("select distinct host from host_challenge order by host")
    .all();
  for (const { host } of hosts) yield { host, challenges: listChallenges(from, host) };
}

/** Takes the oldest away where there are too many then. False when it was there already. */
export function insertChallenge(to: Database, host: HostId, value: string, nowMs: number): boolean {
  const { changes } = to
    .query("insert or ignore into host_challenge (host, value, at_ms) values (?, ?, ?)")
    .run(host, value, nowMs);
  if (changes === 0) return false;
  to.query(
    `delete from host_challenge where host = ?1 and id not in
       (select id from host_challenge where host = ?1 order by id desc limit ?2)`,
  ).run(host, challengesPerHostMax);
  return true;
}

/** False when there was nothing to take away. `undefined` stands for all. */
export function deleteChallenges(from: Database, host: HostId, value: string | undefined): boolean {
  const { changes } =
    value === undefined
      ? from.query("delete from host_challenge where host = ?").run(host)
      : from.query("delete from host_challenge where host = ? and value = ?").run(host, value);
  return changes > 0;
}
