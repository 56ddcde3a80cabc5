import { describe, expect, test } from "bun:test";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { printAny200, printHttpStatus } from "./http-status.ts";

const table: OutcomeTable = {
  changed: "200 OK",
  unchanged: "200 OK",
  "no credentials": "401 badauth",
  "bad credentials": "401 badauth",
  "unknown host": "404 nohost",
  "not a full name": "400 notfqdn",
  "bad address": "400 dnserr",
  blocked: "403 abuse",
  "too many hosts": "400 numhost",
  later: "503 dnserr",
  "one of two refused": "404 nohost",
  "one of two changed": "200 OK",
};

describe("the status is the answer", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const expected = table[title as keyof typeof outcomes];
      const any = printAny200(outcome);
      expect(`${any.status} ${any.body}`).toBe(expected);
      const bare = printHttpStatus(outcome);
      expect(`${bare.status} ${bare.body}`).toBe(expected.replace("200 OK", "200 "));
    });
  }
});
