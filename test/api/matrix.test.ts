/** Every route of the contract as everybody (AT39): nobody gets or changes what is another's. A new route is in it by itself. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { RouteName } from "../../src/api/contract.ts";
import type { Route } from "../../src/api/contract/route.ts";
import { elsewhere, everything, mark, openTenants, routes } from "./tenants.ts";
import type { Proof, Tenants } from "./tenants.ts";

let tenants: Tenants;
let expired: Proof;
let suspendedToken: Proof;
let suspendedSession: Proof;
let narrow: Proof;
let readOnly: Proof;
let ofBob: Proof;
let before: string;

beforeAll(async () => {
  tenants = await openTenants();
  const { alice, bob, carol, root, token, session } = tenants;
  expired = await token(alice, everything, { expiresAtMs: 1 });
  narrow = await token(alice, elsewhere);
  readOnly = await token(alice, { actions: ["hosts:read"], names: ["else.*"] });
  ofBob = await token(bob, everything);
  suspendedToken = await token(carol);
  const suspend = await tenants.call(
    "changeUser",
    await session(root),
    { ...tenants.things, user: "carol" },
    { isSuspended: true },
  );
  expect(suspend.status).toBe(200);
  suspendedSession = await session(carol);
  before = await stateOfAlice();
});
afterAll(() => tenants[Symbol.asyncDispose]());

/** What the routes may not have changed. */
async function stateOfAlice(): Promise<string> {
  const { store } = tenants.people;
  const { alice, things } = tenants;
  const account = await store.accounts.findAccount({ id: alice.id });
  return JSON.stringify([
    { ...account, seenAtMs: 0 },
    (await store.tokens.listTokens(alice.id)).map(({ id, name, policy }) => [id, name, policy]),
    await store.listHosts({ limit: 100 }),
    await store.listLogins(),
    await store.listZones(),
    (await store.operator.listChannels(alice.id)).map((channel) => [channel.id, channel.events]),
    (await store.accounts.listSessions(alice.id)).some(({ id }) => id === things.session),
  ]);
}

const isGood = (status: number): boolean => status >= 200 && status < 300;
const hasParameters = ({ path }: Route): boolean => path.includes("{");
/** Answers the same whoever asks; what they say is looked at by their own tests. */
const forAnybody: ReadonlySet<RouteName> = new Set([
  "beginPasskeySignIn",
  "greet",
  "askReset",
  "signUp",
]);
/** Guides belong to nobody. */
const ofNobody: ReadonlySet<RouteName> = new Set(["listGuides", "getGuide"]);

describe("who proves nothing gets nothing", () => {
  const proofs: readonly (readonly [string, () => Proof])[] = [
    ["nobody", () => undefined],
    ["an expired token", () => expired],
    ["the token of a suspended account", () => suspendedToken],
    ["the session of a suspended account", () => suspendedSession],
    ["a token that is none", () => ({ bearer: `nwt_${"1".repeat(44)}` })],
    ["a session that is none", () => ({ session: "1".repeat(44) })],
  ];
  for (const [title, proof] of proofs) {
    test(title, async () => {
      for (const [name, route] of routes) {
        const said = await tenants.call(name, proof(), tenants.things);
        const isOpen = route.access.kind === "anyone" && !("bearer" in (proof() ?? {}));
        if (!isOpen) expect([name, said.status]).toEqual([name, 401]);
        else if (!forAnybody.has(name)) expect([name, isGood(said.status)]).toEqual([name, false]);
        expect([name, said.text.includes(mark)]).toEqual([name, false]);
      }
    });
  }
});

