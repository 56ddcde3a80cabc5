import { describe, expect, test } from "bun:test";
import { quietLog } from "../../test/quiet-log.ts";
import { parseAddress } from "../base/address.ts";
import { freshMs, makeApp } from "./app.ts";
import type { AppParts } from "./app.ts";
import type { Caller } from "./caller.ts";
import { Refusal } from "./refusal.ts";

const peer = parseAddress("198.51.100.9")!;
const alice = { id: 1, name: "alice", isAdmin: false };
const person: Caller = { kind: "person", user: alice, session: "s", provedAtMs: 0 };
const program = (...actions: readonly "hosts:read"[]): Caller => ({
  kind: "program",
  user: alice,
  token: "t",
  policy: { actions },
});

async function call(
  path: string,
  init: RequestInit = {},
  given: Partial<AppParts> & { caller?: Caller } = {},
): Promise<{ status: number; code: string; body: Record<string, unknown> }> {
  const app = makeApp({
    handlers: {},
    identify: async () => given.caller ?? { kind: "nobody" },
    checkOrigin: () => {},
    nowMs: () => freshMs,
    log: quietLog,
    ...given,
  });
  const response = await app(new Request(`http://test/api/v1${path}`, init), peer);
  const text = await response.text();
  const body = (text === "" ? {} : JSON.parse(text)) as Record<string, unknown>;
  return { status: response.status, code: String(body["code"]), body };
}

const json = (body: unknown, method = "POST"): RequestInit => ({
  method,
  body: typeof body === "string" ? body : JSON.stringify(body),
  headers: { "Content-Type": "application/json" },
});

describe("what a call is refused for, before a handler sees it", () => {
  const cases: readonly (readonly [string, string, RequestInit, Caller, number, string])[] = [
    ["nobody is signed in", "/hosts", {}, { kind: "nobody" }, 401, "not-signed-in"],
    ["a token without the action", "/zones", {}, program("hosts:read"), 403, "not-allowed"],
    [
      "a token where a person must be",
      "/account",
      {},
      program("hosts:read"),
      403,
      "not-for-tokens",
    ],
    ["a person who is no administrator", "/users", {}, person, 403, "not-allowed"],
    [
      "a session that is not fresh",
      "/account/totp",
      json({}),
      { ...person, provedAtMs: -1 },
      403,
      "step-up",
    ],
    ["a body that is no JSON", "/session", json("{"), person, 400, "not-json"],
    ["a form", "/session", { method: "POST", body: "a=b" }, person, 415, "not-json"],
    ["a field that is missing", "/session", json({ name: "a" }), person, 422, "invalid"],
    [
      "a field nobody knows",
      "/session",
      json({ name: "a", password: "b", isAdmin: true }),
      person,
      422,
      "invalid",
    ],
    ["a query nobody knows", "/hosts?owner=bob", {}, person, 422, "invalid"],
    ["a path nobody knows", "/nothing", {}, person, 404, "not-found"],
  ];
  for (const [title, path, init, caller, status, code] of cases) {
    test(title, async () => {
      expect(await call(path, init, { caller })).toMatchObject({ status, code });
    });
  }
});

test("mistakes are told by the place they are in", async () => {
  const { body } = await call("/session", json({ name: "", password: 1 }), { caller: person });
  const errors = body["errors"] as { pointer: string }[];
  expect(errors.map(({ pointer }) => pointer)).toEqual(["/name", "/password"]);
});

test("a fault of ours says nothing but its request id", async () => {
  const { status, body } = await call(
    "/greeting",
    {},
    {
      handlers: {
        greet: () => {
          throw new Error("select secret from user");
        },
      },
    },
  );
  expect(status).toBe(500);
  expect(JSON.stringify(body)).not.toContain("secret");
  expect(body["requestId"]).toMatch(/^[0-9a-f-]{36}$/);
});

test("a refusal is a problem with its hint", async () => {
  const { status, body } = await call(
    "/greeting",
    {},
    {
      handlers: {
        greet: () => {
          throw new Refusal(409, "taken", "The name is taken.", { hint: "Choose another." });
        },
      },
    },
  );
  expect(status).toBe(409);
  expect(body).toMatchObject({
    code: "taken",
    title: "The name is taken.",
    hint: "Choose another.",
  });
});
