/** What a failure of SQLite means for the store. */

import { SQLiteError } from "bun:sqlite";

/**
 * `full`: rolled back, whole, will work again with space. `broken`: the handle cannot be trusted.
 * `passing`: this one attempt failed and was rolled back (another process holds the lock; our mistake).
 */
export type FailureKind = "full" | "broken" | "passing";

/** Result codes as SQLite names them (sqlite.org/rescode.html), by what they begin with. */
const brokenCodes = [
  "SQLITE_IOERR",
  "SQLITE_CORRUPT",
  "SQLITE_NOTADB",
  "SQLITE_CANTOPEN",
  "SQLITE_READONLY",
  "SQLITE_PROTOCOL",
  "SQLITE_NOMEM",
] as const;

export function failureKind(error: unknown): FailureKind {
  if (error instanceof SQLiteError) {
    const code = error.code ?? "";
    if (code === "SQLITE_FULL") return "full";
    return brokenCodes.some((broken) => code.startsWith(broken)) ? "broken" : "passing";
  }
  if (isNoSpace(error)) return "full";
  return error instanceof Error && "syscall" in error ? "broken" : "passing";
}

/** A failed recovery does not count when all it lacked was space. */
export function isNoSpace(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return code === "SQLITE_FULL" || code === "ENOSPC" || code === "EDQUOT";
}

export function printFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as NodeJS.ErrnoException;
  return code === undefined ? error.message : `${error.message} (${code})`;
}
