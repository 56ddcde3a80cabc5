/** Users in the database. */

import type { Database } from "bun:sqlite";
import type { User, UserId } from "../core/user.ts";

interface UserRow {
  readonly id: number;
  readonly name: string;
  readonly is_admin: number;
  readonly state: "active" | "suspended";
}

const columns = "id, name, is_admin, state";

function userFromRow(row: UserRow): User {
  const user = { id: row.id, name: row.name, isAdmin: row.is_admin !== 0 };
  return row.state === "suspended" ? { ...user, isSuspended: true } : user;
}

export function findUserById(from: Database, id: UserId): User | undefined {
  const row = from.query<UserRow, [number]>(`select ${columns} from user where id = ?`).get(id);
  return row === null ? undefined : userFromRow(row);
}

/** In order of id. */
export function* readUsers(from: Database): Generator<User> {
  const rows = from.query<UserRow, []>(`select ${columns} from user order by id`);
  for (const row of rows.iterate()) yield userFromRow(row);
}

/** Throws a violation of uniqueness when the name is taken. */
export function insertUser(
  to: Database,
  name: string,
  isAdmin: boolean,
  passwordHash: string,
  nowMs: number,
): User {
  const { lastInsertRowid } = to
    .query("insert into user (name, is_admin, password_hash, created_at_ms) values (?, ?, ?, ?)")
    .run(name, Number(isAdmin), passwordHash, nowMs);
  return { id: Number(lastInsertRowid), name, isAdmin };
}
