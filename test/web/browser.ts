/** Chromium, driven as a person would: pages that gather what the browser says against them. */

import { mkdir } from "node:fs/promises";
import { chromium } from "playwright-core";
import type { Browser, Page } from "playwright-core";
import { root } from "../../tools/step.ts";
import { tool } from "../debian.ts";

/** Debian's package; tests that need it are made by `testWith(["chromium"], …)`. */
const executable = "chromium";

const chromiumArgs = [
  "--no-sandbox", // it will not run as root otherwise
  "--disable-quic",
  "--disable-background-networking",
];

/** Generous: the machine may be loaded. */
const waitMs = 20_000;

export interface View {
  readonly scheme: "light" | "dark";
  readonly widthPx: number;
}

export const wideAndLight: View = { scheme: "light", widthPx: 1_280 };
const highPx = 900;

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Since the page was opened: reports of the Content Security Policy and errors of scripts. */
  readonly complaints: readonly string[];
}

export interface OpenBrowser extends AsyncDisposable {
  /** With cookies of its own, as in a private window, unless some are given. */
  open(origin: string, view?: View, cookies?: Cookies): Promise<OpenPage>;
}

type Cookies = Parameters<ReturnType<Page["context"]>["addCookies"]>[0];

export async function openBrowser(): Promise<OpenBrowser> {
  const path = tool(executable);
  if (path === undefined) throw new Error("Chromium is not installed; .ci/run installs it");
  const browser = await chromium.launch({ executablePath: path, args: chromiumArgs });
  return {
    open: (origin, view = wideAndLight, cookies = []) => openPage(browser, origin, view, cookies),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

async function openPage(
  browser: Browser,
  origin: string,
  { scheme, widthPx }: View,
  cookies: Cookies,
): Promise<OpenPage> {
  const context = await browser.newContext({
    baseURL: origin,
    colorScheme: scheme,
    viewport: { width: widthPx, height: highPx },
    reducedMotion: "reduce",
    locale: "en-GB",
    timezoneId: "UTC",
  });
  context.setDefaultTimeout(waitMs);
  if (cookies.length > 0) await context.addCookies(cookies);
  const complaints: string[] = [];
  await context.exposeFunction("tellReport", (report: string) => void complaints.push(report));
  await context.addInitScript(listenForReports);
  const page = await context.newPage();
  page.on("pageerror", (error) => complaints.push(`script: ${error.message}`));
  return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
}

/** Runs in the page before its own scripts. By text, since this project's own code knows no DOM. */
const listenForReports = `addEventListener("securitypolicyviolation", (event) => {
  const { effectiveDirective, blockedURI, sample } = event;
  tellReport("policy: " + effectiveDirective + " " + blockedURI + " " + sample);
});`;

/** Waits until the page shows what it came for: a heading, and nothing that still loads. */
export async function settle(page: Page): Promise<void> {
  await page.locator("h1").first().waitFor();
  // `waitForFunction` is no way: it calls eval in the page, and the policy reports that.
  const loading = page.locator(".loading, [aria-busy=true]");
  for (let waitedMs = 0; (await loading.count()) > 0; waitedMs += pollMs) {
    if (waitedMs > waitMs) throw new Error(`${page.url()} did not stop loading`);
    await Bun.sleep(pollMs);
  }
}

const pollMs = 50;

/** How much wider than the window the page is; 0 where nobody has to scroll sideways. */
export async function overflowPx(page: Page): Promise<number> {
  const found: unknown = await page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  return Number(found);
}

/** What stands out, with its width, to say where a page is too wide. */
export async function findWide(page: Page): Promise<readonly string[]> {
  const found: unknown = await page.evaluate(`[...document.body.querySelectorAll("*")]
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1)
    .slice(0, 5)
    .map((element) => element.tagName + "." + element.className)`);
  return Array.isArray(found) ? found.map(String) : [];
}

const screenshotFolder = `${root}screenshots`;

/** Written for people to look at, where `npm test -- test/web --screenshots` asks for them. */
export async function keepScreenshot(page: Page, name: string): Promise<void> {
  if (process.env["NAMEWARD_TEST_SCREENSHOTS"] === undefined) return;
  await mkdir(screenshotFolder, { recursive: true });
  await page.screenshot({ path: `${screenshotFolder}/${name}.png`, fullPage: true });
}
