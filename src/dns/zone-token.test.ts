import { expect, test } from "bun:test";

import { EntryReader, entryCharactersMax, parseTokens } from "./zone-token.ts";

/** Tokens joined, quoted ones in quotes. */
function cut(text: string): string | undefined {
  return parseTokens(text)
    ?.map((token) => (token.isQuoted ? `"${token.text}"` : token.text))
    .join("|");
}

const texts = [
  ["10 mail", "10|mail"],
  ["a;b", "a"],
  ["a\\;b", "a\\;b"],
  ['"a;b" c', '"a;b"|c'],
  ['""', '""'],
  ['"a""b"', '"a"|"b"'],
  ["( a\n b )", "a|b"],
  ["(a)b", "a|b"],
  ['alpn="h2,h3" b', 'alpn="h2,h3"|b'], // RFC 9460 §2.1
  ['key1="a b;c"', 'key1="a b;c"'],
  ["a\\ b", "a\\ b"],
  ["", ""],
  ["a\nb", undefined], // two entries
  ['"a', undefined],
  ["(a", undefined],
  ["a)", undefined],
] as const;

for (const [text, tokens] of texts) {
  test(`${JSON.stringify(text)} is cut into ${tokens ?? "nothing"}`, () => {
    expect(cut(text)).toBe(tokens);
  });
}

test("tokens and faults tell their line and column, also inside parentheses", () => {
  const reader = new EntryReader('a (\n  b ; c\n d)\n e "f');
  const entry = reader.next();
  if (entry?.kind !== "entry") throw new Error("an entry was wanted");
  expect(entry.tokens.map(({ text, line, column }) => [text, line, column])).toEqual([
    ["a", 1, 1],
    ["b", 2, 3],
    ["d", 3, 2],
  ]);
  expect(reader.next()).toMatchObject({ kind: "fault", line: 4, column: 4 });
});

test(`an entry of ${entryCharactersMax} characters is taken, a longer one is not, and the next is`, () => {
  const line = (words: number): string => `${"x ".repeat(words)}\n`;
  const reader = new EntryReader(line(entryCharactersMax / 2) + line(entryCharactersMax) + line(1));
  expect([reader.next(), reader.next(), reader.next()].map((entry) => entry?.kind)).toEqual([
    "entry",
    "fault",
    "entry",
  ]);
});

test("parentheses inside each other have a limit", () => {
  expect(cut(`${"(".repeat(16)}a${")".repeat(16)}`)).toBe("a");
  expect(cut(`${"(".repeat(17)}a${")".repeat(17)}`)).toBeUndefined();
});
