/**
 * No rule lets a credential of one user move a host of another: each update rule with each credential that it allows
 * is asked for both, and what DNS says of the other's host stays.
 */

import { afterAll, beforeAll, expect, setDefaultTimeout, test } from "bun:test";
import type { CredentialSource, UpdateRule } from "../../src/adapters/rule.ts";
import { rules } from "../../src/adapters/rules.ts";
import { printRdata } from "../../src/dns/record-types.ts";
import { ruleOf } from "../adapters/rule-of.ts";
import { makeWorld, resetAddresses } from "../adapters/world.ts";
import type { World } from "../adapters/world.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { exchangeOctets } from "../scenario/http-exchange.ts";
import { mustRun } from "../server.ts";
import type { TestServer } from "../server.ts";
import { makeRuleRequest, putBracketedHost } from "./rule-requests.ts";
import type { Wanted } from "./rule-requests.ts";

setDefaultTimeout(120_000);

const zone = "example.test";
const mine: Wanted = {
  label: "cam1",
  zone,
  address: "192.0.2.66",
  username: "single",
  password: "singlesecret",
};
const others: Wanted = { ...mine, label: "foreign" };
const bob = { username: "bobscam", password: "foreignsecret" };

const updateRules = rules.filter((rule) => rule.operation === "update");
const written = updateRules.flatMap((rule) =>
  rule.mapping.credential.map((source) => ({ rule, source })),
);
/** A rule may share a mapping with one that asks for less: a pair that it does not match with is no way in. */
const ways = written.filter(({ rule, source }) => !isExcluded(rule, source));

function isExcluded({ match }: UpdateRule, source: CredentialSource): boolean {
  if (source.kind !== "parameters") return false;
  return source.passwords.every((key) => match.absentKeys?.includes(key) === true);
}

let world: World;
let server: TestServer;
beforeAll(async () => {
  world = await makeWorld();
  server = await world.start();
  await addLogin("alice", mine);
  await addLogin("bob", { ...others, ...bob });
  const head = `GET /nic/update?hostname=foreign.${zone}&myip=192.0.2.50 HTTP/1.0\r\n`;
  const basic = `Authorization: Basic ${btoa(`${bob.username}:${bob.password}`)}\r\n\r\n`;
  let reply = "";
  // A running server hears of the login a moment later.
  for (let i = 0; i < 200 && !reply.endsWith("good 192.0.2.50"); i++) {
    reply = await exchangeOctets(server.devices, head + basic, true);
  }
  expect(reply).toEndWith("good 192.0.2.50");
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});

/** For that host alone, so that it is meant where a request names none. */
function addLogin(user: string, { username, password, label }: Wanted): Promise<string> {
  const flags = ["--user", user, "--hosts", `${label}.${zone}`, "--username", username];
  return mustRun(["login", "add", ...flags, "--password-stdin", "--accepts", "token,sha1,md5"], {
    data: server.data,
    stdin: password,
  });
}

function makeRequest(rule: UpdateRule, source: CredentialSource, wanted: Wanted): string {
  return putBracketedHost(makeRuleRequest(rule, source, wanted), rule, wanted);
}

/** All that an update could change of a host. */
async function lookAt(label: string): Promise<string> {
  const said: string[] = [];
  const questions = [
    [`${label}.${zone}`, "A"],
    [`${label}.${zone}`, "AAAA"],
    [`_acme-challenge.${label}.${zone}`, "TXT"],
  ] as const;
  for (const [name, type] of questions) {
    const { answers } = await ask(server.dns, "udp", name, type);
    said.push(...answers.map((each) => printRdata(each.type, each.rdata)).toSorted(), ";");
  }
  return said.join(" ");
}

/** Whether DNS says something else of the host than before. */
async function isMoved(octets: string, label: string): Promise<boolean> {
  const before = await lookAt(label);
  await exchangeOctets(server.devices, octets, true);
  return (await lookAt(label)) !== before;
}

test("every rule has a request for each credential that it allows, and no other rule takes it", () => {
  expect(new Set(ways.map(({ rule }) => rule.id)).size).toBe(updateRules.length);
  expect(updateRules.length).toBeGreaterThanOrEqual(70);
  expect(written.length - ways.length).toBe(2);
  const wrong = ways.flatMap(({ rule, source }) =>
    [mine, others]
      .map((wanted) => makeRequest(rule, source, wanted))
      .filter((octets) => ruleOf(octets) !== rule.id)
      .map((octets) => `${rule.id}, ${source.kind}: ${ruleOf(octets)} takes ${octets}`),
  );
  expect(wrong).toEqual([]);
});

// The control of each: the same request with a host of its own moves that host, so its credential was taken.
test("with its own host each of these requests is acted on", async () => {
  const idle: string[] = [];
  for (const { rule, source } of ways) {
    await resetAddresses(server);
    const octets = makeRequest(rule, source, mine);
    if (!(await isMoved(octets, "cam1"))) idle.push(`${rule.id}, ${source.kind}: ${octets}`);
  }
  expect(idle).toEqual([]);
});

test("with the host of another none of these requests moves it", async () => {
  const moved: string[] = [];
  for (const { rule, source } of ways) {
    const octets = makeRequest(rule, source, others);
    if (await isMoved(octets, "foreign")) moved.push(`${rule.id}, ${source.kind}: ${octets}`);
  }
  expect(moved).toEqual([]);
});

test("with a wrong secret, or with none, none of these requests moves anything", async () => {
  await resetAddresses(server);
  const moved: string[] = [];
  for (const { rule, source } of ways)
    for (const password of ["a wrong guess", "", "*"]) {
      const octets = makeRequest(rule, source, { ...mine, password });
      if (await isMoved(octets, "cam1")) moved.push(`${rule.id}, ${source.kind}: ${octets}`);
    }
  expect(moved).toEqual([]);
});

test("its owner moves it by the same requests, and that is seen", async () => {
  const unmoved: string[] = [];
  let number = 0;
  for (const { rule, source } of ways) {
    const wanted = { ...others, ...bob, address: `192.0.2.${100 + (number++ % 100)}` };
    const octets = makeRequest(rule, source, wanted);
    if (!(await isMoved(octets, "foreign"))) unmoved.push(`${rule.id}, ${source.kind}`);
  }
  expect(unmoved).toEqual([]);
});
