/** From the name of a challenge's record to the host it is about. */

import { challengeLabel } from "../core/challenge.ts";
import { parseHostName } from "../core/host-name.ts";
import type { HostName } from "../core/host-name.ts";

export function challengeRecordName(host: string): string {
  return challengeLabel + host;
}

/**
 * Undefined: not at `_acme-challenge` of a name. Asked for a text at any other name, the program that asked would
 * look there and find nothing.
 */
export function findChallengedHost(recordName: string): HostName | undefined {
  const name = parseHostName(recordName);
  if (name === undefined || !name.startsWith(challengeLabel)) return undefined;
  return parseHostName(name.slice(challengeLabel.length));
}
