/** What pages make of paths, times and numbers, without a browser. */

import { expect, test } from "bun:test";
import { matchPath } from "../../src/web/path-pattern.ts";
import { texts } from "../../src/web/texts.ts";
import { printAgo } from "../../src/web/time.ts";

const paths: readonly [pattern: string, path: string, found: Record<string, string> | undefined][] =
  [
    ["/hosts", "/hosts", {}],
    ["/hosts", "/hosts/", {}],
    ["/hosts", "/host", undefined],
    ["/", "/", {}],
    ["/hosts/{name}", "/hosts/cam.dyn.test", { name: "cam.dyn.test" }],
    ["/hosts/{name}/{tab}", "/hosts/cam.dyn.test/guide", { name: "cam.dyn.test", tab: "guide" }],
    ["/hosts/{name}", "/hosts/a%20b", { name: "a b" }],
    ["/hosts/{name}", "/hosts/100%", { name: "100%" }], // no escape at all: taken as it is
    ["/hosts/{name}", "/hosts/cam/guide", undefined],
  ];

for (const [pattern, path, found] of paths) {
  test(`${path} is ${found === undefined ? "not " : ""}${pattern}`, () => {
    expect(matchPath(pattern, path)).toEqual(found);
  });
}

const nowMs = Date.UTC(2026, 10, 30, 12);
for (const [agoSeconds, says] of [
  [2, "now"],
  [40, "40 sec. ago"],
  [120, "2 min. ago"],
  [3 * 3_600, "3 hr. ago"],
  [86_400, "yesterday"],
  [-3_600, "in 1 hr."],
] as const) {
  test(`${agoSeconds} s before now is "${says}"`, () => {
    expect(printAgo(new Date(nowMs - agoSeconds * 1_000).toISOString(), nowMs)).toBe(says);
  });
}

test("one is one, and many are many", () => {
  expect(texts.hosts.shown(1)).toBe("1 host shown");
  expect(texts.hosts.shown(1_200)).toBe("1,200 hosts shown");
  expect(texts.host.alertHours.hours(24)).toBe("1 day");
  expect(texts.host.alertHours.hours(6)).toBe("6 hours");
});
