/** The data folder: where it is, who may read it, and that only one server uses it. */

import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  statfsSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Log } from "../observe/log.ts";
import { fileMode, lockFile } from "./file-lock.ts";
import { StoreFailed } from "./store.ts";

/** Account hashes and login verifiers are in there: nobody but the owner reads it. */
const folderMode = 0o700;

/** `sqlite:PATH` or a plain path of the database file. */
export function parseStoreUrl(url: string): string | undefined {
  const path = url.startsWith("sqlite:") ? url.slice("sqlite:".length) : url;
  if (path === "" || path === ":memory:" || /^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return undefined;
  return resolve(path);
}

/** Makes the folder and an empty database file, where they are missing, with the right modes. */
export function makeDataFolder(databasePath: string, log: Log): void {
  const folder = dirname(databasePath);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true, mode: folderMode });
  const network = findNetworkFileSystem(Number(statfsSync(folder).type));
  if (network !== undefined) {
    log.warn(
      { folder, fileSystem: network },
      "The data folder is on a network file system. Locks and fsync may not hold there: changes can be lost.",
    );
  }
  if (!existsSync(databasePath)) {
    // SQLite gives -wal and -shm the mode of the database.
    closeSync(openSync(databasePath, "a", fileMode));
    syncFolder(folder);
  }
  chmodSync(databasePath, fileMode);
}

/** Makes a created, renamed or removed name durable. */
export function syncFolder(folder: string): void {
  const descriptor = openSync(folder, "r");
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Takes the folder for one server until it is closed or the process ends, however it ends: an
 * exclusive transaction on a file of its own. The command line does not take it; it works beside.
 */
export function lockDataFolder(databasePath: string): Disposable {
  const lockPath = join(dirname(databasePath), "nameward.lock");
  try {
    return lockFile(lockPath, 0);
  } catch (error) {
    throw new StoreFailed(
      `Cannot use ${dirname(databasePath)}: another Nameward server has this data folder open. Stop it, or give this one a folder of its own.`,
      { cause: error },
    );
  }
}

/** Magic numbers of statfs(2) for file systems where POSIX locks or fsync may not be what they say. */
const networkFileSystems: ReadonlyMap<number, string> = new Map([
  [0x6969, "NFS"],
  [0x517b, "SMB"],
  [0xff534d42, "CIFS"],
  [0xfe534d42, "SMB2"],
  [0x5346414f, "AFS"],
  [0x01021997, "9P"],
  [0x00c36400, "Ceph"],
  [0x0bd00bd0, "Lustre"],
  [0x47504653, "GPFS"],
]);

export function findNetworkFileSystem(type: number): string | undefined {
  return networkFileSystems.get(type >>> 0);
}
