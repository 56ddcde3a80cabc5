import { expect, test } from "bun:test";
import { printUserCheck } from "./mint-user.ts";
import type { UserOutcome } from "./mint-user.ts";

const cases: readonly (readonly [UserOutcome, string])[] = [
  ["ok", "200 okuser"],
  ["wrong", "200 nouser"],
  ["no-credentials", "401 badauth"],
  ["try-later", "503 911"],
];
for (const [outcome, expected] of cases) {
  test(`${outcome} is ${expected}`, () => {
    const { status, body } = printUserCheck(outcome);
    expect(`${status} ${body}`).toBe(expected);
  });
}
