import { expect, test } from "bun:test";
import { allows } from "./token-policy.ts";
import type { Policy, Subject } from "./token-policy.ts";

const actions = ["hosts:read", "records:write"];
const cam = { zone: "dyn.test", name: "cam-1.dyn.test" };
const cases: readonly (readonly [string, Partial<Policy>, string, Subject, boolean])[] = [
  ["what it names", {}, "hosts:read", cam, true],
  ["an action it does not name", {}, "hosts:write", cam, false],
  ["the beginning of an action", {}, "hosts", cam, false],
  ["its zone", { zones: ["dyn.test"] }, "hosts:read", cam, true],
  ["its zone in capitals, with a dot", { zones: ["DYN.test."] }, "hosts:read", cam, true],
  ["another zone", { zones: ["dyn.test"] }, "hosts:read", { ...cam, zone: "other.test" }, false],
  ["a zone below", { zones: ["dyn.test"] }, "hosts:read", { ...cam, zone: "a.dyn.test" }, false],
  ["what has no zone", { zones: ["dyn.test"] }, "hosts:read", {}, false],
  ["a name", { names: ["cam-1.dyn.test"] }, "hosts:read", cam, true],
  ["a pattern", { names: ["cam-*.dyn.test"] }, "hosts:read", cam, true],
  ["any name", { names: ["*"] }, "hosts:read", cam, true],
  ["a name beside the pattern", { names: ["cam-*.other.test"] }, "hosts:read", cam, false],
  ["a dot that is none", { names: ["cam-1xdyn.test"] }, "hosts:read", cam, false],
  [
    "a longer name",
    { names: ["cam-1.dyn.test"] },
    "hosts:read",
    { name: "x.cam-1.dyn.test" },
    false,
  ],
  ["overlapping ends", { names: ["ab*ba"] }, "hosts:read", { name: "aba" }, false],
  ["two stars", { names: ["*cam*test"] }, "hosts:read", cam, true],
  ["no pattern at all", { names: [] }, "hosts:read", cam, false],
  ["what has no name", { names: ["*"] }, "hosts:read", {}, false],
  ["its type", { types: ["TXT"] }, "records:write", { ...cam, type: "txt" }, true],
  ["another type", { types: ["TXT"] }, "records:write", { ...cam, type: "A" }, false],
  ["a host, which has no type", { types: ["TXT"] }, "hosts:read", cam, true],
  ["one right and one wrong", { zones: ["dyn.test"], names: ["x"] }, "hosts:read", cam, false],
];

for (const [title, policy, action, subject, isAllowed] of cases) {
  test(`${title}: ${isAllowed ? "allowed" : "refused"}`, () => {
    expect(allows({ actions, ...policy }, action, subject)).toBe(isAllowed);
  });
}
