import { expect, test } from "bun:test";
import { challengeName, hostOfChallenge, isChallenge } from "./challenge.ts";
import { parseHostName } from "./host-name.ts";

const values = [
  ["gfj9Xq...Rg85nM", true],
  ["x", true],
  ['a b " \\ ~', true],
  ["x".repeat(255), true],
  ["x".repeat(256), false],
  ["", false],
  ["a\nb", false],
  ["a\n", false],
  ["a\0", false],
  ["\x7f", false],
  ["ä", false],
  ["\xe4", false],
] as const;
for (const [value, isOne] of values) {
  test(`${JSON.stringify(value.slice(0, 20))} (${value.length}) is ${isOne ? "a" : "no"} text of a challenge`, () => {
    expect(isChallenge(value)).toBe(isOne);
  });
}

test("a client may name the host or the record below it", () => {
  expect(hostOfChallenge("cam.dyn.test")).toBe("cam.dyn.test");
  expect(hostOfChallenge("_acme-challenge.cam.dyn.test.")).toBe("cam.dyn.test.");
  expect(hostOfChallenge("_ACME-Challenge.Cam.dyn.test")).toBe("Cam.dyn.test");
  expect(hostOfChallenge("x._acme-challenge.dyn.test")).toBe("x._acme-challenge.dyn.test");
});

test("the record stands below the host, where there is room for its name", () => {
  expect(challengeName(parseHostName("cam.dyn.test")!)).toBe(
    parseHostName("_acme-challenge.cam.dyn.test"),
  );
  const long = parseHostName(`${`${"a".repeat(58)}.`.repeat(4)}b`)!;
  expect(long).toHaveLength(237);
  expect(challengeName(long)).toHaveLength(253);
  expect(challengeName(parseHostName(`${long}b`)!)).toBeUndefined();
});
