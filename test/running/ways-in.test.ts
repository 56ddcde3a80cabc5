/**
 * Who proves nothing gets nothing but what docs/security.md lists (ASVS 6.3.4, row A16), on every listener of a running
 * service: each route of the API, each path of the web, each rule for devices. And what all answers have in common.
 */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import { rm } from "node:fs/promises";
import { rules } from "../../src/adapters/rules.ts";
import { contract } from "../../src/api/contract.ts";
import type { Route } from "../../src/api/contract/route.ts";
import { sampleOf, schemaOf } from "../api/sample-value.ts";
import { exchangeOctets } from "../scenario/http-exchange.ts";
import { makeDataFolder, mustRun, startServer } from "../server.ts";
import type { TestServer } from "../server.ts";
import { root } from "../../tools/step.ts";

setDefaultTimeout(120_000);

let server: TestServer;
let origin: string;
let open: ReadonlySet<string>;
beforeAll(async () => {
  const data = await makeDataFolder();
  await mustRun(["zone", "add", "dyn.example.net"], { data });
  const stdin = "seven wild geese over Skye";
  await mustRun(["user", "add", "ada", "--admin", "--password-stdin"], { data, stdin });
  await mustRun(["host", "add", "cam.dyn.example.net", "--user", "ada"], { data });
  server = await startServer({ data });
  origin = `http://${server.web.hostname}:${server.web.port}`;
  const page = await Bun.file(`${root}docs/security.md`).text();
  const section = page.split("## Open to everybody")[1]!.split("\n## ")[0]!;
  open = new Set([...section.matchAll(/`((?:GET|POST) [^`]+)`/g)].map(([, each]) => each!));
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(server.data, { recursive: true, force: true });
});

/** Every route with values that fit, as a page of ours without a session sends it. */
async function callAll(): Promise<readonly (readonly [string, Response])[]> {
  const replies: (readonly [string, Response])[] = [];
  for (const route of Object.values(contract) as readonly Route[]) {
    const path = `/api/v1${route.path.replaceAll(/\{\w+\}/g, "cam.dyn.example.net")}`;
    const headers = new Headers({ Origin: origin });
    const init: RequestInit = { method: route.method, headers, redirect: "manual" };
    if (route.body !== undefined) {
      headers.set("Content-Type", "application/json");
      const values = { mail: "nobody@example.net", password: "a kettle sings in the attic" };
      init.body = JSON.stringify(sampleOf(schemaOf(route.body), values));
    }
    replies.push([`${route.method} /api/v1${route.path}`, await fetch(origin + path, init)]);
  }
  return replies;
}

test("of the API nothing is open but what is listed, nothing leads elsewhere, and nothing is kept", async () => {
  const replies = await callAll();
  expect(replies.length).toBeGreaterThan(100);
  const good = replies.filter(([, { ok }]) => ok).map(([name]) => name);
  expect(good.filter((name) => !open.has(name))).toEqual([]);
  expect(good).toContain("GET /api/v1/greeting"); // control: some are open
  for (const [name, { status, headers }] of replies) {
    expect([name, status >= 300 && status < 400, status >= 500]).toEqual([name, false, false]);
    expect([name, headers.get("cache-control")]).toEqual([name, "no-store"]);
    expect([name, headers.get("access-control-allow-origin")]).toEqual([name, null]);
  }
});

test("of the web nothing is open but what is listed, and what is guessed is not there", async () => {
  const guesses = [
    "/debug",
    "/debug/pprof",
    "/.env",
    "/.git/config",
    "/api",
    "/api/",
    "/api/v2/hosts",
    "/api/v1",
    "/api/v1/",
    "/api/docs",
    "/graphql",
    "/nameward.db",
    "/secrets.key",
    "/nic/update",
    "/internal/metrics",
    "/setup/../api/v1/users",
    "//evil.test",
  ];
  const opened: string[] = [];
  for (const path of guesses) {
    const reply = await fetch(origin + path, { redirect: "manual" });
    if (reply.status < 400) opened.push(`${path} ${reply.status}`);
  }
  expect(opened).toEqual([]);
  for (const each of open) {
    const [method, path] = each.split(" ");
    if (method !== "GET" || path!.includes("{") || path!.startsWith("/api/v1/account")) continue;
    const reply = await fetch(origin + path, { redirect: "manual" });
    expect([path, reply.status]).toEqual([path, 200]);
  }
});

test("a page asked for with another address in it stays here", async () => {
  for (const path of [
    "/?next=//evil.test",
    "/hosts?next=https://evil.test",
    "/?return_to=/\\evil.test",
  ]) {
    const reply = await fetch(origin + path, { redirect: "manual" });
    expect([path, reply.status, reply.headers.get("location")]).toEqual([path, 200, null]);
  }
});

test("every page forbids scripts and styles within it, and frames", async () => {
  for (const path of ["/", "/hosts", "/status", "/api/reference", "/nothing"]) {
    const { headers } = await fetch(origin + path);
    const policy = (headers.get("content-security-policy") ?? "").split("; ");
    for (const rule of [
      "default-src 'none'",
      "object-src 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ])
      expect(policy).toContain(rule);
    expect(policy.join()).not.toMatch(/unsafe|\*|data:|http/);
    expect(headers.get("referrer-policy")).toBe("no-referrer");
  }
});

/** Said only of a success, in any dialect. */
const success = /^(?:good|nochg|ok|success|updated|0$|801|910|.*"success":\s*true)/im;

/** A request by the rule's first path and method, without any credential. */
function withoutCredential({ match }: (typeof rules)[number]): string {
  const path = match.paths[0]!.replaceAll(/\{\w+\}/g, "cam.dyn.example.net");
  const pairs = [...(match.keys ?? []), ...(match.anyKeys ?? []).slice(0, 1)].map(
    (key) => `${key}=cam.dyn.example.net`,
  );
  const values = (match.values ?? []).map(({ key, oneOf }) => `${key}=${oneOf[0]}`);
  const query = [...pairs, ...values, "hostname=cam.dyn.example.net", "myip=192.0.2.66"].join("&");
  return `${match.methods[0]} ${path}?${query} HTTP/1.0\r\nHost: members.example.test\r\n\r\n`;
}

test("of the device listener nothing is told but addresses of the asker, nothing is moved, nothing leads to HTTPS", async () => {
  let asked = 0;
  for (const rule of rules) {
    if (rule.operation === "detect-address") continue;
    const reply = await exchangeOctets(server.devices, withoutCredential(rule), true);
    const [head = "", body = ""] = reply.split("\r\n\r\n");
    expect([rule.id, /^Location: https/im.test(head)]).toEqual([rule.id, false]);
    expect([rule.id, /^Strict-Transport/im.test(head)]).toEqual([rule.id, false]);
    expect([rule.id, /^Set-Cookie/im.test(head)]).toEqual([rule.id, false]);
    if (rule.id !== "acme-dns-health")
      expect([rule.id, success.test(body), body]).toEqual([rule.id, false, body]);
    asked++;
  }
  expect(asked).toBeGreaterThan(80);
  const stdout = await mustRun(["host", "show", "cam.dyn.example.net", "--json"], {
    data: server.data,
  });
  expect(stdout).not.toContain("192.0.2.66");
});

test("the strict listener takes no request for two (AT34)", async () => {
  const ambiguous = [
    "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
    "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
    "X-Folded: a\r\n b\r\nContent-Length: 2\r\n\r\n{}",
  ];
  for (const rest of ambiguous) {
    const head = `POST /api/v1/session HTTP/1.1\r\nHost: names.test\r\nConnection: close\r\n`;
    const next = "GET /healthz HTTP/1.1\r\nHost: names.test\r\nConnection: close\r\n\r\n";
    const reply = await exchangeOctets(server.web, head + rest + next, true);
    const statuses = [...reply.matchAll(/HTTP\/1\.1 (\d)/g)].map(([, first]) => first);
    expect([rest, statuses.length <= 1, statuses.includes("2")]).toEqual([rest, true, false]);
  }
  // Control: whoever asks twice rightly is answered twice.
  const two = "GET /healthz HTTP/1.1\r\nHost: names.test\r\n\r\n";
  const last = "GET /healthz HTTP/1.1\r\nHost: names.test\r\nConnection: close\r\n\r\n";
  const replies = await exchangeOctets(server.web, two + last);
  expect([...replies.matchAll(/HTTP\/1\.1 200/g)]).toHaveLength(2);
});
