/** What was decided about one host of a request. */

import { unreachable } from "../base/assert.ts";
import type { ChallengeResult } from "./challenge.ts";
import type { AddressChange, HostId } from "./host.ts";
import type { HostOutcome } from "./update.ts";

export interface Decision {
  readonly asked: string;
  readonly host: HostId | undefined;
  readonly outcome: HostOutcome;
  readonly note: string;
  readonly change: AddressChange | undefined;
  /** When it was decided: the receipt that is stored with a change and the one in memory are of the same time. */
  readonly atMs?: number;
  /** Nobody asked for this host: it moves with the prefix of its network, and the reply says nothing of it. */
  readonly isUnasked?: true;
}

type RefusedKind = Exclude<HostOutcome["kind"], "changed" | "unchanged">;

export function refusal(
  asked: string,
  host: HostId | undefined,
  kind: RefusedKind,
  note: string,
): Decision {
  return { asked, host, outcome: { kind }, note, change: undefined };
}

export function isChanged({ outcome }: Decision): boolean {
  return outcome.kind === "changed";
}

/** The store has the last word. */
export function settleChallenge(decision: Decision, result: ChallengeResult): Decision {
  const { outcome } = decision;
  switch (result.kind) {
    case "changed":
      return decision;
    case "unchanged": // somebody else was quicker
      return outcome.kind === "changed"
        ? { ...decision, outcome: { ...outcome, kind: "unchanged" } }
        : decision;
    case "gone":
      return gone(decision);
    case "refused":
      return { ...decision, outcome: { kind: "bad-address" }, note: result.why };
    default:
      return unreachable(result);
  }
}

/** In place of a change, where the owner chose that the addresses stay. */
export const fixedNote = "The host is fixed: what the device reports is recorded and not applied.";

/** One refused host refuses the others in its own words. */
export function allOrNothing(decisions: readonly Decision[]): readonly Decision[] {
  const refused = decisions.find(({ outcome }) => !isReached(outcome));
  if (refused === undefined) return decisions;
  return decisions.map((decision) => {
    if (!isReached(decision.outcome)) return decision;
    const note = `Refused because ${cut(refused.asked)} was: this dialect has one answer for all hosts.`;
    return { ...decision, outcome: refused.outcome, note, change: undefined };
  });
}

export function isReached({ kind }: HostOutcome): boolean {
  return kind === "changed" || kind === "unchanged";
}

export function gone(decision: Decision): Decision {
  const outcome: HostOutcome = { kind: "unknown-host" };
  return { ...decision, outcome, note: "The host was deleted meanwhile.", change: undefined };
}

/** What is kept of texts that a client chooses. */
const receiptTextCharactersMax = 255;

export function cut(text: string): string {
  return text.slice(0, receiptTextCharactersMax);
}
