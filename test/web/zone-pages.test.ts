/** Zones in the browser: a record comes into DNS and goes again, faults stand beside their field, and a delegation is looked at. */

import { afterAll, beforeAll, describe, expect } from "bun:test";
import type { Page } from "playwright-core";
import { printRdata } from "../../src/dns/record-types.ts";
import { texts } from "../../src/web/texts.ts";
import { testWith, tool } from "../debian.ts";
import { startResolver } from "../dnssec/online-resolvers.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { mustRun } from "../server.ts";
import { keepScreenshot, openBrowser, settle } from "./browser.ts";
import type { OpenBrowser } from "./browser.ts";
import { admin, other, startWebHome, zone } from "./web-home.ts";
import type { SignedIn, WebHome } from "./web-home.ts";

const timeoutMs = 120_000;
const words = texts.zone;

describe("zones", () => {
  let home: WebHome;
  let browser: OpenBrowser;
  let ada: SignedIn;
  beforeAll(async () => {
    if (tool("chromium") === undefined) return;
    [home, browser] = await Promise.all([startWebHome(), openBrowser()]);
    ada = await home.signIn(admin);
    await mustRun(["host", "add", `cam1.${zone}`, "--user", admin.name], {
      data: home.server.data,
    });
  }, timeoutMs);
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]();
    await home?.[Symbol.asyncDispose]();
  });

  async function answers(owner: string, type: "TXT" | "A"): Promise<readonly string[]> {
    const reply = await ask(home.server.dns, "udp", owner, type);
    return reply.answers.map((record) => printRdata(record.type, record.rdata));
  }

  testWith(
    ["chromium"],
    "a text is added, changed and removed on the page, and DNS answers so each time",
    async () => {
      await using open = await browser.open(home.origin, undefined, ada.cookies);
      const { page } = open;
      await page.goto("/admin/zones");
      await page.getByRole("link", { name: zone }).click();
      await settle(page);
      await page.getByRole("button", { name: words.add }).click();
      await fill(page, { owner: "note", type: "TXT", data: '"a first text"' });
      const status = page.getByRole("status");
      await status.getByText("In DNS now").waitFor();
      expect(await answers(`note.${zone}`, "TXT")).toEqual(['"a first text"']);

      await page.getByRole("button", { name: words.named(words.change, "note", "TXT") }).click();
      await fill(page, { data: '"a second text"' });
      await page.getByRole("cell", { name: "a second text" }).waitFor();
      expect(await answers(`note.${zone}`, "TXT")).toEqual(['"a second text"']);

      await page.getByRole("button", { name: words.named(words.remove, "note", "TXT") }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByRole("button", { name: words.remove, exact: true }).click();
      await page.getByRole("cell", { name: "a second text" }).waitFor({ state: "detached" });
      expect(await answers(`note.${zone}`, "TXT")).toEqual([]);
      expect(open.complaints).toEqual([]);
    },
    timeoutMs,
  );

  testWith(
    ["chromium"],
    "what cannot be is said beside its field, and what was typed stays",
    async () => {
      await using open = await browser.open(home.origin, undefined, ada.cookies);
      const { page } = open;
      await page.goto(`/admin/zones/${zone}`);
      await settle(page);
      await page.getByRole("button", { name: words.add }).click();
      const dialog = page.getByRole("dialog");
      const cases = [
        [{ owner: "a..b", type: "TXT", data: "x" }, words.owner, "wanted a name"],
        [{ owner: "www", type: "NOTHING", data: "x" }, words.type, "wanted a record type"],
        [{ owner: "www", type: "A", data: "192.0.2.300" }, words.data, "192.0.2.300"],
        [{ owner: "cam1", type: "A", data: "192.0.2.7" }, words.data, "cam1.dyn.test is a host"],
      ] as const;
      for (const [typed, label, fault] of cases) {
        await fill(page, typed);
        await dialog.locator(".fault", { hasText: fault }).waitFor();
        const field = dialog.getByLabel(label, { exact: true });
        expect(await field.getAttribute("aria-invalid")).toBe("true");
        const describedBy = (await field.getAttribute("aria-describedby")) ?? "";
        expect(describedBy).toContain("-fault");
        expect(await dialog.getByLabel(words.owner, { exact: true }).inputValue()).toBe(
          typed.owner,
        );
      }
      expect(await answers(`cam1.${zone}`, "A")).toEqual([]);
      await keepScreenshot(page, "record-fault");
    },
    timeoutMs,
  );

  testWith(
    ["chromium"],
    "a zone is made, shared, exported and removed by its name",
    async () => {
      await using open = await browser.open(home.origin, undefined, ada.cookies);
      const { page } = open;
      await page.goto("/admin/zones?new=");
      await page.getByLabel(texts.zones.name).fill("New.Example.net.");
      await page.getByRole("button", { name: texts.zones.serve }).click();
      await page.getByText("new.example.net. IN NS ns1.new.example.net.").waitFor();
      await page.getByRole("link", { name: words.tabs.danger }).click();
      await page.getByLabel(words.share).check();
      await page.getByText("Public Suffix List").waitFor();
      const bob = await home.signIn(other);
      expect(JSON.stringify(await bob.call("GET", "/zones"))).toContain("new.example.net");

      const download = page.waitForEvent("download");
      await page.getByRole("link", { name: words.export }).click();
      expect((await download).suggestedFilename()).toBe("new.example.net.zone");

      await page.getByRole("button", { name: words.deleteDo }).click();
      const dialog = page.getByRole("dialog");
      const button = dialog.getByRole("button", { name: words.deleteDo });
      await dialog.getByLabel(words.deleteType("new.example.net")).fill("new.example");
      expect(await button.isDisabled()).toBe(true);
      await dialog.getByLabel(words.deleteType("new.example.net")).fill("new.example.net");
      await button.click();
      await page.waitForURL("**/admin/zones");
      await settle(page);
      expect(await page.getByText("new.example.net").count()).toBe(0);
      expect(open.complaints).toEqual([]);
    },
    timeoutMs,
  );

  testWith(
    ["chromium", "unbound"],
    "the name server gets its address on the page, and each server and resolver has its row",
    async () => {
      await using resolver = await startResolver("unbound", {
        server: home.server.dns,
        apexes: [zone],
        anchors: [],
      });
      const { hostname, port } = resolver.address;
      await ada.call("PATCH", "/settings", { resolvers: `${hostname}:${port}` });
      await using open = await browser.open(home.origin, undefined, ada.cookies);
      const { page } = open;
      await page.goto(`/admin/zones/${zone}/delegation`);
      await page
        .getByRole("heading", { name: texts.delegation.addressOf(`ns1.${zone}`) })
        .waitFor();
      await page.getByLabel(texts.delegation.v4).fill("127.0.0.77.1");
      await page.getByRole("button", { name: texts.delegation.saveAddress }).click();
      await page.locator(".fault", { hasText: "127.0.0.77.1" }).waitFor();
      await page.getByLabel(texts.delegation.v4).fill("127.0.0.77");
      await page.getByRole("button", { name: texts.delegation.saveAddress }).click();
      const own = page.getByRole("table", { name: texts.delegation.roles.own });
      await own.getByText("Nothing listens on port 53/tcp").waitFor();
      expect(await own.getByText(texts.delegation.sign.bad).count()).toBe(2);
      const found = page.getByRole("table", { name: texts.delegation.roles.resolver });
      await found.getByText("It finds the zone").waitFor();
      expect(await answers(`ns1.${zone}`, "A")).toEqual(["127.0.0.77"]);
      await page.getByRole("button", { name: texts.delegation.check }).click();
      await settle(page);
      await keepScreenshot(page, "delegation-filled");
      expect(open.complaints).toEqual([]);
    },
    timeoutMs,
  );

  testWith(
    ["chromium", "unbound"],
    "a resolver that holds an old address is shown with it, and for how long still",
    async () => {
      await using resolver = await startResolver("unbound", {
        server: home.server.dns,
        apexes: [zone],
        anchors: [],
      });
      const { hostname, port } = resolver.address;
      await ada.call("PATCH", "/settings", { resolvers: `${hostname}:${port}` });
      const host = `cam1.${zone}`;
      await ada.call("PUT", `/hosts/${host}/addresses`, { v4: "192.0.2.7" });
      await ada.call("GET", `/hosts/${host}/answers`); // now it is in the cache
      await ada.call("PUT", `/hosts/${host}/addresses`, { v4: "192.0.2.8" });
      await using open = await browser.open(home.origin, undefined, ada.cookies);
      const { page } = open;
      await page.goto(`/hosts/${host}`);
      const row = page.locator(".answers li", { hasText: `${hostname}:${port}` });
      await row.getByText(/old value, expires within \d+ s/).waitFor();
      await row.getByText("192.0.2.7").waitFor();
      const own = page.locator(".answers li", { hasText: texts.host.answersUs });
      await own.getByText("192.0.2.8").waitFor();
      await keepScreenshot(page, "host-answers");
      expect(open.complaints).toEqual([]);
    },
    timeoutMs,
  );

  testWith(
    ["chromium"],
    "who is no administrator finds no zones in the rail",
    async () => {
      const bob = await home.signIn(other);
      await using open = await browser.open(home.origin, undefined, bob.cookies);
      await open.page.goto("/hosts");
      await settle(open.page);
      expect(await open.page.getByRole("link", { name: texts.zones.menu }).count()).toBe(0);
      await open.page.goto("/admin/zones");
      await open.page.getByRole("heading", { name: texts.notFound.title }).waitFor();
    },
    timeoutMs,
  );
});

async function fill(
  page: Page,
  typed: { readonly owner?: string; readonly type?: string; readonly data: string },
): Promise<void> {
  const dialog = page.getByRole("dialog");
  const put = (label: string, text: string): Promise<void> =>
    dialog.getByLabel(label, { exact: true }).fill(text);
  if (typed.owner !== undefined) await put(words.owner, typed.owner);
  if (typed.type !== undefined) await put(words.type, typed.type);
  await put(words.data, typed.data);
  await dialog.getByRole("button", { name: words.put }).click();
}
