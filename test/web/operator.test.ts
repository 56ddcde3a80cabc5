/** Whoever runs the service, by the pages: inviting, suspending, settings, and what it all leaves in the audit log. */

import { Database } from "bun:sqlite";
import { expect } from "bun:test";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { texts } from "../../src/web/texts.ts";
import { testWith } from "../debian.ts";
import { mustRun } from "../server.ts";
import { openBrowser, settle } from "./browser.ts";
import type { OpenBrowser, OpenPage } from "./browser.ts";
import { totpCode } from "./totp.ts";
import { admin, other, startWebHome, zone } from "./web-home.ts";
import type { WebHome } from "./web-home.ts";

const timeoutMs = 120_000;
const camera = { username: "u7k2m9", password: "Rt5wKm2pXc8nVb4q" } as const;
const host = `cam1.${zone}`;

async function openAs(
  home: WebHome,
  browser: OpenBrowser,
  who: { readonly name: string; readonly password: string },
): Promise<OpenPage> {
  return browser.open(home.origin, undefined, (await home.signIn(who)).cookies);
}

testWith(
  ["chromium"],
  "who is invited by the page makes an account by the link, which works once",
  async () => {
    await using home = await startWebHome();
    await using browser = await openBrowser();
    await using open = await openAs(home, browser, admin);
    const { page } = open;
    await page.goto("/admin/users");
    await page.getByRole("button", { name: texts.invitations.invite }).click();
    await page.getByRole("button", { name: texts.invitations.make, exact: true }).click();
    const dialog = page.getByRole("dialog");
    const link = await dialog.locator("pre").innerText();
    expect(link).toStartWith(`${home.origin}/#invitation=`);
    await dialog.getByRole("img", { name: texts.invitations.qr }).waitFor();
    await dialog.getByRole("button", { name: texts.common.close }).click();
    await page.getByRole("cell", { name: texts.invitations.whoever }).waitFor();

    await using fresh = await browser.open(home.origin);
    await fresh.page.goto(link);
    await fresh.page.getByLabel(texts.links.name).fill("grace");
    await fresh.page
      .getByLabel(texts.links.password, { exact: true })
      .fill("moss grows under old bridges");
    await fresh.page.getByRole("button", { name: texts.links.submit }).click();
    await fresh.page.getByRole("heading", { name: texts.hosts.empty }).waitFor();
    expect(await fresh.page.getByRole("link", { name: texts.users.menu }).count()).toBe(0);

    await using late = await browser.open(home.origin);
    await late.page.goto(link);
    await late.page.getByRole("heading", { name: texts.links.dead }).waitFor();

    await page.goto("/admin/users?q=grace");
    await page.getByRole("link", { name: "grace" }).waitFor();
    await page.getByText(texts.invitations.none).waitFor();
    expect([...open.complaints, ...fresh.complaints, ...late.complaints]).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "an invitation that is taken back by the page opens nothing",
  async () => {
    await using home = await startWebHome();
    const operator = await home.signIn(admin);
    const made = (await operator.call("POST", "/invitations", {})) as { link: string };
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, operator.cookies);
    await open.page.goto("/admin/users");
    await open.page.getByRole("button", { name: texts.invitations.takeBack }).click();
    await open.page.getByText(texts.invitations.none).waitFor();
    await using fresh = await browser.open(home.origin);
    await fresh.page.goto(made.link);
    await fresh.page.getByRole("heading", { name: texts.links.dead }).waitFor();
    expect([...open.complaints, ...fresh.complaints]).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "who is suspended by the page is out at once, is told so, and the devices are refused until they are let go",
  async () => {
    await using home = await startWebHome();
    const { data } = home.server;
    await mustRun(["host", "add", host, "--user", other.name], { data });
    await mustRun(
      ["login", "add", "--user", other.name, "--username", camera.username].concat([
        "--password-stdin",
        "--hosts",
        host,
      ]),
      { data, stdin: camera.password },
    );
    await home.hasLogin(camera);
    expect(await home.update({ host, address: "203.0.113.7" }, camera)).toBe("good 203.0.113.7");
    const log = (await (await home.signIn(admin)).call("GET", "/audit?q=login.first-use")) as {
      items: unknown[];
    };
    expect(log.items).toEqual([
      expect.objectContaining({ actor: other.name, target: camera.username, from: "127.0.0.1" }),
    ]);
    await using browser = await openBrowser();
    await using theirs = await openAs(home, browser, other);
    await theirs.page.goto("/hosts");
    await theirs.page.getByRole("link", { name: host }).waitFor();

    await using open = await openAs(home, browser, admin);
    const { page } = open;
    await page.goto(`/admin/users/${other.name}`);
    await page.getByRole("button", { name: texts.users.suspend, exact: true }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.innerText()).toContain(texts.users.suspendTitle(other.name));
    expect(await dialog.innerText()).toContain("1 host");
    await dialog.getByRole("button", { name: texts.users.suspend, exact: true }).click();
    await page.getByRole("button", { name: texts.users.letGo }).waitFor();

    expect(await home.update({ host, address: "203.0.113.8" }, camera)).toBe("abuse");
    await theirs.page.getByRole("link", { name: texts.menu.account }).click();
    await theirs.page.getByRole("heading", { name: texts.signIn.title }).waitFor();
    await theirs.page.getByLabel(texts.signIn.name).fill(other.name);
    await theirs.page.getByLabel(texts.signIn.password, { exact: true }).fill(other.password);
    await theirs.page.getByRole("button", { name: texts.signIn.submit, exact: true }).click();
    expect(await theirs.page.getByRole("alert").innerText()).toContain("The account is suspended.");

    await page.getByRole("button", { name: texts.users.letGo }).click();
    await page.getByRole("button", { name: texts.users.suspend, exact: true }).waitFor();
    expect(await home.update({ host, address: "203.0.113.8" }, camera)).toBe("good 203.0.113.8");
    await theirs.page.getByRole("button", { name: texts.signIn.submit, exact: true }).click();
    await theirs.page.getByRole("heading", { name: texts.menu.account }).first().waitFor();
    expect([...open.complaints, ...theirs.complaints]).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "an account is deleted only when its name is typed, and taken back; its limits are set and hold",
  async () => {
    await using home = await startWebHome();
    await using browser = await openBrowser();
    await using open = await openAs(home, browser, admin);
    const { page } = open;
    await page.goto(`/admin/users/${other.name}`);
    await page.getByLabel(texts.users.columns.hosts, { exact: true }).fill("1");
    await page.getByRole("button", { name: texts.users.quotaSave }).click();
    await page.getByText(texts.users.of(0, 1, texts.users.kinds.hosts)).waitFor();

    await page.getByRole("button", { name: texts.users.remove, exact: true }).click();
    const dialog = page.getByRole("dialog");
    const remove = dialog.getByRole("button", { name: texts.users.remove, exact: true });
    await dialog.getByLabel(texts.users.removeType(other.name)).fill("bo");
    expect(await remove.isDisabled()).toBe(true);
    await dialog.getByLabel(texts.users.removeType(other.name)).fill(other.name);
    await remove.click();
    await page.getByRole("button", { name: texts.users.keep }).click();
    await page.getByRole("button", { name: texts.users.remove, exact: true }).waitFor();
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "a setting that is changed by the page holds, one that a flag gave says so, and the audit log has it all",
  async () => {
    await using home = await startWebHome(["--host-ttl-seconds", "90"]);
    await using browser = await openBrowser();
    await using open = await openAs(home, browser, admin);
    const { page } = open;
    await page.goto("/admin/settings");
    const mine = page.locator("#hostsMax");
    await mine.getByLabel("hostsMax", { exact: true }).fill("many");
    await mine.getByRole("button", { name: texts.common.save }).click();
    await mine.getByText(/^Wanted: a whole number/).waitFor();
    await mine.getByLabel("hostsMax", { exact: true }).fill("7");
    await mine.getByRole("button", { name: texts.common.save }).click();
    await mine.getByText(texts.settings.origins.database).waitFor();
    await page.reload();
    expect(await mine.getByLabel("hostsMax", { exact: true }).inputValue()).toBe("7");
    await mine.getByText(texts.settings.origins.database).waitFor();

    const locked = page.locator("#hostTtlSeconds");
    expect(await locked.innerText()).toContain("90");
    expect(await locked.innerText()).toContain(
      texts.settings.at(texts.settings.origins.flag, "--host-ttl-seconds"),
    );
    expect(await locked.locator("input, select, button").count()).toBe(0);

    await mine.getByRole("button", { name: texts.settings.toDefault("50") }).click();
    await mine.getByText(texts.settings.origins.default).waitFor();
    await page.goto("/admin/settings?q=trusted");
    await settle(page);
    expect(await page.locator(".setting").count()).toBe(1);

    await lookAtAudit(page);
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "an administrator without a second factor is told of the day, and after it has the own account alone until one is enrolled",
  async () => {
    await using home = await startWebHome();
    await using browser = await openBrowser();
    await using open = await openAs(home, browser, admin);
    const { page } = open;
    await page.goto("/admin");
    await page.getByText(/^Your account must have a second factor by /).waitFor();
    await page.goto("/hosts");
    await settle(page);
    expect(await page.locator("main > .warning").count()).toBe(0);

    using database = new Database(join(home.server.data, "nameward.db"));
    database.run("update user set created_at_ms = 0 where name = ?", [admin.name]);
    await page.goto("/admin/users");
    await page.getByText(texts.secondFactor.overdue).waitFor();
    await page.getByRole("button", { name: texts.account.enrol }).click();
    const secret = await page
      .locator("p", { hasText: texts.account.secret })
      .locator("code")
      .innerText();
    await page.getByLabel(texts.account.code).fill(totpCode(secret, Date.now()));
    await page.getByRole("button", { name: texts.account.confirm }).click();
    // The codes stay to be written down, and everything is open again.
    await page.getByText(texts.account.recovery).waitFor();
    await page.getByRole("link", { name: texts.users.menu }).click();
    await page.getByRole("link", { name: other.name }).waitFor();
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

async function lookAtAudit(page: Page): Promise<void> {
  await page.goto("/admin/audit?q=setting.change");
  const rows = page.locator(".entries > li");
  await rows.first().waitFor();
  expect(await rows.count()).toBe(2);
  await rows.first().locator("summary").click();
  expect(await rows.first().innerText()).toContain("127.0.0.1");
  await page.getByRole("button", { name: texts.audit.check }).click();
  await page.getByText(/^✓ The chain holds: \d+ entries/).waitFor();

  await page.getByText(texts.audit.exports).click();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: texts.audit.csv }).click();
  const file = await Bun.file(await (await download).path()).text();
  expect(file.split("\r\n")[0]).toBe("id,at,actor,action,target,from,result,request,detail");
  expect(file).toContain("setting.change,hostsMax,127.0.0.1,ok,");
  expect(file).not.toContain("session.begin");
}
