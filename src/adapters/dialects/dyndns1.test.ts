import { describe, expect, test } from "bun:test";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { printDyndns1 } from "./dyndns1.ts";

const table: OutcomeTable = {
  changed: "200 <TITLE>OK</TITLE>\nreturn code: NOERROR\nerror code: NOERROR\n",
  unchanged: "200 <TITLE>OK</TITLE>\nreturn code: NOERROR\nerror code: NOERROR\n",
  "no credentials": "401 return code: BADAUTH",
  "bad credentials": "401 return code: BADAUTH",
  "unknown host": "200 return code: NOHOST",
  "not a full name": "200 return code: NOTFQDN",
  "bad address": "200 return code: DNSERR",
  blocked: "200 return code: ABUSE",
  "too many hosts": "200 return code: NUMHOST",
  later: "503 return code: DNSERR",
  "one of two refused": "200 return code: NOHOST",
  "one of two changed": "200 <TITLE>OK</TITLE>\nreturn code: NOERROR\nerror code: NOERROR\n",
};

describe("the return codes of the first protocol", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body } = printDyndns1(outcome);
      expect(`${status} ${body}`).toBe(table[title as keyof typeof outcomes]);
    });
  }
});

test("ddclient finds its three lines after a success, and not after a failure", () => {
  const finds = (body: string): boolean =>
    [/<TITLE>.*<\/TITLE>/i, /return code: *NOERROR/i, /error code: *NOERROR/i].every((pattern) =>
      body.split("\n").some((line) => pattern.test(line)),
    );
  expect(finds(printDyndns1(outcomes.changed).body)).toBe(true);
  expect(finds(printDyndns1(outcomes["unknown host"]).body)).toBe(false);
});
