/** What may be done with the keys of a zone next, and when: roll-over and going unsigned. RFC 7583, RFC 6781 §4.1. */

import { keyRoles, nextKeyState } from "./key-state.ts";
import type { KeyEvent, KeyState } from "./key-state.ts";
import type { KeyChange, ZoneKey } from "./zone-key.ts";
import { keyTtlSeconds } from "./zone-signing.ts";

/**
 * How long the slowest server of the zone may lag behind: a secondary that has missed the news asks after
 * its refresh time, which `zone add` makes an hour. The parent gets as long (RFC 7583 §3.2.1, Dprp).
 */
const propagationSeconds = 3_600;

/** The longest that top-level domains let a DS be kept, for when it is not known: a day. */
export const dsTtlSecondsMax = 86_400;

/** Where the keys of a zone stand, as a whole. */
export type KeyStage =
  | "unsigned"
  | "signed"
  /** The successor is being made known. */
  | "introducing"
  /** It signs, and the parent is to name it. */
  | "handing-over"
  /** The parent names it, and caches forget the one before. */
  | "finishing"
  /** The parent is to name no key. */
  | "leaving"
  /** It names none, and caches forget that it did. */
  | "left";

/** The state that tells the stage: the first of these that a key is in. */
const stages: readonly (readonly [KeyState, KeyStage])[] = [
  ["withdrawing", "leaving"],
  ["withdrawn", "left"],
  ["retiring", "handing-over"],
  ["retired", "finishing"],
  ["published", "introducing"],
  ["active", "signed"],
];

export function stageOf(keys: readonly ZoneKey[]): KeyStage {
  const found = stages.find(([state]) => keys.some((key) => key.state === state));
  return found?.[1] ?? "unsigned";
}

/** What ends a stage. */
type Step =
  /** The successor takes over. */
  | "switch"
  /** The parent names the keys it shall name, and no others. */
  | "parent"
  /** The key that nobody needs any more goes. */
  | "remove"
  /** All keys go. */
  | "unsign";

const stepOfStage: Readonly<Record<KeyStage, Step | undefined>> = {
  unsigned: undefined,
  signed: undefined,
  introducing: "switch",
  "handing-over": "parent",
  finishing: "remove",
  leaving: "parent",
  left: "unsign",
};

export interface NextStep {
  readonly step: Step;
  /** The earliest time; `undefined` when it is the parent that is waited for. */
  readonly fromMs: number | undefined;
}

/** `undefined` when nothing is under way. */
export function nextStep(keys: readonly ZoneKey[]): NextStep | undefined {
  const step = stepOfStage[stageOf(keys)];
  if (step === undefined) return undefined;
  if (step === "parent") return { step, fromMs: undefined };
  const waiting = keys.filter((key) => key.state !== "active");
  return { step, fromMs: Math.max(...waiting.map((key) => key.waitsUntilMs)) };
}

/** How long caches and secondaries may keep what was true before. */
export interface Ttls {
  /** Of everything that the zone answers. */
  readonly largestSeconds: number;
  /** Of the DS records at the parent. */
  readonly dsSeconds: number;
}

/** When everybody knows a key that is published now: RFC 7583 §3.2.1, Ipub. */
export function knownFromMs(nowMs: number): number {
  return nowMs + (keyTtlSeconds + propagationSeconds) * 1_000;
}

/** When nobody holds an answer of before any more; for a new zone: when a DS does no harm. RFC 7583 §3.2.1, Iret. */
export function forgottenFromMs(nowMs: number, largestSeconds: number): number {
  return nowMs + (Math.max(largestSeconds, keyTtlSeconds) + propagationSeconds) * 1_000;
}

/** What an event does to the keys, in an order in which at most one signs at any time. */
export function changesBy(
  event: KeyEvent,
  keys: readonly ZoneKey[],
  ttls: Ttls,
  nowMs: number,
): readonly KeyChange[] {
  const changes = keys.flatMap((key): KeyChange[] => {
    const to = nextKeyState[key.state][event];
    if (to === key.state) return [];
    return [{ key: key.id, from: key.state, to, waitsUntilMs: waitsUntil(to, key, ttls, nowMs) }];
  });
  const signsBefore = ({ from }: KeyChange): number =>
    keyRoles[from].signs === "everything" ? 0 : 1;
  return changes.toSorted((a, b) => signsBefore(a) - signsBefore(b));
}

function waitsUntil(to: KeyChange["to"], key: ZoneKey, ttls: Ttls, nowMs: number): number {
  switch (to) {
    case "retiring":
      return forgottenFromMs(nowMs, ttls.largestSeconds);
    case "retired": // its signatures may be remembered longer than its DS: RFC 7583 §3.3.1
    case "withdrawn":
      return Math.max(key.waitsUntilMs, nowMs + (ttls.dsSeconds + propagationSeconds) * 1_000);
    case "published":
    case "active":
    case "withdrawing":
    case "removed":
      return nowMs;
  }
}
