import { describe, expect, test } from "bun:test";
import { hosts, outcomes, reached } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { printNamecheap } from "./namecheap-xml.ts";

const done = "200 <IP>192.0.2.7</IP><ErrCount>0</ErrCount><Done>true</Done>";
const failed = (sentence: string): string =>
  `<ErrCount>1</ErrCount><errors><Err1>${sentence}</Err1></errors>`;

/** What stands between the enclosing element and its command. */
const table: OutcomeTable = {
  changed: done,
  unchanged: done,
  "no credentials": `200 ${failed("Passwords do not match")}`,
  "bad credentials": `200 ${failed("Passwords do not match")}`,
  "unknown host": `200 ${failed("Domain name not found")}`,
  "not a full name": `200 ${failed("Domain name not found")}`,
  "bad address": `200 ${failed("Invalid IP")}`,
  blocked: `200 ${failed("Host is disabled")}`,
  "too many hosts": `200 ${failed("Too many hosts")}`,
  later: `503 ${failed("Try again later")}`,
  "one of two refused": `200 ${failed("Domain name not found")}`,
  "one of two changed": done,
};

const [before, behind] = [
  "<interface-response><Command>SETDNSHOST</Command>",
  "</interface-response>",
];

describe("the XML of Namecheap", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body, contentType } = printNamecheap(outcome);
      expect(body).toStartWith(before);
      expect(body).toEndWith(behind);
      const content = body.slice(before.length, -behind.length);
      expect(`${status} ${content}`).toBe(table[title as keyof typeof outcomes]);
      expect(contentType).toBe("text/xml; charset=utf-8");
    });
  }
});

test("of two addresses the first is told, since qdm12 reads one", () => {
  const { body } = printNamecheap(hosts(reached("changed", "192.0.2.7", "2001:db8::7")));
  expect(body).toContain("<IP>192.0.2.7</IP><ErrCount>");
});

test("no failure holds a word that a careless search takes for success", () => {
  const words = /ok|good|true|updated|nochg|success/i;
  expect(printNamecheap(outcomes.changed).body).toMatch(words);
  for (const [title, outcome] of Object.entries(outcomes)) {
    if (!title.includes("changed")) expect(printNamecheap(outcome).body).not.toMatch(words);
  }
});
