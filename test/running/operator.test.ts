/** What whoever runs the service sees of a real one: overview, held hosts, settings, and the log that a command checks. */

import { Database } from "bun:sqlite";
import { expect, test } from "bun:test";
import { join } from "node:path";
import { nameward, mustRun, startServer } from "../server.ts";
import type { TestServer } from "../server.ts";

interface Session {
  readonly cookie: string;
  readonly csrf: string;
}

function send(
  { web }: TestServer,
  path: string,
  init: { method?: string; body?: unknown } = {},
  session?: Session,
): Promise<Response> {
  const origin = `http://${web.hostname}:${web.port}`;
  const headers = new Headers({ Origin: origin, "Content-Type": "application/json" });
  if (session !== undefined) {
    headers.set("Cookie", `__Host-nameward=${session.cookie}`);
    headers.set("X-Nameward-Csrf", session.csrf);
  }
  const { method = "GET", body } = init;
  const given = body === undefined ? {} : { body: JSON.stringify(body) };
  return fetch(`${origin}/api/v1${path}`, { method, headers, ...given });
}

const password = "four plain words together";

async function signIn(server: TestServer): Promise<Session> {
  const reply = await send(server, "/session", {
    method: "POST",
    body: { name: "alice", password },
  });
  expect(reply.status).toBe(200);
  const cookie = /__Host-nameward=([^;]+)/.exec(reply.headers.get("set-cookie") ?? "")?.[1];
  return { cookie: cookie ?? "", csrf: reply.headers.get("x-nameward-csrf") ?? "" };
}

/** The first event of running totals; they come once a second, and only to who listens. */
async function nextCounters(server: TestServer, session: Session): Promise<unknown> {
  const reply = await send(server, "/events?topics=counters", {}, session);
  let text = "";
  for await (const piece of reply.body!.pipeThrough(new TextDecoderStream())) {
    text += piece;
    const found = /event: counters\ndata: (.*)\n/.exec(text)?.[1];
    if (found !== undefined) return JSON.parse(found);
  }
  throw new Error(`No counters came: ${text}`);
}

/** A server follows commands beside it, within a second or so. */
async function followed(server: TestServer, session: Session): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    const reply = await send(server, "/hosts/counts", {}, session);
    const { waiting } = (await reply.json()) as { waiting: number };
    if (waiting === 1) break;
    await Bun.sleep(50);
  }
}

test("the operator reads counters, changes a setting, and a command finds what was changed in the log", async () => {
  await using server = await startServer();
  const stdin = `${password}\n`;
  await mustRun(["user", "add", "alice", "--admin", "--password-stdin"], { ...server, stdin });
  const session = await signIn(server);
  await mustRun(["zone", "add", "dyn.example.net"], server);
  await mustRun(["host", "add", "cam.dyn.example.net", "--user", "alice"], server);
  await followed(server, session);
  const { devices } = server;
  const update = `http://${devices.hostname}:${devices.port}/nic/update?hostname=cam.dyn.example.net`;
  const headers = { Authorization: `Basic ${btoa("cam:wrong password")}`, "User-Agent": "camera" };
  for (let i = 0; i < 3; i++)
    expect(await (await fetch(update, { headers })).text()).toBe("badauth");
  await (await fetch(`http://${devices.hostname}:${devices.port}/ipcheck`)).text();

  const overview = (await (await send(server, "/overview", {}, session)).json()) as Record<
    string,
    unknown
  >;
  expect(overview).toMatchObject({
    sizes: { zones: 1, users: 1 },
    hostStates: { waiting: 1, current: 0 },
    updates: { "bad-credentials": 3 },
    counters: { updates: 3, badauth: 3, good: 0, nochg: 0, refused: 0, checkips: 1 },
    store: { state: "ready", why: null },
    noisiest: [
      { name: "cam.dyn.example.net", device: "camera", refused: 3, outcome: "bad-credentials" },
    ],
  });
  expect((await send(server, "/overview")).status).toBe(401);
  expect(await nextCounters(server, session)).toMatchObject({ updates: 3, badauth: 3 });
  const held = await (await send(server, "/held", {}, session)).json();
  expect(held).toEqual({ items: [], signals: [] });

  const patch = { method: "PATCH", body: { brandName: "Camera DNS" } };
  expect((await send(server, "/settings", patch, session)).status).toBe(200);
  const greeting = (await (await send(server, "/greeting")).json()) as { brand: { name: string } };
  expect(greeting.brand.name).toBe("Camera DNS");

  expect(await mustRun(["audit", "list"], server)).toContain("setting.change");
  expect((await nameward(["audit", "check"], server)).code).toBe(0);
  const database = new Database(join(server.data, "nameward.db"));
  database.run("update audit set target = 'signUp' where action = 'setting.change'");
  database.close();
  const check = await nameward(["audit", "check"], server);
  expect(check.code).toBe(1);
  expect(check.stderr).toContain("is not as it was written");
}, 60_000);
