/** Texts that strangers and owners can write (notes, what a device calls itself, user names) are shown as text and do nothing. */

import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { testWith } from "../debian.ts";
import { openBrowser, settle } from "./browser.ts";
import type { OpenPage } from "./browser.ts";
import { fillHome } from "./filled-home.ts";
import { zone } from "./web-home.ts";

const timeoutMs = 120_000;

/** Each breaks out of another place: text, attribute, script, style, template, address. */
const polyglots = [
  `"'><img src=x class=hostile onerror=tellReport('ran')>`,
  `</script><script>tellReport('ran')</script>`,
  `<svg class=hostile onload=tellReport('ran')>`,
  `javascript:tellReport('ran')//`,
  "{{tellReport('ran')}}${tellReport('ran')}",
] as const;

const host = `cam1.${zone}`;
const places = [
  "/hosts",
  `/hosts/${host}`,
  `/hosts/${host}/alerts`,
  `/hosts/${host}/guide`,
  "/activity",
  "/logins",
  "/tokens",
  "/account",
  "/admin",
  "/admin/held",
  "/admin/adapters",
] as const;

testWith(
  ["chromium"],
  "hostile notes, user names and User-Agents of failed updates are shown as text",
  async () => {
    await using home = await fillHome();
    const wrong = { ...home.login, password: "another" };
    const note = polyglots.join(" ");
    await home.admin.call("PATCH", `/hosts/${host}`, { note });
    for (const userAgent of polyglots) {
      const sent = { host, address: "203.0.113.9", userAgent };
      expect(await home.update(sent, wrong)).toBe("badauth");
      expect(await home.update(sent, { ...wrong, username: userAgent })).toBe("badauth");
      await home.update(sent, home.login); // and it is what the host's device last called itself
    }
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    page.on("dialog", (dialog) => void dialog.dismiss());
    for (const place of places) {
      await page.goto(place);
      await settle(page);
      expect([place, ...(await findHostile(open))]).toEqual([place]);
    }
    await page.goto(`/hosts/${host}`);
    await settle(page);
    await openReceipts(page);
    const shown = await page.locator(".receipts").innerText();
    for (const text of polyglots) expect(shown).toContain(text);
    expect(await findHostile(open)).toEqual([]);

    // Negative control: were the text taken for HTML, this is what would be seen.
    await page.evaluate(`{
      const image = document.createElement("img");
      image.className = "hostile";
      try { image.setAttribute("onerror", "tellReport('ran')"); } catch {}
      image.src = "x";
      document.body.append(image);
    }`);
    const found = (await findHostile(open)).join("\n");
    expect(found).toContain("1 elements");
    expect(found).toContain("policy: require-trusted-types-for");
  },
  timeoutMs,
);

/** Elements that were made of text, scripts that ran, reports of the policy. */
async function findHostile({ page, complaints }: OpenPage): Promise<readonly string[]> {
  const made = await page.locator(".hostile, script:not([src])").count();
  return [...complaints, ...(made === 0 ? [] : [`${made} elements`])];
}

async function openReceipts(page: Page): Promise<void> {
  const rows = page.locator(".receipts summary");
  await rows.first().waitFor();
  for (const row of await rows.all()) await row.click();
}