test("a token does what its actions say, nothing that is a person's, and of an administrator only for one", async () => {
  let refused = 0;
  for (const [name, { access }] of routes) {
    if (access.kind === "anyone") continue;
    const tokens: readonly (readonly [Proof, readonly string[]])[] = [
      [readOnly, ["hosts:read"]],
      [narrow, everything.actions],
      [ofBob, everything.actions],
    ];
    for (const [proof, actions] of tokens) {
      const may = access.kind === "action" && actions.includes(access.action) && !access.isAdmin;
      if (may) continue;
      const said = await tenants.call(name, proof, tenants.things);
      expect([name, said.status]).toEqual([name, 403]);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(150);
});

describe("what is another's looks like what is not there", () => {
  const proofs: readonly (readonly [string, () => Promise<Proof>])[] = [
    ["another person", () => tenants.session(tenants.bob)],
    ["another's token", async () => ofBob],
    ["a token of the owner for other names", async () => narrow],
    ["a token of the owner that only reads other names", async () => readOnly],
  ];
  for (const [title, proof] of proofs) {
    test(title, async () => {
      let looked = 0;
      for (const [name, route] of routes) {
        if (!hasParameters(route) || ofNobody.has(name)) continue;
        const theirs = await tenants.call(name, await proof(), tenants.things);
        const nobodys = await tenants.call(name, await proof(), tenants.missing);
        expect([name, isGood(theirs.status)]).toEqual([name, false]);
        expect([name, theirs.status, theirs.same]).toEqual([name, nobodys.status, nobodys.same]);
        looked++;
      }
      expect(looked).toBeGreaterThan(30);
    });
  }
});

test("lists and own pages of others show nothing of it", async () => {
  for (const proof of [() => tenants.session(tenants.bob), async () => ofBob, async () => narrow]) {
    for (const [name, route] of routes) {
      // What ends or deletes the account that asks has its own tests.
      if (hasParameters(route) || name === "deleteAccount") continue;
      const said = await tenants.call(name, await proof(), tenants.things);
      if (isGood(said.status)) expect([name, said.text.includes(mark)]).toEqual([name, false]);
    }
  }
});

test("a person who is no administrator gets nothing of an administrator's", async () => {
  let looked = 0;
  for (const [name, { access }] of routes) {
    if (access.kind === "anyone" || !access.isAdmin) continue;
    const said = await tenants.call(name, await tenants.session(tenants.bob), tenants.things);
    expect([name, said.status]).toEqual([name, 403]);
    looked++;
  }
  expect(looked).toBeGreaterThan(30);
});

test("after all that nothing of hers has changed", async () => {
  expect(await stateOfAlice()).toBe(before);
});

test("control: the owner gets what the others do not", async () => {
  const session = await tenants.session(tenants.alice);
  const got: string[] = [];
  for (const [name, route] of routes) {
    if (route.method !== "GET") continue;
    const said = await tenants.call(name, session, tenants.things);
    if (said.text.includes(mark)) got.push(name);
  }
  expect(got).toContain("getHost");
  expect(got).toContain("listHosts");
  expect(got).toContain("listTokens");
  expect(got).toContain("listChannels");
});

test("control: an administrator gets what others are refused", async () => {
  const session = await tenants.session(tenants.root);
  const statuses = new Map<string, number>();
  for (const [name, route] of routes) {
    if (route.method !== "GET" || route.access.kind === "anyone") continue;
    statuses.set(name, (await tenants.call(name, session, tenants.things)).status);
  }
  for (const name of ["listUsers", "getUser", "listAudit", "listSettings"])
    expect([name, statuses.get(name)]).toEqual([name, 200]);
});

test("control: the owner revokes what others could not", async () => {
  const session = await tenants.session(tenants.alice);
  for (const name of ["deleteToken", "deleteChannel", "endSession"] as const)
    expect([name, (await tenants.call(name, session, tenants.things)).status]).toEqual([name, 204]);
  expect(await stateOfAlice()).not.toBe(before);
});

/** What counts a whole service: held by `test/running/operator.test.ts`. */
const ofRunningService: readonly RouteName[] = ["getOverview", "listHeld"];

test("there is a handler for every route", async () => {
  const missing: RouteName[] = [];
  for (const [name] of routes) {
    if (name === "deleteAccount") continue;
    const session = await tenants.session(tenants.root);
    const { status } = await tenants.call(name, session, tenants.missing);
    if (status === 501) missing.push(name);
  }
  expect(missing).toEqual([...ofRunningService]);
});
