import { describe, expect, test } from "bun:test";
import { findSharedSites, hasZoneBelow, siteOf } from "./dashboard-name.ts";
import { Directory } from "./directory.ts";
import { parseHostName } from "./host-name.ts";

const host = (text: string) => parseHostName(text)!;

/** One zone with one host of somebody. */
function directoryOf(apex: string, isAdmin: boolean): Directory {
  const directory = new Directory(1);
  directory.apply({ kind: "user", id: 1, user: { id: 1, name: "alice", isAdmin } });
  const zone = { id: 1, apex: host(apex), isPrivate: false, serial: 1 };
  directory.apply({ kind: "zone", id: 1, zone });
  directory.apply({
    kind: "host",
    id: 1,
    host: {
      id: 1,
      name: host(`cam.${apex}`),
      zone: 1,
      user: 1,
      isBlocked: false,
      isFixed: false,
      v4: undefined,
      v6: undefined,
      createdAtMs: 0,
      changedAtMs: undefined,
    },
  });
  return directory;
}

describe("a zone is the same site as the dashboard", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["app.dyn.test", "dyn.test", true], // below
    ["dyn.test", "dyn.test", true],
    ["example.test", "dyn.example.test", true], // above
    ["app.example.test", "dyn.example.test", true], // beside
    ["a.b.example.test", "c.d.example.test", true], // cousins
    ["example.test", "dyn.test", false],
    ["names.example.co.uk", "dyn.other.co.uk", false],
    ["names.example.co.uk", "dyn.example.co.uk", true],
    ["192.0.2.1", "dyn.test", false],
    ["localhost", "dyn.test", false],
  ];
  for (const [dashboard, zone, isShared] of cases) {
    test(`${dashboard} and ${zone}: ${isShared ? "yes" : "no"}`, () => {
      expect(findSharedSites(directoryOf(zone, false), dashboard)).toHaveLength(isShared ? 1 : 0);
    });
  }
});

test("hosts of administrators are not those of other people", () => {
  const [ofPeople] = findSharedSites(directoryOf("dyn.test", false), "app.dyn.test");
  const [ofAdmin] = findSharedSites(directoryOf("dyn.test", true), "app.dyn.test");
  expect([ofPeople?.isOfPeople, ofAdmin?.isOfPeople]).toEqual([true, false]);
});

test("a name is below another by whole labels", () => {
  const zones = [...directoryOf("dyn.example.test", false).zones()];
  expect(hasZoneBelow(zones, "example.test")).toBe(true);
  expect(hasZoneBelow(zones, "dyn.example.test")).toBe(true);
  expect(hasZoneBelow(zones, "ample.test")).toBe(false);
  expect(siteOf("A.Example.Test.")).toBe("example.test");
});
