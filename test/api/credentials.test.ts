/** Every route with credentials that hold no longer, not from there, or not for the API (AT39): 401, and nothing changes. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { RouteName } from "../../src/api/contract.ts";
import { goodPassword } from "../people.ts";
import { readStored } from "./stored.ts";
import { ask, everything, mark, openTenants, requestOf, routes } from "./tenants.ts";
import type { Proof, Said, Tenants } from "./tenants.ts";

const dayMs = 24 * 3_600_000;
const peer = "198.51.100.9";

let tenants: Tenants;
/** What is sent as proof, by its title. */
const dead = new Map<string, Readonly<Record<string, string>>>();
let living: Readonly<Record<string, string>>;
let before: string;

const closed = routes.filter(([, { access }]) => access.kind !== "anyone");
const bearer = (secret: string) => ({ Authorization: `Bearer ${secret}` });
const cookie = (secret: string) => ({ Cookie: `__Host-nameward=${secret}` });
const basic = (user: string, password: string) => ({
  Authorization: `Basic ${btoa(`${user}:${password}`)}`,
});

beforeAll(async () => {
  tenants = await openTenants();
  const { alice, bob, carol, root, token, session, things, people } = tenants;
  const secretOf = (proof: Proof): string => (proof as { session: string }).session;

  // Of an account that is deleted, and of one that is suspended, each by the operator.
  const ofDeleted = [await token(bob), await session(bob)] as const;
  const ofSuspended = [await token(carol), await session(carol)] as const;
  const operator = await session(root);
  expect((await tenants.call("deleteUser", operator, { ...things, user: "bob" })).status).toBe(200);
  const suspended = await tenants.call(
    "changeUser",
    operator,
    { ...things, user: "carol" },
    { isSuspended: true },
  );
  expect(suspended.status).toBe(200);

  const idle = await session(alice);
  const unused = await token(alice, everything, { unusedDays: 1 });
  // After the days of grace the account is gone.
  people.clock.pass(15 * dayMs);
  expect(await people.store.accounts.deleteDueAccounts()).toEqual(["bob"]);

  const revoked = await token(alice);
  expect(
    (await tenants.call("deleteToken", await session(alice), { ...things, token: revoked.id }))
      .status,
  ).toBe(204);
  const ended = await session(alice);
  expect((await tenants.call("signOut", ended, things)).status).toBe(204);
  const good = await token(root);
  const live = await session(root);
  living = bearer(good.bearer);
  for (const [title, headers] of [
    ["an expired token", bearer((await token(root, everything, { expiresAtMs: 1 })).bearer)],
    ["a revoked token", bearer(revoked.bearer)],
    ["a token that was unused for too long", bearer(unused.bearer)],
    [
      "a token from another network",
      bearer((await token(root, everything, { from: ["192.0.2.0/24", "2001:db8::/32"] })).bearer),
    ],
    ["the token of a deleted account", bearer(ofDeleted[0].bearer)],
    ["the session of a deleted account", cookie(secretOf(ofDeleted[1]))],
    ["the token of a suspended account", bearer(ofSuspended[0].bearer)],
    ["the session of a suspended account", cookie(secretOf(ofSuspended[1]))],
    ["a session that was signed out", cookie(secretOf(ended))],
    ["a session that was idle for too long", cookie(secretOf(idle))],
    ["a session's secret as a bearer token", bearer(secretOf(live))],
    ["a token's secret as the cookie", cookie(good.bearer)],
    ["a token in a cookie of another name", { Cookie: `nameward=${good.bearer}` }],
    ["a session in a cookie without the prefix", { Cookie: `nameward=${secretOf(live)}` }],
    ["name and password as Basic, as devices do", basic("root", goodPassword)],
    ["a token as the password of Basic", basic("root", good.bearer)],
    ["a token without its last letter", bearer(good.bearer.slice(0, -1))],
    ["a token with a letter more", bearer(`${good.bearer}1`)],
    ["the name of a token", bearer(good.id.padEnd(20, "1"))],
    ["two tokens", bearer(`${good.bearer}, Bearer ${good.bearer}`)],
    ["a token in a header for keys", { "X-Api-Key": good.bearer, "X-Auth-Token": good.bearer }],
    [
      "the name of a user that a proxy may send",
      { "Remote-User": "root", "X-Forwarded-User": "root" },
    ],
  ] as const)
    dead.set(title, headers);
  before = readStored(people.data);
});
afterAll(() => tenants[Symbol.asyncDispose]());

