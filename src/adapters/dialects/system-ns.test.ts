import { describe, expect, test } from "bun:test";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { printSystemNs } from "./system-ns.ts";

const table: OutcomeTable = {
  changed: '200 {"code":0,"msg":"Address changed"}',
  unchanged: '200 {"code":0,"msg":"Address is the same"}',
  "no credentials": '200 {"code":4,"msg":"Auth invalid"}',
  "bad credentials": '200 {"code":4,"msg":"Auth invalid"}',
  "unknown host": '200 {"code":3,"msg":"Domain invalid"}',
  "not a full name": '200 {"code":3,"msg":"Domain invalid"}',
  "bad address": '200 {"code":5,"msg":"Wrong ip format"}',
  blocked: '200 {"code":99,"msg":"Domain is disabled"}',
  "too many hosts": '200 {"code":3,"msg":"Domain invalid"}',
  later: '503 {"code":99,"msg":"Try again later"}',
  "one of two refused": '200 {"code":3,"msg":"Domain invalid"}',
  "one of two changed": '200 {"code":0,"msg":"Address changed"}',
};

describe("the codes of system-ns.com", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body } = printSystemNs(outcome);
      expect(`${status} ${body}`).toBe(table[title as keyof typeof outcomes]);
    });
  }
});

test("the code is the digit behind the first colon, which is all that some clients read", () => {
  expect(printSystemNs(outcomes.changed).body).toMatch(/^[^:]*:0/);
});
