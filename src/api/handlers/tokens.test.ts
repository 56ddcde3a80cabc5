import { describe, expect, test } from "bun:test";
import { openApi, peer, personOf } from "../../../test/called-api.ts";
import type { CalledApi } from "../../../test/called-api.ts";
import { quietLog } from "../../../test/quiet-log.ts";
import { parseAddress } from "../../base/address.ts";
import { systemChance } from "../../base/chance.ts";
import { dayMs } from "../../core/api-token.ts";
import type { User } from "../../core/user.ts";
import { makeFindToken } from "../find-token.ts";
import { tokenHandlers } from "./tokens.ts";

/** A clock that a test moves, and the API with its tokens. */
async function openTokens(): Promise<{
  api: CalledApi;
  alice: User;
  /** Ids of tokens, as they were told. */
  firstUses: readonly string[];
  move(ms: number): void;
  find(secret: string, from?: string): Promise<string | undefined>;
}> {
  let nowMs = Date.UTC(2026, 11, 1);
  const clock = { now: () => nowMs, monotonicMs: () => nowMs };
  const api = await openApi(
    (store) =>
      tokenHandlers({
        tokens: store.tokens,
        tokensMax: async () => 3,
        audit: { note: async () => {} },
        clock,
        chance: systemChance,
      }),
    clock,
  );
  const made = await api.store.addUser("alice", false, "x");
  if (made.kind !== "made") throw new Error("no user");
  api.as(personOf(made.made, nowMs));
  const { tokens } = api.store;
  const firstUses: string[] = [];
  const findToken = makeFindToken({
    findToken: (hash) => tokens.findToken(hash),
    noteTokenUse: (id, from) => tokens.noteTokenUse(id, from),
    noteFirstUse: async ({ id }) => void firstUses.push(id),
    clock,
    log: quietLog,
  });
  return {
    api,
    alice: made.made,
    firstUses,
    move: (ms) => void (nowMs += ms),
    find: async (secret, from = peer.text) => (await findToken(secret, parseAddress(from)!))?.token,
  };
}

const policy = { actions: ["hosts:read"] };

test("a token is shown once, is kept as a hash, and says what it may", async () => {
  const { api, find } = await openTokens();
  await using _ = api;
  const { status, body } = await api.call("POST", "/tokens", {
    name: "backup",
    policy: { actions: ["hosts:read", "addresses:write"], names: ["cam-*.dyn.test"] },
    from: ["198.51.100.0/24"],
    days: 30,
    unusedDays: 7,
  });
  expect(status).toBe(201);
  const secret = String(body["secret"]);
  expect(secret).toMatch(/^nwt_[1-9A-HJ-NP-Za-km-z]{44}$/);
  const [listed] = (await api.call("GET", "/tokens")).body.items;
  expect(listed).toEqual(body["token"] as typeof listed);
  expect(listed?.["sentence"]).toBe(
    "may read hosts and set addresses, of names cam-*.dyn.test, from 198.51.100.0/24, until 2026-12-31, while it is used every 7 days",
  );
  expect(await find(secret)).toBe(String(listed?.["id"]));
  const file = await Bun.file(`${api.folder}/nameward.db-wal`).bytes();
  // Control: the name is there, the secret is not.
  expect(Buffer.from(file).includes("backup")).toBe(true);
  expect(Buffer.from(file).includes(secret.slice(4))).toBe(false);
});

