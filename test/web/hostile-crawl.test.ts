/**
 * Markup in every text that the API keeps and in what devices and strangers send, and then every page that links lead to
 * (AT37): nothing of it runs, becomes an element or is reported by the policy. A new page or field is in it by itself.
 */

import { readFileSync } from "node:fs";
import { expect } from "bun:test";
import type { Page } from "playwright-core";
import { contract } from "../../src/api/contract.ts";
import type { RouteName } from "../../src/api/contract.ts";
import type { Route } from "../../src/api/contract/route.ts";
import { root } from "../../tools/step.ts";
import { sampleOf, schemaOf, textFields, withValueAt } from "../api/sample-value.ts";
import { testWith } from "../debian.ts";
import { openBrowser, settle } from "./browser.ts";
import type { OpenPage } from "./browser.ts";
import { fillHome } from "./filled-home.ts";
import type { FilledHome } from "./filled-home.ts";
import { zone } from "./web-home.ts";

const timeoutMs = 180_000;
const host = `cam1.${zone}`;

const element = `"'><img src=x class=hostile onerror=tellReport('ran')>`;
const script = `</textarea></script><svg class=hostile onload=tellReport('ran')><script>tellReport('ran')</script>`;
const address = "javascript:tellReport('ran')//";
const polyglots = [element, script, address] as const;

/** Paths of `src/web/page-table.ts`. */
const patterns = [
  ...readFileSync(`${root}src/web/page-table.ts`, "utf8").matchAll(/\bpath: "([^"]+)"/g),
].map(([, path]) => path!);

/** They end or replace what the test lives by, or only ask. */
const leftOut: ReadonlySet<RouteName> = new Set([
  "setUp",
  "changePassword",
  "changeMail",
  "askReset",
  "signUp",
  "importHosts",
]);

testWith(
  ["chromium"],
  "whatever is kept with markup in it, every page that links lead to shows it as text",
  async () => {
    await using home = await fillHome();
    const kept = await fillAll(home);
    await sendAsStrangers(home);
    expect(kept).toContain("addToken /name");
    expect(kept).toContain("changeHost /note");
    expect(kept).toContain("changeRecords /add/0/data");
    expect(kept).toContain("addAdapter /rule");

    await using browser = await openBrowser();
    await using open = await browser.open(home.origin, undefined, home.admin.cookies);
    const dialogs: string[] = [];
    open.page.on("dialog", (dialog) => {
      dialogs.push(dialog.message());
      void dialog.dismiss();
    });
    const { visited, shown } = await crawl(open);
    expect(patterns.length).toBeGreaterThan(15);
    const missed = patterns.filter((pattern) => !visited.some((path) => fits(pattern, path)));
    expect(missed).toEqual([]);
    expect(dialogs).toEqual([]);
    // Control: it was there to be seen.
    for (const polyglot of polyglots) expect(shown).toContain(polyglot);

    // Control: what the crawl looks for is found where it is.
    await open.page.evaluate(`{
      const image = document.createElement("img");
      image.className = "hostile";
      document.body.append(image);
    }`);
    expect(await findHostile(open)).toEqual(["1 elements"]);
  },
  timeoutMs,
);

/** Each text field of each route that takes one, with each polyglot in it. Gives those that were taken. */
async function fillAll({ admin }: FilledHome): Promise<ReadonlySet<string>> {
  const taken = new Set<string>();
  const attempt = async (name: RouteName, pointer: string, body: unknown): Promise<void> => {
    const { method, path }: Route = contract[name];
    const filled = path
      .replace("{zone}", zone)
      .replace("{name}", path.startsWith("/users") ? "bob" : host)
      .replaceAll(/\{\w+\}/g, "1");
    try {
      await admin.call(method, filled, body);
      taken.add(`${name} ${pointer}`);
    } catch {
      // Refused: then nothing is kept.
    }
  };
  for (const [name, route] of Object.entries(contract) as [RouteName, Route][]) {
    if (route.body === undefined || leftOut.has(name)) continue;
    if (name.startsWith("signIn") || name.includes("Reset")) continue;
    const schema = schemaOf(route.body);
    for (const { pointer, max } of textFields(schema))
      for (const polyglot of polyglots) {
        const text = polyglot.slice(0, max);
        await attempt(name, pointer, withValueAt(sampleOf(schema), pointer, text));
      }
  }
  // Texts whose place has a form of its own.
  for (const [at, polyglot] of polyglots.entries()) {
    const data = `"${polyglot.replaceAll('"', '\\"')}"`;
    const record = { owner: `hostile${at}`, type: "TXT", ttlSeconds: 60, data };
    await attempt("changeRecords", "/add/0/data", { add: [record], remove: [] });
    await attempt("addToken", "/name", { name: polyglot, policy: { actions: ["hosts:read"] } });
    await attempt("addLogin", "/username", { hosts: [host], username: polyglot });
    await attempt("holdHost", "/why", { isHeld: true, why: polyglot });
    await attempt("addAdapter", "/rule", { rule: makeRule(at, polyglot) });
    const target = `https://hooks.example.net/${encodeURI(polyglot)}`;
    await attempt("addChannel", "/target", { kind: "webhook", target, events: ["silent"] });
  }
  await attempt("holdHost", "", { isHeld: false });
  return taken;
}

