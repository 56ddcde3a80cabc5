/** The list of 100,000 hosts as the browser shows it: never all of them at once, and a search finds the last. Prints how long. */

import { rm } from "node:fs/promises";
import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { fillStore } from "../../bench/fill-store.ts";
import { testWith } from "../debian.ts";
import { makeDataFolder } from "../server.ts";
import { openBrowser } from "./browser.ts";
import { loads, measureList, p95 } from "./measure-list.ts";
import { admin, startWebHome } from "./web-home.ts";

const timeoutMs = 180_000;
const hosts = 100_000;
const shownMax = 200;

testWith(
  ["chromium"],
  "a page of 100,000 hosts holds its part of them, and a search finds what is behind it",
  async () => {
    const data = await makeDataFolder();
    try {
      await fillStore(data, hosts);
      await using home = await startWebHome([], data);
      const { cookies } = await home.signIn(admin);
      await using browser = await openBrowser();
      await using open = await browser.open(home.origin, undefined, cookies);
      const list = await measure(open.page, "/hosts");
      const search = await measure(open.page, "/hosts?q=cam4242+-state:silent");
      expect(await open.page.getByRole("row").count()).toBe(1 + 11); // cam4242, cam42420 … cam42429
      const within = await measureList(open.page);
      const figures = Object.entries({ "page anew": list, "search anew": search, within })
        .map(([what, ms]) => `${what} ${ms.toFixed(0)} ms`)
        .join(", ");
      process.stderr.write(`p95 of ${loads} at ${hosts} hosts: ${figures}\n`);
      expect(open.complaints).toEqual([]);
    } finally {
      await rm(data, { recursive: true, force: true });
    }
  },
  timeoutMs,
);

/** From the navigation to the rows on the screen; the 95th of a hundred. */
async function measure(page: Page, place: string): Promise<number> {
  const times: number[] = [];
  for (let load = 0; load < loads; load++) {
    await page.goto(place);
    const rows = page.getByRole("row");
    await rows.nth(1).waitFor();
    times.push(Number(await page.evaluate("performance.now()")));
    expect(await rows.count()).toBeLessThanOrEqual(shownMax + 1);
  }
  return p95(times);
}
