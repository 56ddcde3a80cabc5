import { describe, expect, test } from "bun:test";
import { hosts, outcomes, reached } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { question } from "../../../test/question.ts";
import { parseAddress } from "../../base/address.ts";
import { printFreedns, printFreedns2 } from "./freedns.ts";

const lost =
  "ERROR: Unable to locate this record (changed password recently? deleted and re-created this dns entry?)";
const lost2 = "ERROR: Couldn't find any matching DNS records via randomkey method!";
const updated = "Updated cam1.example.test from 0.0.0.0 to 192.0.2.7";

const first: OutcomeTable = {
  changed: `200 ${updated} in 0.1 seconds`,
  unchanged: "200 ERROR: Address 192.0.2.7 has not changed.",
  "no credentials": `200 ${lost}`,
  "bad credentials": `200 ${lost}`,
  "unknown host": `200 ${lost}`,
  "not a full name": `200 ${lost}`,
  "bad address": '200 ERROR: "800.0.0.1" is an invalid IP address.',
  blocked: "200 ERROR:",
  "too many hosts": `200 ${lost}`,
  later: "503 ERROR:",
  "one of two refused": `200 ${lost}`,
  "one of two changed": `200 ${updated} in 0.1 seconds`,
};

const second: OutcomeTable = {
  ...first,
  changed: `200 ${updated}`,
  unchanged: "200 No IP change detected for cam1.example.test with IP 192.0.2.7, skipping update",
  "no credentials": `401 ${lost2}`,
  "bad credentials": `200 ${lost2}`,
  "unknown host": `200 ${lost2}`,
  "not a full name": `200 ${lost2}`,
  "too many hosts": `200 ${lost2}`,
  "one of two refused": `200 ${lost2}`,
  "one of two changed": `200 ${updated}`,
};

for (const [name, print, table] of [
  ["/dynamic/update.php", printFreedns, first],
  ["/u/", printFreedns2, second],
] as const) {
  describe(`the sentences of ${name}`, () => {
    for (const [title, outcome] of Object.entries(outcomes)) {
      test(title, () => {
        const { status, body } = print(outcome, question("KEY&address=800.0.0.1"));
        expect(`${status} ${body}`).toBe(table[title as keyof typeof outcomes]);
      });
    }
  });
}

test("a change tells what it was before, in the family that changed", () => {
  const before = {
    v4: parseAddress("192.0.2.1")!.octets,
    v6: parseAddress("2001:db8::1")!.octets,
  };
  const outcome = hosts({ ...reached("changed", "2001:db8::7"), before });
  expect(printFreedns2(outcome, question()).body).toBe(
    "Updated cam1.example.test from 2001:db8::1 to 2001:db8::7",
  );
  const both = hosts({ ...reached("changed", "192.0.2.7", "2001:db8::7"), before });
  expect(printFreedns2(both, question()).body).toEndWith(
    "from 192.0.2.1,2001:db8::1 to 192.0.2.7,2001:db8::7",
  );
});

describe("a bad address is repeated only where it looks like one", () => {
  const cases = [
    ["KEY&address=800.0.0.1", "800.0.0.1"],
    ["KEY&address=192.0.2.7&ip=1.2.3", "1.2.3"],
    ["KEY&address=good", "?"],
    ["KEY&address=1.2.3.4%0d%0agood", "?"],
    [`KEY&address=${"1".repeat(46)}`, "?"],
    ["KEY", "?"],
  ] as const;
  for (const [query, said] of cases) {
    test(query.slice(0, 40), () => {
      const { body } = printFreedns(outcomes["bad address"], question(query));
      expect(body).toBe(`ERROR: "${said}" is an invalid IP address.`);
    });
  }
});
