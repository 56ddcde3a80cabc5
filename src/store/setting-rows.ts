/** Settings of run time in the database. */

import type { Database } from "bun:sqlite";
import type { SettingChange } from "./operator-store.ts";

export function listSettings(from: Database): readonly SettingChange[] {
  return from.query<SettingChange, []>("select name, value from setting order by name").all();
}

/** Null takes the setting away. All of them or none. */
export function changeSettings(
  to: Database,
  changes: readonly SettingChange[],
  nowMs: number,
): void {
  for (const { name, value } of changes) {
    if (value === null) to.query("delete from setting where name = ?").run(name);
    else
      to.query(
        `insert into setting (name, value, changed_at_ms) values (?, ?, ?)
         on conflict (name) do update set value = excluded.value, changed_at_ms = excluded.changed_at_ms`,
      ).run(name, value, nowMs);
  }
}
