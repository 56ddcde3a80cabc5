/** The key of all sealed secrets, made only where nothing is sealed yet. */

import { openZoneKey } from "../core/zone-key.ts";
import { openOrMakeSecretsKey, openSecretsKey } from "../store/secrets-key.ts";
import type { Store } from "../store/store.ts";
import { Refused, refused } from "./command.ts";

/** Two secrets under two keys could never be opened together, so the key is tried on what is there. */
export async function getSecretsKey(store: Store, dataFolder: string): Promise<Uint8Array> {
  for (const zone of await store.listZones()) {
    const [key] = await store.listKeys(zone.id);
    if (key === undefined) continue;
    const secretsKey = await openSecretsKey(dataFolder);
    if (openZoneKey(zone.apex, key, secretsKey) !== undefined) return secretsKey;
    const why = `The secrets.key in ${dataFolder} is not the one that the keys of ${zone.apex} were sealed with.`;
    throw new Refused(refused(why, "Restore the file from a backup of the same time as the data."));
  }
  return openOrMakeSecretsKey(dataFolder);
}
