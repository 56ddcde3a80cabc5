import { describe, expect, test } from "bun:test";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { printAsusStatus } from "./asus-status.ts";

const table: OutcomeTable = {
  changed: "200 ",
  unchanged: "220 ",
  "no credentials": "401 badauth",
  "bad credentials": "401 badauth",
  "unknown host": "297 nohost",
  "not a full name": "298 notfqdn",
  "bad address": "299 dnserr",
  blocked: "298 abuse",
  "too many hosts": "297 nohost",
  later: "503 dnserr",
  "one of two refused": "297 nohost",
  "one of two changed": "200 ",
};

describe("the numbers of ASUS", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body } = printAsusStatus(outcome);
      expect(`${status} ${body}`).toBe(table[title as keyof typeof outcomes]);
    });
  }
});
