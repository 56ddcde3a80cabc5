/** ACME challenges: texts at `_acme-challenge` of a host, which prove to an authority that the name is its owner's. */

import { unreachable } from "../base/assert.ts";
import { hostNameCharactersMax } from "./host-name.ts";
import type { HostName } from "./host-name.ts";
import type { ChallengeChange } from "./update.ts";

/** A certificate for a name and its wildcard proves both at the same place, so two at once; the newest stay. */
export const challengesPerHostMax = 2;

/**
 * How long a resolver may keep a challenge: not the setting for hosts, which an operator may raise. Who checks
 * asks the authoritative servers or has looked a moment before, for another certificate.
 */
export const challengeTtlSeconds = 60;

/** RFC 1035 §3.3: a character-string. */
const challengeCharactersMax = 255;

/** RFC 8555 §8.4. */
export const challengeLabel = "_acme-challenge.";

/** Where the texts of a host stand; undefined when no name is that long. */
export function challengeName(host: HostName): HostName | undefined {
  if (challengeLabel.length + host.length > hostNameCharactersMax) return undefined;
  return (challengeLabel + host) as HostName;
}

/** The host that a client means which sends the name of the record (lego, acme.sh, certbot). */
export function hostOfChallenge(name: string): string {
  return name.toLowerCase().startsWith(challengeLabel) ? name.slice(challengeLabel.length) : name;
}

/** Digests in base64url are all that is needed; other printable ASCII harms nobody. */
export function isChallenge(value: string): boolean {
  return value.length <= challengeCharactersMax && /^[ -~]+$/.test(value);
}

/** What became of the texts of one host. */
export type ChallengeResult =
  | { readonly kind: "changed" | "unchanged" }
  /** The host was deleted meanwhile. */
  | { readonly kind: "gone" }
  /** The zone has something at that name, or above it, that hides it. A sentence. */
  | { readonly kind: "refused"; readonly why: string };

/** Whether the change would leave the texts as they are: an equal one again is not a newer one. */
export function isDone(change: ChallengeChange, there: readonly string[]): boolean {
  switch (change.kind) {
    case "add":
      return there.includes(change.value);
    case "remove":
      return !there.includes(change.value);
    case "clear":
      return there.length === 0;
    default:
      return unreachable(change);
  }
}
