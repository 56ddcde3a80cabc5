/** acme-dns against a real server: a program signs up, and shows its texts at the name that it got. */

import { expect, setDefaultTimeout, test } from "bun:test";
import { printRdata } from "../../src/dns/record-types.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { mustRun, startServer } from "../server.ts";
import type { TestServer } from "../server.ts";

setDefaultTimeout(60_000);

interface Account {
  readonly username: string;
  readonly password: string;
  readonly fulldomain: string;
  readonly subdomain: string;
  readonly allowfrom: readonly string[];
}

async function post(
  server: TestServer,
  path: string,
  body?: object,
  account?: Account,
): Promise<readonly [number, unknown]> {
  const headers: Record<string, string> =
    account === undefined ? {} : { "X-Api-User": account.username, "X-Api-Key": account.password };
  const { hostname, port } = server.devices;
  const reply = await fetch(`http://${hostname}:${port}${path}`, {
    method: "POST",
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  return [reply.status, await reply.json()];
}

async function signUp(server: TestServer, body?: object): Promise<Account> {
  const [status, account] = await post(server, "/register", body);
  expect(status).toBe(201);
  return account as Account;
}

async function textsAt(server: TestServer, name: string): Promise<readonly string[]> {
  const { answers } = await ask(server.dns, "udp", name, "TXT");
  return answers.map(({ type, rdata }) => printRdata(type, rdata)).toSorted();
}

const texts = ["A", "B", "C"].map((letter) => letter.repeat(43));

test("a program signs up and shows two texts, and nobody else shows any there", async () => {
  await using server = await startServer();
  const { data } = server;
  expect(await post(server, "/register")).toEqual([401, { error: "registration_closed" }]);
  await mustRun(["zone", "add", "acme.test"], { data });
  await mustRun(["user", "add", "carol", "--password-stdin"], { data, stdin: "Kk7mQ2xV9dRt4pLz" });
  await mustRun(["zone", "open", "acme.test", "--for", "carol", "--by", "acme"], { data });
  // A command beside a running server takes effect within a second.
  for (let tries = 0; (await post(server, "/register"))[0] === 401; tries++) {
    expect(tries).toBeLessThan(200);
    await Bun.sleep(50);
  }

  const mine = await signUp(server, { allowfrom: [] });
  expect(mine.fulldomain).toBe(`_acme-challenge.${mine.subdomain}.acme.test`);
  expect(mine.password).toHaveLength(40);
  expect(mine.allowfrom).toEqual([]);
  const { subdomain, fulldomain } = mine;
  for (const txt of texts) {
    expect(await post(server, "/update", { subdomain, txt }, mine)).toEqual([200, { txt }]);
  }
  expect(await textsAt(server, fulldomain)).toEqual(texts.slice(1).map((text) => `"${text}"`));

  const other = await signUp(server);
  const [txt] = texts;
  expect(await post(server, "/update", { subdomain, txt }, other)).toEqual([
    401,
    { error: "forbidden" },
  ]);
  expect(await post(server, "/update", { subdomain: other.subdomain, txt }, other)).toEqual([
    200,
    { txt },
  ]);
  expect(await textsAt(server, fulldomain)).toEqual(texts.slice(1).map((text) => `"${text}"`));
});

test("an account that is bound to a network is nobody's elsewhere", async () => {
  await using server = await startServer();
  const { data } = server;
  await mustRun(["zone", "add", "acme.test"], { data });
  await mustRun(["user", "add", "carol", "--password-stdin"], { data, stdin: "Kk7mQ2xV9dRt4pLz" });
  await mustRun(["zone", "open", "acme.test", "--for", "carol", "--by", "acme"], { data });
  for (let tries = 0; (await post(server, "/register"))[0] === 401; tries++) {
    expect(tries).toBeLessThan(200);
    await Bun.sleep(50);
  }
  const [txt] = texts;
  for (const [network, status] of [
    ["192.0.2.0/24", 401],
    ["127.0.0.0/8", 200],
  ] as const) {
    const account = await signUp(server, { allowfrom: [network] });
    expect(account.allowfrom).toEqual([network]);
    const { subdomain } = account;
    expect((await post(server, "/update", { subdomain, txt }, account))[0]).toBe(status);
    expect(await textsAt(server, account.fulldomain)).toHaveLength(status === 200 ? 1 : 0);
  }
  expect(await post(server, "/register", { allowfrom: ["everywhere"] })).toEqual([
    400,
    { error: "invalid_allowfrom_cidr" },
  ]);
});
