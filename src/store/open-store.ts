/** The store on SQLite: opens the data folder and puts the parts together. */

import type { Clock } from "../base/clock.ts";
import { systemChance } from "../base/chance.ts";
import type { Fact } from "../core/fact.ts";
import type { Log } from "../observe/log.ts";
import { openConnection } from "./connection.ts";
import { lockDataFolder, makeDataFolder, parseStoreUrl } from "./data-folder.ts";
import { printFailure } from "./failure.ts";
import { startHostReaderThread } from "./host-reader-elsewhere.ts";
import { linkHostReaderHere } from "./host-reader-here.ts";
import { finishSwap } from "./recover.ts";
import { migrate } from "./schema.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { StoreFailed } from "./store.ts";
import type { Store } from "./store.ts";
import { linkWriterHere } from "./writer-here.ts";
import { startWriterThread } from "./writer-elsewhere.ts";
import { Writer } from "./writer.ts";
import type { WriterReport } from "./writer.ts";

export interface StoreOptions {
  /** Path of `nameward.db` in the data folder, or `sqlite:` and the path. */
  readonly url: string;
  /** A server writes in a thread of its own, and takes the folder for itself. */
  readonly thread: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Throws `StoreFailed` with a sentence for the operator when the data cannot be used. */
export async function openStore({ url, thread, clock, log }: StoreOptions): Promise<Store> {
  const path = parseStoreUrl(url);
  if (path === undefined) {
    throw new StoreFailed(
      `Cannot open the store ${url}: expected the path of a database file, or sqlite: and a path.`,
    );
  }
  await using opened = new AsyncDisposableStack();
  try {
    makeDataFolder(path, log);
    if (thread) opened.use(lockDataFolder(path));
    finishSwap(path);
    using connection = openConnection(path, "write");
    migrate(connection.database, path);
  } catch (error) {
    if (error instanceof StoreFailed) throw error;
    throw new StoreFailed(`Cannot open ${path}: ${printFailure(error)}.`, { cause: error });
  }

  // The writer speaks before the store that listens is made.
  const heard: { by?: SqliteStore } = {};
  const listener = {
    tell: (facts: readonly Fact[]) => heard.by?.tell(facts),
    report: (report: WriterReport) => heard.by?.setReport(report),
  };
  const id = makeWriterId();
  const link = thread
    ? await startWriterThread(path, id, log, listener)
    : linkWriterHere(new Writer(path, id, clock, log, listener));
  const openHostReader = thread ? startHostReaderThread : linkHostReaderHere;
  const store = new SqliteStore({ path, link, openHostReader, clock, log, held: opened.move() });
  heard.by = store;
  return store;
}

/** Not 0, which is nobody; and no two that are open at once the same. */
function makeWriterId(): number {
  const octets = systemChance.octets(6);
  return octets.reduce((sum, octet) => sum * 256 + octet, 0) + 1;
}
