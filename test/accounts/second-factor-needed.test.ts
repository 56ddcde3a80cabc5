/** A second factor can be asked of a role, of administrators by default (ASVS 6.3.3, row A23). */

import { expect, setDefaultTimeout, test } from "bun:test";
import { contract } from "../../src/api/contract.ts";
import { secondFactorGraceMs } from "../../src/core/accounts/second-factor-rule.ts";
import { goodPassword, startPeople } from "../people.ts";
import type { Browser } from "../people.ts";
import { totpCode } from "../web/totp.ts";

// Real password hashes, on whatever machine.
setDefaultTimeout(60_000);

const needed = [403, "second-factor-needed"];

async function ask(browser: Browser, path: string): Promise<unknown> {
  const { status, body } = await browser.call("GET", path);
  return [status, body["code"]];
}

test("an administrator without one has a week, then only the own account, and with one everything again", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  const bob = await service.addPerson(admin, "bob");
  const due = new Date(service.clock.now() + secondFactorGraceMs).toISOString();
  expect(await admin.must("GET", "/account")).toMatchObject({ secondFactorDueAt: due });
  expect(await bob.must("GET", "/account")).toMatchObject({ secondFactorDueAt: null });
  service.clock.pass(secondFactorGraceMs - 1);
  await signIn(admin, "alice");
  expect((await admin.call("GET", "/users")).status).toBe(200);
  service.clock.pass(1);
  expect(await ask(admin, "/users")).toEqual(needed);
  expect(await ask(admin, "/hosts")).toEqual(needed);
  await signIn(bob, "bob");
  expect((await bob.call("GET", "/hosts")).status).toBe(200); // a user need not

  const { secret } = await admin.must("POST", "/account/totp", {});
  const code = totpCode(String(secret), service.clock.now());
  await admin.must("POST", "/account/totp/confirm", { code });
  expect((await admin.call("GET", "/users")).status).toBe(200);
  await admin.must("DELETE", "/account/totp");
  expect(await ask(admin, "/users")).toEqual(needed);
});

test("it can be asked of everybody or of nobody", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  const bob = await service.addPerson(admin, "bob");
  const eve = await service.addPerson(admin, "eve");
  await admin.must("PATCH", "/users/eve", { role: "admin" });
  await admin.must("PATCH", "/settings", { secondFactorFor: "everybody" });
  service.clock.pass(secondFactorGraceMs);
  await signIn(bob, "bob");
  expect(await ask(bob, "/hosts")).toEqual(needed);
  await service.people.brand.change(new Map([["secondFactorFor", "nobody"]]));
  expect((await bob.call("GET", "/hosts")).status).toBe(200);
  await signIn(eve, "eve");
  expect((await eve.call("GET", "/users")).status).toBe(200);
});

test("nothing but the own account and the session is open to who must enrol", async () => {
  await using service = await startPeople();
  const admin = await service.setUp();
  service.clock.pass(secondFactorGraceMs);
  await signIn(admin, "alice");
  let refused = 0;
  for (const { method, path, access } of Object.values(contract)) {
    if (access.kind === "anyone" || /^\/(account|session)/.test(path)) continue;
    const { status, body } = await admin.call(method, path.replaceAll(/\{\w+\}/g, "1"), {});
    expect([path, status, body["code"]]).toEqual([path, ...needed]);
    refused++;
  }
  expect(refused).toBeGreaterThan(50);
});

async function signIn(browser: Browser, name: string): Promise<void> {
  await browser.must("POST", "/session", { name, password: goodPassword });
}
