/** Hosts in bulk by the page: 100,000 from a file, faults by their lines, the passwords saved; and the list behind it. */

import { readFileSync } from "node:fs";
import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { printRdata } from "../../src/dns/record-types.ts";
import { texts } from "../../src/web/texts.ts";
import { testWith } from "../debian.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { keepScreenshot, openBrowser } from "./browser.ts";
import { measureList } from "./measure-list.ts";
import { admin, startWebHome, zone } from "./web-home.ts";

const hosts = 100_000;
const words = texts.bulk;
const timeoutMs = 180_000;

testWith(
  ["chromium"],
  `${hosts} hosts are imported by the page, and are found, resolve and update`,
  async () => {
    await using home = await startWebHome();
    const ada = await home.signIn(admin);
    await ada.call("PATCH", `/users/${admin.name}`, { quota: { hosts: 200_000 } });
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, ada.cookies);
    const { page } = open;
    await page.goto("/hosts");
    await page.getByRole("link", { name: texts.hosts.bulk }).click();

    const bad = `name,v4\ngood.${zone},192.0.2.1\nbad.${zone},192.0.2.300\n`;
    await page.getByLabel(words.paste).fill(bad);
    await page.getByRole("button", { name: words.check }).click();
    await page.getByText("v4 is no IPv4 address.").waitFor();
    expect(await page.getByRole("row", { name: "3 v4 is no" }).count()).toBe(1);
    expect(await page.getByRole("button", { name: "Import 1 host" }).count()).toBe(0);
    await keepScreenshot(page, "import-faults");

    const startedAt = performance.now();
    const file = Buffer.from(makeFile());
    await page.getByLabel(words.file, { exact: true }).setInputFiles({
      name: "fleet.csv",
      mimeType: "text/csv",
      buffer: file,
    });
    await page.getByRole("button", { name: words.check }).click();
    const take = page.getByRole("button", { name: words.take(hosts) });
    await take.waitFor({ timeout: 60_000 });
    expect(await (ada.call("GET", "/hosts") as Promise<{ items: [] }>)).toMatchObject({
      items: [],
    });
    await take.click();
    await page.getByRole("heading", { name: words.done }).waitFor({ timeout: 60_000 });
    const importMs = performance.now() - startedAt;
    await keepScreenshot(page, "import-done");

    const login = await saveLogin(page);
    const host = `cam7.${zone}`;
    expect(await home.update({ host, address: "192.0.2.99" }, login)).toBe("good 192.0.2.99");
    const { answers } = await ask(home.server.dns, "udp", `cam${hosts - 1}.${zone}`, "A");
    expect(answers.map(({ type, rdata }) => printRdata(type, rdata))).toEqual(["10.1.134.159"]);

    await page.getByRole("link", { name: words.toHosts }).click();
    await page.getByRole("row").nth(1).waitFor();
    expect(await ada.call("GET", "/hosts/counts")).toMatchObject({ current: hosts });
    const list = await measureList(page);
    process.stderr.write(
      `${hosts} hosts by the page: ${(importMs / 1_000).toFixed(1)} s; list p95 ${list.toFixed(0)} ms\n`,
    );
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

/** The first ten with device logins. */
function makeFile(): string {
  const rows = Array.from({ length: hosts }, (_, at) => {
    const address = `10.${at >> 16}.${(at >> 8) & 255}.${at & 255}`;
    return `cam${at}.${zone},${address},${at < 10 ? "yes" : ""}`;
  });
  return `\ufeffname,v4,login\r\n${rows.join("\r\n")}\r\n`;
}

/** Of `cam7`, from the file that the page saves. */
async function saveLogin(page: Page): Promise<{ username: string; password: string }> {
  const saving = page.waitForEvent("download");
  await page.getByRole("button", { name: words.saveLogins }).click();
  const path = await (await saving).path();
  const [header, ...rows] = readFileSync(path, "utf8").trimEnd().split("\r\n");
  expect(header).toBe('"name","username","password"');
  expect(rows).toHaveLength(10);
  const row = rows.find((text) => text.startsWith(`"cam7.${zone}"`)) ?? "";
  const [, username = "", password = ""] = row.split(",").map((cell) => cell.slice(1, -1));
  return { username, password };
}
