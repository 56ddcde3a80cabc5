import { expect, test } from "bun:test";
import type { AuditEntry } from "../core/audit-entry.ts";
import { printField } from "./csv-row.ts";
import { printAuditFile } from "./print-audit.ts";

for (const [text, field] of [
  ["bob", "bob"],
  ["", ""],
  ["a,b", '"a,b"'],
  ['say "so"', '"say ""so"""'],
  ["two\nlines", '"two\nlines"'],
  ["=HYPERLINK(1)", "'=HYPERLINK(1)"],
  ["@sum", "'@sum"],
  ["-1,2", `"'-1,2"`],
] as const) {
  test(`${JSON.stringify(text)} is ${JSON.stringify(field)} in a row`, () => {
    expect(printField(text)).toBe(field);
  });
}

const entry = (id: number): AuditEntry => ({
  id,
  atMs: Date.UTC(2026, 10, 30),
  actor: "alice",
  user: 1,
  action: "host.add",
  target: "cam.dyn.test",
  peer: "192.0.2.7",
  result: "ok",
  requestId: "r",
  detail: "",
  hash: new Uint8Array(32).fill(id),
});

async function* pages(): AsyncGenerator<readonly AuditEntry[]> {
  yield [entry(3), entry(2)];
  yield [entry(1)];
}

test("every page of the log is in the file, with the hashes in NDJSON and a head in CSV", async () => {
  const lines = (await printAuditFile(pages(), "ndjson").text()).trim().split("\n");
  expect(lines.map((line) => (JSON.parse(line) as AuditEntry).id)).toEqual([3, 2, 1]);
  expect(JSON.parse(lines[2]!)).toMatchObject({
    hash: "01".repeat(32),
    user: 1,
    peer: "192.0.2.7",
  });
  const rows = (await printAuditFile(pages(), "csv").text()).trim().split("\r\n");
  expect(rows).toHaveLength(4);
  expect(rows[3]).toBe("1,2026-11-30T00:00:00.000Z,alice,host.add,cam.dyn.test,192.0.2.7,ok,r,");
});
