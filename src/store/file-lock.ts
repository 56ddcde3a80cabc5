/** An exclusive lock between processes that ends with its holder, however that one ends. */

import { chmodSync, closeSync, openSync } from "node:fs";
import { Database } from "bun:sqlite";

/** Nobody but the owner of the data folder opens what is in it. */
export const fileMode = 0o600;

/** Throws when another holds it for longer than `waitMs`. */
export function lockFile(path: string, waitMs: number): Disposable {
  closeSync(openSync(path, "a", fileMode));
  chmodSync(path, fileMode);
  const lock = new Database(path, { readwrite: true, create: false });
  try {
    lock.run(`pragma busy_timeout = ${waitMs}`);
    lock.run("pragma journal_mode = memory"); // nothing is ever written
    lock.run("begin exclusive");
  } catch (error) {
    lock.close();
    throw error;
  }
  return { [Symbol.dispose]: () => lock.close() };
}
