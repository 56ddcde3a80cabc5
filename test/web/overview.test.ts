/** The overview as it lives: what devices do is seen there without a load, and by asking where events do not come. */

import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { testWith } from "../debian.ts";
import { keepScreenshot, openBrowser, settle } from "./browser.ts";
import { fillHome } from "./filled-home.ts";
import { zone } from "./web-home.ts";

const timeoutMs = 120_000;
const host = `cam1.${zone}`;

testWith(
  ["chromium"],
  "what devices do appears in numbers and in the table of the chart, once a second",
  async () => {
    await using home = await fillHome();
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    await page.goto("/admin");
    await settle(page);
    await page.getByText("live", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Show as table" }).first().click();
    const rows = page.getByRole("table", { name: "Per second" }).locator("tbody tr");
    const updates = rows.locator("td:nth-child(2)");
    await updates.first().waitFor();
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    for (let last = 1; last <= 7; last++)
      await home.update({ host, address: `203.0.113.${last}` }, home.login);
    // Two changes and a wrong login were there before.
    await shows(page, "changed (good)", "9 (90 %)");
    expect(asked.filter((url) => url.includes("/overview")).length).toBeLessThan(2);
    await updates.filter({ hasText: /[1-9]/ }).first().waitFor();
    await keepScreenshot(page, "overview-live");
    await page.getByRole("link", { name: /Current/ }).click();
    await page.getByRole("link", { name: "cam1.dyn.test" }).waitFor();
    expect(new URL(page.url()).search).toBe("?q=state%3Acurrent");
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "where no events come the page asks by itself",
  async () => {
    await using home = await fillHome();
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    await page.route("**/api/v1/events*", (route) => route.abort());
    await page.goto("/admin");
    await settle(page);
    await page.getByText("asked every 5 s").waitFor();
    await home.update({ host, address: "203.0.113.99" }, home.login);
    await shows(page, "changed (good)", "3 (75 %)");
  },
  timeoutMs,
);

async function shows(page: Page, title: string, text: string): Promise<void> {
  const fact = page.locator(".facts > div", { hasText: title });
  await fact.getByText(text).waitFor();
}
