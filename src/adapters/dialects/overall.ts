/** What became of a request as a whole, for dialects that have one word for all of its hosts. */

import { assert } from "../../base/assert.ts";
import type { HostOutcome, Reached, UpdateOutcome } from "../../core/update.ts";

export type Overall =
  | Exclude<UpdateOutcome, { readonly kind: "hosts" }>
  | Exclude<HostOutcome, Reached>
  | Reached;

/** The first refusal; without one, what changed rather than what did not. */
export function overall(outcome: UpdateOutcome): Overall {
  if (outcome.kind !== "hosts") return outcome;
  const { hosts } = outcome;
  assert(hosts.length > 0, "an update that was taken names at least one host");
  return (
    hosts.find(({ kind }) => kind !== "changed" && kind !== "unchanged") ??
    hosts.find(({ kind }) => kind === "changed") ??
    hosts[0]!
  );
}
