/** The table of the update client against a model that only knows what was promised. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import {
  askedMostMs,
  budgetMost,
  dayMs,
  decide,
  minuteMs,
  next,
  resendAfterMs,
  resumeTrack,
  startTrack,
  waitLeastMs,
  waitMostMs,
  waitMs,
  whatToRemember,
} from "./decide.ts";
import type { Action, Event, Remembered, Rules, State, Track } from "./decide.ts";
import type { HostAnswer } from "./speak/service.ts";

type Step =
  /** Time passes; then the address is looked at. */
  | { readonly kind: "poll"; readonly afterMs: number }
  | { readonly kind: "move"; readonly to: string }
  | { readonly kind: "answer"; readonly answer: HostAnswer }
  | { readonly kind: "wall"; readonly byMs: number }
  | {
      readonly kind: "restart";
      readonly memory: "kept" | "lost";
      readonly configuration: "same" | "other";
    };

const addresses = ["203.0.113.1", "203.0.113.2", "203.0.113.3"];
const answers: readonly HostAnswer[] = [
  { kind: "accepted" },
  { kind: "unchanged" },
  { kind: "refused", word: "nohost" },
  { kind: "failed", why: "no answer", waitMs: undefined },
  { kind: "failed", why: "911", waitMs: 30 * minuteMs },
];
const accepted = answers[0]!;

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("poll" as const),
      afterMs: fc.constantFrom(1_000, 5 * minuteMs, 5 * minuteMs, 61 * minuteMs, 9 * dayMs),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant("move" as const),
      to: fc.constantFrom(...addresses),
    }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("answer" as const),
      answer: fc.constantFrom(accepted, accepted, ...answers),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("wall" as const),
      byMs: fc.constantFrom(-400 * dayMs, -60 * minuteMs, 60 * minuteMs, 30 * dayMs),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant("restart" as const),
      memory: fc.constantFrom("kept" as const, "lost" as const),
      configuration: fc.constantFrom("same" as const, "same" as const, "other" as const),
    }),
  },
);

const rules: Rules = { next, resendAfterMs };

/**
 * A world around one track. It keeps its own books, from what goes in and comes out alone, and throws where a promise is broken.
 */
class World {
  readonly #rules: Rules;
  readonly #fraction: () => number;
  #track: Track;
  #memory: Remembered | undefined;
  #monotonicMs = 0;
  #wallMs = 1_800_000_000_000;
  #address = addresses[0]!;
  /** What the books say. */
  #detected: string | undefined;
  #pending: string | undefined;
  #known:
    | { readonly address: string; readonly wallMs: number; readonly monotonicMs: number }
    | undefined;
  #hasSentSinceStart = false;
  #failed: { readonly atMs: number; readonly askedMs: number } | undefined;
  #isHalted = false;
  #sendsMs: number[] = [];

  constructor(given: Rules, fraction: () => number) {
    this.#rules = given;
    this.#fraction = fraction;
    this.#track = startTrack(undefined, this.#now());
  }

  do(what: Step): void {
    switch (what.kind) {
      case "poll":
        this.#monotonicMs += what.afterMs;
        this.#wallMs += what.afterMs;
        this.#detected = this.#address;
        return this.#poll();
      case "move":
        this.#address = what.to;
        return;
      case "answer":
        return this.#answer(what.answer);
      case "wall":
        this.#wallMs += what.byMs;
        return;
      case "restart":
        return this.#restart(what.memory, what.configuration);
    }
  }

  #now(): { wallMs: number; monotonicMs: number } {
    return { wallMs: this.#wallMs, monotonicMs: this.#monotonicMs };
  }

