import { describe, expect, test } from "bun:test";
import type { AuditEntry } from "./core/audit-entry.ts";
import { noHash } from "./core/audit-entry.ts";
import { tellOfNewLogin } from "./new-logins.ts";

const alice = 1;
const bob = 2;

function entry(id: number, given: Partial<AuditEntry>): AuditEntry {
  const usual = { actor: "alice", user: alice, action: "session.begin", target: "alice" };
  const rest = { peer: "192.0.2.7", result: "ok", requestId: "", detail: "", atMs: id };
  return { id, hash: noHash, ...usual, ...rest, ...given };
}

/** To whom, and what. */
async function told(
  given: Partial<AuditEntry>,
  before: readonly Partial<AuditEntry>[] = [],
): Promise<readonly string[]> {
  const found: string[] = [];
  const entries = before.map((each, index) => entry(index + 1, each));
  const now = entry(entries.length + 1, given);
  await tellOfNewLogin(now, {
    directory: {
      findLogin: (username) =>
        username === "cam"
          ? {
              id: 1,
              user: bob,
              username,
              verifier: noHash,
              hosts: "all-of-user",
              proofs: [],
              scope: "all",
              from: [],
            }
          : undefined,
    },
    listSignIns: async () => [now, ...entries.toReversed()],
    notify: async ({ user, detail }) => found.push(`${user}: ${detail}`),
  });
  return found;
}

test("who a device login is for is told who made it, and from where", async () => {
  const made = { action: "login.add", target: "cam" };
  expect(await told(made)).toEqual(["2: The device login cam was made by alice from 192.0.2.7."]);
  expect(await told({ ...made, target: "gone" })).toEqual([]);
});

test("a token is told to who made it", async () => {
  const made = { action: "token.add", target: "k1", detail: "may read hosts" };
  expect(await told(made)).toEqual([
    "1: An API token that may read hosts was made by alice from 192.0.2.7.",
  ]);
  expect(await told({ ...made, result: "refused" })).toEqual([]);
  expect(await told({ action: "token.revoke" })).toEqual([]);
});

describe("a sign-in", () => {
  const there = { peer: "192.0.2.200" };
  const cases: readonly (readonly [string, string, readonly Partial<AuditEntry>[], boolean])[] = [
    ["the first one", "192.0.2.7", [], false],
    ["from the same network", "192.0.2.7", [there], false],
    ["from another", "198.51.100.7", [there], true],
    ["from one of those before", "198.51.100.7", [{ peer: "198.51.100.1" }, there], false],
    ["from another address of a site", "2001:db8:1:2::7", [{ peer: "2001:db8:1:3::8" }], false],
    ["from another site", "2001:db8:2::7", [{ peer: "2001:db8:1::7" }], true],
    [
      "from where only a wrong password came",
      "198.51.100.7",
      [there, { peer: "198.51.100.7", result: "refused" }],
      true,
    ],
  ];
  for (const [title, peer, before, isTold] of cases) {
    test(`${title} is ${isTold ? "" : "not "}told`, async () => {
      expect(await told({ peer }, before)).toHaveLength(isTold ? 1 : 0);
    });
  }
});
