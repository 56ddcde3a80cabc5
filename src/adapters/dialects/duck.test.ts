import { describe, expect, test } from "bun:test";
import { hosts, outcomes, reached } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { question } from "../../../test/question.ts";
import { printDuck } from "./duck.ts";

const table: OutcomeTable = {
  changed: "200 OK",
  unchanged: "200 OK",
  "no credentials": "200 KO",
  "bad credentials": "200 KO",
  "unknown host": "200 KO",
  "not a full name": "200 KO",
  "bad address": "200 KO",
  blocked: "200 KO",
  "too many hosts": "200 KO",
  later: "503 KO",
  "one of two refused": "200 KO",
  "one of two changed": "200 OK",
};

describe("OK or KO", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const expected = table[title as keyof typeof outcomes];
      const { status, body } = printDuck(outcome, question());
      expect(`${status} ${body}`).toBe(expected);
      const verbose = printDuck(outcome, question("verbose=true"));
      // A failure has no more to say.
      expect(verbose.body.startsWith(body)).toBe(true);
      expect(verbose.body.includes("\n")).toBe(expected === "200 OK");
    });
  }
});

describe("the lines of verbose=true", () => {
  const { changed, unchanged } = outcomes;
  const both = hosts(reached("changed", "2001:db8::7", "192.0.2.7"));
  const txt = { challenge: "abc" };
  const cases = [
    ["an address", changed, "verbose=true", {}, "OK\n192.0.2.7\n\nUPDATED"],
    ["the address it had", unchanged, "verbose=true", {}, "OK\n192.0.2.7\n\nNOCHANGE"],
    ["both families", both, "verbose=true", {}, "OK\n192.0.2.7\n2001:db8::7\nUPDATED"],
    ["cleared", changed, "verbose=true&clear=true", {}, "OK\n\n\nUPDATED"],
    ["a text", hosts(reached("changed")), "verbose=true&txt=abc", txt, "OK\nabc\nUPDATED"],
    [
      "the text there is",
      hosts(reached("unchanged")),
      "verbose=1&txt=abc",
      txt,
      "OK\nabc\nNOCHANGE",
    ],
    ["a cleared text", changed, "verbose=true&txt=abc&clear=true", txt, "OK\n\nUPDATED"],
    ["all texts cleared", changed, "verbose=true&txt=&clear=true", {}, "OK\n\nUPDATED"],
    ["an empty text is none", changed, "verbose=true&txt=", {}, "OK\n192.0.2.7\n\nUPDATED"],
    ["verbose=false", changed, "verbose=false", {}, "OK"],
  ] as const;
  for (const [title, outcome, query, given, body] of cases) {
    test(title, () => expect(printDuck(outcome, question(query, given)).body).toBe(body));
  }
});