describe("a token does not hold", () => {
  const cases: readonly (readonly [string, object, number, string])[] = [
    ["after its time", { days: 1 }, dayMs, peer.text],
    ["when nobody used it", { unusedDays: 2 }, 2 * dayMs, peer.text],
    ["from elsewhere", { from: ["192.0.2.0/24"] }, 0, peer.text],
    ["from IPv6 where IPv4 is meant", { from: ["198.51.100.0/24"] }, 0, "2001:db8::1"],
  ];
  for (const [title, given, ms, from] of cases) {
    test(title, async () => {
      const { api, move, find } = await openTokens();
      await using _ = api;
      const { body } = await api.call("POST", "/tokens", { name: "a", policy, ...given });
      move(ms);
      expect(await find(String(body["secret"]), from)).toBeUndefined();
      // Control: just before, or from there, it does.
      move(ms === 0 ? 0 : -1);
      const there = title.startsWith("from elsewhere") ? "192.0.2.9" : peer.text;
      expect(await find(String(body["secret"]), there)).toBeString();
    });
  }

  test("by a part of it, in other case, with a blank", async () => {
    const { api, find } = await openTokens();
    await using _ = api;
    const { body } = await api.call("POST", "/tokens", { name: "a", policy });
    const secret = String(body["secret"]);
    for (const wrong of [secret.slice(0, -1), `${secret}a`, secret.toUpperCase(), ` ${secret}`, ""])
      expect(await find(wrong)).toBeUndefined();
    expect(await find(secret)).toBeString();
  });

  test("once it was revoked, and nobody revokes another's", async () => {
    const { api, alice, find } = await openTokens();
    await using _ = api;
    const { body } = await api.call("POST", "/tokens", { name: "a", policy });
    const { id } = body["token"] as { id: string };
    const bob = await api.store.addUser("bob", true, "x");
    if (bob.kind !== "made") throw new Error("no user");
    api.as(personOf(bob.made));
    const foreign = await api.call("DELETE", `/tokens/${id}`);
    const missing = await api.call("DELETE", "/tokens/nothing");
    const { requestId: _a, ...foreignBody } = foreign.body;
    const { requestId: _b, ...missingBody } = missing.body;
    expect([foreign.status, foreignBody]).toEqual([404, missingBody]);
    api.as(personOf(alice));
    expect(await find(String(body["secret"]))).toBeString();
    expect((await api.call("DELETE", `/tokens/${id}`)).status).toBe(204);
    expect(await find(String(body["secret"]))).toBeUndefined();
  });
});

test("a use is noted at most once a minute, and the first one is told apart", async () => {
  const { api, move, find, firstUses } = await openTokens();
  await using _ = api;
  const { body } = await api.call("POST", "/tokens", { name: "a", policy });
  const secret = String(body["secret"]);
  const usedAt = async () => {
    await Bun.sleep(5); // the note is not waited for
    return (await api.call("GET", "/tokens")).body.items[0]?.["usedAt"];
  };
  expect(await usedAt()).toBeNull();
  await find(secret);
  const first = await usedAt();
  move(59_000);
  await find(secret);
  expect(await usedAt()).toBe(first);
  move(1_000);
  await find(secret);
  expect(await usedAt()).not.toBe(first);
  expect(firstUses).toHaveLength(1);
});

test("no more than the account may have, only its own actions, and only networks", async () => {
  const { api } = await openTokens();
  await using _ = api;
  const add = (given: object) => api.call("POST", "/tokens", { name: "a", policy, ...given });
  expect((await add({ from: ["198.51.100.1/24"] })).body.errors[0]?.pointer).toBe("/from/0");
  const service = await add({ policy: { actions: ["hosts:read", "service:read"] } });
  expect(service.body.errors[0]?.pointer).toBe("/policy/actions/1");
  for (let i = 0; i < 3; i++) expect((await add({})).status).toBe(201);
  expect(await add({})).toMatchObject({ status: 409, body: { code: "quota" } });
});

test("a token makes no token", async () => {
  const { api, alice } = await openTokens();
  await using _ = api;
  api.as({ kind: "program", user: alice, token: "t", policy: { actions: ["hosts:write"] } });
  for (const [method, path] of [
    ["GET", "/tokens"],
    ["POST", "/tokens"],
    ["DELETE", "/tokens/x"],
  ] as const) {
    expect(
      await api.call(method, path, method === "POST" ? { name: "a", policy } : undefined),
    ).toMatchObject({ status: 403, body: { code: "not-for-tokens" } });
  }
});
