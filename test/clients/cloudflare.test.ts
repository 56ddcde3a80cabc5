/** ddclient 3.10 as Debian 12 packages it, with its `cloudflare` protocol, which insists on https; and curl in the place of ddns-go. */

import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout } from "bun:test";
import { makeWorld, resetAddresses } from "../adapters/world.ts";
import type { World } from "../adapters/world.ts";
import { TestAuthority } from "../certificates.ts";
import { perlTlsTools, testWith } from "../debian.ts";
import { ask } from "../scenario/dns-exchange.ts";
import type { TestServer } from "../server.ts";
import { runClient } from "./served-home.ts";

setDefaultTimeout(60_000);

let folder: string;
let authority: TestAuthority;
let world: World;
let server: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nameward-cloudflare-"));
  authority = await TestAuthority.make(folder);
  const { certificate, key } = await authority.sign(["localhost", "127.0.0.1"]);
  world = await makeWorld();
  const files = [`--tls-certificates=${certificate}`, `--tls-keys=${key}`];
  server = await world.start(["--devices-tls=127.0.0.1:0", ...files]);
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => resetAddresses(server));

async function runDdclient(login: string, password: string, host: string): Promise<string> {
  const file = `${folder}/ddclient.conf`;
  const { port } = server.listeners.get("devicesTls")!;
  const lines = [
    "daemon=0\nsyslog=no\nmail=\nssl=yes",
    `ssl_ca_file=${authority.certificate}`,
    "use=ip, ip=203.0.113.77",
    "protocol=cloudflare",
    `server=127.0.0.1:${port}/client/v4`,
    "zone=example.test",
    `login=${login}`,
    `password=${password}`,
    host,
  ];
  await Bun.write(file, `${lines.join("\n")}\n`);
  await chmod(file, 0o600);
  const state = ["-cache", `${folder}/${crypto.randomUUID()}`, "-pid", `${folder}/pid`];
  const args = ["-daemon=0", "-noquiet", "-force", "-timeout", "10", "-file", file, ...state];
  const { stdout, stderr } = await runClient(["ddclient", ...args]);
  return stdout + stderr;
}

async function addressOf(host: string): Promise<string> {
  const message = await ask(server.dns, "udp", host, "A");
  return message.answers.map(({ rdata }) => rdata.join(".")).join();
}

const cam1 = "cam1.example.test";

const tools = ["ddclient", "openssl", ...perlTlsTools];

for (const [title, login, password] of [
  ["a token", "token", "secret"],
  ["a login's name and password", "cam", "secret"],
  ["a token beside an e-mail address", "me@example.test", "secret"],
] as const) {
  testWith(tools, `ddclient updates a record by ${title}`, async () => {
    expect(await runDdclient(login, password, cam1)).toContain(
      `SUCCESS:  updating ${cam1}: IPv4 address set to 203.0.113.77`,
    );
    expect(await addressOf(cam1)).toBe("203.0.113.77");
  });
}

testWith(tools, "ddclient is refused with a wrong token, or at another's host", async () => {
  expect(await runDdclient("token", "wrong", cam1)).toContain("FAILED");
  expect(await runDdclient("token", "secret", "foreign.example.test")).toContain(
    "No 'A' record at Cloudflare",
  );
  expect(await addressOf(cam1)).toBe("192.0.2.1");
  expect(await addressOf("foreign.example.test")).toBe("");
});

/** What ddns-go sends with each of its requests. */
const goHead = ["User-Agent: Go-http-client/1.1", "Content-Type: application/json"];

async function askAsGo<Result>(path: string, args: readonly string[] = []): Promise<Result> {
  const { port } = server.listeners.get("devicesTls")!;
  const head = [...goHead, "Authorization: Bearer secret"].flatMap((line) => ["-H", line]);
  const url = `https://127.0.0.1:${port}/client/v4/zones${path}`;
  const command = ["curl", "-s", "--cacert", authority.certificate, ...head, ...args, url];
  const reply: { success: boolean; result: Result } = JSON.parse((await runClient(command)).stdout);
  expect([path, reply.success]).toEqual([path, true]);
  return reply.result;
}

testWith(["curl", "openssl"], "curl updates a record by the requests of ddns-go", async () => {
  const [zone] = await askAsGo<{ id: string }[]>("?name=example.test&status=active&per_page=50");
  const list = `/${zone!.id}/dns_records`;
  const [record] = await askAsGo<{ id: string }[]>(`${list}?type=A&name=${cam1}&per_page=50`);
  const body = JSON.stringify({ ...record, content: "203.0.113.78" });
  await askAsGo(`${list}/${record!.id}`, ["-X", "PUT", "-d", body]);
  expect(await addressOf(cam1)).toBe("203.0.113.78");
});
