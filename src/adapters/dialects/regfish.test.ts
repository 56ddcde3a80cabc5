import { describe, expect, test } from "bun:test";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { printRegfish } from "./regfish.ts";

const table: OutcomeTable = {
  changed: "200 success|100|update succeeded!",
  unchanged: "200 success|101|no update needed at this time..",
  "no credentials": "401 error|badauth",
  "bad credentials": "200 error|badauth",
  "unknown host": "200 error|nohost",
  "not a full name": "200 error|notfqdn",
  "bad address": "200 error|dnserr",
  blocked: "200 error|abuse",
  "too many hosts": "200 error|numhost",
  later: "503 error|dnserr",
  "one of two refused": "200 error|nohost",
  "one of two changed": "200 success|100|update succeeded!",
};

describe("the lines of regfish", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body } = printRegfish(outcome);
      expect(`${status} ${body}`).toBe(table[title as keyof typeof outcomes]);
    });
  }
});
