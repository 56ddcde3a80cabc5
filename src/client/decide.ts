/** What the update client does next about one family of one host. Pure: time and chance come in. */

import type { HostAnswer } from "./speak/service.ts";

/**
 * `starting`: nothing was sent since the start. `stale`: a request is under way, and the address has moved again.
 * `waiting`: the last request failed. `halted`: only another configuration helps.
 */
export type State = "starting" | "watching" | "sending" | "stale" | "waiting" | "halted";

/**
 * Three come from looking at the address: it is as it should be, it moved, or it has to be sent whatever it is. `spent`: it
 * would have to be sent, and the budget is used up. Three come from the service.
 */
export type Event = "same" | "moved" | "due" | "spent" | "accepted" | "refused" | "failed";

type Row = Readonly<Record<Event, State>>;

/** Every state answers every event. `halted` has no way out: a start with another configuration begins anew. */
export const next: Readonly<Record<State, Row>> = {
  starting: {
    same: "starting",
    moved: "sending",
    due: "sending",
    spent: "starting",
    accepted: "starting",
    refused: "starting",
    failed: "starting",
  },
  watching: {
    same: "watching",
    moved: "sending",
    due: "sending",
    spent: "watching",
    accepted: "watching",
    refused: "watching",
    failed: "watching",
  },
  sending: {
    same: "sending",
    moved: "stale",
    due: "sending",
    spent: "sending",
    accepted: "watching",
    refused: "halted",
    failed: "waiting",
  },
  stale: {
    same: "sending",
    moved: "stale",
    due: "stale",
    spent: "stale",
    accepted: "sending",
    refused: "halted",
    failed: "waiting",
  },
  waiting: {
    same: "waiting",
    moved: "waiting",
    due: "sending",
    spent: "waiting",
    accepted: "waiting",
    refused: "waiting",
    failed: "waiting",
  },
  halted: {
    same: "halted",
    moved: "halted",
    due: "halted",
    spent: "halted",
    accepted: "halted",
    refused: "halted",
    failed: "halted",
  },
};

/** What is decided beside the table, and held by the same model. */
export interface Rules {
  readonly next: typeof next;
  /** An address that was accepted so long ago is sent again, before the service forgets the host. */
  readonly resendAfterMs: number;
}

export const minuteMs = 60_000;
export const dayMs = 24 * 60 * minuteMs;

/** Dyn forgot hosts after 35 days and others after 30; careful clients come again after 25. */
export const resendAfterMs = 25 * dayMs;

/** A wait after a failure is never shorter, and without a word of the service never longer. */
export const waitLeastMs = 1 * minuteMs;
export const waitMostMs = 60 * minuteMs;

/** No service is left alone for longer than this, whatever it or a broken clock says. */
export const askedMostMs = 1 * dayMs;

/**
 * Requests at once, and one more a minute: an interface that flaps costs no more than the naive client that sends every
 * minute, and the common double move of a reconnecting router is not held back.
 */
export const budgetMost = 5;
const budgetRefillMs = minuteMs;

export interface Moment {
  /** Since the epoch, as the system believes it: for what outlives the process. */
  readonly wallMs: number;
  /** Never goes back: for waits. */
  readonly monotonicMs: number;
}

/** What outlives the process. */
export interface Remembered {
  readonly accepted: { readonly address: string; readonly atMs: number } | undefined;
  /** The word of the service, when it refused this very configuration. */
  readonly halted: string | undefined;
  /** By the wall clock: the service asked to be left alone until then. */
  readonly notBeforeMs: number | undefined;
}

/** One family of one host. */
export interface Track {
  readonly state: State;
  /** As it was detected last; `undefined` until it was. */
  readonly wanted: string | undefined;
  /** What the last request carried. */
  readonly sent: string | undefined;
  readonly accepted:
    | {
        readonly address: string;
        readonly atMs: number;
        /** `undefined`: before this process began. */
        readonly atMonotonicMs: number | undefined;
      }
    | undefined;
  /** In a row. */
  readonly failures: number;
  /** By the monotonic clock: when the wait is over. */
  readonly notBeforeMs: number;
  /** The service asked for the wait: then nothing cuts it short. */
  readonly isAsked: boolean;
  /** What the service said when it refused. */
  readonly word: string | undefined;
  readonly budget: number;
  readonly budgetAtMs: number;
}

