/** GnuDIP over HTTP against a real server: a salt is fetched and answered, as a client does it. */

import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout, test } from "bun:test";
import { ask } from "../scenario/dns-exchange.ts";
import { exchangeOctets } from "../scenario/http-exchange.ts";
import type { TestServer } from "../server.ts";
import { makeWorld, resetAddresses } from "./world.ts";
import type { World } from "./world.ts";

setDefaultTimeout(60_000);

let world: World;
let server: TestServer;

beforeAll(async () => {
  world = await makeWorld();
  server = await world.start();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
});
beforeEach(() => resetAddresses(server));

const script = "/gnudip/cgi-bin/gdipupdt.cgi";

async function get(target: string, to = server): Promise<string> {
  const head = `GET ${target} HTTP/1.0\r\nHost: 127.0.0.1\r\nUser-Agent: GnuDIP/2.3.5\r\n\r\n`;
  return exchangeOctets(to.devices, head);
}

/** As GnuDIP's own client finds it: anywhere in what came. */
function meta(reply: string, name: string): string | undefined {
  return new RegExp(`<meta name="${name}" content="([^"]*)">`).exec(reply)?.[1];
}

interface Sent {
  readonly user?: string;
  readonly domn?: string;
  readonly password?: string;
  readonly reqc: string;
  readonly addr?: string;
}

const md5 = (text: string): string => createHash("md5").update(text).digest("hex");

async function makeAnswer(sent: Sent): Promise<string> {
  const { user = "cam", domn = "cam1.example.test", password = "secret", reqc, addr } = sent;
  const challenge = await get(script);
  const [salt = "", time = "", sign = ""] = ["salt", "time", "sign"].map((name) =>
    meta(challenge, name),
  );
  expect(salt).toMatch(/^[A-Za-z0-9]{10}$/);
  const pass = md5(`${md5(password)}.${salt}`);
  const query = new URLSearchParams({ salt, time, sign, user, pass, domn, reqc });
  if (addr !== undefined) query.set("addr", addr);
  return `${script}?${query.toString()}`;
}

async function addressesOf(host: string, type = "A"): Promise<string> {
  const message = await ask(server.dns, "udp", `${host}.example.test`, type);
  return message.answers.map(({ rdata }) => rdata.join(".")).join();
}

test.each([
  ["an address", { reqc: "0", addr: "192.0.2.7" }, "0", "192.0.2.7"],
  ["the address it has", { reqc: "0", addr: "192.0.2.1" }, "0", "192.0.2.1"],
  ["none, as ez-ipupdate", { reqc: "0" }, "0", "127.0.0.1"],
  ["to be told one's own", { reqc: "2" }, "0 127.0.0.1", "127.0.0.1"],
  ["offline", { reqc: "1" }, "2", ""],
  [
    "by a login that is called as the host's label",
    { user: "cam1", domn: "example.test", password: "labelpass", reqc: "0", addr: "192.0.2.7" },
    "0",
    "192.0.2.7",
  ],
  ["a wrong password", { password: "wrong", reqc: "0", addr: "192.0.2.7" }, "1", "192.0.2.1"],
  ["nobody", { user: "nobody", reqc: "0", addr: "192.0.2.7" }, "1", "192.0.2.1"],
  [
    "a login that is not marked for it",
    { user: "cam1.example.test", domn: "", password: "hostpass", reqc: "0", addr: "192.0.2.7" },
    "1",
    "192.0.2.1",
  ],
  [
    "another's host",
    { domn: "foreign.example.test", reqc: "0", addr: "192.0.2.7" },
    "1",
    "192.0.2.1",
  ],
  ["a held host", { domn: "held.example.test", reqc: "0", addr: "192.0.2.7" }, "1", "192.0.2.1"],
  ["no address at all", { reqc: "0", addr: "x" }, "1", "192.0.2.1"],
  ["an unknown request", { reqc: "7", addr: "192.0.2.7" }, "1", "192.0.2.1"],
])("%s", async (_, sent: Sent, expected, address) => {
  const reply = await get(await makeAnswer(sent));
  expect(reply).toStartWith("HTTP/1.1 200 OK\r\n");
  expect(reply).toContain("\r\nContent-Type: text/html\r\n");
  const told = [meta(reply, "retc"), meta(reply, "addr")].filter((text) => text !== undefined);
  expect(told.join(" ")).toBe(expected);
  expect(await addressesOf("cam1")).toBe(address);
  expect(await addressesOf("foreign")).toBe("");
});

test("a salt of another process is none, and that is no failed login", async () => {
  const target = await makeAnswer({ reqc: "0", addr: "192.0.2.7" });
  await using other = await world.start();
  const reply = await get(target, other);
  expect(reply).toStartWith("HTTP/1.1 503 ");
  expect(meta(reply, "retc")).toBeUndefined();
  expect(meta(await get(target), "retc")).toBe("0"); // where it is from, it counts
});

test("the password is nowhere in the conversation", async () => {
  const target = await makeAnswer({ reqc: "0", addr: "192.0.2.7" });
  expect(target).not.toContain("secret");
  expect(target).not.toContain(md5("secret"));
});
