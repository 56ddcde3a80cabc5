import { describe, expect, test } from "bun:test";
import { parseAddress } from "../../base/address.ts";
import { printCheckipHtml, printCheckipPlain } from "./checkip.ts";

describe("how clients look for the address on the check page", () => {
  for (const text of ["203.0.113.77", "2001:db8::7"]) {
    const page = printCheckipHtml(parseAddress(text)!).body;
    const patterns: readonly (readonly [string, RegExp])[] = [
      ["ddclient, TVT", /Current IP Address: ?([0-9a-f.:]+)/],
      ["Microchip", /Address: (.*)<\/body>/],
      ["pfSense", /IP Address: ([\da-f.:]+)/],
    ];
    for (const [client, pattern] of patterns) {
      test(`${client}: ${text}`, () => expect(pattern.exec(page)?.[1]).toBe(text));
    }
    test(`${text} is there once, and no other digit`, () => {
      expect(page.replace(text, "")).not.toMatch(/\d/);
    });
  }
});

test("the plain page is the address alone", () => {
  expect(printCheckipPlain(parseAddress("::ffff:192.0.2.7")!).body).toBe("192.0.2.7");
});
