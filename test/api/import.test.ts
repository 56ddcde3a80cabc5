/** Bulk import through the API over a real store: all rows or none, each fault by its line. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { goodPassword, startPeople } from "../people.ts";
import type { Answer, Browser, TestPeople } from "../people.ts";

let people: TestPeople;
let alice: Browser;
let bob: Browser;
let eve: Browser;

beforeAll(async () => {
  people = await startPeople();
  alice = await people.setUp();
  await alice.must("POST", "/zones", { name: "dyn.test", isPrivate: true, isShared: true });
  await alice.must("POST", "/zones", { name: "pub.test", isShared: true });
  await alice.must("POST", "/zones", { name: "own.test", isPrivate: true });
  bob = await people.addPerson(alice, "bob");
  eve = await people.addPerson(alice, "eve");
  await eve.must("POST", "/hosts", { name: "eves.dyn.test" });
  await alice.must("PATCH", "/users/bob", { quota: { hosts: 5, logins: 2 } });
});
afterAll(() => people[Symbol.asyncDispose]());

const ndjson = "application/x-ndjson";
const csv = "text/csv";

function send(
  who: Browser,
  text: string,
  { type = ndjson, query = "", key }: { type?: string; query?: string; key?: string } = {},
): Promise<Answer> {
  return who.send("POST", `/hosts/bulk${query}`, text, {
    "Content-Type": type,
    ...(key === undefined ? {} : { "Idempotency-Key": key }),
  });
}

function rows(...given: readonly object[]): string {
  return given.map((row) => `${JSON.stringify(row)}\n`).join("");
}

async function namesOf(who: Browser): Promise<readonly string[]> {
  const { items } = await who.must("GET", "/hosts?limit=200");
  return (items as { name: string }[]).map(({ name }) => name);
}

describe("a row that cannot be taken is named by its line, and nothing is changed", () => {
  const cases: readonly [why: string, row: object | string][] = [
    ["name is no full host name, as cam1.dyn.example.net.", { name: "cam" }],
    ["name is no full host name, as cam1.dyn.example.net.", { v4: "192.0.2.1" }],
    ["first.dyn.test stands in line 1 too.", { name: "FIRST.dyn.test." }],
    ["There is no account mallory.", { name: "a.dyn.test", owner: "mallory" }],
    ["Hosts are made for oneself.", { name: "a.dyn.test", owner: "eve" }],
    ["a.else.test lies in no zone that is served here.", { name: "a.else.test" }],
    ["Hosts in this zone are made by whoever runs the service.", { name: "a.own.test" }],
    ["One label before dyn.test, as cam1.dyn.test.", { name: "a.b.dyn.test" }],
    ["This name is kept for other uses.", { name: "www.dyn.test" }],
    ["The name is taken.", { name: "eves.dyn.test" }],
    ["v4 is no IPv4 address.", { name: "a.dyn.test", v4: "192.0.2.300" }],
    ["v6 is no IPv6 address.", { name: "a.dyn.test", v6: "192.0.2.3" }],
    [
      "192.168.1.1 cannot be reached from outside, and pub.test is a public zone.",
      { name: "a.pub.test", v4: "192.168.1.1" },
    ],
    [
      "interfaceId is no interface identifier, as ::1:2:3:4.",
      { name: "a.dyn.test", interfaceId: "2001:db8::1" },
    ],
    ["note has more than 1000 characters.", { name: "a.dyn.test", note: "x".repeat(1_001) }],
    ["username: No colon and no control characters.", { name: "a.dyn.test", username: "a:b" }],
    ["A password needs a username beside it.", { name: "a.dyn.test", password: "secret" }],
    [
      "password has more than 128 octets.",
      { name: "a.dyn.test", username: "u", password: "é".repeat(65) },
    ],
    ["The line is no JSON.", "{"],
  ];
  for (const [why, row] of cases) {
    test(`${why} ${JSON.stringify(row).slice(0, 60)}`, async () => {
      const second = typeof row === "string" ? `${row}\n` : rows(row);
      const answer = await send(bob, rows({ name: "first.dyn.test" }) + second);
      expect(answer.status).toBe(422);
      expect(answer.body).toMatchObject({
        code: "bad-rows",
        errors: [{ pointer: "/lines/2", detail: why }],
      });
      const dry = await send(bob, rows({ name: "first.dyn.test" }) + second, {
        query: "?dryRun=true",
      });
      expect(dry.body).toMatchObject({ refused: 1, created: 1, faults: [{ line: 2, why }] });
      expect(await namesOf(bob)).toEqual([]);
    });
  }

  test("beyond what the account may have, each row is one too many", async () => {
    const many = Array.from({ length: 7 }, (_, index) => ({
      name: `q${index}.dyn.test`,
      login: true,
    }));
    const { body } = await send(bob, rows(...many), { query: "?dryRun=true" });
    expect(body["faults"]).toEqual([
      { line: 3, why: "The account may have no more device logins." },
      { line: 4, why: "The account may have no more device logins." },
      { line: 5, why: "The account may have no more device logins." },
      { line: 6, why: "The account may have no more hosts." },
      { line: 7, why: "The account may have no more hosts." },
    ]);
  });

  test("what is no file of rows is refused as a whole", async () => {
    expect((await send(bob, "{}", { type: "application/json" })).status).toBe(415);
    expect((await send(bob, "", { query: "?owner=eve" })).status).toBe(403);
    expect((await send(alice, "", { query: "?owner=mallory" })).status).toBe(422);
    expect((await send(bob, "", { key: "a blank" })).status).toBe(422);
    expect((await send(bob, `${"x\n".repeat(100_001)}`)).body["code"]).toBe("too-many-rows");
  });
});

test("hosts, addresses, notes and logins come in one step, and a second time nothing changes", async () => {
  const text = [
    "name,v4,v6,note,interfaceId,username,password,login",
    'in1.dyn.test,192.0.2.1,2001:db8::1,"at the gate, left",::a,gate,a-long-password-7,',
    "in2.dyn.test,,,,,,,yes",
    "in3.dyn.test,none,,,,,,",
  ].join("\r\n");
  const dry = await send(bob, text, { type: csv, query: "?dryRun=true" });
  expect(dry.body).toMatchObject({ isDryRun: true, rows: 3, created: 3, refused: 0, logins: [] });
  expect(await namesOf(bob)).toEqual([]);

  const done = await send(bob, text, { type: `${csv}; charset=utf-8` });
  expect(done.body).toMatchObject({ isDryRun: false, rows: 3, created: 3, changed: 0 });
  const logins = done.body["logins"] as { name: string; username: string; password: string }[];
  expect(logins[0]).toEqual({
    name: "in1.dyn.test",
    username: "gate",
    password: "a-long-password-7",
  });
  expect(logins[1]!.password).toMatch(/^\w{20}$/);
  expect(await bob.must("GET", "/hosts/in1.dyn.test")).toMatchObject({
    owner: "bob",
    v4: "192.0.2.1",
    v6: "2001:db8::1",
    note: "at the gate, left",
    interfaceId: "::a",
  });
  const { spans } = await bob.must("GET", "/hosts/in1.dyn.test/timeline");
  expect(spans).toHaveLength(2);
  const known = await bob.must("GET", "/logins");
  expect((known["items"] as { username: string }[]).map(({ username }) => username)).toEqual([
    "gate",
    logins[1]!.username,
  ]);

  const again = await send(bob, text, { type: csv });
  expect(again.body).toMatchObject({ created: 0, changed: 0, unchanged: 3, logins: [] });
  const exported = await bob.send("GET", "/hosts/export", undefined);
  expect((await send(bob, exported.text)).body).toMatchObject({ unchanged: 3 });

  const change = rows({ name: "in1.dyn.test", v4: null, note: "moved" }, { name: "in2.dyn.test" });
  expect((await send(bob, change)).body).toMatchObject({
    changed: 1,
    unchanged: 1,
    sample: [{ line: 1, name: "in1.dyn.test", change: "v4, note" }],
  });
  expect(await bob.must("GET", "/hosts/in1.dyn.test")).toMatchObject({
    v4: null,
    v6: "2001:db8::1",
  });
  const { items } = await alice.must("GET", "/audit?q=action:host.import");
  expect((items as { actor: string }[])[0]).toMatchObject({
    actor: "bob",
    detail: "2 rows: 0 created, 1 changed",
  });
});

test("an administrator brings hosts for others, and a name that was given up is kept from them", async () => {
  const text = rows({ name: "fleet1.own.test" }, { name: "fleet2.own.test", owner: "bob" });
  expect((await send(alice, text, { query: "?owner=eve" })).body).toMatchObject({ created: 2 });
  expect(await namesOf(eve)).toContain("fleet1.own.test");
  expect(await namesOf(bob)).toContain("fleet2.own.test");
  await bob.must("DELETE", "/hosts/fleet2.own.test");
  const answer = await send(alice, rows({ name: "fleet2.own.test", owner: "eve" }));
  expect(answer.body["errors"]).toEqual([
    {
      pointer: "/lines/1",
      detail: "The name was somebody's until lately, and is kept for some time.",
    },
  ]);
});

test("a key makes a repeat harmless, tells no password twice, and belongs to what came with it", async () => {
  const text = rows({ name: "key1.dyn.test", login: true });
  const first = await send(eve, text, { key: "k-1" });
  expect(first.body).toMatchObject({ created: 1, isRepeat: false });
  expect(first.body["logins"]).toHaveLength(1);
  await eve.must("DELETE", "/hosts/key1.dyn.test");
  const repeat = await send(eve, text, { key: "k-1" });
  expect(repeat.body).toMatchObject({ created: 1, isRepeat: true, logins: [] });
  expect(await namesOf(eve)).not.toContain("key1.dyn.test");
  const other = await send(eve, rows({ name: "key2.dyn.test" }), { key: "k-1" });
  expect(other.body).toMatchObject({ status: 422, code: "key-used" });
  people.clock.pass(24 * 3_600_000);
  eve = people.browser();
  await eve.must("POST", "/session", { name: "eve", password: goodPassword });
  expect((await send(eve, text, { key: "k-1" })).body).toMatchObject({ isRepeat: false });
});
