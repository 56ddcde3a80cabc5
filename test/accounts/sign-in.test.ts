/** Set-up, signing in and out, and how long a session lasts. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { goodPassword, startPeople, tokenOf } from "../people.ts";

// Real password hashes, on whatever machine.
setDefaultTimeout(60_000);

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

test("without the link no request makes the first account; with it one does, once", async () => {
  await using service = await startPeople();
  const stranger = service.browser();
  const account = { name: "mallory", password: goodPassword };
  expect((await stranger.call("POST", "/setup", { ...account, token: "" })).status).toBe(410);
  expect(
    (await stranger.call("POST", "/setup", { ...account, token: "x".repeat(44) })).status,
  ).toBe(410);
  expect(
    (await stranger.call("POST", "/sign-up", { ...account, mail: "m@example.net" })).status,
  ).toBe(403);

  const old = tokenOf((await service.people.openSetupLink())!);
  const token = tokenOf((await service.people.openSetupLink())!);
  expect((await stranger.call("POST", "/setup/check", { token: old })).status).toBe(410);
  expect((await stranger.call("POST", "/setup/check", { token })).status).toBe(200);
  const first = service.browser();
  const made = await first.must("POST", "/setup", { ...account, name: "Alice", token });
  expect(made).toMatchObject({ state: "signed-in", account: { name: "alice", role: "admin" } });
  expect(await first.must("GET", "/greeting")).toMatchObject({
    state: "ready",
    account: { name: "alice" },
    csrf: first.csrf!,
  });
  expect((await stranger.call("POST", "/setup", { ...account, token })).status).toBe(410);
  expect(await service.people.openSetupLink()).toBeUndefined();
});

test("a set-up link ends after 24 hours", async () => {
  await using service = await startPeople();
  const token = tokenOf((await service.people.openSetupLink())!);
  service.clock.pass(24 * hourMs - 1);
  expect((await service.browser().call("POST", "/setup/check", { token })).status).toBe(200);
  service.clock.pass(1);
  expect((await service.browser().call("POST", "/setup/check", { token })).status).toBe(410);
});

test("the cookie is of our own origin alone, and no script can read it (A1, A2, A3)", async () => {
  await using service = await startPeople();
  await service.setUp();
  const browser = service.browser();
  const answer = await browser.call("POST", "/session", { name: "alice", password: goodPassword });
  const cookie = answer.headers.get("set-cookie")!;
  expect(cookie).toMatch(/^__Host-nameward=[1-9A-Za-z]{44}; /);
  for (const word of ["Path=/", "Secure", "HttpOnly", "SameSite=Lax"]) {
    expect(cookie.split("; ")).toContain(word);
  }
  expect(cookie).not.toMatch(/domain=/i);
  expect(answer.text).not.toContain(browser.cookie!);
});

test("signing in makes a new session, also over one that is there, and the old cookie is dead (AT38)", async () => {
  await using service = await startPeople();
  const browser = await service.setUp();
  const before = browser.copy();
  await browser.must("POST", "/session", { name: "alice", password: goodPassword });
  expect(browser.cookie).not.toBe(before.cookie);
  expect(await before.isSignedIn()).toBe(false);
  expect(await browser.isSignedIn()).toBe(true);

  const planted = service.browser();
  planted.cookie = "a".repeat(44);
  await planted.must("POST", "/session", { name: "alice", password: goodPassword });
  expect(planted.cookie).not.toBe("a".repeat(44));
});

test("a step-up gives the session another cookie; the one before is dead", async () => {
  await using service = await startPeople();
  const browser = await service.setUp();
  service.clock.pass(11 * minuteMs);
  expect((await browser.call("POST", "/account/totp", {})).body["code"]).toBe("step-up");
  const before = browser.copy();
  await browser.must("POST", "/session/step-up", { password: goodPassword });
  expect(await before.isSignedIn()).toBe(false);
  expect((await browser.call("POST", "/account/totp", {})).status).toBe(200);
});

test("people who sign in at the same time get their own sessions each (AT38)", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  const names = Array.from({ length: 8 }, (_none, at) => `user${at}`);
  for (const [at, name] of names.entries()) await service.addPerson(admin, name, `192.0.${at}.1`);
  const found = await Promise.all(
    names.flatMap((name, at) =>
      [1, 2].map(async (last) => {
        const browser = service.browser(`192.0.${at}.${last}`);
        await browser.must("POST", "/session", { name, password: goodPassword });
        const { account } = await browser.must("GET", "/greeting");
        return [name, (account as { name: string }).name];
      }),
    ),
  );
  expect(found).toHaveLength(16);
  for (const [name, seen] of found) expect(seen).toBe(name!);
});

test("signing out ends the session at the server", async () => {
  await using service = await startPeople();
  const browser = await service.setUp();
  const thief = browser.copy();
  expect(await thief.isSignedIn()).toBe(true);
  await browser.must("DELETE", "/session");
  expect(browser.cookie).toBeUndefined();
  expect(await thief.isSignedIn()).toBe(false);
});

test("a part of a cookie, or a longer one, is nobody's", async () => {
  await using service = await startPeople();
  const browser = await service.setUp();
  const other = browser.copy();
  for (const cookie of [
    browser.cookie!.slice(0, -1),
    `${browser.cookie!}1`,
    browser.cookie!.toLowerCase(),
  ]) {
    other.cookie = cookie;
    expect(await other.isSignedIn()).toBe(false);
  }
});

const lives = [
  ["admin", 30 * minuteMs, 12 * hourMs],
  ["user", 12 * hourMs, 14 * 24 * hourMs],
] as const;
for (const [role, idleMs, wholeMs] of lives) {
  test(`a session of ${role} lasts ${idleMs / minuteMs} minutes unused and ${wholeMs / hourMs} hours in all (A29)`, async () => {
    await using service = await startPeople();
    const admin = await service.setUp();
    const browser = role === "admin" ? admin : await service.addPerson(admin, "bob");
    // Used all the time it lasts to the end, and not longer.
    const stepMs = idleMs - minuteMs;
    const begunMs = service.clock.now();
    while (service.clock.now() + stepMs <= begunMs + wholeMs) {
      service.clock.pass(stepMs);
      expect(await browser.isSignedIn()).toBe(true);
    }
    service.clock.pass(begunMs + wholeMs - service.clock.now() + 1);
    expect(await browser.isSignedIn()).toBe(false);
    // Unused it ends before.
    const name = role === "admin" ? "alice" : "bob";
    await browser.must("POST", "/session", { name, password: goodPassword });
    service.clock.pass(idleMs + 1);
    expect(await browser.isSignedIn()).toBe(false);
  });
}
