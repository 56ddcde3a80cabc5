/** Records as people and programs change them, over a real store. */

import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { parseAddress } from "../../src/base/address.ts";
import { origin, startPeople } from "../people.ts";
import type { Browser, TestPeople } from "../people.ts";

let people: TestPeople;
let ada: Browser;
let bob: Browser;

beforeAll(async () => {
  people = await startPeople();
  ada = await people.setUp();
  for (const name of ["dyn.test", "own.test"]) {
    await ada.must("POST", "/zones", { name, isShared: name === "dyn.test" });
  }
  bob = await people.addPerson(ada, "bob");
  await ada.must("POST", "/hosts", { name: "cam1.dyn.test" });
});
afterAll(() => people[Symbol.asyncDispose]());

interface Item {
  readonly id: string;
  readonly owner: string;
  readonly type: string;
  readonly ttlSeconds: number;
  readonly data: string;
}

const text = (owner: string, data = "a") => ({ owner, type: "TXT", ttlSeconds: 60, data });

async function list(q = "", zone = "dyn.test"): Promise<readonly Item[]> {
  const body = await ada.must("GET", `/zones/${zone}/records?q=${encodeURIComponent(q)}`);
  return body["items"] as Item[];
}

async function change(body: unknown, by: Browser = ada, zone = "dyn.test") {
  return by.call("POST", `/zones/${zone}/records`, body);
}

test("what is added is listed in canonical form with the serial that was told, and taken away by its id", async () => {
  const added = await change({
    add: [{ owner: "mail", type: "mx", ttlSeconds: 300, data: "10 mx.test" }],
  });
  expect(added.status).toBe(200);
  const [item] = await list("type:mx");
  expect(item).toEqual({
    id: item!.id,
    owner: "mail.dyn.test.",
    type: "MX",
    ttlSeconds: 300,
    data: "10 mx.test.",
  });
  const zone = await ada.must("GET", "/zones/dyn.test");
  expect(zone["serial"]).toBe(added.body["serial"]);
  const [soa] = await list("type:soa");
  expect(soa!.data).toContain(` ${String(added.body["serial"])} `);
  expect((await change({ remove: [item!.id] })).status).toBe(200);
  expect(await list("type:mx")).toEqual([]);
});

test("the list comes in pages, filtered, and neither repeats nor leaves out", async () => {
  const add = Array.from({ length: 7 }, (_, index) => text(`page${index}`));
  await change({ add });
  const seen: string[] = [];
  let after = "";
  for (let pages = 0; pages < 10; pages++) {
    const query = `q=page%20type:txt&limit=3${after === "" ? "" : `&after=${encodeURIComponent(after)}`}`;
    const body = await ada.must("GET", `/zones/dyn.test/records?${query}`);
    seen.push(...(body["items"] as Item[]).map(({ owner }) => owner));
    if (body["next"] === null) break;
    after = body["next"] as string;
  }
  expect(seen).toEqual(add.map(({ owner }) => `${owner}.dyn.test.`));
  expect((await ada.call("GET", "/zones/dyn.test/records?after=nowhere")).status).toBe(422);
});

describe("a fault names its record and why, and nothing is changed", () => {
  const cases: readonly (readonly [string, object, string, RegExp])[] = [
    [
      "no type",
      { add: [text("ok"), { ...text("x"), type: "NONE" }] },
      "/add/1/type",
      /record type/,
    ],
    ["no data of its type", { add: [{ ...text("x"), type: "A" }] }, "/add/0/data", /"a", wanted/],
    ["an owner elsewhere", { add: [text("www.other.test.")] }, "/add/0/owner", /does not lie in/],
    [
      "a host's address",
      { add: [{ ...text("cam1", "192.0.2.1"), type: "A" }] },
      "/add/0",
      /is a host/,
    ],
    [
      "an alias beside",
      { add: [text("x"), { ...text("x"), type: "CNAME", data: "y.test" }] },
      "/add/0",
      /CNAME alone/,
    ],
    ["an id of nothing", { add: [text("ok")], remove: ["999999"] }, "/remove/0", /no such record/],
    ["an id that is none", { remove: ["a"] }, "/remove/0", /no such record/],
  ];
  for (const [title, body, pointer, detail] of cases) {
    test(title, async () => {
      const before = await list();
      const { status, headers, body: problem } = await change(body);
      expect([status, headers.get("content-type")]).toEqual([422, "application/problem+json"]);
      const [error] = problem["errors"] as { pointer: string; detail: string }[];
      expect(error!.pointer).toBe(pointer);
      expect(error!.detail).toMatch(detail);
      const named = (body as { add?: { owner: string; type: string }[] }).add?.[
        Number(pointer.split("/")[2])
      ];
      const what =
        named === undefined || pointer.startsWith("/remove")
          ? ""
          : `${named.owner} ${named.type}: `;
      expect(problem["hint"]).toBe(`${what}${error!.detail}`);
      expect(await list()).toEqual([...before]);
    });
  }

  test("a record of another zone", async () => {
    const [foreign] = await list("type:ns", "own.test");
    expect((await change({ remove: [foreign!.id] })).status).toBe(422);
    expect(await list("type:ns", "own.test")).toHaveLength(1);
  });
});

test("people see the records of a shared zone, and only an administrator changes or exports them", async () => {
  expect((await bob.call("GET", "/zones/dyn.test/records")).status).toBe(200);
  expect((await change({ add: [text("bobs")] }, bob)).status).toBe(403);
  expect((await bob.call("GET", "/zones/dyn.test/file")).status).toBe(403);
  expect(await list("bobs")).toEqual([]);
});

