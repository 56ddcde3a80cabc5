/** Requests that no rule matched, in the database: a bounded number of shapes, the latest seen. */

import type { Database } from "bun:sqlite";
import type { SeenShape, UnmatchedShape } from "../core/stored-adapter.ts";

/** More than an operator looks through. Whoever sends nonsense pushes out what was seen longest ago. */
export const unmatchedShapesMax = 200;

interface UnmatchedRow {
  readonly id: number;
  readonly shape: string;
  readonly sample: string;
  readonly requests: number;
  readonly first_at_ms: number;
  readonly last_at_ms: number;
}

/** A shape that is known keeps its number and gets the newer sample. */
export function noteUnmatched(to: Database, seen: readonly SeenShape[]): void {
  const note = to.query(`
    insert into unmatched (shape, sample, requests, first_at_ms, last_at_ms)
    values (?1, ?2, ?3, ?4, ?4)
    on conflict (shape) do update
      set sample = excluded.sample,
          requests = requests + excluded.requests,
          last_at_ms = excluded.last_at_ms`);
  for (const { shape, sample, requests, lastAtMs } of seen) {
    note.run(shape, sample, requests, lastAtMs);
  }
  to.query(
    "delete from unmatched where id not in (select id from unmatched order by last_at_ms desc, id desc limit ?)",
  ).run(unmatchedShapesMax);
}

/** The latest first. */
export function listUnmatched(from: Database): readonly UnmatchedShape[] {
  return from
    .query<UnmatchedRow, []>(
      "select id, shape, sample, requests, first_at_ms, last_at_ms from unmatched order by last_at_ms desc, id desc",
    )
    .all()
    .map(({ id, shape, sample, requests, first_at_ms, last_at_ms }) => {
      return { id, shape, sample, requests, firstAtMs: first_at_ms, lastAtMs: last_at_ms };
    });
}

/** One shape, or all. Returns how many there were. */
export function deleteUnmatched(from: Database, id: number | "all"): number {
  const { changes } =
    id === "all"
      ? from.query("delete from unmatched").run()
      : from.query("delete from unmatched where id = ?").run(id);
  return changes;
}
