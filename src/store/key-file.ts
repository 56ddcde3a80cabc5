/**
 * Key files: keys that lie in the data folder beside the database and never in it, so that a stolen
 * database is not enough. Each is one line of hexadecimal digits that only its owner may read.
 */

import { link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Chance } from "../base/chance.ts";
import { syncFolder } from "./data-folder.ts";

export interface KeyFile {
  readonly name: string;
  readonly octets: number;
  /** Follows "without it". */
  readonly without: string;
}

/** The file is missed, or is there and is not a key. Nothing is made anew in its place. */
export class BadKeyFile extends Error {
  override readonly name = "BadKeyFile";
}

/** Reads the key, making folder (0700) and file (0600) where there is none. */
export async function openOrMakeKey(
  dataFolder: string,
  file: KeyFile,
  chance: Chance,
): Promise<Uint8Array> {
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const there = await findKey(dataFolder, file);
  if (there !== undefined) return there;
  await makeKey(dataFolder, file, chance);
  return openKey(dataFolder, file);
}

/** Reads a key that must be there: something was made with it. */
export async function openKey(dataFolder: string, file: KeyFile): Promise<Uint8Array> {
  const key = await findKey(dataFolder, file);
  if (key !== undefined) return key;
  throw new BadKeyFile(
    `There is no ${join(dataFolder, file.name)}. Restore it from a backup: without it ${file.without}.`,
  );
}

async function findKey(dataFolder: string, file: KeyFile): Promise<Uint8Array | undefined> {
  const path = join(dataFolder, file.name);
  let text: string;
  try {
    text = await readFile(path, "latin1");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const octets = Buffer.from(text.trim(), "hex");
  if (octets.length !== file.octets) {
    throw new BadKeyFile(
      `${path} does not hold a key of ${file.octets} octets in hexadecimal. ` +
        `Restore it from a backup: without it ${file.without}.`,
    );
  }
  return octets;
}

/** Written whole under another name first: two that start at once end up with one key. */
async function makeKey(dataFolder: string, file: KeyFile, chance: Chance): Promise<void> {
  const path = join(dataFolder, file.name);
  const draft = `${path}.${Buffer.from(chance.octets(8)).toString("hex")}.new`;
  const handle = await open(draft, "w", 0o600);
  try {
    await handle.writeFile(`${Buffer.from(chance.octets(file.octets)).toString("hex")}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
  try {
    await link(draft, path); // fails where another process was first, and then its key counts
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
  // The key is on disk before anything that was made with it can be.
  syncFolder(dataFolder);
}
