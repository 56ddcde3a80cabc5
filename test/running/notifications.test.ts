/** What people are told of by a real server: by mail over SMTP and by webhooks, once, also when the server is killed meanwhile. */

import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { testWith } from "../debian.ts";
import { makeDataFolder, mustRun, startServer } from "../server.ts";
import { startSmtpServer } from "../smtp-server.ts";
import { admin, other, startWebHome, zone } from "../web/web-home.ts";
import type { SignedIn } from "../web/web-home.ts";
import { startWebhookReceiver } from "../webhook-receiver.ts";
import type { WebhookReceiver } from "../webhook-receiver.ts";
import { sendUpdate } from "../web/send-update.ts";

const name = `cam.${zone}`;
const login = { username: "u7k2m9", password: "Rt5wKm2pXc8nVb4q" } as const;
const all = ["silent", "recovered", "held", "new-login", "failed-authentication"];

/** Of a mail as it came: without the soft breaks of its lines. */
const readMail = (data: string): string => data.replace(/=\r\n/g, "").replace(/=3D/g, "=");

const events = (hook: WebhookReceiver): readonly string[] =>
  hook.received.map(({ body }) => (JSON.parse(body) as { event: string }).event);

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await isSo()) return;
    await Bun.sleep(100);
  }
  throw new Error("It did not come to that");
}

/** A host of bob with a login, beside a server or before one. */
async function addHost(data: string): Promise<void> {
  await mustRun(["host", "add", name, "--user", other.name], { data });
  const { username, password: stdin } = login;
  const made = ["--user", other.name, "--username", username, "--all-hosts", "--password-stdin"];
  await mustRun(["login", "add", ...made], { data, stdin });
}

async function addHook(bob: SignedIn, target: string): Promise<void> {
  await bob.call("POST", "/channels", { kind: "webhook", target, events: all });
}

test("a host that the operator holds at the command line, a new login and a new token are told to the account, once", async () => {
  await using smtp = await startSmtpServer();
  await using hook = startWebhookReceiver();
  const args = ["--mail-from", "dns@example.net", "--webhook-networks", "127.0.0.0/8"];
  await using home = await startWebHome(args, undefined, { NAMEWARD_SMTP_URL: smtp.url });
  const { data } = home.server;
  await addHost(data);
  await home.hasLogin(login);
  const [ada, bob] = [await home.signIn(admin), await home.signIn(other)];
  await addHook(bob, hook.url);

  // A confirmed address is told too, without anybody asking for it.
  await bob.call("PUT", "/account/mail", { mail: "bob@example.org" });
  await until(() => smtp.mails.length === 1);
  const [, token] = /#confirm=([A-Za-z0-9]+)/.exec(readMail(smtp.mails[0]!.data))!;
  await bob.call("POST", "/sign-up/confirm", { token });

  await mustRun(["host", "hold", name, "--why", "Reported for phishing."], { data });
  await until(() => events(hook).length === 1);
  expect(events(hook)).toEqual(["held"]);
  const told = JSON.parse(hook.received[0]!.body) as { host: string; detail: string };
  expect(told.host).toBe(name);
  expect(told.detail).toContain("Reported for phishing.");
  await until(() => smtp.mails.length === 2);
  expect(smtp.mails[1]).toMatchObject({ to: ["bob@example.org"] });
  expect(smtp.mails[1]!.data).toContain(`Subject: ${name} is held`);

  await bob.call("POST", "/logins", { hosts: [name], username: "garage" });
  await until(() => events(hook).length === 2);
  expect(hook.received[1]!.body).toContain(
    "The device login garage was made by bob from 127.0.0.1.",
  );
  await bob.call("POST", "/tokens", {
    name: "nightly",
    policy: { actions: ["hosts:read"] },
  });
  await until(() => events(hook).length === 3);
  expect(hook.received[2]!.body).toContain(
    "An API token that may read hosts was made by bob from 127.0.0.1.",
  );

  // Held by its owner, it is nothing to tell; by the operator again, it is.
  await ada.call("PUT", `/hosts/${name}/hold`, { isHeld: false });
  await bob.call("PUT", `/hosts/${name}/hold`, { isHeld: true, why: "on holiday" });
  await ada.call("PUT", `/hosts/${name}/hold`, { isHeld: true, why: "again" });
  await until(() => events(hook).length === 4);
  expect(events(hook)).toEqual(["held", "new-login", "new-login", "held"]);
  expect(hook.received[3]!.body).toContain("again");
}, 60_000);

testWith(
  ["faketime"],
  "silence is told once, over a kill and a start, and once that the host is heard again",
  async () => {
    const [library] = [...new Bun.Glob("/usr/lib/*/faketime/libfaketimeMT.so.1").scanSync("/")];
    const data = await makeDataFolder();
    await using hook = startWebhookReceiver();
    await mustRun(["zone", "add", zone, "--private"], { data });
    const args = ["--webhook-networks", "127.0.0.0/8"];
    {
      await using home = await startWebHome(args, data);
      await addHost(data);
      await home.hasLogin(login);
      const bob = await home.signIn(other);
      await addHook(bob, hook.url);
      await bob.call("PATCH", `/hosts/${name}`, { alertHours: 1 });
      for (let i = 0; i < 5; i++) await home.update({ host: name, address: `192.0.2.${i}` }, login);
      await home.server.stop();
    }
    const shift = join(data, "shift"); // libfaketime reads it: time goes on by what a test writes there
    const env = {
      LD_PRELOAD: library ?? "",
      FAKETIME_TIMESTAMP_FILE: shift,
      FAKETIME_NO_CACHE: "1",
      FAKETIME_DONT_FAKE_MONOTONIC: "1",
    };
    let minutes = 0;
    /** Each step is shorter than what counts as a pause, and has its look at the hosts. */
    const pass = async (steps: number): Promise<void> => {
      for (let i = 0; i < steps; i++) {
        await Bun.write(shift, `+${(minutes += 4) * 60}`);
        await Bun.sleep(1_500);
      }
    };
    await Bun.write(shift, `+${(minutes = 300) * 60}`);
    {
      await using server = await startServer({ data, args, env });
      await pass(3);
      expect(events(hook)).toEqual([]);
      await pass(2);
      await until(() => events(hook).length === 1);
      await server.kill();
    }
    expect(events(hook)).toEqual(["silent"]);
    await using server = await startServer({ data, args, env });
    await pass(5);
    expect(events(hook)).toEqual(["silent"]);
    const sent = { host: name, address: "192.0.2.9" };
    expect(await sendUpdate(server.devices, sent, login)).toBe("good 192.0.2.9");
    await until(() => events(hook).length === 2);
    expect(events(hook)).toEqual(["silent", "recovered"]);
    await server.stop();
    await rm(data, { recursive: true });
  },
  120_000,
);
