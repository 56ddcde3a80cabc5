/** The browser tests would notice: a page that breaks its policy, one that is too wide, one that axe dislikes. */

import { expect } from "bun:test";
import { testWith } from "../debian.ts";
import { findObstacles } from "./axe.ts";
import { findWide, openBrowser, overflowPx } from "./browser.ts";
import { startWebHome } from "./web-home.ts";

const timeoutMs = 60_000;

testWith(
  ["chromium"],
  "an inline script and a string for innerHTML are refused and told",
  async () => {
    await using home = await startWebHome();
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin);
    await open.page.goto("/");
    expect(open.complaints).toEqual([]);
    await open.page.evaluate(`{
      const link = document.createElement("img");
      link.src = "https://elsewhere.test/pixel";
      document.body.append(link);
      try { document.body.innerHTML = "<b>text</b>"; } catch {}
    }`);
    await open.page.waitForTimeout(200);
    const told = open.complaints.join("\n");
    expect(told).toContain("policy: img-src https://elsewhere.test/pixel");
    expect(told).toContain("policy: require-trusted-types-for");
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "a page that is too wide or hard to read is found",
  async () => {
    await using home = await startWebHome();
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, { scheme: "light", widthPx: 360 });
    await open.page.goto("/");
    await open.page.waitForSelector("h1");
    expect(await overflowPx(open.page)).toBe(0);
    expect(await findObstacles(open.page)).toEqual([]);
    await open.page.evaluate(`{
      const box = document.createElement("input");
      box.className = "too-wide";
      box.style.width = "500px";
      document.body.append(box);
    }`);
    expect(await overflowPx(open.page)).toBeGreaterThan(0);
    expect((await findWide(open.page)).join()).toContain("INPUT.too-wide");
    expect((await findObstacles(open.page)).join()).toContain("label");
  },
  timeoutMs,
);
