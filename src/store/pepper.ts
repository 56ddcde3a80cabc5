/** The pepper: the key of all device login verifiers. */

import type { Chance } from "../base/chance.ts";
import { systemChance } from "../base/chance.ts";
import { pepperOctets } from "../core/verifier.ts";
import { openOrMakeKey } from "./key-file.ts";

const pepperFile = {
  name: "device-logins.key",
  octets: pepperOctets,
  without: "no device login can be checked",
};

/** Reads the pepper of a data folder, and makes it where there is none. */
export function openPepper(dataFolder: string, chance: Chance = systemChance): Promise<Uint8Array> {
  return openOrMakeKey(dataFolder, pepperFile, chance);
}
