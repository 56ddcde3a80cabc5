/** Activity in a browser: the filter holds for what comes live, a pause holds it back, and a broken stream is replaced by asking. */

import { expect } from "bun:test";
import { texts } from "../../src/web/texts.ts";
import { testWith } from "../debian.ts";
import { openBrowser, settle } from "./browser.ts";
import { fillHome } from "./filled-home.ts";
import type { FilledHome } from "./filled-home.ts";

const timeoutMs = 120_000;
const words = texts.activity;

/** Both report; which of them is shown is the page's business. */
async function updateBoth(home: FilledHome, last: number): Promise<void> {
  await home.update({ host: "cam1.dyn.test", address: `203.0.113.${last}` }, home.login);
  await home.update({ host: "cam2.dyn.test", address: `203.0.113.${last}` }, home.login);
}

testWith(
  ["chromium"],
  "of two updates only the one that matches the filter is shown, live and after a pause",
  async () => {
    await using home = await fillHome();
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    await page.goto("/hosts");
    await settle(page);
    await page.keyboard.press("g");
    await page.keyboard.press("a");
    await page.getByRole("heading", { name: texts.menu.activity }).waitFor();
    await page.keyboard.press("/");
    await page.keyboard.type("host:cam2.dyn.test outcome:changed");
    await page.waitForURL(/q=host%3Acam2/);
    await page.getByText(words.noneFound).waitFor();
    await page.getByText(texts.common.live).waitFor();

    // Its turn comes first: when the other one is there, this one would be, too.
    await updateBoth(home, 31);
    const rows = page.locator(".receipts > li");
    await rows.first().waitFor();
    expect(await rows.allInnerTexts()).toEqual([expect.stringContaining("cam2.dyn.test")]);

    await page.getByRole("button", { name: words.pause }).press("Enter");
    await updateBoth(home, 32);
    const goOn = page.getByRole("button", { name: words.resume(1) });
    await goOn.waitFor();
    expect(await rows.count()).toBe(1);
    await goOn.press("Enter");
    await rows.nth(1).waitFor();
    expect(await rows.count()).toBe(2);

    await rows.first().locator("summary").press("Enter");
    await page.getByRole("link", { name: "cam2.dyn.test" }).waitFor();
    expect(await page.locator(".detail").innerText()).toContain("Camera/1.0 simulated");

    await page.getByText(words.exports).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: words.csv }).click(),
    ]);
    const file = await Bun.file(await download.path()).text();
    expect(file.trim().split("\r\n")).toHaveLength(3);
    expect(file).not.toContain("cam1");
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "where no stream can be held, a page asks by itself, and says so",
  async () => {
    await using home = await fillHome();
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    await page.route("**/api/v1/events*", (route) => route.abort());
    await page.goto("/activity");
    await page.getByText(texts.common.polling).waitFor();
    await updateBoth(home, 41);
    await page.locator(".receipts").getByText("203.0.113.41").first().waitFor();

    await page.goto("/hosts");
    await page.getByRole("table").getByText("203.0.113.41").first().waitFor();
    await updateBoth(home, 42);
    await page.getByRole("table").getByText("203.0.113.42").first().waitFor();
    // The stream comes back, and the list of hosts is told again.
    await page.unroute("**/api/v1/events*");
    await page.reload();
    await updateBoth(home, 43);
    await page.getByRole("table").getByText("203.0.113.43").first().waitFor();
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);
