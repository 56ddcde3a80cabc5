/** The own account by the page: a second factor enrolled and used, recovery codes renewed, sessions ended, and leaving taken back. */

import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { texts } from "../../src/web/texts.ts";
import { testWith } from "../debian.ts";
import { startSmtpServer } from "../smtp-server.ts";
import type { SmtpServer } from "../smtp-server.ts";
import { openBrowser, settle } from "./browser.ts";
import { totpCode } from "./totp.ts";
import { other, startWebHome } from "./web-home.ts";

const timeoutMs = 120_000;
const words = texts.account;

testWith(
  ["chromium"],
  "an app enrolled by the page signs in with its code; renewed recovery codes work and the old ones end",
  async () => {
    await using home = await startWebHome();
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin);
    const { page } = open;
    await page.goto("/account");
    await signIn(page);
    await page.getByRole("button", { name: words.enrol }).press("Enter");
    const secret = await page.locator("form .value code").innerText();
    // The field of the code has the focus.
    await page.keyboard.type(totpCode(secret, Date.now()));
    await page.keyboard.press("Enter");
    const first = await readCodes(page);
    expect(first).toHaveLength(10);
    await page.getByText(words.totpOn).waitFor();
    await page.getByRole("cell", { name: "totp.add" }).waitFor();

    await page.getByRole("button", { name: words.renew }).press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: words.renew }).press("Enter");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    const second = await readCodes(page);
    expect(second).toHaveLength(10);
    expect(second).not.toContain(first[0] ?? "");

    await signOut(page);
    await signIn(page);
    // A code holds for its step and the one before and after; the one of the enrolment is used up.
    await page.getByLabel(texts.signIn.code).fill(totpCode(secret, Date.now() + 30_000));
    await page.keyboard.press("Enter");
    await page.getByText(words.totpOn).waitFor();

    await signOut(page);
    await signIn(page);
    await page.getByRole("button", { name: texts.signIn.useRecovery }).press("Enter");
    await page.getByLabel(texts.signIn.recovery).fill(first[0] ?? "");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await page.getByLabel(texts.signIn.recovery).fill(second[0] ?? "");
    await page.keyboard.press("Enter");
    await page.getByText(words.codesLeft(9)).waitFor();

    await page.getByRole("button", { name: words.remove }).press("Enter");
    await page.getByText(words.removeSaysLast).waitFor();
    await page.getByRole("dialog").getByRole("button", { name: words.remove }).press("Enter");
    await page.getByText(words.totpOff).waitFor();
    await signOut(page);
    await signIn(page);
    await page.getByText(words.totpOff).waitFor();
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "another password ends the other sessions and the list shows it; an account that goes can be kept",
  async () => {
    await using home = await startWebHome();
    await using browser = await openBrowser();
    const elsewhere = await home.signIn(other);
    await using open = await browser.open(home.origin);
    const { page } = open;
    await page.goto("/account");
    await signIn(page);
    await settle(page);
    const sessions = page.getByRole("table", { name: words.sessions }).getByRole("row");
    await sessions.nth(2).waitFor();
    await page.getByLabel(words.current).fill(other.password);
    await page.getByLabel(words.next, { exact: true }).fill("eleven owls read by lamplight");
    await page.keyboard.press("Enter");
    await page.getByText(words.changed).waitFor();
    await sessions.nth(2).waitFor({ state: "detached" });
    await expect(elsewhere.call("GET", "/account")).rejects.toThrow("401");

    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: words.export }).click(),
    ]);
    const file: unknown = await Bun.file(await download.path()).json();
    expect(file).toMatchObject({ account: { name: other.name }, hosts: [] });

    await page.getByRole("button", { name: words.delete }).press("Enter");
    const confirm = page.getByRole("button", { name: words.deleteDo });
    expect(await confirm.isDisabled()).toBe(true);
    await page.keyboard.type(other.name);
    await page.keyboard.press("Enter");
    await page.getByText(words.leavingSays).waitFor();
    await page.getByRole("button", { name: words.keep }).press("Enter");
    await page.getByText(words.leavingSays).waitFor({ state: "detached" });
    await page.getByRole("cell", { name: "account.keep" }).waitFor();

    await page.getByLabel(words.newMail).fill("bob@example.net");
    await page.keyboard.press("Enter");
    await page.getByText("This service sends no mail").waitFor();
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "another mail address holds when its link was opened, by who is signed in or signs in for it",
  async () => {
    await using smtp = await startSmtpServer();
    await using home = await startWebHome(["--smtp-url", smtp.url, "--mail-from", "dns@dyn.test"]);
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin);
    const { page } = open;
    await page.goto("/account");
    await signIn(page);
    await page.getByLabel(words.newMail).fill("bob@example.net");
    await page.keyboard.press("Enter");
    await page.getByText(words.mailSent("bob@example.net")).waitFor();
    await page.getByText(words.noMail).waitFor();
    await signOut(page);

    await page.goto(await readLink(smtp));
    await page.getByText(texts.links.confirmSignIn).waitFor();
    await signIn(page);
    await page.getByRole("heading", { name: texts.hosts.title }).first().waitFor();
    await page.goto("/account");
    await page.getByText("bob@example.net", { exact: true }).waitFor();
    expect(await page.getByText(words.unconfirmed).count()).toBe(0);
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

/** Of the mail that comes; its lines are joined where it was written as quoted-printable. */
async function readLink({ mails }: SmtpServer): Promise<string> {
  for (let tries = 0; tries < 200; tries++) {
    const link = /http:\S+#confirm=[\w-]+/.exec(
      (mails[0]?.data ?? "").replaceAll("=\r\n", "").replaceAll("=3D", "="),
    );
    if (link !== null) return link[0];
    await Bun.sleep(50);
  }
  throw new Error(`No link came: ${mails[0]?.data ?? "no mail"}`);
}

async function signIn(page: Page): Promise<void> {
  await page.getByLabel(texts.signIn.name).fill(other.name);
  await page.getByLabel(texts.signIn.password, { exact: true }).fill(other.password);
  await page.keyboard.press("Enter");
}

async function signOut(page: Page): Promise<void> {
  await page.getByRole("button", { name: texts.menu.signOut }).first().click();
  await page.getByRole("heading", { name: texts.signIn.title }).waitFor();
}

async function readCodes(page: Page): Promise<readonly string[]> {
  const codes = page.locator(".shown-once pre");
  await codes.waitFor();
  return (await codes.innerText()).split("\n");
}
