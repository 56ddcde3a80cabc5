/** Where one is told, by the page: a webhook added, tested, told again, and taken away. */

import { expect } from "bun:test";
import { texts } from "../../src/web/texts.ts";
import { testWith } from "../debian.ts";
import { startWebhookReceiver } from "../webhook-receiver.ts";
import { openBrowser } from "./browser.ts";
import { other, startWebHome } from "./web-home.ts";

const words = texts.channels;

testWith(
  ["chromium"],
  "a webhook is added with its secret shown once, tested, sent again, and taken away",
  async () => {
    await using hook = startWebhookReceiver();
    await using home = await startWebHome(["--webhook-networks", "127.0.0.0/8"]);
    await using browser = await openBrowser();
    await using open = await browser.open(home.origin);
    const { page } = open;
    const bob = await home.signIn(other);
    await page.context().addCookies(bob.cookies);
    await page.goto("/account");
    const card = page.locator("#channels");
    await card.getByText(words.none).waitFor();
    await card.getByText(words.noMail).waitFor();

    await card.getByLabel(words.url).fill("ftp://example.net/");
    await page.keyboard.press("Enter");
    await card.getByRole("alert").waitFor();
    await card.getByLabel(words.url).fill(hook.url);
    await page.keyboard.press("Enter");
    await card.getByText(words.onceSays).waitFor();
    await card.getByRole("button", { name: words.testThis(hook.url) }).press("Enter");
    await card.getByText(words.tested, { exact: true }).waitFor();
    expect(hook.received.map(({ headers }) => headers.get("nameward-event"))).toEqual(["test"]);

    hook.status = 500;
    await card.getByRole("button", { name: words.deliveriesOf(hook.url) }).press("Enter");
    await card.getByRole("button", { name: words.againThis("1") }).press("Enter");
    await card.getByRole("cell", { name: words.failed }).waitFor();
    const [first, second] = hook.received.map(({ headers }) => headers.get("nameward-delivery"));
    expect(second).toBe(first!);

    await card.getByLabel(words.events.held).click();
    await page.waitForFunction(
      async () => {
        const reply = await fetch("/api/v1/channels");
        const { items } = (await reply.json()) as { items: { events: string[] }[] };
        return items[0]?.events.includes("held") === false;
      },
      undefined,
      { polling: 100 },
    );
    await card.getByRole("button", { name: words.removeThis(hook.url) }).press("Enter");
    await page.getByRole("dialog").getByRole("button", { name: words.remove }).press("Enter");
    await card.getByText(words.none).waitFor();
    expect(open.complaints).toEqual([]);
  },
  120_000,
);
