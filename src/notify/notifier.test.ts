import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { createHmac } from "node:crypto";
import { join } from "node:path";
import { openApi, personOf } from "../../test/called-api.ts";
import type { CalledApi } from "../../test/called-api.ts";
import { quietLog } from "../../test/quiet-log.ts";
import { startSmtpServer } from "../../test/smtp-server.ts";
import type { SmtpServer } from "../../test/smtp-server.ts";
import { startWebhookReceiver } from "../../test/webhook-receiver.ts";
import { Brand } from "../api/brand.ts";
import { channelHandlers } from "../api/handlers/channels.ts";
import { makeAudit } from "../api/make-audit.ts";
import { parseCidr } from "../base/address.ts";
import { systemChance } from "../base/chance.ts";
import { parseHostName } from "../core/host-name.ts";
import type { HostId } from "../core/host.ts";
import type { User } from "../core/user.ts";
import { parseTarget } from "./dialer.ts";
import { Mailer } from "./mailer.ts";
import { Notifier } from "./notifier.ts";

interface Room extends AsyncDisposable {
  readonly api: CalledApi;
  readonly notifier: Notifier;
  readonly host: { id: HostId; name: string };
  readonly alice: User;
  readonly bob: User;
  readonly smtp: SmtpServer;
  pass(ms: number): void;
}

/** Two people, a host of the first, and everything that tells them, on a clock of the test. */
async function openRoom(allowed = "127.0.0.0/8"): Promise<Room> {
  let nowMs = Date.UTC(2026, 10, 30);
  const clock = { now: () => nowMs, monotonicMs: () => nowMs };
  const smtp = await startSmtpServer();
  const made: { notifier?: Notifier } = {};
  const api = await openApi(async (store) => {
    const brand = await Brand.open(store.operator);
    const mailer = new Mailer({
      smtpUrl: smtp.url,
      from: "dns@example.net",
      clock,
      brandName: () => "N",
    });
    const notifier = new Notifier({
      store: store.operator,
      dialer: { allowed: [parseCidr(allowed)!], resolve: async () => ["127.0.0.1"] },
      mailer,
      mail: (name, values) => brand.mail(name, values),
      openSecret: async ({ secret }) => secret && new TextDecoder().decode(secret),
      link: () => "https://dns.example.net/",
      clock,
      log: quietLog,
    });
    made.notifier = notifier;
    return channelHandlers({
      store: store.operator,
      isUrl: (text) => parseTarget(text) !== undefined,
      hasMail: true,
      sealSecret: async (secret) => new TextEncoder().encode(secret),
      makeBody: (event) => notifier.makeBody(event, undefined),
      deliver: (delivery, channel) =>
        notifier.deliver(delivery, channel, delivery.event !== "test"),
      audit: makeAudit((entry) => store.operator.appendAudit(entry), quietLog),
      chance: systemChance,
      clock,
    });
  }, clock);
  const { store } = api;
  const [alice, bob] = [await makeUser(api, "alice"), await makeUser(api, "bob")];
  const zone = await store.addZone(parseHostName("dyn.example.net")!, true, 1, []);
  if (zone.kind !== "made") throw new Error("No zone");
  const host = await store.addHost(parseHostName("cam.dyn.example.net")!, zone.made.id, alice.id);
  if (host.kind !== "made") throw new Error("No host");
  api.as(personOf(alice, nowMs));
  return {
    api,
    notifier: made.notifier!,
    host: { id: host.made.id, name: "cam.dyn.example.net" },
    alice,
    bob,
    smtp,
    pass: (ms) => void (nowMs += ms),
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await smtp[Symbol.asyncDispose]();
    },
  };
}

async function makeUser({ store, folder }: CalledApi, name: string): Promise<User> {
  const user = await store.addUser(name, false, "-");
  if (user.kind !== "made") throw new Error("No user");
  const database = new Database(join(folder, "nameward.db"));
  database.run("update user set mail = ?, mail_confirmed_at_ms = 1 where id = ?", [
    `${name}@example.org`,
    user.made.id,
  ]);
  database.close();
  return user.made;
}

async function addHook({ api }: Room, url: string, events: readonly string[]) {
  const { status, body } = await api.call("POST", "/channels", {
    kind: "webhook",
    target: url,
    events,
  });
  expect(status).toBe(201);
  return { id: (body["channel"] as { id: string }).id, secret: String(body["secret"]) };
}

