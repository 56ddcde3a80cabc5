/**
 * Every page in light and dark, wide and at 360 px: nobody has to scroll sideways, axe finds nothing serious, the policy
 * is kept and no script fails. `npm test -- test/web --screenshots` keeps what was seen in `screenshots/`.
 */

import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { root } from "../../tools/step.ts";
import { testWith, tool } from "../debian.ts";
import { findObstacles } from "./axe.ts";
import { findWide, keepScreenshot, openBrowser, overflowPx, settle } from "./browser.ts";
import type { OpenBrowser, View } from "./browser.ts";
import { fillHome } from "./filled-home.ts";
import type { FilledHome } from "./filled-home.ts";

/** Where each page of `src/web/page-table.ts` is looked at. */
const places: Readonly<Record<string, readonly string[]>> = {
  "/": ["/"],
  "/hosts": ["/hosts", "/hosts?new=", "/hosts?q=nothing-like-this"],
  "/hosts/import": ["/hosts/import"],
  "/hosts/{name}": ["/hosts/cam1.dyn.test"],
  "/hosts/{name}/{tab}": [
    "/hosts/cam1.dyn.test/guide",
    "/hosts/cam1.dyn.test/alerts",
    "/hosts/cam1.dyn.test/danger",
  ],
  "/activity": ["/activity", "/activity?q=nothing-like-this"],
  "/logins": ["/logins", "/logins?new="],
  "/tokens": ["/tokens", "/tokens?new="],
  "/account": ["/account"],
  "/admin": ["/admin"],
  "/admin/zones": ["/admin/zones", "/admin/zones?new="],
  "/admin/zones/{zone}": ["/admin/zones/dyn.test", "/admin/zones/dyn.test?q=nothing-like-this"],
  "/admin/zones/{zone}/{tab}": [
    "/admin/zones/dyn.test/delegation",
    "/admin/zones/dyn.test/danger",
    "/admin/zones/dyn.example.net/delegation",
  ],
  "/admin/users": ["/admin/users", "/admin/users?invite=", "/admin/users?q=nobody-like-this"],
  "/admin/users/{name}": ["/admin/users/bob", "/admin/users/ada"],
  "/admin/settings": ["/admin/settings", "/admin/settings?q=mail"],
  "/admin/brand": ["/admin/brand"],
  "/admin/adapters": [
    "/admin/adapters",
    "/admin/adapters?id=dyndns",
    "/admin/adapters?import=",
    "/admin/adapters?q=nothing-like-this",
  ],
  "/admin/adapters/lab": ["/admin/adapters/lab"],
  "/admin/held": ["/admin/held", "/admin/held?hold="],
  "/admin/audit": ["/admin/audit", "/admin/audit?q=nothing-like-this"],
  "/guides": ["/guides"],
  "/guides/{id}": ["/guides/fritzbox", "/guides/ddclient", "/guides/cgnat"],
};

const views: readonly View[] = [
  { scheme: "light", widthPx: 1_280 },
  { scheme: "dark", widthPx: 1_280 },
  { scheme: "light", widthPx: 360 },
  { scheme: "dark", widthPx: 360 },
];
/** Colours and layout differ between these two in all that axe looks at. */
const axeViews = new Set([views[0], views[3]]);

const timeoutMs = 120_000;
const patterns = [
  ...readFileSync(`${root}src/web/page-table.ts`, "utf8").matchAll(/\bpath: "([^"]+)"/g),
].map((match) => match[1] ?? "");

test("every page of the table is looked at", () => {
  expect(patterns.length).toBeGreaterThan(3);
  expect(patterns.filter((pattern) => places[pattern] === undefined)).toEqual([]);
});

describe("pages", () => {
  let home: FilledHome;
  let browser: OpenBrowser;
  beforeAll(async () => {
    if (tool("chromium") === undefined) return;
    [home, browser] = await Promise.all([fillHome(), openBrowser()]);
  }, timeoutMs);
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await home?.[Symbol.asyncDispose]();
  });

  for (const view of views) {
    const { scheme, widthPx } = view;
    testWith(
      ["chromium"],
      `every page in ${scheme} at ${widthPx} px`,
      async () => {
        await using open = await browser.open(home.origin, view, home.admin.cookies);
        const faults: string[] = [];
        for (const place of Object.values(places).flat()) {
          await open.page.goto(place);
          await settle(open.page);
          faults.push(...(await look(open.page, place, view)));
        }
        expect(faults).toEqual([]);
        expect(open.complaints).toEqual([]);
      },
      timeoutMs,
    );

    testWith(
      ["chromium"],
      `what a stranger sees in ${scheme} at ${widthPx} px`,
      async () => {
        await using open = await browser.open(home.origin, view);
        await open.page.goto("/");
        await settle(open.page);
        expect(await look(open.page, "/sign-in", view)).toEqual([]);
        expect(open.complaints).toEqual([]);
      },
      timeoutMs,
    );
  }
});

async function look(
  page: Parameters<typeof overflowPx>[0],
  place: string,
  view: View,
): Promise<readonly string[]> {
  await keepScreenshot(
    page,
    `${place.replaceAll(/[^a-z0-9.]+/gi, "-")}-${view.scheme}-${view.widthPx}`,
  );
  const over = await overflowPx(page);
  const wide = over === 0 ? [] : [`${over} px too wide: ${(await findWide(page)).join(", ")}`];
  const obstacles = axeViews.has(view) ? await findObstacles(page) : [];
  return [...wide, ...obstacles].map((fault) => `${place}: ${fault}`);
}
