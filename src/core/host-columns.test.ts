import { expect, test } from "bun:test";
import { readColumns } from "../../test/read-columns.ts";
import type { KeptHost } from "../../test/read-columns.ts";
import { AssertionFailed } from "../base/assert.ts";
import { HostColumns } from "./host-columns.ts";
import type { HostName } from "./host-name.ts";

const none: KeptHost = {
  id: 4_294_967_295,
  zone: 4_294_967_294,
  user: 4_294_967_293,
  name: "a.b" as HostName,
  isBlocked: false,
  isFixed: true,
  changedAtMs: undefined,
  v4: undefined,
  v6: undefined,
};
const both: KeptHost = {
  id: 2,
  zone: 1,
  user: 1,
  name: `${"x".repeat(245)}.dyn.tst` as HostName,
  isBlocked: true,
  isFixed: false,
  changedAtMs: 4_000_000_000_999,
  v4: Uint8Array.of(1, 2, 3, 255),
  v6: Uint8Array.from({ length: 16 }, (_, index) => 255 - index),
};

test("rows are read as they were added, also over a buffer that was moved", () => {
  for (const hosts of [[none], [both, none], [none, both, both]]) {
    const columns = HostColumns.make(3);
    for (const host of hosts) columns.add(host);
    expect(readColumns(columns)).toEqual(hosts);
    const moved = columns.buffer.transfer();
    expect(readColumns(new HostColumns(moved, hosts.length))).toEqual(hosts);
  }
});

test("cleared columns are filled anew, and nothing of the old rows is left", () => {
  const columns = HostColumns.make(2);
  columns.add(both);
  columns.add(both);
  columns.clear();
  expect(readColumns(columns)).toEqual([]);
  columns.add(none);
  expect(readColumns(columns)).toEqual([none]);
});

test("a host more than there is room for, and a name longer than names are, is our mistake", () => {
  const columns = HostColumns.make(1);
  expect(() => columns.add({ ...both, name: `x${both.name}` as HostName })).toThrow(
    AssertionFailed,
  );
  columns.add(both);
  expect(() => columns.add(none)).toThrow(AssertionFailed);
});
