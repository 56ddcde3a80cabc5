/**
 * Getting back to a database that can be trusted after an I/O error. After a failed fsync the page
 * cache may show octets that the disk never got, and later commits would build on them; so what can be
 * read is written to a new file, synced, checked, and put in the place of the old one.
 */

import { chmodSync, closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { Database } from "bun:sqlite";
import { openConnection, swapPath } from "./connection.ts";
import { syncFolder } from "./data-folder.ts";
import { getFeedEnd } from "./feed.ts";
import { fileMode, lockFile } from "./file-lock.ts";
import { StoreFailed } from "./store.ts";
import type { FeedPosition } from "./store.ts";

/** A swap is two renames; who waits longer for it waits for a disk that does not answer. */
const swapWaitMs = 5_000;

/**
 * Puts a checked copy in the place of the database. Throws when that cannot be done; the old database
 * is then as it was. `acknowledged` is the newest feed entry whose commit was acknowledged: a copy that
 * ends before it is refused. `closeBroken` is called as soon as another handle is open.
 */
export function recoverDatabase(
  path: string,
  acknowledged: FeedPosition,
  closeBroken: () => void,
): void {
  finishSwap(path);
  // Holds back other processes' writing until the swap is done. They see then that the file is another
  // (`Connection.isCurrent`, asked inside every transaction that writes) and open it again.
  using holder = openConnection(path, "write");
  closeBroken();
  holder.database.run("begin immediate");
  const copyPath = `${path}.copy`;
  {
    using source = openConnection(path, "read");
    rmSync(copyPath, { force: true });
    closeSync(openSync(copyPath, "wx", fileMode));
    source.database.query("vacuum into ?").run(copyPath);
    syncFile(copyPath);
    checkCopy(source.database, copyPath, acknowledged);
  }
  using _lock = lockFile(swapLockPath(path), swapWaitMs);
  renameSync(copyPath, swapPath(path));
  syncFolder(dirname(path));
  completeSwap(path);
}

/**
 * Completes a swap that was decided (the file is there) and interrupted. Everybody who opens the
 * database calls it first: in between the old log lies beside no database that it belongs to.
 */
export function finishSwap(path: string): void {
  if (!existsSync(swapPath(path))) return;
  using _lock = lockFile(swapLockPath(path), swapWaitMs);
  if (existsSync(swapPath(path))) completeSwap(path);
}

/** The old log has to go before the new file comes: SQLite would replay it onto the new file. */
function completeSwap(path: string): void {
  rmSync(`${path}-wal`, { force: true });
  rmSync(`${path}-shm`, { force: true });
  renameSync(swapPath(path), path);
  syncFolder(dirname(path));
}

function swapLockPath(path: string): string {
  return `${path}.swap-lock`;
}

const countedTables = [
  "user",
  "zone",
  "record",
  "host",
  "login",
  "login_host",
  "login_proof",
  "zone_opening",
  "change",
] as const;

function checkCopy(source: Database, copyPath: string, acknowledged: FeedPosition): void {
  const copy = new Database(copyPath, { readonly: true });
  try {
    const check = copy.query<{ quick_check: string }, []>("pragma quick_check(1)").get();
    if (check?.quick_check !== "ok") {
      throw new StoreFailed(`The copy of the database is damaged: ${check?.quick_check}`);
    }
    for (const table of countedTables) {
      const [found, wanted] = [countRows(copy, table), countRows(source, table)];
      if (found === wanted) continue;
      throw new StoreFailed(`The copy of the database has ${found} of ${wanted} rows of ${table}.`);
    }
    const end = getFeedEnd(copy);
    if (end < acknowledged) {
      throw new StoreFailed(
        `The copy of the database ends at entry ${end}, but ${acknowledged} was acknowledged.`,
      );
    }
  } finally {
    copy.close();
  }
}

function countRows(database: Database, table: (typeof countedTables)[number]): number {
  const row = database.query<{ n: number }, []>(`select count(*) as n from ${table}`).get();
  return row!.n;
}

function syncFile(path: string): void {
  chmodSync(path, fileMode);
  const descriptor = openSync(path, "r+");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
