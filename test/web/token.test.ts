/** A token made by the page and used by a script: what its policy says it does, beyond it is refused, and revoked it is nothing. */

import { join } from "node:path";
import { Database } from "bun:sqlite";
import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { freshMs } from "../../src/api/app.ts";
import { texts } from "../../src/web/texts.ts";
import { testWith } from "../debian.ts";
import { openBrowser } from "./browser.ts";
import { fillHome } from "./filled-home.ts";
import { admin } from "./web-home.ts";

const timeoutMs = 120_000;
const words = texts.tokens;

testWith(
  ["chromium"],
  "a token made by keys alone sets the address it may set and no other, and is nothing once revoked",
  async () => {
    await using home = await fillHome();
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    await page.goto("/tokens");
    const add = page.getByRole("button", { name: words.add });
    await add.focus();
    await page.keyboard.press("Enter");
    // The dialog has the focus, and its first field with it.
    await page.getByRole("dialog").waitFor();
    await page.keyboard.type("backup script");
    await page.getByLabel(words.purpose).selectOption("addresses");
    await page.getByLabel(words.limits.names).fill("cam1.*");
    await page.getByLabel(words.limits.days, { exact: true }).fill("30");
    await page.keyboard.press("Enter");

    const shown = page.locator(".shown-once");
    await shown.waitFor();
    expect(await focused(page)).toContain("shown-once");
    const secret = await shown.locator(".value code").innerText();
    expect(await shown.locator("pre").innerText()).toContain(`Bearer ${secret}`);
    await page.getByText("may set addresses, of names cam1.*").waitFor();

    const set = (host: string, bearer = secret): Promise<Response> =>
      fetch(`${home.origin}/api/v1/hosts/${host}/addresses`, {
        method: "PUT",
        headers: { Authorization: `Bearer ${bearer}`, "Content-Type": "application/json" },
        body: JSON.stringify({ v4: "203.0.113.77" }),
      });
    expect((await set("cam1.dyn.test")).status).toBe(200);
    expect((await set("nas.dyn.test")).status).toBe(404);
    const read = await fetch(`${home.origin}/api/v1/hosts`, {
      headers: { Authorization: `Bearer ${secret}` },
    });
    expect(read.status).toBe(403);

    await page.reload();
    await page.getByRole("table").getByText("127.0.0.1").waitFor();
    expect(await page.getByText(secret).count()).toBe(0);
    const revoke = page.getByRole("button", { name: words.revokeThis("backup script") });
    await revoke.press("Enter");
    await page.getByRole("heading", { name: words.revokeTitle("backup script") }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "detached" });
    expect(await focused(page)).toContain(words.revoke);
    expect((await set("cam1.dyn.test")).status).toBe(200);

    await revoke.press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: words.revoke }).press("Enter");
    await page.getByText(words.none).waitFor();
    expect((await set("cam1.dyn.test")).status).toBe(401);
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "a network that is none is told beside its field, and what was typed stays",
  async () => {
    await using home = await fillHome();
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    await page.goto("/tokens?new=");
    await page.getByLabel(words.name, { exact: true }).fill("a script");
    await page.getByLabel(words.limits.from).fill("somewhere");
    await page.getByRole("button", { name: words.make }).click();
    await page.locator(".fault").getByText("This is no network.").waitFor();
    expect(await page.getByLabel(words.limits.from).inputValue()).toBe("somewhere");
    expect(await page.getByLabel(words.limits.from).getAttribute("aria-invalid")).toBe("true");
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

testWith(
  ["chromium"],
  "a session that proved itself long ago is asked again, and what was begun goes on by itself",
  async () => {
    await using home = await fillHome();
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const { page } = open;
    {
      using database = new Database(join(home.server.data, "nameward.db"));
      database.run(`update session set proved_at_ms = proved_at_ms - ${2 * freshMs}`);
    }
    await page.goto("/tokens?new=");
    await page.getByLabel(words.name, { exact: true }).fill("a script");
    await page.keyboard.press("Enter");
    const proof = page.getByRole("dialog", { name: texts.stepUp.title });
    await proof.getByLabel(texts.stepUp.password).fill("not the password");
    await page.keyboard.press("Enter");
    await proof.getByRole("alert").waitFor();
    await proof.getByLabel(texts.stepUp.password).fill(admin.password);
    await page.keyboard.press("Enter");
    await page.locator(".shown-once").waitFor();
    await page.getByRole("cell", { name: "a script", exact: true }).waitFor();
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

async function focused(page: Page): Promise<string> {
  return String(
    await page.evaluate("document.activeElement.className + document.activeElement.innerText"),
  );
}
