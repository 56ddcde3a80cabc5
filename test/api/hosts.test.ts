/** Hosts, logins, receipts, zones and events as pages call them, over a real store. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { startPeople } from "../people.ts";
import type { Browser, TestPeople } from "../people.ts";

let people: TestPeople;
let alice: Browser;
let bob: Browser;
let eve: Browser;

beforeAll(async () => {
  people = await startPeople();
  alice = await people.setUp();
  await alice.must("POST", "/zones", { name: "dyn.test", isPrivate: true, isShared: true });
  await alice.must("POST", "/zones", { name: "own.test", isPrivate: true });
  bob = await people.addPerson(alice, "bob");
  eve = await people.addPerson(alice, "eve");
  for (const label of ["cam1", "cam2", "nas"]) {
    await bob.must("POST", "/hosts", { name: `${label}.dyn.test` });
  }
});
afterAll(() => people[Symbol.asyncDispose]());

const names = (body: Readonly<Record<string, unknown>>): readonly string[] =>
  (body["items"] as { name: string }[]).map(({ name }) => name);

describe("the list of hosts", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["", ["cam1.dyn.test", "cam2.dyn.test", "nas.dyn.test"]],
    ["cam", ["cam1.dyn.test", "cam2.dyn.test"]],
    ["-cam", ["nas.dyn.test"]],
    ["cam -cam1", ["cam2.dyn.test"]],
    ["state:waiting zone:dyn.test", ["cam1.dyn.test", "cam2.dyn.test", "nas.dyn.test"]],
    ["state:current", []],
    ["-state:waiting", []],
    ["zone:nowhere.test", []],
    ["CAM1", ["cam1.dyn.test"]],
    ["owner:eve", ["cam1.dyn.test", "cam2.dyn.test", "nas.dyn.test"]],
  ];
  for (const [filter, wanted] of cases) {
    test(`with the filter ${JSON.stringify(filter)}`, async () => {
      const body = await bob.must("GET", `/hosts?q=${encodeURIComponent(filter)}`);
      // For who is no administrator a filter of the owner finds nobody else's.
      const seen = filter === "owner:eve" ? [] : [...wanted];
      expect([...names(body)]).toEqual(seen);
    });
  }

  test("comes in pages that neither repeat nor leave out", async () => {
    const first = await bob.must("GET", "/hosts?limit=2");
    const rest = await bob.must("GET", `/hosts?limit=2&after=${String(first["next"])}`);
    expect([...names(first), ...names(rest)]).toEqual([...names(await bob.must("GET", "/hosts"))]);
    expect(rest["next"]).toBeNull();
  });
});

describe("what is another's is as if it were not there", () => {
  const calls: readonly (readonly [string, string, unknown])[] = [
    ["GET", "/hosts/cam1.dyn.test", undefined],
    ["PATCH", "/hosts/cam1.dyn.test", { note: "mine" }],
    ["PUT", "/hosts/cam1.dyn.test/addresses", { v4: "192.0.2.66" }],
    ["PUT", "/hosts/cam1.dyn.test/hold", { isHeld: true }],
    ["POST", "/hosts/cam1.dyn.test/listen", {}],
    ["GET", "/hosts/cam1.dyn.test/timeline", undefined],
    ["DELETE", "/hosts/cam1.dyn.test", undefined],
  ];
  for (const [method, path, body] of calls) {
    test(`${method} ${path}`, async () => {
      const theirs = await eve.call(method, path, body);
      const nobodys = await eve.call(method, path.replace("cam1", "cam9"), body);
      expect(theirs.status).toBe(404);
      const without = (text: string): string => text.replace(/"requestId":"[^"]*"/, "");
      expect(without(theirs.text)).toBe(without(nobodys.text));
    });
  }

  test("and nothing of it has changed", async () => {
    const host = await bob.must("GET", "/hosts/cam1.dyn.test");
    expect(host).toMatchObject({ note: "", v4: null, state: "waiting" });
    expect(names(await eve.must("GET", "/hosts"))).toEqual([]);
  });
});

describe("a host cannot be made", () => {
  const cases: readonly (readonly [string, unknown, number])[] = [
    ["twice", { name: "cam1.dyn.test" }, 409],
    ["in a zone that is not shared", { name: "cam1.own.test" }, 422],
    ["in no zone of ours", { name: "cam1.example.net" }, 422],
    ["two labels deep", { name: "a.b.dyn.test" }, 422],
    ["by a name that programs look for", { name: "wpad.dyn.test" }, 422],
    ["that is no name", { name: "<script>" }, 422],
    ["for somebody else", { name: "cam7.dyn.test", owner: "bob" }, 403],
    ["with a field nobody knows", { name: "cam7.dyn.test", isBlocked: false }, 422],
  ];
  for (const [title, body, status] of cases) {
    test(title, async () => expect((await eve.call("POST", "/hosts", body)).status).toBe(status));
  }
});

test("a login is for the own hosts, is shown once, and can be revoked", async () => {
  const made = await bob.must("POST", "/logins", { hosts: ["cam1.dyn.test"], accepts: ["token"] });
  expect(String(made["password"])).toMatch(/^[A-Za-z0-9]{20}$/);
  const listed = await bob.must("GET", "/logins");
  expect(JSON.stringify(listed)).not.toContain(String(made["password"]));
  const [login] = listed["items"] as { id: string; sentence: string }[];
  expect(login!.sentence).toBe("May set addresses of cam1.dyn.test.");
  expect((await eve.call("POST", "/logins", { hosts: ["cam1.dyn.test"] })).status).toBe(422);
  expect((await eve.call("DELETE", `/logins/${login!.id}`)).status).toBe(404);
  expect((await bob.call("DELETE", `/logins/${login!.id}`)).status).toBe(204);
  expect((await bob.must("GET", "/logins"))["items"]).toEqual([]);
});

test("what the operator holds only the operator lets go", async () => {
  const hold = (by: Browser, isHeld: boolean) =>
    by.call("PUT", "/hosts/cam2.dyn.test/hold", { isHeld, why: "a report" });
  expect((await hold(alice, true)).status).toBe(200);
  expect((await hold(bob, false)).status).toBe(403);
  expect(await bob.must("GET", "/hosts/cam2.dyn.test")).toMatchObject({
    state: "held",
    heldWhy: "a report",
  });
  expect((await hold(alice, false)).status).toBe(200);
  expect((await hold(bob, true)).status).toBe(200);
  expect((await hold(bob, false)).status).toBe(200);
});

test("whoever may change a host fixes it and lets it follow its device again", async () => {
  const fix = (by: Browser, isFixed: boolean) =>
    by.call("PUT", "/hosts/cam2.dyn.test/fixed", { isFixed });
  expect((await fix(eve, true)).status).toBe(404);
  expect(await fix(bob, true)).toMatchObject({ status: 200, body: { state: "fixed" } });
  expect(names(await bob.must("GET", "/hosts?q=state:fixed"))).toEqual(["cam2.dyn.test"]);
  expect(await bob.must("GET", "/hosts/counts")).toMatchObject({ fixed: 1 });
  expect((await bob.call("POST", "/hosts/cam2.dyn.test/test", {})).status).toBe(409);
  expect((await fix(bob, false)).status).toBe(200);
  expect(names(await bob.must("GET", "/hosts?q=state:fixed"))).toEqual([]);
});

test("zones are the administrator's, and the shared ones everybody's to see", async () => {
  expect(names(await alice.must("GET", "/zones"))).toEqual(["dyn.test", "own.test"]);
  expect(names(await bob.must("GET", "/zones"))).toEqual(["dyn.test"]);
  expect((await bob.call("POST", "/zones", { name: "bob.test" })).status).toBe(403);
  expect((await bob.call("GET", "/zones/own.test/records")).status).toBe(404);
  const records = await bob.must("GET", "/zones/dyn.test/records");
  expect(JSON.stringify(records["items"])).toContain("SOA");
});

test("a deleted host is gone from the list", async () => {
  await bob.must("POST", "/hosts", { name: "gone.dyn.test" });
  expect((await bob.call("DELETE", "/hosts/gone.dyn.test")).status).toBe(204);
  expect((await bob.call("GET", "/hosts/gone.dyn.test")).status).toBe(404);
});

test("a name that an administrator blocks goes to nobody again, its owner neither", async () => {
  await bob.must("POST", "/hosts", { name: "fake-bank.dyn.test" });
  const block = "/hosts/fake-bank.dyn.test?block=true";
  expect((await bob.call("DELETE", block)).status).toBe(403);
  expect((await alice.call("DELETE", block)).status).toBe(204);
  expect((await bob.call("POST", "/hosts", { name: "fake-bank.dyn.test" })).status).toBe(409);
  expect((await eve.call("POST", "/hosts", { name: "fake-bank.dyn.test" })).status).toBe(409);
  // One that its owner gave up can be had back.
  await bob.must("POST", "/hosts", { name: "mine.dyn.test" });
  expect((await bob.call("DELETE", "/hosts/mine.dyn.test")).status).toBe(204);
  expect((await bob.call("POST", "/hosts", { name: "mine.dyn.test" })).status).toBe(201);
});
