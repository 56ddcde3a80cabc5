import { expect, test } from "bun:test";
import { findReturnCode, readReturnCodes, troubleWaitMs } from "./return-codes.ts";

const accepted = { kind: "accepted" };
const unchanged = { kind: "unchanged" };
const refused = (word: string): object => ({ kind: "refused", word });
const failed = expect.objectContaining({ kind: "failed" });
const trouble = expect.objectContaining({ kind: "failed", waitMs: troubleWaitMs });
const wait = (waitMs: number): object => expect.objectContaining({ kind: "failed", waitMs });

const bodies: readonly (readonly [string, readonly unknown[]])[] = [
  ["good 203.0.113.7", [accepted]],
  ["good 203.0.113.7\n", [accepted]],
  ["good", [accepted]], // deSEC
  ["GOOD 203.0.113.7", [accepted]],
  ["good 203.0.113.7,2001:db8::7", [accepted]],
  ["\r\n good 203.0.113.7 \r\n", [accepted]],
  ["good 127.0.0.1", [refused("good 127.0.0.1")]], // Dyn takes nothing of this client any more
  ["nochg 203.0.113.7", [unchanged]],
  ["nochg", [unchanged]],
  ...[
    "badauth",
    "!donator",
    "notfqdn",
    "nohost",
    "numhost",
    "abuse",
    "badagent",
    "badsys",
    "!yours",
    "!active",
    "badip",
    "noipv4",
    "noipv6",
  ].map((word) => [word, [refused(word)]] as const),
  ["badip 10.0.0.1", [refused("badip")]], // dy.fi
  ["dnserr", [trouble]],
  ["911", [trouble]],
  ["interval", [trouble]],
  ["w30m", [wait(1_800_000)]],
  ["w2h wait two hours", [wait(7_200_000)]],
  ["w45s", [wait(45_000)]],
  ["w9999h", [wait(86_400_000)]],
  ["w30x", [failed]],
  ["", [failed]],
  ["\n\n", [failed]],
  ["goodbye 203.0.113.7", [failed]],
  ["not good", [failed]],
  ["constructor", [failed]],
  ["__proto__", [failed]],
  ["<html><body>good 203.0.113.7</body></html>", [failed]],
  ["<html>\ngood 203.0.113.7\n</html>", [failed]],
  ["good 203.0.113.7\n<html>", [failed]],
  ["\u0000\u0001\u0002", [failed]],
  // A line a host, in order.
  ["good 203.0.113.7\nnohost\nnochg 203.0.113.7", [accepted, refused("nohost"), unchanged]],
  ["good 203.0.113.7\nhello", [accepted, failed]],
  // One word for all: account errors, and deSEC's `good`.
  ["badauth", [refused("badauth"), refused("badauth")]],
  ["911", [trouble, trouble, trouble]],
  ["good", [accepted, accepted]],
  ["<html>", [failed, failed]],
  // Account errors end the list; any other end leaves hosts without an answer.
  ["good 203.0.113.7\n911", [accepted, trouble, trouble]],
  ["good 203.0.113.7\nnochg 203.0.113.7", [accepted, unchanged, failed]],
  // nsupdate.info: a line for each address of one host.
  ["good 203.0.113.7\nnochg 2001:db8::7", [accepted]],
  ["good 203.0.113.7\nabuse", [refused("abuse")]],
  ["good 203.0.113.7\ndnserr", [trouble]],
  // More lines than hosts belong to nobody.
  ["good a\ngood b\ngood c", [failed, failed]],
];

for (const [body, expected] of bodies) {
  test(`${JSON.stringify(body)} for ${expected.length} host(s) is read as it is meant`, () => {
    expect(readReturnCodes(body, expected.length)).toEqual([...expected] as never);
  });
}

test("a body of 100,000 lines is no success", () => {
  const answers = readReturnCodes("good 203.0.113.7\n".repeat(100_000), 20);
  expect(answers.map(({ kind }) => kind)).toEqual(Array.from({ length: 20 }, () => "failed"));
});

test("a reply that is no answer is called what it is", () => {
  const [page] = readReturnCodes("<html>Please log in</html>", 1);
  expect(page).toMatchObject({ why: expect.stringContaining("captive portal") });
  expect(readReturnCodes("", 1)).toMatchObject([{ why: "The reply is empty" }]);
  expect(readReturnCodes("hello", 1)).toMatchObject([
    { why: "The reply is no word of the protocol" },
  ]);
});

test("beside another status only the first word counts", () => {
  expect(findReturnCode("nohost\nmore")).toEqual({ kind: "refused", word: "nohost" });
  expect(findReturnCode("Not Found")).toBeUndefined();
  expect(findReturnCode("")).toBeUndefined();
});
