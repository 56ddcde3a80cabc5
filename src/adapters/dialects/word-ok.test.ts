import { describe, expect, test } from "bun:test";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { printWordOk } from "./word-ok.ts";

const table: OutcomeTable = {
  changed: "200 OK",
  unchanged: "200 OK",
  "no credentials": "200 ERROR",
  "bad credentials": "200 ERROR",
  "unknown host": "200 ERROR",
  "not a full name": "200 ERROR",
  "bad address": "200 ERROR",
  blocked: "200 ERROR",
  "too many hosts": "200 ERROR",
  later: "503 ERROR",
  "one of two refused": "200 ERROR",
  "one of two changed": "200 OK",
};

describe("OK or ERROR", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body } = printWordOk(outcome);
      expect(`${status} ${body}`).toBe(table[title as keyof typeof outcomes]);
    });
  }
});
