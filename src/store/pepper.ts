/** The pepper: the key of all device login verifiers. A file of its own, so that a stolen database is not enough. */

import { chmod, link, mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Chance } from "../base/chance.ts";
import { systemChance } from "../base/chance.ts";
import { pepperOctets } from "../core/verifier.ts";

const fileName = "device-logins.key";

/** The file is there and is not a key. Nothing is made anew: every login would be worthless. */
export class BadPepper extends Error {
  override readonly name = "BadPepper";
}

/** Reads the key of a data folder, making folder (0700) and key (0600) where there is none. */
export async function openPepper(
  dataFolder: string,
  chance: Chance = systemChance,
): Promise<Uint8Array> {
  const path = join(dataFolder, fileName);
  await mkdir(dataFolder, { recursive: true, mode: 0o700 });
  const there = await findPepper(path);
  if (there !== undefined) return there;
  await makePepper(path, chance);
  const made = await findPepper(path);
  if (made === undefined) throw new BadPepper(`Cannot read ${path}, which was just written.`);
  return made;
}

async function findPepper(path: string): Promise<Uint8Array | undefined> {
  let text: string;
  try {
    text = await readFile(path, "latin1");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const octets = Buffer.from(text.trim(), "hex");
  if (octets.length !== pepperOctets) {
    throw new BadPepper(
      `${path} does not hold a key of ${pepperOctets} octets in hexadecimal. ` +
        "Restore it from a backup: without it no device login can be checked.",
    );
  }
  return octets;
}

/** Written whole under another name first: two processes that start at once end up with one key. */
async function makePepper(path: string, chance: Chance): Promise<void> {
  const draft = `${path}.${process.pid}.new`;
  const file = await open(draft, "w", 0o600);
  try {
    await file.writeFile(`${Buffer.from(chance.octets(pepperOctets)).toString("hex")}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  try {
    await link(draft, path); // fails where another process was first, and then its key counts
    await chmod(path, 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  } finally {
    await rm(draft, { force: true });
  }
}
