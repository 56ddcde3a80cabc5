/** What a person does to a host by hand: addresses set and fixed, and its device, which goes on reporting. */

import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { printRdata } from "../../src/dns/record-types.ts";
import { texts } from "../../src/web/texts.ts";
import { testWith } from "../debian.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { openBrowser } from "./browser.ts";
import { fillHome } from "./filled-home.ts";
import type { FilledHome } from "./filled-home.ts";

const host = "cam1.dyn.test";
const words = texts.host;
const timeoutMs = 60_000;

testWith(
  ["chromium"],
  "an address set by hand and fixed stays whatever the device says, until it may follow again",
  async () => {
    await using home = await fillHome();
    await using browser = await openBrowser();
    const view = { scheme: "light", widthPx: 1_280 } as const;
    await using open = await browser.open(home.origin, view, home.admin.cookies);
    const { page } = open;
    await page.goto(`/hosts/${host}`);

    await page.getByRole("button", { name: words.setByHand }).click();
    await page.getByLabel(words.v4).fill("203.0.113.300");
    await save(page);
    await page.getByText("Not an IPv4 address.").first().waitFor();
    expect(await page.getByLabel(words.v4).inputValue()).toBe("203.0.113.300");
    await page.getByLabel(words.v4).fill("203.0.113.55");
    await page.getByText(words.fixToo).click();
    await save(page);
    await page.getByText(texts.states.fixed).first().waitFor();
    expect(await resolve(home)).toEqual(["203.0.113.55"]);

    const camera = { host, address: "203.0.113.66" };
    expect(await home.update(camera, home.login)).toBe("nochg 203.0.113.66");
    await page.getByText("recorded and not applied").first().waitFor();
    expect(await resolve(home)).toEqual(["203.0.113.55"]);

    await page.getByText(words.more, { exact: true }).click();
    await page.getByRole("button", { name: words.unfix }).click();
    await page.getByText(texts.states.current).first().waitFor();
    expect(await home.update(camera, home.login)).toBe("good 203.0.113.66");
    expect(await resolve(home)).toEqual(["203.0.113.66"]);
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

async function save(page: Page): Promise<void> {
  await page.getByRole("button", { name: texts.common.save }).click();
}

async function resolve({ server }: FilledHome): Promise<readonly string[]> {
  const { answers } = await ask(server.dns, "udp", host, "A");
  return answers.map(({ type, rdata }) => printRdata(type, rdata));
}
