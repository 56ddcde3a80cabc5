/** One SQLite connection to the data folder's database, set up the way durability needs. */

import { existsSync, statSync } from "node:fs";
import { Database } from "bun:sqlite";
import { isSoundEngine } from "./engine-version.ts";
import { StoreFailed } from "./store.ts";

/** Another process writes for milliseconds; one that holds the lock longer than this is in trouble. */
const busyMs = 5_000;
/**
 * Pages kept by a connection, in KiB: more than the largest group of changes makes dirty (`groupMax`, a page
 * each). Pages that are only read come from the system's cache at nearly the same price; see docs/decisions/0010.
 */
const cacheKib = 32_768;
/** What the log may keep on disk after it was moved, in octets. */
const logOctetsMax = 128 * 1024 * 1024;
/** Every statement of this folder, prepared once a connection. */
const statementsMax = 200;

export interface Connection extends Disposable {
  readonly database: Database;
  /** Whether the path still leads to the file that is open; a recovery puts a new file there. */
  isCurrent(): boolean;
}

/** The copy that a recovery has decided for; it takes the place of the database. See `recover.ts`. */
export function swapPath(databasePath: string): string {
  return `${databasePath}.swap`;
}

export function openConnection(path: string, access: "write" | "read"): Connection {
  Database.MAX_QUERY_CACHE_SIZE = Math.max(Database.MAX_QUERY_CACHE_SIZE, statementsMax);
  const inode = statSync(path).ino;
  const database = new Database(
    path,
    access === "write" ? { readwrite: true, create: false } : { readonly: true },
  );
  try {
    const engine = database.query<{ version: string }, []>("select sqlite_version() as version");
    const version = engine.get()!.version;
    if (!isSoundEngine(version)) {
      throw new StoreFailed(
        `Cannot use SQLite ${version}: it can lose committed changes. 3.51.3 or newer is needed (or 3.50.7, 3.44.6).`,
      );
    }
    database.run(`pragma busy_timeout = ${busyMs}`);
    if (access === "write") {
      database.run("pragma journal_mode = wal");
      database.run("pragma synchronous = full");
      database.run("pragma foreign_keys = on");
      database.run(`pragma cache_size = -${cacheKib}`);
      // SQLite keeps the failure of an automatic checkpoint to itself; `Writer` runs them and looks.
      database.run("pragma wal_autocheckpoint = 0");
      database.run(`pragma journal_size_limit = ${logOctetsMax}`);
    }
  } catch (error) {
    database.close();
    throw error;
  }
  return {
    database,
    // The mark first: while a swap is going on it is there, and after it the file is another.
    isCurrent: () =>
      !existsSync(swapPath(path)) && statSync(path, { throwIfNoEntry: false })?.ino === inode,
    [Symbol.dispose]: () => database.close(),
  };
}
