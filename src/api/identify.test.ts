import { expect, test } from "bun:test";
import { parseAddress } from "../base/address.ts";
import { makeIdentify } from "./identify.ts";
import { Refusal } from "./refusal.ts";

const peer = parseAddress("198.51.100.9")!;
const user = { id: 1, name: "alice", isAdmin: false };
const identify = makeIdentify({
  findSession: async () => ({ kind: "person", user, session: "s", provedAtMs: 0 }),
  findToken: async () => ({ kind: "program", user, token: "t", policy: { actions: [] } }),
});

async function who(headers: Record<string, string>): Promise<string> {
  try {
    return (await identify(new Request("http://test/", { headers }), peer)).kind;
  } catch (error) {
    if (error instanceof Refusal) return `${error.status} ${error.code}`;
    throw error;
  }
}

const cookie = "__Host-nameward=a";
const bearer = `Bearer nwt_${"1".repeat(44)}`;
const cases: readonly (readonly [string, Record<string, string>, string])[] = [
  ["nothing", {}, "nobody"],
  ["a session's cookie", { Cookie: cookie }, "person"],
  ["a cookie of another name", { Cookie: "nameward=a" }, "nobody"],
  ["a token", { Authorization: bearer }, "program"],
  ["both", { Authorization: bearer, Cookie: cookie }, "400 two-credentials"],
  ["Basic, which is for devices", { Authorization: "Basic YTpi" }, "401 bad-token"],
  [
    "Basic beside a session",
    { Authorization: "Basic YTpi", Cookie: cookie },
    "400 two-credentials",
  ],
  ["a token that is none", { Authorization: "Bearer x" }, "401 bad-token"],
];
for (const [title, headers, wanted] of cases) {
  test(`${title}: ${wanted}`, async () => {
    expect(await who(headers)).toBe(wanted);
  });
}
