import { describe, expect, test } from "bun:test";
import { decideSilence } from "./silence.ts";
import type { SilenceSigns, SilenceStep } from "./silence.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 30);

/** Heard every ten minutes, last two days ago, by a service that has been up for a month. */
const silent: SilenceSigns = {
  isHeld: false,
  isFixed: false,
  heardAtMs: now - 2 * day,
  rhythmMs: 10 * minute,
  alertMs: undefined,
  toldAtMs: undefined,
  listeningSinceMs: now - 30 * day,
};

const told = { ...silent, toldAtMs: now - day };
const unknown = { ...silent, rhythmMs: undefined };
const cases: readonly (readonly [string, SilenceStep, SilenceSigns])[] = [
  ["a host that stays silent is told", "tell", silent],
  ["once", "none", told],
  ["one that was never heard is not told", "none", { ...silent, heardAtMs: undefined }],
  ["one whose rhythm is not known is not told", "none", unknown],
  ["unless its owner says after how long", "tell", { ...unknown, alertMs: 47 * hour }],
  ["and not before that", "none", { ...unknown, alertMs: 49 * hour }],
  ["one whose owner wants no word is not told", "none", { ...silent, alertMs: 0 }],
  ["a held one is not told", "none", { ...silent, isHeld: true }],
  ["a fixed one is not told", "none", { ...silent, isFixed: true }],
  ["one that is heard is not told", "none", { ...silent, heardAtMs: now - day }],
  ["one that is heard again is told", "recover", { ...told, heardAtMs: now - hour }],
  [
    "even when it is late again",
    "recover",
    { ...told, toldAtMs: now - 9 * day, heardAtMs: now - 8 * day },
  ],
  ["one that was silent and is fixed now is over", "settle", { ...told, isFixed: true }],
  ["so is one whose owner wants no word any more", "settle", { ...told, alertMs: 0 }],
  ["and one that may be silent for longer now", "settle", { ...told, alertMs: 72 * hour }],
  ["one that is held while silent stays open", "none", { ...told, isHeld: true }],
  [
    "after a start a device has time to be heard",
    "none",
    { ...silent, listeningSinceMs: now - 29 * minute },
  ],
  ["three times its rhythm", "tell", { ...silent, listeningSinceMs: now - 30 * minute }],
  [
    "a day where no rhythm is known",
    "none",
    { ...unknown, alertMs: 25 * hour, listeningSinceMs: now - 23 * hour },
  ],
  [
    "but not longer than its owner wants to wait",
    "tell",
    { ...unknown, alertMs: hour, listeningSinceMs: now - hour },
  ],
  [
    "nor longer than a week",
    "tell",
    {
      ...silent,
      rhythmMs: 10 * day,
      heardAtMs: now - 300 * day,
      listeningSinceMs: now - 7 * day,
    },
  ],
];

describe("silence", () => {
  for (const [title, step, signs] of cases) {
    test(title, () => expect(decideSilence(signs, now)).toBe(step));
  }
});
