/** Abuse in the browser: a host is held with a reason, let go, and deleted with its name blocked for ever. */

import { expect } from "bun:test";
import { testWith } from "../debian.ts";
import { keepScreenshot, openBrowser, settle } from "./browser.ts";
import { fillHome } from "./filled-home.ts";
import { other, zone } from "./web-home.ts";

const timeoutMs = 120_000;
const host = `cam1.${zone}`;
const why = `phishing, reported <b class=hostile>twice</b>`;

testWith(
  ["chromium"],
  "a host is held with its reason, let go, and deleted with its name blocked",
  async () => {
    await using home = await fillHome();
    await home.admin.call("PATCH", `/zones/${zone}`, { isShared: true });
    const owner = await home.signIn(other);
    await owner.call("POST", "/hosts", { name: `bank.${zone}` });
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    await page.goto("/admin/held");
    await page.getByText("Nothing is held").waitFor();

    for (const [name, reason] of [
      [host, why],
      [`bank.${zone}`, ""],
    ] as const) {
      await page.getByRole("button", { name: "Hold a host" }).click();
      await page.getByLabel("Host", { exact: true }).fill(name);
      await page.getByLabel("Reason").fill(reason);
      await page.getByRole("button", { name: "Hold it" }).click();
      await page.getByRole("row", { name: new RegExp(`^${name}`) }).waitFor();
    }
    expect(await home.update({ host, address: "203.0.113.50" }, home.login)).toBe("abuse");
    const bank = page.getByRole("row", { name: new RegExp(`^bank.${zone}`) });
    expect(await bank.innerText()).toContain("whoever runs the service");
    const cam = page.getByRole("row", { name: new RegExp(`^${host}`) });
    expect(await cam.innerText()).toContain(why);
    expect(await page.locator(".hostile").count()).toBe(0);
    await keepScreenshot(page, "holds");

    await cam.getByRole("button", { name: "Let go" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Let go" }).click();
    await cam.waitFor({ state: "detached" });
    expect(await home.update({ host, address: "203.0.113.50" }, home.login)).toStartWith("good");

    await bank.getByRole("button", { name: "Delete and block" }).click();
    const sure = page.getByRole("dialog");
    expect(await sure.getByRole("button", { name: "Delete and block" }).isDisabled()).toBe(true);
    await sure.getByRole("textbox").fill(`bank.${zone}`);
    await sure.getByRole("button", { name: "Delete and block" }).click();
    await page.getByText("Nothing is held").waitFor();
    const again = owner.call("POST", "/hosts", { name: `bank.${zone}` });
    expect(await again.then(String, String)).toContain("nobody gets it again");
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "a host whose address never rests is a signal, and is held from there",
  async () => {
    await using home = await fillHome();
    for (let last = 1; last <= 22; last++)
      await home.update({ host, address: `203.0.113.${last}` }, home.login);
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    await page.goto("/admin/held");
    await settle(page);
    const signal = page.getByRole("row", { name: /changes of its address in this hour/ });
    expect(await signal.innerText()).toContain(host);
    await signal.getByRole("button", { name: "Hold" }).click();
    expect(await page.getByLabel("Host", { exact: true }).inputValue()).toBe(host);
    await page.getByRole("button", { name: "Hold it" }).click();
    await page.getByRole("row", { name: new RegExp(`^${host}`) }).waitFor();
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);
