import { expect, test } from "bun:test";
import { Directory } from "./directory.ts";
import { findHost, findUnnamedHost } from "./find-host.ts";
import { parseHostName } from "./host-name.ts";
import type { Login } from "./login.ts";

const hosts = [
  ["cam1.dyn.test", 1],
  ["cam2.dyn.test", 1],
  ["cam2.sub.dyn.test", 1],
  ["cam3.sub.dyn.test", 1],
  ["cam1.other.test", 2],
  ["cam4.dyn.test", 1],
  ["cam4.other.test", 1],
] as const;
const named = [1, 2, 3, 4, 5];

const directory = new Directory(1);
for (const [at, apex] of ["dyn.test", "other.test"].entries()) {
  const zone = { id: at + 1, apex: parseHostName(apex)!, isPrivate: false, serial: 1 };
  directory.apply({ kind: "zone", id: zone.id, zone });
}
for (const [at, [text, user]] of hosts.entries()) {
  const nothing = { v4: undefined, v6: undefined, createdAtMs: 0, changedAtMs: undefined };
  const name = parseHostName(text)!;
  const host = { id: at + 1, zone: 1, user, name, isBlocked: false, isFixed: false, ...nothing };
  directory.apply({ kind: "host", id: host.id, host });
}

function loginFor(given: Partial<Login>): Login {
  const verifier = new Uint8Array(32);
  const bare = { proofs: [], scope: "all", from: [] } as const;
  return { id: 1, user: 1, username: "cam", verifier, hosts: named, ...bare, ...given };
}

const byLabel: readonly (readonly [text: string, hosts: Login["hosts"], outcome: string])[] = [
  ["cam3", named, "cam3.sub.dyn.test"],
  ["CAM3", named, "cam3.sub.dyn.test"],
  ["cam1", [1, 2], "cam1.dyn.test"],
  ["cam1", named, "unknown-host"], // the login has cam1 in two zones
  ["cam", named, "unknown-host"], // a label is whole
  ["cam9", named, "unknown-host"],
  ["cam1.dyn", named, "unknown-host"], // two labels are a full name
  ["cam1.other", [1], "unknown-host"], // LABEL.anything is no label
  ["cam1.", named, "not-a-full-name"],
  ["-cam1", named, "not-a-full-name"],
  ["cam 1", named, "not-a-full-name"],
  ["cam1.dyn.test", named, "cam1.dyn.test"],
  ["cam4.dyn.test", named, "unknown-host"], // not of this login
  ["cam1", "all-of-user", "cam1.dyn.test"], // cam1.other.test is somebody else's
  ["cam2", "all-of-user", "cam2.dyn.test"],
  ["cam3", "all-of-user", "unknown-host"], // deeper than one label below the zone
  ["cam4", "all-of-user", "unknown-host"], // in two zones
];

for (const [text, of, outcome] of byLabel) {
  test(`${text} of ${JSON.stringify(of)} by label is ${outcome}`, () => {
    const found = findHost(text, "label", loginFor({ hosts: of }), directory);
    expect<string>(found.kind === "found" ? found.name : found.kind).toBe(outcome);
    if (found.kind !== "found") expect(found.note).toMatch(/^.+\.$/);
  });
}

test("a label names nothing where full names are wanted", () => {
  const login = loginFor({ hosts: [1] });
  expect(findHost("cam1", "full", login, directory).kind).toBe("not-a-full-name");
  expect(findHost("cam1", "label", login, directory).kind).toBe("found");
});

const unnamed: readonly (readonly [given: Partial<Login>, name: string | undefined])[] = [
  [{ hosts: [2] }, "cam2.dyn.test"],
  [{ hosts: [1, 2] }, undefined],
  [{ hosts: [1, 2], defaultHost: 1 }, "cam1.dyn.test"],
  [{ hosts: [1, 2, 99], defaultHost: 99 }, undefined], // gone meanwhile
  [{ hosts: [1, 99] }, "cam1.dyn.test"],
  [{ hosts: [] }, undefined],
  [{ hosts: "all-of-user" }, undefined],
  [{ hosts: "all-of-user", user: 2 }, "cam1.other.test"],
  [{ hosts: "all-of-user", defaultHost: 3 }, "cam2.sub.dyn.test"],
  [{ hosts: "all-of-user", defaultHost: 5 }, undefined], // somebody else's
];

for (const [given, name] of unnamed) {
  test(`no name of a login with ${JSON.stringify(given)} means ${name}`, () => {
    expect<string | undefined>(findUnnamedHost(loginFor(given), directory)).toBe(name);
  });
}