/** A rule of the operator that waits for the markup in a parameter, with a request of such a device. */
function makeRule(number: number, polyglot: string): string {
  const value = encodeURIComponent(polyglot);
  return `id: hostile-${number}
match:
  methods: [GET]
  paths: [/hostile${number}/update]
  keys: [u, h]
  values: [{ key: x, oneOf: [${JSON.stringify(polyglot)}] }]
operation: update
mapping:
  hosts: [h]
  addresses: [ip]
  credential: [{ kind: parameters, usernames: [u], passwords: [p] }]
dialect: any-200
requests:
  - GET /hostile${number}/update?u=abc&p=secret12&h=${host}&ip=&x=${value} HTTP/1.0
`;
}

/** What needs no account: wrong logins of devices, requests that no rule knows, wrong names at the sign-in. */
async function sendAsStrangers({ server, origin, update, login }: FilledHome): Promise<void> {
  const { hostname, port } = server.devices;
  for (const text of polyglots) {
    const sent = { host, address: "203.0.113.9", userAgent: text };
    await update(sent, { ...login, password: "another" });
    await update({ ...sent, host: text }, login);
    await update(sent, { username: text, password: "another" });
    await update(sent, login);
    const path = `/${encodeURIComponent(text)}?${encodeURIComponent(text)}=${encodeURIComponent(text)}`;
    const request = await fetch(`http://${hostname}:${port}${path}`, {
      headers: { "User-Agent": text },
    });
    await request.text();
    const signIn = await fetch(`${origin}/api/v1/session`, {
      method: "POST",
      headers: { Origin: origin, "Content-Type": "application/json", "User-Agent": text },
      body: JSON.stringify({ name: text, password: text }),
    });
    await signIn.text();
  }
}

/** So many pages of one kind say what there is to say. */
const ofOneKind = 4;
const pagesMax = 90;

async function crawl(open: OpenPage): Promise<{ visited: readonly string[]; shown: string }> {
  const { page } = open;
  // The list of guides chooses by buttons.
  const queue = ["/", "/guides/fritzbox"];
  const seen = new Set(queue);
  const kinds = new Map<string, number>();
  const visited: string[] = [];
  let shown = "";
  for (const path of queue) {
    if (visited.length >= pagesMax) break;
    await page.goto(path);
    await settle(page);
    for (const row of await page.locator("details > summary").all())
      if (await row.isVisible()) await row.click();
    expect([path, ...(await findHostile(open))]).toEqual([path]);
    visited.push(path.split("?")[0]!);
    shown += await page.locator("body").innerText();
    for (const link of await linksOf(page)) {
      const [place = ""] = link.split("?");
      const kind = patterns.find((pattern) => fits(pattern, place)) ?? place;
      const many = kinds.get(kind) ?? 0;
      if (seen.has(link) || many >= ofOneKind) continue;
      kinds.set(kind, many + 1);
      seen.add(link);
      queue.push(link);
    }
  }
  return { visited, shown };
}

async function linksOf(page: Page): Promise<readonly string[]> {
  const found: unknown = await page.evaluate(
    `[...document.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"))`,
  );
  const all = (found as string[]).map((href) => href.split("#")[0]!);
  // What runs as an address is no link of ours.
  expect(all.filter((href) => /^\s*javascript:/i.test(href))).toEqual([]);
  return all.filter((href) => /^\/(?!\/|api\/|assets\/)/.test(href));
}

async function findHostile({ page, complaints }: OpenPage): Promise<readonly string[]> {
  const made = await page.locator(".hostile, script:not([src])").count();
  return [...complaints, ...(made === 0 ? [] : [`${made} elements`])];
}

function fits(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(path);
}
