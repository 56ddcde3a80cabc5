/** The key of all sealed secrets, made only where nothing is sealed yet. */

import { openGnudipProof } from "../core/login-proof.ts";
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
  const login = await store.findLoginAccepting("gnudip");
  if (login === undefined) return openOrMakeSecretsKey(dataFolder);
  const secretsKey = await openSecretsKey(dataFolder);
  if (openGnudipProof(login, secretsKey) !== undefined) return secretsKey;
  const who = JSON.stringify(Buffer.from(login.username, "latin1").toString("utf8"));
  const why = `The secrets.key in ${dataFolder} is not the one that the secret of the login ${who} was sealed with.`;
  throw new Refused(refused(why, "Restore the file from a backup of the same time as the data."));
}
