import { describe, expect, test } from "bun:test";
import { hosts, outcomes, reached } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { question } from "../../../test/question.ts";
import { printNjalla } from "./njalla-json.ts";

const updated = '200 {"status":200,"message":"record updated","value":{"A":"192.0.2.7"}}';

const table: OutcomeTable = {
  changed: updated,
  unchanged: updated,
  "no credentials": '401 {"status":401,"message":"invalid host or key"}',
  "bad credentials": '401 {"status":401,"message":"invalid host or key"}',
  "unknown host": '404 {"status":404,"message":"unknown host"}',
  "not a full name": '404 {"status":404,"message":"unknown host"}',
  "bad address": '400 {"status":400,"message":"invalid address"}',
  blocked: '403 {"status":403,"message":"host is disabled"}',
  "too many hosts": '400 {"status":400,"message":"too many hosts"}',
  later: '503 {"status":503}',
  "one of two refused": '404 {"status":404,"message":"unknown host"}',
  "one of two changed": updated,
};

describe("the JSON of Njalla", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body } = printNjalla(outcome, question());
      expect(`${status} ${body}`).toBe(table[title as keyof typeof outcomes]);
    });
  }
});

test("both families have their own names", () => {
  const { body } = printNjalla(hosts(reached("changed", "2001:db8::7", "192.0.2.7")), question());
  expect(JSON.parse(body)).toMatchObject({ value: { A: "192.0.2.7", AAAA: "2001:db8::7" } });
});

test("with quiet a success is silent, and a failure is not", () => {
  const quiet = question("h=cam1.example.test&k=x&quiet");
  expect(printNjalla(outcomes.changed, quiet)).toMatchObject({ status: 200, body: "" });
  expect(printNjalla(outcomes["bad credentials"], quiet).body).toContain("invalid host or key");
});
