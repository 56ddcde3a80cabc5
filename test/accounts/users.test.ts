/** Accounts as the operator and their own person see them: invitations, roles, suspension, deletion, names given up. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { Database } from "bun:sqlite";
import { join } from "node:path";
import type { HostName } from "../../src/core/host-name.ts";
import { parseHostName } from "../../src/core/host-name.ts";
import { goodPassword, startPeople, tokenOf } from "../people.ts";
import type { TestPeople } from "../people.ts";

// Real password hashes, on whatever machine.
setDefaultTimeout(60_000);

const dayMs = 24 * 60 * 60_000;

function hostName(text: string): HostName {
  return parseHostName(text)!;
}

async function addZone({ store }: TestPeople): Promise<number> {
  const outcome = await store.addZone(hostName("dyn.test"), false, 1, []);
  if (outcome.kind !== "made") throw new Error(outcome.kind);
  return outcome.made.id;
}

async function idOf({ store }: TestPeople, name: string): Promise<number> {
  return (await store.accounts.findAccount({ name }))!.id;
}

test("an invitation makes an account of its role, once, within seven days", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  const made = await admin.must("POST", "/invitations", { mail: "bob@example.net", role: "admin" });
  expect(made).toMatchObject({ isMailed: false, invitation: { by: "alice", role: "admin" } });
  expect(String(made["link"])).toMatch(/^https:\/\/names\.example\.net\/#invitation=/);
  const token = tokenOf(String(made["link"]));
  const bob = service.browser();
  expect(await bob.must("POST", "/invitation/check", { token })).toMatchObject({
    mail: "bob@example.net",
    role: "admin",
  });
  const taken = await bob.call("POST", "/invitation/accept", {
    token,
    name: "alice",
    password: goodPassword,
  });
  expect([taken.status, taken.body["code"]]).toEqual([409, "name-taken"]);
  const account = { token, name: "bob", password: goodPassword };
  expect(await bob.must("POST", "/invitation/accept", account)).toMatchObject({
    account: { name: "bob", role: "admin", mail: "bob@example.net", isMailConfirmed: true },
  });
  expect((await bob.call("POST", "/invitation/accept", { ...account, name: "bob2" })).status).toBe(
    410,
  );

  const late = tokenOf(String((await admin.must("POST", "/invitations", {}))["link"]));
  service.clock.pass(7 * dayMs);
  expect((await service.browser().call("POST", "/invitation/check", { token: late })).status).toBe(
    410,
  );
});

test("an invitation that is taken back holds no longer", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  const { link, invitation } = await admin.must("POST", "/invitations", {});
  const { id } = invitation as { id: string };
  expect(await admin.must("GET", "/invitations")).toMatchObject({ items: [{ id }] });
  await admin.must("DELETE", `/invitations/${id}`);
  expect(await admin.must("GET", "/invitations")).toEqual({ items: [] });
  expect((await admin.call("DELETE", `/invitations/${id}`)).status).toBe(404);
  const token = tokenOf(String(link));
  expect((await service.browser().call("POST", "/invitation/check", { token })).status).toBe(410);
});

test("where sign-up is open an account is there when its mail address is confirmed", async () => {
  await using service = await startPeople({ mail: true });
  const admin = await service.setUp();
  const wanted = { name: "bob", mail: "bob@example.net", password: goodPassword };
  const bob = service.browser("192.0.2.7");
  expect((await bob.call("POST", "/sign-up", wanted)).status).toBe(403);
  await admin.must("PATCH", "/settings", { signUp: "open" });
  await bob.must("POST", "/sign-up", wanted);
  await service.settle();
  expect((await bob.call("POST", "/session", { name: "bob", password: goodPassword })).status).toBe(
    401,
  );
  const [mail] = service.mails;
  expect(mail).toMatchObject({ kind: "confirmMail", to: "bob@example.net" });
  const token = tokenOf(mail!.values["link"]!);
  expect(await bob.must("POST", "/sign-up/confirm", { token })).toMatchObject({
    account: { name: "bob", role: "user", isMailConfirmed: true },
  });
  await service
    .browser()
    .must("POST", "/session", { name: "BOB@example.net", password: goodPassword });

  await service.browser("192.0.2.8").must("POST", "/sign-up", { ...wanted, name: "mallory" });
  await service.settle();
  expect(service.mails.at(-1)).toMatchObject({ kind: "alreadyThere", to: "bob@example.net" });
});

test("a changed mail address counts when its own link was opened by the same person", async () => {
  await using service = await startPeople({ mail: true });
  const admin = await service.setUp();
  const bob = await service.addPerson(admin, "bob");
  await bob.must("PUT", "/account/mail", { mail: "bob@example.net" });
  await service.settle();
  const token = tokenOf(service.mails[0]!.values["link"]!);
  expect(await bob.must("GET", "/account")).toMatchObject({ mail: null });
  // Somebody else's mailbox, by a slip of the finger: its reader is not let in.
  for (const other of [service.browser(), admin]) {
    expect((await other.call("POST", "/sign-up/confirm", { token })).status).toBe(401);
  }
  await bob.must("POST", "/sign-up/confirm", { token });
  expect(await bob.must("GET", "/account")).toMatchObject({
    mail: "bob@example.net",
    isMailConfirmed: true,
  });
});

const addresses = [
  "a@b\r\nBcc: x@example.net",
  `${"a".repeat(65)}@example.net`,
  `${"a".repeat(100)}@${"b".repeat(150)}.net`,
  "a(comment)@example.net",
  "a@example.net, b@example.net",
  "Bob <bob@example.net>",
];
test("an address that is more than an address is refused (T42)", async () => {
  await using service = await startPeople({ mail: true });
  const browser = await service.setUp();
  for (const mail of addresses) {
    expect((await browser.call("PUT", "/account/mail", { mail })).status).toBe(422);
  }
  expect((await browser.call("PUT", "/account/mail", { mail: "bob@example.net" })).status).toBe(
    202,
  );
});

test("a changed password ends all other sessions, and needs the one before (A18, A30)", async () => {
  await using service = await startPeople();
  const browser = await service.setUp();
  const other = service.browser();
  await other.must("POST", "/session", { name: "alice", password: goodPassword });
  const next = "quite another set of words ";
  const wrong = await browser.call("PUT", "/account/password", { current: "x", next });
  expect([wrong.status, wrong.body["code"]]).toEqual([403, "wrong-password"]);
  const weak = await browser.call("PUT", "/account/password", {
    current: goodPassword,
    next: "alice12345678",
  });
  expect([weak.status, weak.body["errors"]]).toEqual([
    422,
    [{ pointer: "/next", detail: expect.any(String) }],
  ]);
  const before = browser.copy();
  await browser.must("PUT", "/account/password", { current: goodPassword, next });
  expect(await browser.isSignedIn()).toBe(true);
  expect(await other.isSignedIn()).toBe(false);
  expect(await before.isSignedIn()).toBe(false);
  // Exactly as typed, the blank at its end included (A20).
  expect(
    (await other.call("POST", "/session", { name: "alice", password: next.trim() })).status,
  ).toBe(401);
  await other.must("POST", "/session", { name: "alice", password: next });
});

test("sessions are listed, one can be ended, and all others", async () => {
  await using service = await startPeople();
  const browser = await service.setUp();
  const others = [
    service.browser("192.0.2.1"),
    service.browser("192.0.2.2"),
    service.browser("192.0.2.3"),
  ];
  for (const other of others)
    await other.must("POST", "/session", { name: "alice", password: goodPassword });
  const { items } = (await browser.must("GET", "/account/sessions")) as {
    items: { id: string; isThis: boolean; peer: string; userAgent: string }[];
  };
  expect(items).toHaveLength(4);
  expect(items.filter(({ isThis }) => isThis)).toMatchObject([
    { peer: "198.51.100.9", userAgent: "Mozilla/5.0 (test)" },
  ]);
  const first = items.find(({ peer }) => peer === "192.0.2.1")!;
  await browser.must("DELETE", `/account/sessions/${first.id}`);
  expect(await Promise.all(others.map((other) => other.isSignedIn()))).toEqual([false, true, true]);
  const admin = await service.addPerson(browser, "bob");
  expect((await admin.call("DELETE", `/account/sessions/${items[0]!.id}`)).status).toBe(404);
  await browser.must("DELETE", "/account/sessions");
  expect(await Promise.all(others.map((other) => other.isSignedIn()))).toEqual([
    false,
    false,
    false,
  ]);
  expect(await browser.isSignedIn()).toBe(true);
});

test("who is suspended is out at once, cannot come in, and comes in again afterwards", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  const bob = await service.addPerson(admin, "bob");
  expect(await admin.must("PATCH", "/users/bob", { isSuspended: true })).toMatchObject({
    state: "suspended",
  });
  expect(await bob.isSignedIn()).toBe(false);
  const refused = await bob.call("POST", "/session", { name: "bob", password: goodPassword });
  expect([refused.status, refused.body["code"]]).toEqual([403, "suspended"]);
  // Only who knows the password learns that.
  expect((await bob.call("POST", "/session", { name: "bob", password: "x" })).status).toBe(401);
  await admin.must("PATCH", "/users/bob", { isSuspended: false });
  await bob.must("POST", "/session", { name: "bob", password: goodPassword });
  expect((await admin.call("PATCH", "/users/alice", { isSuspended: true })).body["code"]).toBe(
    "own-account",
  );
});

test("accounts are found by a part of the name, by state and by role", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  await service.addPerson(admin, "bob");
  await service.addPerson(admin, "bobby");
  await admin.must("PATCH", "/users/bobby", { isSuspended: true });
  const names = async (q: string): Promise<readonly string[]> => {
    const { items } = await admin.must("GET", `/users?q=${encodeURIComponent(q)}`);
    return (items as { name: string }[]).map(({ name }) => name);
  };
  expect(await names("BOB")).toEqual(["bob", "bobby"]);
  expect(await names("state:suspended")).toEqual(["bobby"]);
  expect(await names("bob state:active")).toEqual(["bob"]);
  expect(await names("role:admin")).toEqual(["alice"]);
  expect(await names("role:user b")).toEqual(["bob", "bobby"]);
  expect(await names("state:su role:")).toEqual(["bobby"]); // while it is typed
  expect((await admin.call("GET", "/users?q=state:gone")).status).toBe(422);
});

test("the last administrator stays one, is not deleted, and roles are the database's at each call", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  const bob = await service.addPerson(admin, "bob");
  expect((await admin.call("PATCH", "/users/alice", { role: "user" })).body["code"]).toBe(
    "last-admin",
  );
  expect((await admin.call("DELETE", "/account")).body["code"]).toBe("last-admin");
  expect((await bob.call("GET", "/users")).status).toBe(403);
  await admin.must("PATCH", "/users/bob", { role: "admin" });
  expect(await bob.must("GET", "/users?limit=1")).toMatchObject({
    items: [{ name: "alice" }],
    next: "alice",
  });
  expect(await bob.must("GET", "/users?limit=1&after=alice")).toMatchObject({
    items: [{ name: "bob" }],
    next: null,
  });
  expect(await bob.must("GET", "/users?q=BO")).toMatchObject({ items: [{ name: "bob" }] });
  await bob.must("PATCH", "/users/alice", { role: "user" });
  expect(await admin.isSignedIn()).toBe(false);
});

test("an administrator gives another number of hosts than the usual one, and takes second factors of who lost them", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  const bob = await service.addPerson(admin, "bob");
  expect(await bob.must("GET", "/account")).toMatchObject({
    quota: { hosts: 50, logins: 100, tokens: 20 },
  });
  await admin.must("PATCH", "/users/bob", { quota: { hosts: 3 } });
  await admin.must("PATCH", "/settings", { loginsMax: "7" });
  expect(await bob.must("GET", "/account")).toMatchObject({
    quota: { hosts: 3, logins: 7, tokens: 20 },
  });
  expect(await admin.must("GET", "/users/bob")).toMatchObject({
    ownQuota: { hosts: 3, logins: null, tokens: null },
  });
  await admin.must("PATCH", "/users/bob", { quota: { hosts: null } });
  expect(await bob.must("GET", "/account")).toMatchObject({ quota: { hosts: 50 } });
  await admin.must("DELETE", "/users/bob/second-factors");
  expect(await bob.isSignedIn()).toBe(false);
});

test("an account is deleted after 14 days with all that is theirs, unless it is taken back", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  await admin.must("PATCH", "/settings", { secondFactorFor: "nobody" });
  const bob = await service.addPerson(admin, "bob");
  const zone = await addZone(service);
  const bobId = await idOf(service, "bob");
  await service.store.addHost(hostName("cam.dyn.test"), zone, bobId);
  await service.store.addLogin({
    user: bobId,
    username: "cam",
    verifier: new Uint8Array(32),
    hosts: "all-of-user",
  });

  await bob.must("DELETE", "/account");
  await bob.must("POST", "/account/keep", {});
  service.clock.pass(15 * dayMs);
  expect(await service.store.accounts.deleteDueAccounts()).toEqual([]);

  await admin.must("POST", "/session", { name: "alice", password: goodPassword });
  expect(await admin.must("DELETE", "/users/bob")).toMatchObject({ deletesAt: expect.any(String) });
  expect(await admin.must("GET", "/users?q=state:deleting")).toMatchObject({
    items: [{ name: "bob", state: "deleting", deletesAt: expect.any(String) }],
  });
  await admin.must("POST", "/users/bob/keep", {});
  expect(await admin.must("GET", "/users/bob")).toMatchObject({ state: "active", deletesAt: null });
  service.clock.pass(15 * dayMs);
  expect(await service.store.accounts.deleteDueAccounts()).toEqual([]);

  await bob.must("POST", "/session", { name: "bob", password: goodPassword });
  const { deletesAt } = await bob.must("DELETE", "/account");
  expect(Date.parse(String(deletesAt))).toBe(service.clock.now() + 14 * dayMs);
  service.clock.pass(14 * dayMs - 1);
  expect(await service.store.accounts.deleteDueAccounts()).toEqual([]);
  service.clock.pass(1);
  expect(await service.store.accounts.deleteDueAccounts()).toEqual(["bob"]);
  expect(await bob.isSignedIn()).toBe(false);
  expect((await bob.call("POST", "/session", { name: "bob", password: goodPassword })).status).toBe(
    401,
  );
  expect(await service.store.findHost(hostName("cam.dyn.test"))).toBeUndefined();
  expect(await service.store.listLogins()).toEqual([]);
});

test("a name that was given up goes to nobody else for 90 days, and back to who had it at once (D11)", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  await service.addPerson(admin, "bob");
  const { store } = service;
  const zone = await addZone(service);
  const [alice, bob] = [await idOf(service, "alice"), await idOf(service, "bob")];
  const name = hostName("cam.dyn.test");
  await store.addHost(name, zone, bob);
  await store.removeHost(name);
  expect((await store.addHost(name, zone, alice)).kind).toBe("refused");
  expect((await store.addHost(name, zone, bob)).kind).toBe("made");
  await store.removeHost(name);
  service.clock.pass(90 * dayMs - 1);
  expect((await store.addHost(name, zone, alice)).kind).toBe("refused");
  service.clock.pass(1);
  expect((await store.addHost(name, zone, alice)).kind).toBe("made");
  await store.removeHost(name);
  expect((await store.addHost(name, zone, bob)).kind).toBe("refused");
  expect((await store.addHost(name, zone, bob, true)).kind).toBe("made"); // by the operator
});

const holds = [
  ["nobody knows who", null, "refused"],
  ["the operator", "operator", "refused"],
  ["its owner", "bob", "made"],
] as const;
for (const [who, heldBy, again] of holds) {
  test(`a host that was held by ${who} when it went is ${again === "made" ? "its owner's again" : "nobody's ever again"} (D11)`, async () => {
    await using service = await startPeople();
    await service.addPerson(await service.setUp(), "bob");
    const { store } = service;
    const zone = await addZone(service);
    const bob = await idOf(service, "bob");
    const name = hostName("cam.dyn.test");
    await store.addHost(name, zone, bob);
    using database = new Database(join(service.data, "nameward.db"));
    database.run("update host set is_blocked = 1");
    database.run("insert into host_note (host, held_by) select id, ? from host", [heldBy]);
    await store.removeHost(name);
    service.clock.pass(1_000 * dayMs);
    expect((await store.addHost(name, zone, bob)).kind).toBe(again);
    if (again === "refused") expect((await store.addHost(name, zone, bob, true)).kind).toBe("made");
  });
}

test("all that is kept about an account is exported, without secrets", async () => {
  await using service = await startPeople();
  const browser = await service.setUp();
  const zone = await addZone(service);
  await service.store.addHost(hostName("cam.dyn.test"), zone, await idOf(service, "alice"));
  const answer = await browser.call("GET", "/account/export");
  expect(answer.headers.get("content-disposition")).toContain("account-alice.json");
  expect(answer.body).toMatchObject({
    account: { name: "alice" },
    sessions: [{ peer: "198.51.100.9" }],
    hosts: [{ name: "cam.dyn.test", addresses: [] }],
    logins: [],
  });
  expect(answer.text).not.toContain("argon2");
});
