import { describe, expect, test } from "bun:test";
import type { ListedHost } from "../update-service.ts";
import { listedHostsMax, printHostList } from "./mint-xml.ts";

const known = { id: 1, zone: "test", challenges: [] };

const print = (...hosts: readonly ListedHost[]): string =>
  printHostList({ kind: "hosts", hosts }).body;

test("the document is as published, one element a line", () => {
  const reply = printHostList({
    kind: "hosts",
    hosts: [
      {
        ...known,
        name: "cam1.example.test",
        addresses: ["203.0.113.77"],
        changedAtMs: Date.UTC(2025, 0, 31, 12),
      },
    ],
  });
  expect(reply).toEqual({
    status: 200,
    contentType: "text/xml; charset=utf-8",
    body: [
      '<?xml version="1.0" encoding="utf-8"?>',
      "<domains>",
      "<domain>",
      "<url>cam1.example.test</url>",
      "<ip>203.0.113.77</ip>",
      "<updated>2025-01-31T12:00:00Z</updated>",
      "</domain>",
      "</domains>",
    ].join("\n"),
  });
});

test("a host that was never updated has neither address nor time", () => {
  const text = print({ ...known, name: "a.test", addresses: [], changedAtMs: undefined });
  expect(text).toContain("<domain>\n<url>a.test</url>\n</domain>");
});

test("no host is an empty list", () => {
  expect(print()).toEndWith("<domains>\n</domains>");
});

describe("a name cannot leave its element", () => {
  const names = [
    "&<>\"'",
    "]]>",
    "</url><url>x",
    "a\u0000b",
    "\ud800",
    "M\u00fcller",
    "\u{1f600}",
    "\uffff",
  ];
  for (const name of names) {
    test(JSON.stringify(name), () => {
      const text = print({ ...known, name, addresses: [], changedAtMs: undefined });
      expect(text.match(/<url>/g)).toHaveLength(1);
      const content = /^<url>(.*)<\/url>$/m.exec(text)![1]!;
      expect(content).toMatch(/^(?:[ -%'-;=?-~]|&#\d+;)*$/);
    });
  }
});

test("the list is bounded", () => {
  const host: ListedHost = { ...known, name: "a.test", addresses: [], changedAtMs: undefined };
  const text = print(...Array<ListedHost>(listedHostsMax + 1).fill(host));
  expect(text.match(/<url>/g)).toHaveLength(listedHostsMax);
});

test("other outcomes are words", () => {
  const lines = (["no-credentials", "bad-credentials", "try-later"] as const).map((kind) => {
    const { status, body } = printHostList({ kind });
    return `${status} ${body}`;
  });
  expect(lines).toEqual(["401 badauth", "401 badauth", "503 911"]);
});
