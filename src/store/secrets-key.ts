/** The key under which secrets in the database are sealed: keys of zones, and whatever else must be recoverable. */

import type { Chance } from "../base/chance.ts";
import { systemChance } from "../base/chance.ts";
import { sealKeyOctets } from "../core/seal.ts";
import { openKey, openOrMakeKey } from "./key-file.ts";

const secretsFile = {
  name: "secrets.key",
  octets: sealKeyOctets,
  without: "neither the keys of signed zones nor the secrets of GnuDIP logins can be used",
};

/** For who has something that was sealed. Throws `BadKeyFile` when the key is missing or is none. */
export function openSecretsKey(dataFolder: string): Promise<Uint8Array> {
  return openKey(dataFolder, secretsFile);
}

/** For who is about to seal the first secret there is. */
export function openOrMakeSecretsKey(
  dataFolder: string,
  chance: Chance = systemChance,
): Promise<Uint8Array> {
  return openOrMakeKey(dataFolder, secretsFile, chance);
}
