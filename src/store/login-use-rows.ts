/** When device logins were last used, in the database. */

import type { Database } from "bun:sqlite";
import type { LoginUse } from "../core/login-uses.ts";
import type { LoginId } from "../core/login.ts";

/** Logins that are gone are passed over. */
export function writeLoginUses(to: Database, uses: readonly LoginUse[]): void {
  const write = to.query(
    `insert into login_use (login, at_ms, device) select id, ?, ? from login where id = ?
     on conflict (login) do update set at_ms = excluded.at_ms, device = excluded.device`,
  );
  for (const { login, atMs, device } of uses) write.run(atMs, device, login);
}

export function listLoginUses(from: Database, after: LoginId, limit: number): readonly LoginUse[] {
  return from
    .query<LoginUse, [number, number]>(
      "select login, at_ms as atMs, device from login_use where login > ? order by login limit ?",
    )
    .all(after, limit);
}
