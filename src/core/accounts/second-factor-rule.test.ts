import { expect, test } from "bun:test";
import { secondFactorDueMs, secondFactorGraceMs } from "./second-factor-rule.ts";
import type { SecondFactorRole } from "./second-factor-rule.ts";

const cases: readonly (readonly [SecondFactorRole, boolean, boolean, number | undefined])[] = [
  ["nobody", true, false, undefined],
  ["nobody", false, false, undefined],
  ["admins", true, false, 5 + secondFactorGraceMs],
  ["admins", true, true, undefined],
  ["admins", false, false, undefined],
  ["everybody", true, false, 5 + secondFactorGraceMs],
  ["everybody", false, false, 5 + secondFactorGraceMs],
  ["everybody", false, true, undefined],
];
for (const [role, isAdmin, hasSecondFactor, dueMs] of cases) {
  const who = `${isAdmin ? "an administrator" : "a user"} ${hasSecondFactor ? "with" : "without"} one`;
  test(`where ${role} must have one, ${who} ${dueMs === undefined ? "need not enrol" : "must enrol after a week"}`, () => {
    expect(secondFactorDueMs({ isAdmin, hasSecondFactor, createdAtMs: 5 }, role)).toBe(dueMs);
  });
}