  #poll(): void {
    const wasPending = this.#pending !== undefined;
    const must = !wasPending && this.#mustSend();
    const actions = this.#decide({ kind: "detected", address: this.#address });
    promise(!must || actions.some((a) => a.kind === "send"), "a change waits for no second poll");
  }

  #mustSend(): boolean {
    if (this.#isHalted) return false;
    const now = this.#monotonicMs;
    if (this.#sendsMs.filter((at) => now - at < 10 * minuteMs).length >= budgetMost) return false;
    if (this.#failed !== undefined) {
      const { atMs, askedMs } = this.#failed;
      return now - atMs >= askedMs + waitMostMs;
    }
    return !this.#hasSentSinceStart || this.#known?.address !== this.#address || this.#isAged();
  }

  #isAged(): boolean {
    if (this.#known === undefined) return true;
    const { wallMs, monotonicMs } = this.#known;
    const elapsed = Math.max(this.#wallMs - wallMs, this.#monotonicMs - monotonicMs);
    return elapsed >= resendAfterMs;
  }

  #answer(answer: HostAnswer): void {
    const carried = this.#pending;
    if (carried === undefined) return;
    this.#pending = undefined;
    const isGood = answer.kind === "accepted" || answer.kind === "unchanged";
    if (isGood) this.#known = { address: carried, ...this.#now() };
    this.#failed =
      answer.kind === "failed"
        ? { atMs: this.#monotonicMs, askedMs: answer.waitMs ?? 0 }
        : undefined;
    this.#isHalted = answer.kind === "refused";
    const actions = this.#decide({ kind: "answered", answer });
    const sendsNow = actions.some((a) => a.kind === "send");
    const isBehind = isGood && this.#detected !== carried;
    promise(isBehind === sendsNow, "what moved while a request was under way is sent after it");
  }

  #restart(memory: "kept" | "lost", configuration: "same" | "other"): void {
    const kept = memory === "kept" ? this.#memory : undefined;
    // The rim compares fingerprints, and gives no halt of another configuration.
    const given =
      kept !== undefined && configuration === "other" ? { ...kept, halted: undefined } : kept;
    this.#isHalted = given?.halted !== undefined;
    // A wait that nobody asked for, or that is not on disk, or is over by the wall clock, ends with the process.
    const leftMs = Math.min((given?.notBeforeMs ?? this.#wallMs) - this.#wallMs, askedMostMs);
    this.#failed = leftMs > 0 ? { atMs: this.#monotonicMs, askedMs: leftMs } : undefined;
    this.#pending = undefined;
    this.#hasSentSinceStart = false;
    this.#detected = undefined;
    this.#sendsMs = [];
    this.#track = startTrack(given, this.#now());
  }

  #decide(input: Parameters<typeof decide>[1]): readonly Action[] {
    const { track, actions } = decide(this.#track, input, this.#now(), this.#rules, this.#fraction);
    this.#track = track;
    for (const action of actions) {
      if (action.kind === "send") this.#send(action.address);
      if (action.kind === "remember") this.#memory = whatToRemember(track, this.#now());
    }
    return actions;
  }

  #send(address: string): void {
    promise(address === this.#detected, "only what was detected last is sent");
    promise(this.#pending === undefined, "one request at a time");
    promise(!this.#isHalted, "nothing is sent after a refusal");
    const isReasoned =
      !this.#hasSentSinceStart ||
      this.#failed !== undefined ||
      this.#known?.address !== address ||
      this.#isAged();
    promise(isReasoned, "no update is repeated without a reason");
    const now = this.#monotonicMs;
    if (this.#failed !== undefined) {
      const { atMs, askedMs } = this.#failed;
      const leastMs = askedMs > 0 ? askedMs : waitLeastMs;
      promise(now - atMs >= leastMs, "after a failure it waits");
    }
    this.#sendsMs.push(now);
    const inWindow = this.#sendsMs.filter((at) => now - at < 10 * minuteMs).length;
    promise(inWindow <= budgetMost + 11, "an address that flaps makes no flood");
    this.#pending = address;
    this.#hasSentSinceStart = true;
  }
}

function promise(holds: boolean, claim: string): void {
  if (!holds) throw new Error(`Broken: ${claim}`);
}

const worlds = fc.property(
  fc.array(step, { maxLength: 60 }),
  fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 8, maxLength: 8 }),
  (steps, chances) => {
    run(steps, chances, rules);
  },
);

function run(steps: readonly Step[], chances: readonly number[], given: Rules): void {
  let drawn = 0;
  const world = new World(given, () => chances[drawn++ % chances.length]!);
  for (const what of steps) world.do(what);
}

const rounds = process.env["NAMEWARD_TEST_LONG"] === undefined ? 5_000 : 200_000;

test("whatever comes in which order, each promise of the client is kept", () => {
  fc.assert(worlds, { numRuns: rounds });
}, 60_000);

const mutants: readonly [state: State, event: Event, to: State, says: RegExp][] = [
  ["starting", "due", "watching", /no second poll/],
  ["watching", "same", "sending", /without a reason/],
  ["watching", "moved", "watching", /no second poll/],
  ["watching", "due", "watching", /no second poll/],
  ["sending", "moved", "sending", /while a request was under way/],
  ["sending", "accepted", "starting", /without a reason/],
  ["sending", "refused", "waiting", /after a refusal/],
  ["sending", "failed", "watching", /waits/],
  ["sending", "failed", "starting", /waits/],
  ["sending", "failed", "halted", /no second poll/],
  ["stale", "same", "stale", /without a reason/],
  ["stale", "accepted", "watching", /while a request was under way/],
  ["stale", "refused", "watching", /after a refusal/],
  ["waiting", "same", "sending", /waits/],
  ["waiting", "moved", "sending", /waits/],
  ["waiting", "due", "waiting", /no second poll/],
  ["halted", "same", "sending", /after a refusal/],
];

for (const [state, event, to, says] of mutants) {
  test(`the model notices when ${event} leads from ${state} to ${to}`, () => {
    const wrong: Rules = { ...rules, next: { ...next, [state]: { ...next[state], [event]: to } } };
    const seen = fc.check(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        run(steps, [0.5], wrong);
      }),
      { numRuns: 20_000, seed: 7 },
    );
    expect(seen.failed).toBe(true);
    expect(String(seen.errorInstance)).toMatch(says);
  });
}

const now = { wallMs: 1_800_000_000_000, monotonicMs: 0 };

test("who fails again and again waits longer and longer, from one minute to an hour", () => {
  const least = (failures: number): number => waitMs(failures, () => 0);
  const most = (failures: number): number => waitMs(failures, () => 1);
  expect([0, 1, 2, 9, 900].map(least)).toEqual([1, 1, 1, 1, 1].map((m) => m * minuteMs));
  expect([0, 1, 2, 3, 9, 900].map(most)).toEqual([2, 3, 5, 9, 60, 60].map((m) => m * minuteMs));
});

test("a single look sends nothing when the address is the one of the memory", () => {
  const accepted = { address: addresses[0]!, atMs: now.wallMs - minuteMs };
  const remembered = { accepted, halted: undefined, notBeforeMs: undefined };
  const look = (track: Track, address: string): readonly string[] =>
    decide(track, { kind: "detected", address }, now, rules, () => 0).actions.map((a) => a.kind);
  expect(look(resumeTrack(remembered, now), addresses[0]!)).toEqual([]);
  expect(look(resumeTrack(remembered, now), addresses[1]!)).toEqual(["send"]);
  expect(look(resumeTrack(undefined, now), addresses[0]!)).toEqual(["send"]);
  expect(look(startTrack(remembered, now), addresses[0]!)).toEqual(["send"]);
});
