import { expect, test } from "bun:test";
import { parseAddress } from "../base/address.ts";
import type { Audit } from "./audit.ts";
import type { Caller } from "./caller.ts";
import { Refusal } from "./refusal.ts";
import { RefusedAccess } from "./refused-access.ts";

type Entry = Parameters<Audit["note"]>[0];

const peer = parseAddress("192.0.2.7")!;
const user = { id: 2, name: "bob", isAdmin: false };
const bob: Caller = { kind: "person", user, session: "s", provedAtMs: 0 };

function open() {
  const entries: Entry[] = [];
  const time = { ms: 0 };
  const clock = { now: () => time.ms, monotonicMs: () => time.ms };
  const refused = new RefusedAccess({ note: async (entry) => void entries.push(entry) }, clock);
  const see = (caller: Caller | undefined, status: number, code: string): void =>
    refused.see({
      caller,
      route: "GET /users",
      refusal: new Refusal(status, code, ""),
      peer,
      requestId: "r",
    });
  return { entries, time, see };
}

for (const [status, code, isKept] of [
  [403, "not-allowed", true],
  [403, "not-for-tokens", true],
  [403, "wrong-origin", true],
  [401, "bad-token", true],
  [403, "step-up", false],
  [403, "second-factor-needed", false],
  [401, "not-signed-in", false],
  [400, "two-credentials", false],
] as const) {
  test(`a call that is refused with ${code} is ${isKept ? "" : "not "}in the log`, () => {
    const { entries, see } = open();
    see(bob, status, code);
    expect(entries.map(({ detail }) => detail)).toEqual(isKept ? [code] : []);
  });
}

test("a flood of one account leaves twenty entries, then one a minute that says how many there were", () => {
  const { entries, time, see } = open();
  for (let times = 0; times < 1_000; times++) see(bob, 403, "not-allowed");
  expect(entries).toHaveLength(20);
  see(undefined, 401, "bad-token"); // another is heard meanwhile
  expect(entries.at(-1)).toMatchObject({
    actor: "unknown",
    detail: "bad-token; 980 before it were not kept",
  });
  time.ms += 60_000;
  see(bob, 403, "not-allowed");
  expect(entries.at(-1)).toMatchObject({ actor: bob, detail: "not-allowed" });
});

test("a flood from many networks is bounded over all", () => {
  const { entries, see } = open();
  for (let id = 0; id < 1_000; id++) see({ ...bob, user: { ...user, id } }, 403, "not-allowed");
  expect(entries).toHaveLength(100);
});
