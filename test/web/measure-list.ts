/** How long the list of hosts takes to show, within a page that has begun. */

import type { Page } from "playwright-core";
import { texts } from "../../src/web/texts.ts";

export const loads = 20;

/** From the click on the rail to the rows, in a page that has begun. */
export async function measureList(page: Page): Promise<number> {
  const times: number[] = [];
  for (let load = 0; load < loads; load++) {
    await page.getByRole("link", { name: texts.menu.guides }).first().click();
    await page.getByRole("heading", { name: texts.guide.title }).first().waitFor();
    const startedAt = performance.now();
    await page.getByRole("link", { name: texts.menu.hosts }).first().click();
    await page.getByRole("row").nth(1).waitFor();
    times.push(performance.now() - startedAt);
  }
  return p95(times);
}

/** The 95th of a hundred. */
export function p95(figures: readonly number[]): number {
  return figures.toSorted((a, b) => a - b)[Math.ceil(figures.length * 0.95) - 1] ?? Number.NaN;
}
