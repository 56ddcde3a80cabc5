import { expect, test } from "bun:test";
import { openApi, personOf } from "../../../test/called-api.ts";
import type { CalledApi } from "../../../test/called-api.ts";
import { quietLog } from "../../../test/quiet-log.ts";
import { printRule, proposeFor, readRule, tryOut } from "../../adapter-lab.ts";
import { parseSample, proposeAdapter } from "../../cli/propose-adapter.ts";
import { readConfig } from "../../config/read-config.ts";
import { AdapterHits } from "../../core/adapter-hits.ts";
import { Directory } from "../../core/directory.ts";
import { parseHostName } from "../../core/host-name.ts";
import { makeAcquaintances } from "../../seen-requests.ts";
import { makeAudit } from "../make-audit.ts";
import { adapterHandlers } from "./adapters.ts";

const hits = new AdapterHits();
const pepper = new Uint8Array(32);

async function openLab(): Promise<CalledApi> {
  const api = await openApi((store, folder) => {
    const reading = readConfig({ flags: { data: folder }, env: {} });
    if (reading.kind !== "config") throw new Error("No config");
    const { config } = reading;
    return adapterHandlers({
      store,
      findUse: (rule) => hits.find(rule),
      readRule,
      printRule,
      tryOut: (request, rule) => tryOut(request, rule, { store, config }),
      propose: (shape) => proposeAdapter(shape).text,
      proposeFor: (text) => proposeFor(text, makeAcquaintances(new Directory(0), pepper)),
      sampleOf: (shape) => parseSample(shape).request,
      audit: makeAudit((entry) => store.operator.appendAudit(entry), quietLog),
    });
  });
  api.as(personOf({ id: 1, name: "alice", isAdmin: true }));
  return api;
}

const rule = `
id: acme-cam
match:
  methods: [GET]
  paths: [/myq/reg.php]
  keys: [u, h]
operation: update
mapping:
  hosts: [h]
  addresses: [ip]
  credential: [{ kind: parameters, usernames: [u], passwords: [p] }]
dialect: any-200
requests:
  - GET /myq/reg.php?u=abc&p=secret12&h=cam1.dyn.example.net&ip= HTTP/1.0
`;
const request =
  "GET /myq/reg.php?u=abc&p=secret12&h=cam1.dyn.example.net&ip=203.0.113.9 HTTP/1.0\r\n\r\n";

async function addHost({ store }: CalledApi): Promise<void> {
  const user = await store.addUser("bob", false, "-");
  const zone = await store.addZone(parseHostName("dyn.example.net")!, true, 1, []);
  if (user.kind !== "made" || zone.kind !== "made") throw new Error("Not made");
  await store.addHost(parseHostName("cam1.dyn.example.net")!, zone.made.id, user.made.id);
}

test("a rule is tried without being kept, saved on trial, put in force and taken away", async () => {
  await using api = await openLab();
  await addHost(api);
  const before = await api.call("POST", "/adapters/test", { request });
  expect(before.body).toMatchObject({ rule: null, decision: "No rule matches." });

  const tried = await api.call("POST", "/adapters/test", { request, rule });
  expect(tried.status).toBe(200);
  expect(tried.body).toMatchObject({ rule: "acme-cam" });
  const mapping = tried.body["mapping"] as readonly { what: string; value: string }[];
  expect(mapping).toContainEqual({ what: "host", value: "cam1.dyn.example.net" });
  expect(mapping).toContainEqual({ what: "address", value: "203.0.113.9" });
  expect(mapping).toContainEqual({ what: "login", value: "wrong" });
  expect(String(tried.body["reply"])).toStartWith("HTTP/1.");
  expect(JSON.stringify(tried.body)).not.toContain("secret12");

  const added = await api.call("POST", "/adapters", { rule });
  expect(added).toMatchObject({ status: 201, body: { id: "acme-cam", state: "shadow", hits: 0 } });
  expect((await api.call("POST", "/adapters", { rule })).status).toBe(409);
  const onTrial = await api.call("POST", "/adapters/test", { request });
  expect(onTrial.body["rule"]).toBeNull();
  expect(JSON.stringify(onTrial.body["mapping"])).toContain("on trial: acme-cam");

  await api.call("PATCH", "/adapters/acme-cam", { state: "enabled" });
  expect((await api.call("POST", "/adapters/test", { request })).body["rule"]).toBe("acme-cam");
  hits.note("acme-cam", 0);
  const { body } = await api.call("GET", "/adapters");
  expect(body.items[0]).toMatchObject({
    id: "acme-cam",
    hits: 1,
    lastAt: "1970-01-01T00:00:00.000Z",
  });
  expect(body.items.length).toBeGreaterThan(50);
  // What is shown can be saved again.
  await api.call("DELETE", "/adapters/acme-cam");
  const again = await api.call("POST", "/adapters", {
    rule: body.items[0]!["rule"],
    state: "enabled",
  });
  expect(again.status).toBe(201);
  const log = await api.store.operator.listAudit({ limit: 9 });
  expect(log.map(({ action }) => action)).toEqual([
    "adapter.add",
    "adapter.remove",
    "adapter.change",
    "adapter.add",
  ]);
});