/** With the origin of a page of ours: only the credential is wrong. */
function send(name: RouteName, proof: Readonly<Record<string, string>>, query = "") {
  const { url, headers, init } = requestOf(name, undefined, tenants.things);
  for (const [header, value] of Object.entries(proof)) headers.set(header, value);
  return ask(tenants.people, new Request(`${url}${query}`, { ...init, headers }), peer);
}

test("each of the credentials was made", () => {
  expect(dead.size).toBe(22);
  expect(closed.length).toBeGreaterThan(80);
});

test("no route takes any of them, and all are answered alike", async () => {
  for (const [title, proof] of dead) {
    const replies = new Map<string, Said>();
    for (const [name] of closed) {
      const said = await send(name, proof);
      expect([title, name, said.status]).toEqual([title, name, 401]);
      expect([title, name, said.text.includes(mark)]).toEqual([title, name, false]);
      replies.set(said.same, said);
    }
    expect([title, replies.size]).toEqual([title, 1]);
  }
  // What is sent as a token and is none says the same, whatever is the matter with it (T12).
  const ofTokens = new Set<string>();
  for (const [title, proof] of dead)
    if ("Authorization" in proof) {
      ofTokens.add((await send("listHosts", proof)).same);
      expect([title, ofTokens.size]).toEqual([title, 1]);
    }
  expect(readStored(tenants.people.data)).toBe(before);
});

test("no route takes a secret out of the address", async () => {
  const { token, root } = tenants;
  const { bearer: secret } = await token(root);
  for (const [name] of closed)
    for (const key of ["token", "access_token", "key"]) {
      const said = await send(name, {}, `?${key}=${secret}`);
      expect([name, said.status]).toEqual([name, 401]);
    }
});

test("a token and a session in one call are refused, both of the same person", async () => {
  const { token, root, session } = tenants;
  const { bearer: secret } = await token(root);
  const live = (await session(root)) as { session: string };
  for (const [name] of routes) {
    const said = await send(name, { ...bearer(secret), ...cookie(live.session) });
    expect([name, said.status]).toEqual([name, 400]);
  }
});

test("a HEAD or OPTIONS without proof gets no further than a GET", async () => {
  for (const [name] of closed)
    for (const method of ["HEAD", "OPTIONS"]) {
      const { url } = requestOf(name, undefined, tenants.things);
      const said = await ask(tenants.people, new Request(url, { method }));
      expect([name, method, [401, 404, 405].includes(said.status)]).toEqual([name, method, true]);
    }
});

describe("control", () => {
  test("the token that lives is let in where tokens are, by the same requests", async () => {
    const letIn: RouteName[] = [];
    for (const [name, route] of closed) {
      if (route.method !== "GET" || route.access.kind !== "action") continue;
      const said = await send(name, living);
      expect([name, said.status]).not.toEqual([name, 401]);
      if (said.status === 200) letIn.push(name);
    }
    expect(letIn).toContain("listHosts");
    expect(letIn).toContain("listUsers");
  });

  test("the token for a network is let in from there", async () => {
    const { token, root, things } = tenants;
    const { bearer: secret } = await token(root, everything, { from: ["198.51.100.0/24"] });
    expect((await send("listHosts", bearer(secret))).status).toBe(200);
    expect((await tenants.call("listHosts", { bearer: secret }, things)).status).toBe(200);
  });
});
