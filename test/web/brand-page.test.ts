/** The operator's name, colours, logo and words, set by the page and seen by a stranger; hostile ones stay text. */

import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { texts } from "../../src/web/texts.ts";
import { testWith } from "../debian.ts";
import { openBrowser, settle } from "./browser.ts";
import { admin, startWebHome } from "./web-home.ts";

const timeoutMs = 120_000;
const words = texts.brand;
const shapes = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z" fill="#a00"/></svg>`;

testWith(
  ["chromium"],
  "name, colour and logo that are set by the page are what a stranger sees, in light and in dark",
  async () => {
    await using home = await startWebHome();
    await using browser = await openBrowser();
    const { cookies } = await home.signIn(admin);
    await using open = await browser.open(home.origin, undefined, cookies);
    const { page } = open;
    await page.goto("/admin/brand");
    await page.getByLabel(words.name, { exact: true }).fill("Camera DNS");
    await page.getByRole("button", { name: texts.common.save }).first().click();
    await page.locator(".rail .brand", { hasText: "Camera DNS" }).waitFor();

    await chooseLogo(page, "logo.svg", "image/svg+xml", shapes);
    await page.getByRole("img", { name: words.logoNow }).waitFor();

    const accent = words.colourNames.accent;
    await page.getByLabel(words.pick(accent, words.light), { exact: true }).fill("#7a1f5c");
    await page.getByLabel(words.pick(accent, words.dark), { exact: true }).fill("#f0a0d0");
    expect(await colourOf(page, ".preview .button.main", "background-color")).toBe(
      "rgb(122, 31, 92)",
    );
    await page.getByRole("button", { name: words.saveColours }).click();
    await page.getByText(words.saved).waitFor();

    for (const [scheme, colour] of [
      ["light", "rgb(122, 31, 92)"],
      ["dark", "rgb(240, 160, 208)"],
    ] as const) {
      await using stranger = await browser.open(home.origin, { scheme, widthPx: 1_280 });
      await stranger.page.goto("/");
      await settle(stranger.page);
      expect(await stranger.page.locator(".brand").innerText()).toBe("Camera DNS");
      expect(await stranger.page.title()).toBe("Camera DNS");
      expect(await colourOf(stranger.page, ".button.main", "background-color")).toBe(colour);
      const width: unknown = await stranger.page.evaluate(
        "document.querySelector('.brand img').naturalWidth",
      );
      expect(Number(width)).toBeGreaterThan(0);
      expect(stranger.complaints).toEqual([]);
    }

    await page.getByRole("button", { name: words.resetColours }).click();
    await page.getByRole("button", { name: words.logoRemove }).click();
    await page.getByText(words.noLogo).waitFor();
    await using stranger = await browser.open(home.origin);
    await stranger.page.goto("/");
    await settle(stranger.page);
    expect(await stranger.page.locator(".brand img").count()).toBe(0);
    const ours = await colourOf(stranger.page, ".button.main", "background-color");
    expect(ours).not.toBe("rgb(122, 31, 92)");
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "a colour that text cannot be read on is warned of, and a picture that runs something is refused in words",
  async () => {
    await using home = await startWebHome();
    await using browser = await openBrowser();
    const { cookies } = await home.signIn(admin);
    await using open = await browser.open(home.origin, undefined, cookies);
    const { page } = open;
    await page.goto("/admin/brand");
    await settle(page);
    expect(await page.locator(".contrasts li").count()).toBe(0);
    await page
      .getByLabel(words.pick(words.colourNames.text, words.light), { exact: true })
      .fill("#bbbbbb");
    await page.getByText(words.contrast(words.pairs.surface, words.light, "1.9")).waitFor();

    const active = shapes.replace("<path", "<script>tellReport('ran')</script><path");
    await chooseLogo(page, "logo.svg", "image/svg+xml", active);
    const alert = page.getByRole("alert");
    expect(await alert.innerText()).toContain("It has a script or a page in it.");
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

const hostile = `"'><img src=x class=hostile onerror=tellReport('ran')>`;

testWith(
  ["chromium"],
  "hostile names and mail texts of an operator stay text, and what is wrong with a text is said beside it",
  async () => {
    await using home = await startWebHome();
    await using browser = await openBrowser();
    const operator = await home.signIn(admin);
    const name = `"' onerror=tellReport('ran') {{7*7}} &lt;b&gt;`;
    await operator.call("PATCH", "/settings", {
      brandName: name,
      mailInvitation: `${hostile}\n\n{link} ${hostile}`,
    });
    await using open = await browser.open(home.origin, undefined, operator.cookies);
    const { page } = open;
    for (const place of [
      "/admin/brand",
      "/admin/settings?q=mail",
      "/admin/settings?q=brandName",
      `/admin/audit?q=${encodeURIComponent(hostile)}`,
      `/admin/users?q=${encodeURIComponent(hostile)}`,
      `/admin/users/${encodeURIComponent(hostile)}`,
    ]) {
      await page.goto(place);
      await settle(page);
      expect([place, await page.locator(".hostile").count(), ...open.complaints]).toEqual([
        place,
        0,
      ]);
    }
    await page.goto("/admin/audit?q=setting.change");
    await page.getByText("mailInvitation").first().click();
    expect(await page.locator(".entries").innerText()).toContain(hostile);
    await page.goto("/admin/brand");
    await settle(page);
    expect(await page.locator(".mail .preview").innerText()).toContain(hostile);
    expect(await page.locator(".rail .brand").innerText()).toBe(name);
    await page
      .getByRole("textbox", { name: words.text, exact: true })
      .fill("A subject\n\n{password} {link}");
    await page.locator(".mail").getByRole("button", { name: texts.common.save }).click();
    await page.getByText("nothing is known to put in the place of {password}").waitFor();
    await page.getByRole("button", { name: words.toDefault }).click();
    await page.locator(".mail .preview", { hasText: "ada invites you to" }).waitFor();

    await using stranger = await browser.open(home.origin);
    await stranger.page.goto("/");
    await settle(stranger.page);
    expect(await stranger.page.locator(".brand").innerText()).toBe(name);
    expect([...open.complaints, ...stranger.complaints]).toEqual([]);
  },
  timeoutMs,
);

async function chooseLogo(page: Page, name: string, mimeType: string, text: string): Promise<void> {
  const file = { name, mimeType, buffer: Buffer.from(text) };
  await page.getByLabel(words.logoFile).setInputFiles(file);
}

async function colourOf(page: Page, selector: string, property: string): Promise<unknown> {
  return page.evaluate(
    `getComputedStyle(document.querySelector(${JSON.stringify(selector)})).getPropertyValue(${JSON.stringify(property)})`,
  );
}
