/** A passkey made and used in a real browser, with the authenticator that Chromium has for tests. */

import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { texts } from "../../src/web/texts.ts";
import { testWith } from "../debian.ts";
import { openBrowser } from "./browser.ts";
import { other, startWebHome } from "./web-home.ts";

const timeoutMs = 120_000;
const words = texts.account;

testWith(
  ["chromium"],
  "the first passkey brings recovery codes, which are shown, it signs in, and is given up by its name",
  async () => {
    const port = findPort();
    // A passkey belongs to a name, never to an address (WebAuthn §5.1.2).
    const origin = `http://localhost:${port}`;
    await using _home = await startWebHome(["--web", `127.0.0.1:${port}`, "--public-url", origin]);
    await using browser = await openBrowser();
    await using open = await browser.open(origin);
    const { page } = open;
    await addAuthenticator(page);
    await page.goto("/");
    await page.getByLabel(texts.signIn.name).fill(other.name);
    await page.getByLabel(texts.signIn.password, { exact: true }).fill(other.password);
    await page.getByRole("button", { name: texts.signIn.submit, exact: true }).click();
    await page.getByRole("heading", { name: texts.hosts.title }).first().waitFor();

    await page.goto("/account");
    await addPasskey(page, "the first key");
    const codes = page.locator(".shown-once pre");
    await codes.waitFor();
    const shown = await codes.innerText();
    expect(shown.split("\n").length).toBeGreaterThan(5);

    await page.getByRole("button", { name: texts.menu.signOut }).first().click();
    await page.getByRole("button", { name: texts.signIn.passkey }).click();
    await page.getByRole("heading", { name: texts.menu.account, exact: true }).waitFor();

    await page.getByRole("button", { name: words.removeThis("the first key") }).press("Enter");
    await page.getByText(words.removeSaysLast).waitFor();
    const dialog = page.getByRole("dialog", { name: words.removePasskeyTitle("the first key") });
    await dialog.getByRole("button", { name: words.removePasskey }).press("Enter");
    await page.getByText(words.noPasskeys).waitFor();
    expect(open.complaints).toEqual([]);
  },
  timeoutMs,
);

/** It answers for the person, without asking. */
async function addAuthenticator(page: Page): Promise<void> {
  const protocol = await page.context().newCDPSession(page);
  await protocol.send("WebAuthn.enable");
  await protocol.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}

async function addPasskey(page: Page, name: string): Promise<void> {
  await page.getByLabel(words.passkeyName).fill(name);
  await page.getByRole("button", { name: words.addPasskey }).click();
  await page.getByRole("listitem").getByText(name).waitFor();
}

/** Free a moment ago: the service has to know its own URL before it listens. */
function findPort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  listener.stop(true);
  return listener.port;
}
