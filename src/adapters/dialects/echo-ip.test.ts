import { describe, expect, test } from "bun:test";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { printEchoIp } from "./echo-ip.ts";

const table: OutcomeTable = {
  changed: "200 good 192.0.2.7",
  unchanged: "200 good 192.0.2.7",
  "no credentials": "401 badauth",
  "bad credentials": "401 badauth",
  "unknown host": "200 nohost",
  "not a full name": "200 nohost",
  "bad address": "200 dnserr",
  blocked: "200 abuse",
  "too many hosts": "200 nohost",
  later: "503 dnserr",
  "one of two refused": "200 good 192.0.2.7\nnohost",
  "one of two changed": "200 good 192.0.2.7\ngood 192.0.2.7",
};

describe("the address comes back", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body } = printEchoIp(outcome);
      expect(`${status} ${body}`).toBe(table[title as keyof typeof outcomes]);
    });
  }
});