test("a rule with mistakes is not kept, and each is told with its line", async () => {
  await using api = await openLab();
  for (const path of ["/adapters", "/adapters/test"]) {
    const wrong = rule.replace("any-200", "nonsense");
    const given = path === "/adapters" ? { rule: wrong } : { rule: wrong, request };
    const { status, body } = await api.call("POST", path, given);
    expect(status).toBe(422);
    expect(body.errors[0]!.pointer).toBe("/rule");
    expect(body.errors[0]!.detail).toMatch(/^rule:12:\d+: dialect/);
  }
  expect(await api.store.listAdapters()).toEqual([]);
  const { status, body } = await api.call("POST", "/adapters/test", { request: "curl --upload x" });
  expect(status).toBe(422);
  expect(body.errors[0]!.pointer).toBe("/request");
});

test("a rule is not kept whose recorded request it does not match", async () => {
  await using api = await openLab();
  const { status, body } = await api.call("POST", "/adapters", {
    rule: rule.replace("GET /myq", "GET /other"),
  });
  expect(status).toBe(422);
  expect(body.errors[0]!.detail).toContain("does not match");
});

test("a built-in rule stays, and what is not there is not there", async () => {
  await using api = await openLab();
  const [builtIn] = (await api.call("GET", "/adapters")).body.items;
  expect((await api.call("DELETE", `/adapters/${String(builtIn!["id"])}`)).status).toBe(409);
  expect((await api.call("PATCH", "/adapters/nothing", { state: "enabled" })).status).toBe(404);
  expect((await api.call("DELETE", "/adapters/unmatched/7")).status).toBe(404);
});

test("what no rule knew is listed, a rule is proposed for it, and it is forgotten", async () => {
  await using api = await openLab();
  const sample = JSON.stringify({ request: "GET /x?h=a", rule: { id: "proposed-x" } });
  await api.store.noteUnmatched([{ shape: "GET /x?h", sample, requests: 3, lastAtMs: 5 }]);
  const { items } = (await api.call("GET", "/adapters/unmatched")).body;
  expect(items).toMatchObject([{ shape: "GET /x?h", sample: "GET /x?h=a", requests: 3 }]);
  const path = `/adapters/unmatched/${String(items[0]!["id"])}`;
  const proposed = await api.call("POST", `${path}/propose`, {});
  expect(String(proposed.body["rule"])).toContain("id: proposed-x");
  expect((await api.call("DELETE", path)).status).toBe(204);
  expect((await api.call("GET", "/adapters/unmatched")).body.items).toEqual([]);
});

test("a request of one's own becomes a rule whose test is the request, its secret masked", async () => {
  await using api = await openLab();
  const { status, body } = await api.call("POST", "/adapters/propose", { request });
  expect(status).toBe(200);
  const proposed = String(body["rule"]);
  expect(proposed).toContain("/myq/reg.php");
  expect(proposed).not.toContain("secret12");
  expect((await api.call("POST", "/adapters", { rule: proposed })).status).toBe(201);
  const wrong = await api.call("POST", "/adapters/propose", { request: "curl --upload x" });
  expect(wrong).toMatchObject({ status: 422, body: { errors: [{ pointer: "/request" }] } });
});

test("beside what a rule answers stands what is answered without it", async () => {
  await using api = await openLab();
  await addHost(api);
  const { body } = await api.call("POST", "/adapters/test", { request, rule });
  expect(String(body["answered"])).toStartWith("HTTP/1.1 404");
  expect(String(body["reply"])).not.toBe(body["answered"]);
  expect((await api.call("POST", "/adapters/test", { request })).body["answered"]).toBeNull();
  // Without a request the one that the rule was recorded from is tried.
  const own = await api.call("POST", "/adapters/test", { request: "", rule });
  expect(own.body).toMatchObject({ rule: "acme-cam" });
  expect(String(own.body["recorded"])).toContain("/myq/reg.php");
  expect((await api.call("POST", "/adapters/test", { request: "" })).status).toBe(422);
});

test("what a rule on trial would have done is told of it alone", async () => {
  await using api = await openLab();
  await api.call("POST", "/adapters", { rule });
  const receipt = { atMs: 5, host: undefined, username: undefined, peer: "192.0.2.1" };
  const seen = { ...receipt, asked: "cam1", addresses: "", userAgent: "cam", outcome: "shadow" };
  const note = "set cam1; was answered 404 Not Found";
  const receipts = [
    { ...seen, adapter: "acme-cam", note },
    { ...seen, adapter: "another", note: "nothing" },
  ];
  await api.store.commit([], receipts);
  const { body } = await api.call("GET", "/adapters/acme-cam/requests");
  expect(body.items).toMatchObject([
    { peer: "192.0.2.1", device: "cam", says: "would set cam1; was answered 404 Not Found" },
  ]);
  expect((await api.call("GET", "/adapters/nothing/requests")).status).toBe(404);
});