test("an incident is told once, until it is over", async () => {
  await using room = await openRoom();
  await using hook = startWebhookReceiver();
  await addHook(room, hook.url, ["silent", "recovered"]);
  const { notifier, host, alice } = room;
  const silent = {
    kind: "silent",
    user: alice.id,
    host,
    detail: "Heard last 3 hours ago.",
  } as const;
  expect(await notifier.notify({ ...silent, kind: "recovered" })).toBe(0); // was never silent
  expect(await notifier.notify(silent)).toBe(1);
  expect(await notifier.notify(silent)).toBe(0);
  expect(await notifier.notify({ ...silent, kind: "recovered" })).toBe(1);
  expect(await notifier.notify({ ...silent, kind: "recovered" })).toBe(0);
  expect(await notifier.notify(silent)).toBe(1);
  await notifier.run();
  const events = hook.received.map(({ body }) => (JSON.parse(body) as { event: string }).event);
  expect(events.toSorted()).toEqual(["recovered", "silent", "silent"]);
  await notifier.run();
  expect(hook.received).toHaveLength(3);
});

test("wrong logins are told once a day", async () => {
  await using room = await openRoom();
  await using hook = startWebhookReceiver();
  await addHook(room, hook.url, ["failed-authentication"]);
  const happening = {
    kind: "failed-authentication",
    user: room.alice.id,
    host: room.host,
  } as const;
  const told: (number | undefined)[] = [];
  for (const hours of [0, 1, 22, 2]) {
    room.pass(hours * 3_600_000);
    told.push(await room.notifier.notify(happening));
  }
  expect(told).toEqual([1, 0, 0, 1]);
});

test("a held host is told again once it was released", async () => {
  await using room = await openRoom();
  await using hook = startWebhookReceiver();
  await addHook(room, hook.url, ["held"]);
  const happening = { kind: "held", user: room.alice.id, host: room.host } as const;
  expect(await room.notifier.notify(happening)).toBe(1);
  expect(await room.notifier.notify(happening)).toBe(0);
  await room.notifier.settle(room.host.id, "held");
  expect(await room.notifier.notify(happening)).toBe(1);
});

test("a webhook is signed with its own secret over time and body", async () => {
  await using room = await openRoom();
  await using hook = startWebhookReceiver();
  const { secret } = await addHook(room, hook.url, ["new-login"]);
  await room.notifier.notify({ kind: "new-login", user: room.alice.id, detail: "garage" });
  await room.notifier.run();
  const [{ headers, body }] = hook.received as [(typeof hook.received)[number]];
  const signature = headers.get("nameward-signature")!;
  const [, at, hash] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(signature)!;
  const right = createHmac("sha256", secret).update(`${at}.${body}`).digest("hex");
  expect(hash).toBe(right);
  expect(headers.get("nameward-event")).toBe("new-login");
  const wrong = createHmac("sha256", secret).update(`${at}.${body} `).digest("hex");
  expect(hash).not.toBe(wrong);
});

test("what did not arrive is tried again later and later, and then no more", async () => {
  await using room = await openRoom();
  await using hook = startWebhookReceiver();
  const { id } = await addHook(room, hook.url, ["silent"]);
  hook.status = 500;
  await room.notifier.notify({ kind: "silent", user: room.alice.id, host: room.host });
  const counts: number[] = [];
  for (const minutes of [0, 0.9, 0.2, 5, 30, 120, 480, 10_000]) {
    room.pass(minutes * 60_000);
    await room.notifier.run();
    counts.push(hook.received.length);
  }
  expect(counts).toEqual([1, 1, 2, 3, 4, 5, 6, 6]);
  const { body } = await room.api.call("GET", `/channels/${id}/deliveries`);
  expect(body.items).toMatchObject([
    { tries: 6, isGood: false, says: "It answered 500 Internal Server Error" },
  ]);

  hook.status = 204;
  const again = await room.api.call(
    "POST",
    `/channels/${id}/deliveries/${body.items[0]!["id"]}/again`,
    {},
  );
  expect(again).toMatchObject({ status: 200, body: { tries: 7, isGood: true } });
  const { body: list } = await room.api.call("GET", "/channels");
  expect(list.items).toMatchObject([{ lastDelivery: { isGood: true } }]);
});

test("what waits is not lost with the process", async () => {
  await using room = await openRoom();
  await using hook = startWebhookReceiver();
  await addHook(room, hook.url, ["silent"]);
  await room.notifier.notify({ kind: "silent", user: room.alice.id, host: room.host });
  const { store } = room.api;
  expect(await store.operator.listDue(Date.UTC(2026, 10, 30), 10)).toHaveLength(1);
  await room.notifier.run();
  expect(await store.operator.listDue(Date.UTC(2027, 10, 30), 10)).toHaveLength(0);
});

