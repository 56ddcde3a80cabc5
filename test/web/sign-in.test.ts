/** Signing in by the page: with a password, a second factor, a recovery code; and out again. */

import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { sessionCookie } from "../../src/api/identify.ts";
import { texts } from "../../src/web/texts.ts";
import { testWith } from "../debian.ts";
import { openBrowser } from "./browser.ts";
import { enrol } from "./enrol.ts";
import { totpCode } from "./totp.ts";
import { admin, other, startWebHome } from "./web-home.ts";

const timeoutMs = 120_000;

testWith(
  ["chromium"],
  "a person signs in and out by the page, and a wrong password is told",
  async () => {
    await using home = await startWebHome();
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin);
    const { page } = open;
    await page.goto("/");
    await fillSignIn(page, other.name, "not the password");
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).not.toContain("not the password");

    await fillSignIn(page, other.name, other.password);
    await page.getByRole("heading", { name: texts.hosts.title }).first().waitFor();
    const cookies = await page.context().cookies();
    expect(cookies).toMatchObject([
      { name: sessionCookie, httpOnly: true, secure: true, sameSite: "Lax", path: "/" },
    ]);

    await page.getByRole("button", { name: texts.menu.signOut }).first().click();
    await page.getByRole("heading", { name: texts.signIn.title }).waitFor();
    // What the browser held is worth nothing now, also to who kept a copy of it.
    const reply = await fetch(`${home.origin}/api/v1/account`, {
      headers: { Cookie: `${sessionCookie}=${cookies[0]?.value ?? ""}` },
    });
    expect(reply.status).toBe(401);
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "with a second factor a code is asked for, a used one is refused, and a recovery code works once",
  async () => {
    await using home = await startWebHome();
    const { secret, recoveryCodes } = await enrol(await home.signIn(admin));
    await using browser = await openBrowser();
    // A code holds for its step and the one before and after; the one of the enrolment is used up.
    const code = totpCode(secret, Date.now() + 30_000);
    await using first = await browser.open(home.origin);
    await first.page.goto("/");
    await fillSignIn(first.page, admin.name, admin.password);
    await first.page.getByLabel(texts.signIn.code).fill(code);
    await first.page.getByRole("button", { name: texts.signIn.confirm }).click();
    await first.page.getByRole("heading", { name: texts.hosts.title }).first().waitFor();

    await using again = await browser.open(home.origin);
    await again.page.goto("/");
    await fillSignIn(again.page, admin.name, admin.password);
    await again.page.getByLabel(texts.signIn.code).fill(code);
    await again.page.getByRole("button", { name: texts.signIn.confirm }).click();
    await again.page.getByRole("alert").waitFor();

    await again.page.getByRole("button", { name: texts.signIn.useRecovery }).click();
    await again.page.getByLabel(texts.signIn.recovery).fill(recoveryCodes[0] ?? "");
    await again.page.getByRole("button", { name: texts.signIn.confirm }).click();
    await again.page.getByRole("heading", { name: texts.hosts.title }).first().waitFor();
    expect([...first.complaints, ...again.complaints]).toEqual([]);
  },
  timeoutMs,
);

async function fillSignIn(page: Page, name: string, password: string): Promise<void> {
  await page.getByLabel(texts.signIn.name).fill(name);
  await page.getByLabel(texts.signIn.password, { exact: true }).fill(password);
  await page.getByRole("button", { name: texts.signIn.submit, exact: true }).click();
}