export type Input =
  | { readonly kind: "detected"; readonly address: string }
  | { readonly kind: "answered"; readonly answer: HostAnswer };

export type Action =
  | { readonly kind: "send"; readonly address: string }
  /** Look again then; nothing is sent before. */
  | { readonly kind: "wait"; readonly untilMonotonicMs: number }
  | { readonly kind: "remember" }
  | { readonly kind: "halt"; readonly word: string };

export interface Decision {
  readonly track: Track;
  readonly actions: readonly Action[];
}

/** From 0 to 1, without 1. */
export type Fraction = () => number;

/** The track of a process that has just begun. */
export function startTrack(remembered: Remembered | undefined, now: Moment): Track {
  const { accepted, halted, notBeforeMs: notBeforeWallMs } = remembered ?? nothing;
  // What a clock that was wrong has written down must not hold us for years.
  const leftMs = Math.min((notBeforeWallMs ?? now.wallMs) - now.wallMs, askedMostMs);
  const isAsked = leftMs > 0;
  return {
    state: halted !== undefined ? "halted" : isAsked ? "waiting" : "starting",
    wanted: undefined,
    sent: undefined,
    accepted: accepted === undefined ? undefined : { ...accepted, atMonotonicMs: undefined },
    failures: 0,
    notBeforeMs: now.monotonicMs + Math.max(0, leftMs),
    isAsked,
    word: halted,
    budget: budgetMost,
    budgetAtMs: now.monotonicMs,
  };
}

/** As `startTrack` for a process that looks once and ends: only what changed is sent, as a daemon that goes on would. */
export function resumeTrack(remembered: Remembered | undefined, now: Moment): Track {
  const track = startTrack(remembered, now);
  const isKnown = track.state === "starting" && track.accepted !== undefined;
  return isKnown ? { ...track, state: "watching" } : track;
}

const nothing: Remembered = { accepted: undefined, halted: undefined, notBeforeMs: undefined };

/** What of a track has to outlive the process. */
export function whatToRemember(track: Track, now: Moment): Remembered {
  const { accepted, state, isAsked, notBeforeMs, word } = track;
  const isWaiting = state === "waiting" && isAsked;
  return {
    accepted:
      accepted === undefined ? undefined : { address: accepted.address, atMs: accepted.atMs },
    halted: state === "halted" ? word : undefined,
    notBeforeMs: isWaiting ? now.wallMs + Math.max(0, notBeforeMs - now.monotonicMs) : undefined,
  };
}

export function decide(
  track: Track,
  input: Input,
  now: Moment,
  rules: Rules,
  fraction: Fraction,
): Decision {
  return input.kind === "detected"
    ? decideDetected(track, input.address, now, rules, fraction)
    : decideAnswered(track, input.answer, now, rules, fraction);
}

function decideDetected(
  before: Track,
  address: string,
  now: Moment,
  rules: Rules,
  fraction: Fraction,
): Decision {
  const track = { ...refill(before, now), wanted: address };
  const event = eventOf(track, address, now, rules);
  const state = rules.next[track.state][event];
  if (state === "sending" && before.state !== "sending" && before.state !== "stale") {
    return send({ ...track, state });
  }
  if (event === "spent") {
    const untilMonotonicMs = track.budgetAtMs + budgetRefillMs;
    return { track: { ...track, state }, actions: [{ kind: "wait", untilMonotonicMs }] };
  }
  // The failures were those of another address, perhaps of a line that was down: a new one may try soon.
  if (state === "waiting" && event === "moved" && !track.isAsked) {
    const soonMs = now.monotonicMs + waitMs(0, fraction);
    const notBeforeMs = Math.min(track.notBeforeMs, soonMs);
    const hurried = { ...track, state, notBeforeMs, failures: 0, sent: address };
    return { track: hurried, actions: [{ kind: "wait", untilMonotonicMs: notBeforeMs }] };
  }
  return { track: { ...track, state }, actions: [] };
}