describe("a token changes what its policy names", () => {
  const all = ["records:read", "records:write"];
  const cases: readonly (readonly [string, object, object, number])[] = [
    ["everything", { actions: all }, text("t1"), 200],
    ["its zone", { actions: all, zones: ["dyn.test"] }, text("t2"), 200],
    ["no other zone", { actions: all, zones: ["own.test"] }, text("t3"), 404],
    ["its names", { actions: all, names: ["_acme-challenge.*"] }, text("_acme-challenge.t4"), 200],
    ["no other names", { actions: all, names: ["_acme-challenge.*"] }, text("t5"), 422],
    ["its types", { actions: all, types: ["TXT"] }, text("t6"), 200],
    [
      "no other types",
      { actions: all, types: ["TXT"] },
      { ...text("t7", "192.0.2.1"), type: "A" },
      422,
    ],
    [
      "no type by its number",
      { actions: all, types: ["TXT"] },
      { ...text("t8", "\\# 4 c0000201"), type: "TYPE1" },
      422,
    ],
    ["nothing where it only reads", { actions: ["records:read"] }, text("t9"), 403],
  ];
  for (const [title, policy, record, status] of cases) {
    test(title, async () => {
      const { secret } = await ada.must("POST", "/tokens", { name: title, policy });
      const reply = await bearer(String(secret), "POST", "/zones/dyn.test/records", {
        add: [record],
      });
      expect(reply.status).toBe(status);
      expect(await list((record as { owner: string }).owner)).toHaveLength(status === 200 ? 1 : 0);
    });
  }

  test("takes away and sees no record beyond it, as if that were not there, and exports no whole", async () => {
    const policy = { actions: all, names: ["_acme-challenge.*"] };
    const { secret } = await ada.must("POST", "/tokens", { name: "narrow", policy });
    await change({ add: [text("_acme-challenge.own"), text("beyond")] });
    const [own] = await list("_acme-challenge.own");
    const [beyond] = await list("beyond");
    const path = "/zones/dyn.test/records";
    const theirs = await bearer(String(secret), "POST", path, { remove: [beyond!.id] });
    const nobodys = await bearer(String(secret), "POST", path, { remove: ["999999"] });
    expect(theirs.status).toBe(422);
    expect(withoutId(theirs.text)).toBe(withoutId(nobodys.text));
    const listed = await bearer(String(secret), "GET", path);
    expect(listed.text).toContain("_acme-challenge.own");
    expect(listed.text).not.toContain("beyond");
    expect((await bearer(String(secret), "GET", "/zones/dyn.test/file")).status).toBe(404);
    expect((await bearer(String(secret), "POST", path, { remove: [own!.id] })).status).toBe(200);
    expect(await list("_acme-challenge.own")).toEqual([]);
  });
});

describe("a token for names or types in a zone has no word about the zone as a whole", () => {
  const actions = ["records:read", "records:write", "service:read", "service:write"];
  const zone = "/zones/own.test";
  const calls: readonly (readonly [string, string, unknown?])[] = [
    ["GET", zone],
    ["GET", `${zone}/delegation`],
    ["GET", `${zone}/file`],
    ["PATCH", zone, { isShared: true }],
    ["DELETE", zone],
  ];
  for (const [method, path, body] of calls) {
    test(`${method} ${path}`, async () => {
      const policy = { actions, names: ["*.own.test"] };
      const { secret } = await ada.must("POST", "/tokens", { name: "names", policy });
      expect((await bearer(String(secret), method, path, body)).status).toBe(404);
      const zones = await bearer(String(secret), "GET", "/zones");
      expect(JSON.parse(zones.text)).toEqual({ items: [] });
      expect(await ada.must("GET", zone)).toMatchObject({ isShared: false });
    });
  }

  test("a token for some types exports no zone, and one without either does", async () => {
    const make = async (policy: object): Promise<string> =>
      String((await ada.must("POST", "/tokens", { name: "file", policy }))["secret"]);
    const ofTypes = await make({ actions, types: ["TXT"] });
    expect((await bearer(ofTypes, "GET", `${zone}/file`)).status).toBe(403);
    const whole = await make({ actions, zones: ["own.test"] });
    expect((await bearer(whole, "GET", `${zone}/file`)).text).toContain("$ORIGIN own.test.");
  });
});

function withoutId(body: string): string {
  return body.replace(/"requestId":"[^"]*"/, "");
}

async function bearer(
  secret: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; text: string }> {
  const headers = { Authorization: `Bearer ${secret}`, "Content-Type": "application/json" };
  const init = { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) };
  const request = new Request(`${origin}/api/v1${path}`, init);
  const reply = await people.app(request, parseAddress("198.51.100.20")!);
  return { status: reply.status, text: await reply.text() };
}

test("what was changed, and by whom, stands in the audit log", async () => {
  await change({ add: [text("audited", "one")] });
  const [item] = await list("audited");
  await change({ remove: [item!.id], add: [text("audited", "two")] });
  const { items } = (await ada.must("GET", "/audit?q=action:zone.records&limit=1")) as {
    items: { target: string; actor: string; detail: string }[];
  };
  expect(items[0]).toMatchObject({
    actor: "alice",
    target: "dyn.test",
    detail: '- audited.dyn.test. 60 TXT "one"; + audited.dyn.test. 60 TXT "two"',
  });
});

test("a zone says how long answers may be kept, and whether it is signed", async () => {
  expect(await ada.must("GET", "/zones/dyn.test")).toMatchObject({
    signing: "unsigned",
    hostTtlSeconds: 60,
    negativeTtlSeconds: 60,
    hosts: 1,
  });
});
