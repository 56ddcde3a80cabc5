import { describe, expect, test } from "bun:test";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { printChangeip } from "./changeip.ts";

const table: OutcomeTable = {
  changed: "200 200 Successful Update",
  unchanged: "200 200 Successful Update",
  "no credentials": "401 401 Access Denied",
  "bad credentials": "401 401 Access Denied",
  "unknown host": "200 nohost",
  "not a full name": "200 nohost",
  "bad address": "200 dnserr",
  blocked: "200 abuse",
  "too many hosts": "200 numhost",
  later: "503 dnserr",
  "one of two refused": "200 nohost",
  "one of two changed": "200 200 Successful Update",
};

describe("the lines of ChangeIP", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body } = printChangeip(outcome);
      expect(`${status} ${body}`).toBe(table[title as keyof typeof outcomes]);
    });
  }
});