/** What a detected address means in this state. */
function eventOf(track: Track, address: string, now: Moment, rules: Rules): Event {
  switch (track.state) {
    case "sending":
    case "stale":
      return address === track.sent ? "same" : "moved";
    case "waiting":
      if (now.monotonicMs >= track.notBeforeMs) return track.budget >= 1 ? "due" : "spent";
      return address === track.sent ? "same" : "moved";
    case "starting":
      return track.budget >= 1 ? "due" : "spent";
    case "watching": {
      const hasMoved = address !== track.accepted?.address;
      if (!hasMoved && !isAged(track, now, rules)) return "same";
      if (track.budget < 1) return "spent";
      return hasMoved ? "moved" : "due";
    }
    case "halted":
      return "same";
  }
}

/** The later of two clocks counts: one stops while the machine sleeps, the other may be set back. */
function isAged({ accepted }: Track, now: Moment, rules: Rules): boolean {
  if (accepted === undefined) return true;
  const { atMs, atMonotonicMs = now.monotonicMs } = accepted;
  const elapsedMs = Math.max(now.wallMs - atMs, now.monotonicMs - atMonotonicMs);
  return elapsedMs >= rules.resendAfterMs;
}

function decideAnswered(
  track: Track,
  answer: HostAnswer,
  now: Moment,
  rules: Rules,
  fraction: Fraction,
): Decision {
  const event = answer.kind === "unchanged" ? "accepted" : answer.kind;
  const state = rules.next[track.state][event];
  // An answer to nothing changes nothing.
  if (track.state !== "sending" && track.state !== "stale") {
    return { track: { ...track, state }, actions: [] };
  }
  switch (answer.kind) {
    case "accepted":
    case "unchanged": {
      const accepted = {
        address: track.sent!,
        atMs: now.wallMs,
        atMonotonicMs: now.monotonicMs,
      };
      const done = { ...track, state, accepted, failures: 0, isAsked: false };
      const remember: Action = { kind: "remember" };
      if (state !== "sending") return { track: done, actions: [remember] };
      const sent = send(refill(done, now));
      return { ...sent, actions: [remember, ...sent.actions] };
    }
    case "refused": {
      const actions: Action[] = [{ kind: "remember" }, { kind: "halt", word: answer.word }];
      return { track: { ...track, state, word: answer.word }, actions };
    }
    case "failed": {
      const isAsked = answer.waitMs !== undefined;
      const askedMs = Math.min(answer.waitMs ?? 0, askedMostMs);
      const notBeforeMs = now.monotonicMs + askedMs + waitMs(track.failures, fraction);
      const failures = track.failures + 1;
      const wait: Action = { kind: "wait", untilMonotonicMs: notBeforeMs };
      const waiting = { ...track, state, failures, notBeforeMs, isAsked };
      return { track: waiting, actions: isAsked ? [{ kind: "remember" }, wait] : [wait] };
    }
  }
}

/**
 * Exponential with full jitter: anywhere in a window that doubles with each failure. Clients that failed together come back
 * apart, and none comes more often than once a minute.
 */
export function waitMs(failures: number, fraction: Fraction): number {
  const windowMs = minuteMs * 2 ** Math.min(failures, 10);
  return waitLeastMs + fraction() * Math.min(windowMs, waitMostMs - waitLeastMs);
}

function send(track: Track): Decision {
  const address = track.wanted!;
  return {
    track: { ...track, sent: address, budget: track.budget - 1 },
    actions: [{ kind: "send", address }],
  };
}

function refill(track: Track, now: Moment): Track {
  const more = Math.floor((now.monotonicMs - track.budgetAtMs) / budgetRefillMs);
  if (more <= 0) return track;
  const budget = Math.min(budgetMost, track.budget + more);
  return { ...track, budget, budgetAtMs: track.budgetAtMs + more * budgetRefillMs };
}
/** How far a poll may lie from its time, so that machines that were switched on together drift apart. */
const pollJitter = 0.2;

export function pollAfterMs(everyMs: number, fraction: Fraction): number {
  return everyMs * (1 - pollJitter / 2 + pollJitter * fraction());
}
