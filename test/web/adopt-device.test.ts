/** A device that no rule knows is adopted in the request lab: found, proposed, tried, saved, and then its host moves. */

import { expect } from "bun:test";
import { printRdata } from "../../src/dns/record-types.ts";
import { testWith } from "../debian.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { findObstacles } from "./axe.ts";
import { keepScreenshot, openBrowser, settle } from "./browser.ts";
import { fillHome } from "./filled-home.ts";
import type { FilledHome } from "./filled-home.ts";
import { zone } from "./web-home.ts";

const timeoutMs = 120_000;
const host = `cam1.${zone}`;
const hostile = `"'><img src=x class=hostile onerror=tellReport('ran')>`;

/** As a camera of an unknown make sends it. */
async function knock({ server, login }: FilledHome, address: string, path = "/myq/reg.php") {
  const { hostname, port } = server.devices;
  const { username: u, password: p } = login;
  const query = new URLSearchParams({ u, p, h: host, ip: address });
  const reply = await fetch(`http://${hostname}:${port}${path}?${query.toString()}`, {
    headers: { "User-Agent": "AcmeCam/2.0" },
  });
  return `${reply.status} ${(await reply.text()).trim()}`;
}

testWith(
  ["chromium"],
  "an unknown device is adopted in the lab, and its next request is answered and seen in DNS",
  async () => {
    await using home = await fillHome();
    expect(await knock(home, "203.0.113.77")).toStartWith("404");
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    await page.goto("/admin/adapters");
    await settle(page);
    await page.getByRole("link", { name: "Request lab" }).click();
    const shape = page.locator(".unmatched li", { hasText: "/myq/reg.php" });
    await shape.getByText("GET /myq/reg.php").first().waitFor();
    await shape.getByRole("button", { name: "Take up" }).click();
    const result = page.getByRole("region", { name: "Result" });
    await result.getByText(/Matched: /).waitFor();
    expect(await result.innerText()).toContain(host);
    expect(await result.innerText()).not.toContain(home.login.password);
    const editor = page.getByLabel("Rule as YAML");
    const proposed = await editor.inputValue();
    expect(proposed).not.toContain(home.login.password);

    // A mistake is told with its line, and leads there.
    await editor.fill(proposed.replace(/^dialect: .*$/m, "dialect: nonsense"));
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await page.getByRole("button", { name: /^Line \d+, column \d+/ }).click();
    const selected: unknown = await page.evaluate("getSelection().toString()");
    expect(selected).toContain("dialect");
    expect(await findObstacles(page)).toEqual([]);
    await keepScreenshot(page, "lab-mistake");

    await editor.fill(proposed.replace(/^id: .*$/m, "id: acme-cam"));
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await result.getByText("Matched: acme-cam").waitFor();
    const shown = await result.innerText();
    expect(shown).toContain("With this rule the device would be told");
    expect(shown).toContain("Today it is told: 404 Not Found");
    expect(shown).toContain("\\r\\n");
    expect(await findObstacles(page)).toEqual([]);
    await keepScreenshot(page, "lab-tried");

    // On trial nothing changes for the device, and the page tells both answers.
    await page.getByRole("button", { name: "Save on trial" }).click();
    await page.getByRole("dialog", { name: "acme-cam" }).waitFor();
    expect(await until(() => knock(home, "203.0.113.77"), /^404/)).toStartWith("404");
    await until(async () => {
      await page.reload();
      await settle(page);
      return page.getByRole("dialog", { name: "acme-cam" }).innerText();
    }, /would set cam1\.dyn\.test to 203\.0\.113\.77.*was answered 404/);
    await keepScreenshot(page, "adapter-on-trial");
    expect(await findObstacles(page)).toEqual([]);

    await page.getByRole("button", { name: "Put in force" }).click();
    await page
      .getByRole("dialog", { name: "Put acme-cam in force?" })
      .getByRole("button", { name: "Put in force" })
      .click();
    await page.locator("dialog .state", { hasText: "In force" }).waitFor();
    await until(() => knock(home, "203.0.113.77"), /^200 .*good/);
    const { answers } = await ask(home.server.dns, "udp", host, "A");
    expect(answers.map(({ type, rdata }) => printRdata(type, rdata))).toEqual(["203.0.113.77"]);
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "hostile text in requests that no rule knew stays text in the lab",
  async () => {
    await using home = await fillHome();
    const { hostname, port } = home.server.devices;
    const path = `/x/${encodeURIComponent(hostile)}/reg.php`;
    const query = new URLSearchParams({ [hostile]: "1", h: host, u: hostile });
    await fetch(`http://${hostname}:${port}${path}?${query.toString()}`, {
      headers: { "User-Agent": hostile },
    });
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    await page.goto("/admin/adapters/lab");
    await page.getByRole("button", { name: "Take up" }).first().click();
    await page.getByRole("region", { name: "Result" }).waitFor();
    for (const summary of await page.locator(".unmatched summary").all()) await summary.click();
    await page.getByLabel("Request", { exact: true }).fill(`GET /${hostile} HTTP/1.0`);
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await settle(page);
    expect(await page.locator(".hostile, script:not([src])").count()).toBe(0);
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

/** Asks until the answer is as wanted: the service follows its store within a second or so. */
async function until(ask: () => Promise<string>, wanted: RegExp): Promise<string> {
  let told = "";
  for (let tries = 0; tries < 100; tries++) {
    told = await ask();
    if (wanted.test(told)) return told;
    await Bun.sleep(100);
  }
  throw new Error(`It stays at ${told}`);
}
