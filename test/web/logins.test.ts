/** Device logins by the page: one that is made sets its host over the device port, is replaced with overlap, and ends when it is revoked. */

import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { texts } from "../../src/web/texts.ts";
import { testWith } from "../debian.ts";
import { openBrowser } from "./browser.ts";
import { fillHome } from "./filled-home.ts";
import type { Login } from "./send-update.ts";

const timeoutMs = 120_000;
const words = texts.logins;
const nas = { host: "nas.dyn.test", address: "203.0.113.21" };

testWith(
  ["chromium"],
  "a login made by the page sets its host and no other; both work until the replaced one is revoked",
  async () => {
    await using home = await fillHome();
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    await page.goto("/logins");
    await page.getByRole("button", { name: words.add }).press("Enter");
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type(nas.host);
    await page.getByLabel(words.fields.from).fill("127.0.0.0/8 203.0.113.0/24");
    await page.getByLabel(words.fields.defaultHost).fill(nas.host);
    await page.getByLabel(words.accepted.token).check();
    await page.getByLabel(words.fields.username).fill("cellar");
    await page.keyboard.press("Enter");
    const first = await readMade(page);
    expect(first.username).toBe("cellar");
    await page.getByText(`May set addresses of ${nas.host}, from 127.0.0.0/8`).waitFor();
    await page.getByText(words.defaultIs(nas.host)).waitFor();
    await home.hasLogin(first);
    expect(await home.update(nas, first)).toBe(`good ${nas.address}`);
    expect(await home.update({ ...nas, host: "cam1.dyn.test" }, first)).toBe("nohost");
    // Told as it happens, and there when the page is loaded anew.
    const row = page.getByRole("row").filter({ hasText: "cellar" });
    await row.getByText("Camera/1.0 simulated").waitFor();
    await page.reload();
    await row.getByText("Camera/1.0 simulated").waitFor();

    await page.getByRole("button", { name: words.replaceThis("cellar") }).press("Enter");
    await page.getByRole("button", { name: words.replaceDo }).press("Enter");
    await page.getByText(words.overlap("cellar")).waitFor();
    const second = await readMade(page);
    expect(second.username).not.toBe("cellar");
    await home.hasLogin(second);
    expect(await home.update({ ...nas, address: "203.0.113.22" }, second)).toStartWith("good");
    expect(await home.update({ ...nas, address: "203.0.113.23" }, first)).toStartWith("good");

    await page.getByRole("button", { name: words.revokeThis("cellar") }).press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: words.revoke }).press("Enter");
    await page.getByRole("cell", { name: "cellar", exact: true }).waitFor({ state: "detached" });
    expect(await home.update({ ...nas, address: "203.0.113.24" }, first)).toBe("badauth");
    expect(await home.update({ ...nas, address: "203.0.113.24" }, second)).toStartWith("good");

    await page.getByLabel(words.ofHost).fill("cam1.dyn.test");
    await page.getByRole("cell", { name: home.login.username, exact: true }).waitFor();
    await page
      .getByRole("cell", { name: second.username, exact: true })
      .waitFor({ state: "detached" });
    expect(page.url()).toContain("q=cam1.dyn.test");

    // The row as a whole leads to the hosts that the login is for.
    await page.getByRole("link", { name: home.login.username }).press("Enter");
    await page.getByRole("heading", { name: texts.hosts.title }).first().waitFor();
    await page.getByText(texts.hosts.shown(2)).waitFor();
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "what is more than a page of logins is shown when it is asked for",
  async () => {
    await using home = await fillHome();
    for (let made = 0; made < 55; made++)
      await home.admin.call("POST", "/logins", { hosts: [nas.host] });
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    await page.goto("/logins");
    await page.getByText(words.shown(50)).waitFor();
    await page.getByRole("button", { name: texts.common.more }).press("Enter");
    await page.getByText(words.shown(56)).waitFor();
    expect(await page.getByRole("row").count()).toBe(57);
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

async function readMade(page: Page): Promise<Login> {
  const values = page.locator(".shown-once .value code");
  await values.first().waitFor();
  const [username = "", password = ""] = await values.allInnerTexts();
  return { username, password };
}
