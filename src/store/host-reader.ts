/** Reads all hosts at a start, packed in columns, on a connection of its own. */

import type { Database } from "bun:sqlite";
import type { HostColumns } from "../core/host-columns.ts";
import { openConnection } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { getFeedEnd } from "./feed.ts";
import { countHosts, fillHosts } from "./host-rows.ts";
import type { FeedPosition } from "./store.ts";

/** The state that is read. */
export interface ReadBegun {
  readonly position: FeedPosition;
  readonly hosts: number;
}

/** Ask for hosts, here or in a thread. Rejects with `StoreFailed`. */
export interface HostReaderLink extends Disposable {
  /** Begins, or begins again, with the state as it is now. */
  begin(): Promise<ReadBegun>;
  /** The next hosts in order of id, good until it is asked again; undefined: that was all. */
  next(): Promise<HostColumns | undefined>;
}

/** Hosts that are handed over at once: a message for each of them would cost more than the host. */
export const hostsPerBatch = 1_000;

export class HostReader implements Disposable {
  readonly #connection: Connection;
  readonly #database: Database;
  #after = 0;

  constructor(path: string) {
    this.#connection = openConnection(path, "read");
    this.#database = this.#connection.database;
  }

  begin(): ReadBegun {
    const database = this.#database;
    if (database.inTransaction) database.run("rollback");
    database.run("begin");
    this.#after = 0;
    return { position: getFeedEnd(database), hosts: countHosts(database) };
  }

  /** Fills the columns with the next hosts in order of id. They are full unless these were the last. */
  fill(columns: HostColumns): void {
    this.#after = fillHosts(this.#database, this.#after, columns);
  }

  [Symbol.dispose](): void {
    this.#connection[Symbol.dispose]();
  }
}
