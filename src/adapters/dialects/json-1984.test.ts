import { describe, expect, test } from "bun:test";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { print1984 } from "./json-1984.ts";

const table: OutcomeTable = {
  changed: '200 {"ok":true,"msg":"Record updated","ip":"192.0.2.7"}',
  unchanged: '200 {"ok":true,"msg":"Record unaltered","ip":"192.0.2.7"}',
  "no credentials": '200 {"ok":false,"msg":"Invalid API key"}',
  "bad credentials": '200 {"ok":false,"msg":"Invalid API key"}',
  "unknown host": '200 {"ok":false,"msg":"Unknown domain"}',
  "not a full name": '200 {"ok":false,"msg":"Unknown domain"}',
  "bad address": '200 {"ok":false,"msg":"Invalid IP"}',
  blocked: '200 {"ok":false,"msg":"Domain is disabled"}',
  "too many hosts": '200 {"ok":false,"msg":"Too many domains"}',
  later: '503 {"ok":false,"msg":"Try again later"}',
  "one of two refused": '200 {"ok":false,"msg":"Unknown domain"}',
  "one of two changed": '200 {"ok":true,"msg":"Record updated","ip":"192.0.2.7"}',
};

describe("what 1984 Hosting says", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body } = print1984(outcome);
      expect(`${status} ${body}`).toBe(table[title as keyof typeof outcomes]);
    });
  }
});
