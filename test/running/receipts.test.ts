/** Receipts of a running service by the API: the filter holds in the list, in the file and live, and a restart forgets none. */

import { rm } from "node:fs/promises";
import { expect, test } from "bun:test";
import { z } from "zod";
import { apiBase } from "../../src/api/app.ts";
import { makeDataFolder, mustRun, startServer } from "../server.ts";
import { admin, signIn, startWebHome, zone } from "../web/web-home.ts";
import type { SignedIn, WebHome } from "../web/web-home.ts";

const login = { username: "u7k2m9", password: "Rt5wKm2pXc8nVb4q" };
const timeoutMs = 60_000;

const page = z.object({
  items: z.array(z.looseObject({ id: z.string(), asked: z.string(), outcome: z.string() })),
  next: z.string().nullable(),
});

async function addThings(data: string): Promise<void> {
  for (const label of ["cam1", "cam2"])
    await mustRun(["host", "add", `${label}.${zone}`, "--user", admin.name], { data });
  const names = `cam1.${zone},cam2.${zone}`;
  await mustRun(
    ["login", "add", "--user", admin.name, "--username", login.username].concat([
      "--password-stdin",
      "--hosts",
      names,
    ]),
    { data, stdin: login.password },
  );
}

async function listed(person: SignedIn, query: Record<string, string>) {
  const search = new URLSearchParams(query).toString();
  return page.parse(await person.call("GET", `/receipts?${search}`));
}

test(
  "the filter holds in the list, page by page, in the file and live; a restart forgets nothing but repeats",
  async () => {
    const data = await makeDataFolder();
    await mustRun(["zone", "add", zone, "--private"], { data });
    {
      await using home = await startWebHome([], data);
      await addThings(data);
      await home.hasLogin(login);
      const person = await home.signIn(admin);
      const live = await hear(home, person, "outcome:changed host:cam2.dyn.test");
      for (let last = 1; last <= 5; last++) {
        await home.update({ host: `cam1.${zone}`, address: `203.0.113.${last}` }, login);
        await home.update({ host: `cam2.${zone}`, address: `203.0.113.${last}` }, login);
        await home.update({ host: `cam2.${zone}`, address: `203.0.113.${last}` }, login);
      }
      expect(await live.take(5)).toEqual(Array.from({ length: 5 }, () => `cam2.${zone} changed`));

      const wrong = { ...login, password: "another" };
      await home.update({ host: `CAM1.${zone}`, address: "203.0.113.9" }, wrong);
      const ofHost = await listed(person, { q: `host:cam1.${zone}` });
      expect(ofHost.items.map(({ outcome }) => outcome)).toEqual([
        "bad-credentials",
        ...Array(5).fill("changed"),
      ]);

      const q = `outcome:changed zone:${zone}`;
      const all = await listed(person, { q });
      expect(all.items).toHaveLength(10);
      const found: string[] = [];
      for (let after: string | null = ""; after !== null;) {
        const part = await listed(person, { q, limit: "3", ...(after === "" ? {} : { after }) });
        found.push(...part.items.map(({ id }) => id));
        after = part.next;
      }
      expect(found).toEqual(all.items.map(({ id }) => id));

      const file = await home.signIn(admin).then((one) => download(home, one, q, "csv"));
      expect(file.split("\r\n")).toHaveLength(12); // a heading, ten rows and the last line end
      expect(await home.server.stop()).toBe(0);
    }
    await using again = await startServer({ data });
    const person = await signIn(`http://${again.web.hostname}:${again.web.port}`, admin);
    const after = await listed(person, { q: `host:cam1.${zone}` });
    expect(after.items.map(({ outcome }) => outcome)).toEqual([
      "bad-credentials",
      ...Array(5).fill("changed"),
    ]);
    const anywhere = await listed(person, { q: "outcome:changed" });
    expect(anywhere.items).toHaveLength(10);
    await rm(data, { recursive: true, force: true });
  },
  timeoutMs,
);

test(
  "a list of hosts is told that one has another address",
  async () => {
    const data = await makeDataFolder();
    await mustRun(["zone", "add", zone, "--private"], { data });
    await using home = await startWebHome([], data);
    await addThings(data);
    await home.hasLogin(login);
    const live = await hear(home, await home.signIn(admin), "", "hosts");
    await home.update({ host: `cam1.${zone}`, address: "203.0.113.7" }, login);
    expect(await live.take(1)).toEqual([`cam1.${zone} current 203.0.113.7`]);
    await rm(data, { recursive: true, force: true });
  },
  timeoutMs,
);

function cookieOf({ cookies }: SignedIn): string {
  return cookies.map(({ name, value }) => `${name}=${value}`).join("; ");
}

async function download(home: WebHome, person: SignedIn, q: string, format: string) {
  const search = new URLSearchParams({ q, format }).toString();
  const reply = await fetch(`${home.origin}${apiBase}/receipts/export?${search}`, {
    headers: { Cookie: cookieOf(person) },
  });
  expect(reply.status).toBe(200);
  expect(reply.headers.get("content-disposition")).toContain(`receipts.${format}`);
  return reply.text();
}

const told = z.object({
  host: z.string().optional(),
  outcome: z.string().optional(),
  name: z.string().optional(),
  state: z.string().optional(),
  v4: z.string().nullish(),
});

/** What a stream tells, a line an event. */
async function hear(home: WebHome, person: SignedIn, q: string, topics = "receipts") {
  const reply = await fetch(
    `${home.origin}${apiBase}/events?${new URLSearchParams({ topics, q }).toString()}`,
    { headers: { Cookie: cookieOf(person) } },
  );
  const reader = reply.body!.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  return {
    async take(count: number): Promise<readonly string[]> {
      for (;;) {
        const events = [...text.matchAll(/^data: (.+)\n\n/gm)].map((match) =>
          told.parse(JSON.parse(match[1]!)),
        );
        if (events.length >= count) {
          await reader.cancel();
          return events.map(({ host, outcome, name, state, v4 }) =>
            [host, outcome, name, state, v4].filter((one) => one !== undefined).join(" "),
          );
        }
        const { value, done } = await reader.read();
        if (done) throw new Error(`The stream ended with ${text}`);
        text += value;
      }
    },
  };
}
