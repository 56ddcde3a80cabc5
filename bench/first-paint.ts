/**
 * `npm run bench:first-paint`: what a browser waits for until the dashboard shows something, in real Chromium against a
 * real server on this machine. Prints; asserts nothing.
 */

import type { Page } from "playwright-core";
import { openBrowser } from "../test/web/browser.ts";
import { fillHome } from "../test/web/filled-home.ts";
import { median, printTable } from "./print-table.ts";

const rounds = 20;
const places = ["/", "/hosts", "/hosts/cam1.dyn.test", "/guides"] as const;

/** Milliseconds since the navigation began; octets as they came over the wire. */
interface Paint {
  readonly firstPaintMs: number;
  readonly headingMs: number;
  readonly octets: number;
}

await using home = await fillHome();
await using browser = await openBrowser();

const lines: string[][] = [];
for (const place of places) {
  const cold = await measure(place, false);
  const warm = await measure(place, true);
  lines.push(
    [place, "first visit", ...printPaints(cold)],
    [place, "files in the cache", ...printPaints(warm)],
  );
}
console.log(printTable(["page", "", "first paint ms", "p95", "heading ms", "p95", "KB"], lines, 2));

async function measure(place: string, isWarm: boolean): Promise<readonly Paint[]> {
  const paints: Paint[] = [];
  for (let round = 0; round < rounds; round++) {
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    if (isWarm) {
      await open.page.goto(place);
      await open.page.locator("h1").first().waitFor();
    }
    await open.page.goto(place);
    await open.page.locator("h1").first().waitFor();
    const headingMs = Number(await open.page.evaluate("performance.now()"));
    const firstPaintMs = await readFirstPaint(open.page);
    const octets = Number(
      await open.page.evaluate(
        `[...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
          .reduce((sum, { transferSize }) => sum + transferSize, 0)`,
      ),
    );
    paints.push({ firstPaintMs, headingMs, octets });
  }
  return paints;
}

/** The browser tells it a frame or two later. */
async function readFirstPaint(page: Page): Promise<number> {
  for (;;) {
    const told: unknown = await page.evaluate(
      `performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? null`,
    );
    if (typeof told === "number") return told;
    await Bun.sleep(10);
  }
}

function printPaints(paints: readonly Paint[]): readonly string[] {
  const ofPaint = paints.map(({ firstPaintMs }) => firstPaintMs);
  const ofHeading = paints.map(({ headingMs }) => headingMs);
  return [
    ...[median(ofPaint), p95(ofPaint), median(ofHeading), p95(ofHeading)].map((ms) =>
      ms.toFixed(0),
    ),
    (median(paints.map(({ octets }) => octets)) / 1_024).toFixed(1),
  ];
}

function p95(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.ceil(figures.length * 0.95) - 1] ?? Number.NaN;
}
