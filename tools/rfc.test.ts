import { expect, test } from "bun:test";
import { findMistakes } from "./rfc.ts";

const cited = [{ number: 1035, where: "src/dns/name.ts:3" }];
const index = "1035\tyes\tDomain names\n";

test("an index that holds what is cited has no mistakes", () => {
  expect(findMistakes(index, cited)).toEqual([]);
});

const mistakes = [
  [
    "an RFC that the index does not hold",
    index,
    [...cited, { number: 9, where: "src/x.ts:1" }],
    "RFC 9 is not in",
  ],
  [
    "a row that claims what no source cites",
    `${index}2136\tyes\tUpdate\n`,
    cited,
    "RFC 2136 is said to be done",
  ],
  [
    "a claim that only a test cites",
    index,
    [{ number: 1035, where: "test/x.ts:1" }],
    "RFC 1035 is said",
  ],
  ["rows out of order", `${index}1034\tno\tConcepts\n`, cited, "RFC 1034 after RFC 1035"],
  ["a status that is no word of ours", "1035\tmostly\tDomain names\n", cited, "wanted: number"],
] as const;

for (const [what, indexText, citations, sentence] of mistakes) {
  test(`noticed: ${what}`, () => {
    expect(findMistakes(indexText, citations).join("\n")).toContain(sentence);
  });
}
