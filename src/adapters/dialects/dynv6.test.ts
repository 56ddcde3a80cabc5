import { describe, expect, test } from "bun:test";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { printDynv6 } from "./dynv6.ts";

const table: OutcomeTable = {
  changed: "200 addresses updated",
  unchanged: "200 addresses unchanged",
  "no credentials": "401 invalid authentication token",
  "bad credentials": "401 invalid authentication token",
  "unknown host": "404 zone not found",
  "not a full name": "404 zone not found",
  "bad address": "400 invalid address",
  blocked: "404 zone not found",
  "too many hosts": "404 zone not found",
  later: "503 ",
  "one of two refused": "404 zone not found",
  "one of two changed": "200 addresses updated",
};

describe("the phrases of dynv6", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body } = printDynv6(outcome);
      expect(`${status} ${body}`).toBe(table[title as keyof typeof outcomes]);
    });
  }
});
