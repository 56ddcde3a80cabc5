/** A server with people: accounts made beforehand, and the API as their browsers call it. */

import { rm } from "node:fs/promises";
import { z } from "zod";
import { apiBase } from "../../src/api/app.ts";
import { csrfHeader } from "../../src/api/csrf.ts";
import { sessionCookie } from "../../src/api/identify.ts";
import { makeDataFolder, mustRun, startServer } from "../server.ts";
import type { Listener, TestServer } from "../server.ts";
import { sendUpdate } from "./send-update.ts";
import type { Login, SentUpdate } from "./send-update.ts";

export const admin = { name: "ada", password: "seven wild geese over Skye" } as const;
export const other = { name: "bob", password: "a kettle sings in the attic" } as const;
export const zone = "dyn.test";

export interface WebHome extends AsyncDisposable {
  readonly server: TestServer;
  readonly origin: string;
  signIn(who: Account): Promise<SignedIn>;
  /** As a simulated camera does it. Gives the body of the answer. */
  update(sent: SentUpdate, as: Login): Promise<string>;
  /** Waits until what another process wrote is known to the service. */
  hasLogin(login: Login): Promise<void>;
}

interface Account {
  readonly name: string;
  readonly password: string;
}

/** A session outside the browser, to prepare what a test looks at. */
export interface SignedIn {
  /** To be given to a browser's page. */
  readonly cookies: { name: string; value: string; url: string; secure: boolean }[];
  call(method: string, path: string, body?: unknown): Promise<unknown>;
  /** A body that is no JSON. */
  send(method: string, path: string, type: string, body: string): Promise<unknown>;
}

/** A zone, an administrator and a user; everything else a test makes itself. A folder that is given has its zone. */
export async function startWebHome(
  args: readonly string[] = [],
  given?: string,
  env: Readonly<Record<string, string>> = {},
): Promise<WebHome> {
  const data = given ?? (await makeDataFolder());
  if (given === undefined) await mustRun(["zone", "add", zone, "--private"], { data });
  await addAccount(data, admin, ["--admin"]);
  await addAccount(data, other, []);
  const server = await startServer({ data, args, env });
  const origin = `http://${server.web.hostname}:${server.web.port}`;
  return {
    server,
    origin,
    signIn: (who) => signIn(origin, who),
    update: (sent, as) => sendUpdate(server.devices, sent, as),
    hasLogin: (login) => waitForLogin(server.devices, login),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      if (given === undefined) await rm(data, { recursive: true, force: true });
    },
  };
}

async function addAccount(
  data: string,
  { name, password }: Account,
  flags: readonly string[],
): Promise<void> {
  await mustRun(["user", "add", name, "--password-stdin", ...flags], { data, stdin: password });
}

export async function signIn(origin: string, { name, password }: Account): Promise<SignedIn> {
  const reply = await fetch(`${origin}${apiBase}/session`, {
    method: "POST",
    headers: { Origin: origin, "Content-Type": "application/json" },
    body: JSON.stringify({ name, password }),
  });
  const cookie = new RegExp(`${sessionCookie}=([^;]+)`).exec(reply.headers.get("set-cookie") ?? "");
  const value = cookie?.[1];
  if (!reply.ok || value === undefined) throw new Error(`Not signed in: ${await reply.text()}`);
  const headers = { Origin: origin, Cookie: `${sessionCookie}=${value}` };
  const greeting = await fetch(`${origin}${apiBase}/greeting`, { headers });
  const { csrf } = z.object({ csrf: z.string() }).parse(await greeting.json());
  const send = async (
    method: string,
    path: string,
    type: string | undefined,
    body: string | undefined,
  ): Promise<unknown> => {
    const answer = await fetch(`${origin}${apiBase}${path}`, {
      method,
      headers: {
        ...headers,
        [csrfHeader]: csrf,
        ...(type === undefined ? {} : { "Content-Type": type }),
      },
      ...(body === undefined ? {} : { body }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  };
  return {
    // The protocol of the browser takes a Secure cookie only for https; cookies know no scheme and no port.
    cookies: [
      { name: sessionCookie, value, url: origin.replace(/^http:/, "https:"), secure: true },
    ],
    call: (method, path, body) =>
      body === undefined
        ? send(method, path, undefined, undefined)
        : send(method, path, "application/json", JSON.stringify(body)),
    send,
  };
}

/** The published check of a login changes nothing and leaves no receipt behind. */
async function waitForLogin({ hostname, port }: Listener, login: Login): Promise<void> {
  const { username, password } = login;
  for (let tries = 0; tries < 200; tries++) {
    const reply = await fetch(`http://${hostname}:${port}/client/usercheck.aspx`, {
      headers: { Authorization: `Basic ${btoa(`${username}:${password}`)}` },
    });
    if ((await reply.text()) === "okuser") return;
    await Bun.sleep(50);
  }
  throw new Error(`The login ${username} did not become known`);
}
