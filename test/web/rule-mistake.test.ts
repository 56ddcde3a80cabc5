import { expect, test } from "bun:test";
import { parseRuleMistake, spanOfLine } from "../../src/web/rule-mistake.ts";

test("line and column of a mistake are told apart from what is wrong", () => {
  const says = "dialect: one of dyndns, any-200";
  expect(parseRuleMistake(`rule:12:3: ${says}`)).toEqual({ line: 12, column: 3, says });
});

test("a mistake of the whole rule has no line", () => {
  const [line, column] = [undefined, undefined];
  expect(parseRuleMistake("rule: is empty")).toEqual({ line, column, says: "is empty" });
  expect(parseRuleMistake("other")).toEqual({ line, column, says: "other" });
});

test("a line is found in its text, the last one too", () => {
  const text = "id: a\nmatch:\n  keys: b";
  expect(text.slice(...spanOfLine(text, 2))).toBe("match:");
  expect(text.slice(...spanOfLine(text, 3))).toBe("  keys: b");
});