test("a mail goes to the confirmed address of the account and to no other", async () => {
  await using room = await openRoom();
  const add = (target: string) =>
    room.api.call("POST", "/channels", { kind: "mail", target, events: ["silent"] });
  expect((await add("bob@example.org")).status).toBe(422);
  expect((await add("alice@example.org\r\nBcc: x@example.org")).status).toBe(422);
  const { status, body } = await add("alice@example.org");
  expect(status).toBe(201);
  expect(body["secret"]).toBeNull();
  await room.notifier.notify({ kind: "silent", user: room.alice.id, host: room.host });
  await room.notifier.run();
  expect(room.smtp.mails).toHaveLength(1);
  expect(room.smtp.mails[0]!.to).toEqual(["alice@example.org"]);
  expect(room.smtp.mails[0]!.data).toContain("Subject: cam.dyn.example.net is silent");
});

test("a channel of somebody else is not there, and tells nobody of other people's hosts", async () => {
  await using room = await openRoom();
  await using hook = startWebhookReceiver();
  const { id } = await addHook(room, hook.url, ["silent"]);
  room.api.as(personOf(room.bob));
  const missing = await room.api.call("DELETE", "/channels/nothing");
  const calls = [
    ["DELETE", `/channels/${id}`, undefined],
    ["PATCH", `/channels/${id}`, { events: ["held"] }],
    ["POST", `/channels/${id}/test`, {}],
    ["GET", `/channels/${id}/deliveries`, undefined],
    ["POST", `/channels/${id}/deliveries/1/again`, {}],
  ] as const;
  for (const [method, path, body] of calls) {
    const { status, body: said } = await room.api.call(method, path, body);
    expect(status).toBe(404);
    expect({ ...said, requestId: "" }).toEqual({ ...missing.body, requestId: "" });
  }
  expect((await room.api.call("GET", "/channels")).body.items).toEqual([]);
  await room.notifier.notify({ kind: "silent", user: room.bob.id, host: room.host });
  await room.notifier.run();
  expect(hook.received).toEqual([]);
});

test("a webhook inward is refused, says why and is not tried again; its test says the same", async () => {
  await using room = await openRoom("10.0.0.0/8");
  await using hook = startWebhookReceiver();
  const { id } = await addHook(room, hook.url, ["silent"]);
  await room.notifier.notify({ kind: "silent", user: room.alice.id, host: room.host });
  await room.notifier.run();
  room.pass(86_400_000);
  await room.notifier.run();
  const tested = await room.api.call("POST", `/channels/${id}/test`, {});
  expect(tested.body).toMatchObject({ isGood: false, says: "127.0.0.1 is no public address." });
  const { body } = await room.api.call("GET", `/channels/${id}/deliveries`);
  expect(body.items).toMatchObject([
    { event: "test", tries: 1 },
    { event: "silent", tries: 1 },
  ]);
  expect(hook.received).toEqual([]);
});

test("tests and channels have an end", async () => {
  await using room = await openRoom();
  await using hook = startWebhookReceiver();
  const { id } = await addHook(room, hook.url, ["silent"]);
  const statuses: number[] = [];
  for (let i = 0; i < 11; i++)
    statuses.push((await room.api.call("POST", `/channels/${id}/test`, {})).status);
  expect(statuses).toEqual([...Array<number>(10).fill(200), 429]);
  expect(hook.received).toHaveLength(10);
  for (let i = 1; i < 10; i++) await addHook(room, hook.url, ["silent"]);
  const more = await room.api.call("POST", "/channels", {
    kind: "webhook",
    target: hook.url,
    events: ["held"],
  });
  expect(more.status).toBe(409);
});

test("the log of deliveries keeps the newest 200, by page", async () => {
  await using room = await openRoom();
  const { id } = await addHook(room, "https://hooks.example.net/", ["silent"]);
  for (let i = 0; i < 203; i++) await room.api.store.operator.addDelivery(id, "test", String(i));
  const first = await room.api.call("GET", `/channels/${id}/deliveries?limit=150`);
  const second = await room.api.call(
    "GET",
    `/channels/${id}/deliveries?limit=150&after=${first.body.next}`,
  );
  expect([first.body.items.length, second.body.items.length]).toEqual([150, 50]);
  expect(second.body.items.at(-1)).toMatchObject({ body: "3" });
  expect(second.body.next).toBeNull();
});
