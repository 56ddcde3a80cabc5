import { expect, test } from "bun:test";
import type { Caller } from "./caller.ts";
import { csrfHeader, csrfOf } from "./csrf.ts";
import { makeCheckOrigin } from "./origin.ts";
import { Refusal } from "./refusal.ts";

const user = { id: 1, name: "alice", isAdmin: false };
const person: Caller = { kind: "person", user, session: "s", provedAtMs: 0 };
const program: Caller = { kind: "program", user, token: "t", policy: { actions: ["hosts:read"] } };
const nobody: Caller = { kind: "nobody" };

const cookie = "a".repeat(43);
const token = csrfOf(cookie);
const url = "https://names.test:8443/api/v1/hosts";

interface Sent {
  readonly method: string;
  readonly origin: string | undefined;
  readonly site: string | undefined;
  readonly token: string | undefined;
}

/** The code of the refusal, or undefined where the call may go on. */
function check(sent: Sent, caller: Caller, publicUrl = ""): string | undefined {
  const headers = new Headers();
  if (caller.kind === "person") headers.set("Cookie", `__Host-nameward=${cookie}`);
  if (sent.origin !== undefined) headers.set("Origin", sent.origin);
  if (sent.site !== undefined) headers.set("Sec-Fetch-Site", sent.site);
  if (sent.token !== undefined) headers.set(csrfHeader, sent.token);
  try {
    makeCheckOrigin(publicUrl)(new Request(url, { method: sent.method, headers }), caller);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal && error.status === 403) return error.code;
    throw error;
  }
}

const methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
const origins: readonly (readonly [string | undefined, boolean])[] = [
  ["https://names.test:8443", true],
  [undefined, false],
  ["null", false],
  ["https://names.test", false], // another port
  ["http://names.test:8443", false], // another scheme
  ["https://evil.names.test:8443", false], // below: same site for a browser
  ["https://cam.test:8443", false], // beside: same site too
  ["https://names.test:8443.evil.test", false],
  ["https://names.test:8443/", false], // no origin is written so
  ["https://other.test", false],
];
const sites: readonly (readonly [string | undefined, boolean])[] = [
  ["same-origin", true],
  ["none", true], // typed by the person
  [undefined, true], // an old browser
  ["same-site", false],
  ["cross-site", false],
  ["anything", false],
];
const tokens: readonly (readonly [string | undefined, boolean])[] = [
  [token, true],
  [undefined, false],
  ["", false],
  [csrfOf("b".repeat(43)), false], // of another session
  [`${token}a`, false],
];

test("methods x origins x fetch-site x token: a session changes something only from a page of ours", () => {
  let allowed = 0;
  let refused = 0;
  for (const method of methods)
    for (const [origin, isOurs] of origins)
      for (const [site, isOwnSite] of sites)
        for (const [given, isRight] of tokens) {
          const changes = method !== "GET" && method !== "HEAD";
          const wanted = isOwnSite && (!changes || (isOurs && isRight));
          const code = check({ method, origin, site, token: given }, person);
          expect([method, origin, site, given, code === undefined]).toEqual([
            method,
            origin,
            site,
            given,
            wanted,
          ]);
          if (wanted) allowed++;
          else refused++;
        }
  // Controls: both sides were seen.
  expect(allowed).toBe(4 * 3 + 2 * origins.length * 3 * tokens.length);
  expect(allowed + refused).toBe(methods.length * origins.length * sites.length * tokens.length);
});

test("who is not signed in signs in only from a page of ours", () => {
  for (const [origin, isOurs] of origins)
    for (const [site, isOwnSite] of sites) {
      const code = check({ method: "POST", origin, site, token: undefined }, nobody);
      expect([origin, site, code === undefined]).toEqual([origin, site, isOurs && isOwnSite]);
    }
});

test("a program has no origin and needs no token", () => {
  const sent = { method: "DELETE", origin: undefined, site: undefined, token: undefined };
  expect(check(sent, program)).toBeUndefined();
  expect(check(sent, person)).toBe("wrong-origin");
});

test("behind a proxy the origin is that of publicUrl", () => {
  const sent = { method: "POST", origin: "https://dns.example.net", site: "same-origin", token };
  expect(check(sent, person, "https://dns.example.net")).toBeUndefined();
  expect(check(sent, person)).toBe("wrong-origin");
  expect(check({ ...sent, token: undefined }, person, "https://dns.example.net")).toBe(
    "wrong-csrf",
  );
});
