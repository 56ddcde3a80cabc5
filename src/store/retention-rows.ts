/** What is forgotten with time: receipts, and the past of hosts. A step is short, so that no update waits for it. */

import type { Database } from "bun:sqlite";
import type { HostId } from "../core/host.ts";
import type { Forgotten } from "./operator-store.ts";

/** Rows that one step takes away or looks at; hosts have a row a day. */
export const receiptsPerStep = 1_000;
export const hostsPerStep = 200;
const dayMs = 86_400_000;

/** Takes away what is older than `beforeMs`: of the oldest receipts, and of some hosts behind `after`. */
export function forgetBefore(to: Database, beforeMs: number, after: HostId): Forgotten {
  // In order of id they are in order of time, but for a clock that was set back: no index is needed.
  const receipts = to
    .query(
      `delete from receipt where at_ms < ? and id in (select id from receipt order by id limit ?)`,
    )
    .run(beforeMs, receiptsPerStep).changes;
  const hosts = to
    .query<{ id: HostId }, [HostId, number]>("select id from host where id > ? order by id limit ?")
    .all(after, hostsPerStep);
  const last = hosts.at(-1)?.id ?? after;
  const days = to
    .query("delete from host_day where host > ? and host <= ? and day < ?")
    .run(after, last, Math.floor(beforeMs / dayMs)).changes;
  // The address that was in force at that time stays: without it the rest would begin with a gap.
  const spans = to
    .query(
      `delete from host_span as old where host > ? and host <= ? and exists (
         select 1 from host_span as later where later.host = old.host and later.family = old.family
           and later.from_ms > old.from_ms and later.from_ms <= ?)`,
    )
    .run(after, last, beforeMs).changes;
  return {
    receipts,
    days,
    spans,
    next: hosts.length < hostsPerStep ? 0 : last,
  };
}
