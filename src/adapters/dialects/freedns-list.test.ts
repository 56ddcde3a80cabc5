import { describe, expect, test } from "bun:test";
import { question } from "../../../test/question.ts";
import type { ListedHost } from "../update-service.ts";
import { listedKeysMax, printFreednsList } from "./freedns-list.ts";

const sha = "3c5aac".padEnd(40, "0");
const host: ListedHost = {
  id: 1,
  name: "cam1.example.test",
  zone: "example.test",
  addresses: ["192.0.2.1"],
  challenges: [],
  changedAtMs: undefined,
};

function list(some: readonly ListedHost[], given = {}): readonly string[] {
  const asked = question(`action=getdyndns&v=2&sha=${sha}`, given);
  return printFreednsList({ kind: "hosts", hosts: some }, asked).body.split("\n");
}

test("a host has a line for each family, with a URL that updates it", () => {
  const url = `http://dyn.example.test/dynamic/update.php?sha=${sha}&host=cam1.example.test`;
  expect(list([host])).toEqual([
    `cam1.example.test|192.0.2.1|${url}`,
    `cam1.example.test|::|${url}`,
  ]);
  const other = list([{ ...host, addresses: ["2001:db8::1"] }]);
  expect(other.map((line) => line.split("|")[1])).toEqual(["0.0.0.0", "2001:db8::1"]);
});

test("no host is no line", () => {
  expect(list([])).toEqual([""]);
});

describe("the URL leads back to where the client asked", () => {
  const cases = [
    ["dyn.example.test", false, "http://dyn.example.test/dynamic/"],
    ["dyn.example.test:8245", false, "http://dyn.example.test:8245/dynamic/"],
    ["dyn.example.test", true, "https://dyn.example.test/dynamic/"],
    ["[2001:db8::1]:443", true, "https://[2001:db8::1]:443/dynamic/"],
    ["", false, "/dynamic/"],
    ["a|b", false, "/dynamic/"],
    ["a.test\r\nb.test|192.0.2.1|x", false, "/dynamic/"],
    ["user@evil.test", false, "/dynamic/"],
    ["evil.test/x?", false, "/dynamic/"],
    ["m\xfcller.test", false, "/dynamic/"],
  ] as const;
  for (const [authority, isTls, url] of cases) {
    test(JSON.stringify(authority), () => {
      const lines = list([host], { authority, isTls });
      expect(lines).toHaveLength(2);
      for (const line of lines) expect(line.split("|").slice(2).join("|")).toStartWith(url);
    });
  }
});

test("a URL of a name of usual length fits into the 255 characters that inadyn takes", () => {
  const [line] = list([{ ...host, name: `${"a".repeat(63)}.${"b".repeat(63)}.test` }]);
  expect(line!.split("|")[2]!.length).toBeLessThan(255);
});

test("the list is bounded", () => {
  const many = Array<ListedHost>(listedKeysMax + 1).fill(host);
  expect(list(many)).toHaveLength(2 * listedKeysMax);
});

test("other outcomes are words", () => {
  const lines = (["no-credentials", "bad-credentials", "try-later"] as const).map((kind) => {
    const { status, body } = printFreednsList({ kind }, question());
    return `${status} ${body}`;
  });
  expect(lines).toEqual([
    "200 ERROR: Failed authenticating to fetch API keys",
    "200 ERROR: Failed authenticating to fetch API keys",
    "503 ERROR:",
  ]);
});
