import { describe, expect, test } from "bun:test";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { printMintAsp } from "./mint-asp.ts";

const table: OutcomeTable = {
  changed: "200 ok",
  unchanged: "200 ok",
  "no credentials": "401 911",
  "bad credentials": "401 911",
  "unknown host": "200 nodom",
  "not a full name": "200 nodom",
  "bad address": "200 err",
  blocked: "200 disabled",
  "too many hosts": "200 nodom",
  later: "503 err",
  "one of two refused": "200 nodom",
  "one of two changed": "200 ok",
};

describe("what a recorder is told", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body } = printMintAsp(outcome);
      expect(`${status} ${body}`).toBe(table[title as keyof typeof outcomes]);
    });
  }
});

describe("how the firmware searches what it received", () => {
  const meanings = [
    ["changed", "success"],
    ["unknown host", "wrong host"],
    ["bad credentials", "wrong user or password"],
    ["blocked", "blocked"],
    ["later", "unknown error"],
  ] as const;
  for (const [outcome, meaning] of meanings) {
    test(`${outcome} is ${meaning}`, () => {
      const { body } = printMintAsp(outcomes[outcome]);
      expect(search(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${body}`)).toBe(meaning);
    });
  }

  test("a word that does not stand at the beginning is not found", () => {
    expect(search("HTTP/1.1 200 OK\r\n\r\n<p>ok")).toBe("unknown error");
  });
});

/** In the order of the firmware. */
function search(received: string): string {
  if (received.includes("\r\nnodom")) return "wrong host";
  if (received.includes("\r\nok")) return "success";
  if (received.includes("\r\n911")) return "wrong user or password";
  return received.includes("disabled") ? "blocked" : "unknown error";
}
