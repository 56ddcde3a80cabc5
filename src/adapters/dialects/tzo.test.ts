import { describe, expect, test } from "bun:test";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { question } from "../../../test/question.ts";
import { printTzo } from "./tzo.ts";

/** Status and body, and where a redirect leads to. */
const table: OutcomeTable = {
  changed: "200 200 OK",
  unchanged: "200 304 No change",
  "no credentials": "302 http://rh.tzo.com/x/invkey.htm",
  "bad credentials": "302 http://rh.tzo.com/x/invkey.htm",
  "unknown host": "302 http://rh.tzo.com/x/invname.htm",
  "not a full name": "302 http://rh.tzo.com/x/domainmismatch.htm",
  "bad address": "200 414",
  blocked: "200 414",
  "too many hosts": "200 414",
  later: "503 500",
  "one of two refused": "302 http://rh.tzo.com/x/invname.htm",
  "one of two changed": "200 200 OK",
};

describe("a number, or the name of a page", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body, location } = printTzo(
        outcome,
        question("", { authority: "rh.tzo.com" }),
      );
      expect(`${status} ${location ?? body}`).toBe(table[title as keyof OutcomeTable]);
    });
  }
});

describe("what a client calls the server", () => {
  const unknown = outcomes["unknown host"];
  const cases = [
    ["", "/x/invname.htm"],
    ["localhost:8245", "http://localhost:8245/x/invname.htm"],
    ["192.0.2.1:8245", "/x/invname.htm"], // an address in the head is taken for the client's own
    ["a1.0.2.1", "/x/invname.htm"], // so is one that begins within a name
    ["[2001:db8::1]", "/x/invname.htm"],
    ["a/b", "/x/invname.htm"],
    ["a.test\r\nX: y", "/x/invname.htm"],
    ["a.test:1234567", "/x/invname.htm"],
  ] as const;
  for (const [authority, location] of cases) {
    test(JSON.stringify(authority), () => {
      expect(printTzo(unknown, question("", { authority })).location).toBe(location);
    });
  }
});
