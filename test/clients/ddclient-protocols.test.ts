/** ddclient 3.10 as Debian 12 packages it, with every protocol it has that can be pointed at a server, most of them over https. */

import { Database } from "bun:sqlite";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, setDefaultTimeout } from "bun:test";
import { makeWorld, resetAddresses } from "../adapters/world.ts";
import type { World } from "../adapters/world.ts";
import { TestAuthority } from "../certificates.ts";
import { perlTlsTools, testWith } from "../debian.ts";
import { ask } from "../scenario/dns-exchange.ts";
import { mustRun } from "../server.ts";
import type { TestServer } from "../server.ts";
import { runClient } from "./served-home.ts";

setDefaultTimeout(60_000);

let folder: string;
let authority: TestAuthority;
let world: World;
let server: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nameward-ddclient-"));
  authority = await TestAuthority.make(folder);
  const { certificate, key } = await authority.sign(["localhost", "127.0.0.1"]);
  world = await makeWorld();
  const files = [`--tls-certificates=${certificate}`, `--tls-keys=${key}`];
  server = await world.start(["--devices-tls=127.0.0.1:0", ...files]);
  // dslreports1 takes nothing but a number for a host.
  const { data } = server;
  await mustRun(["host", "add", "12345.example.test", "--user", "alice"], { data });
  const login = ["login", "add", "--user", "alice", "--hosts", "12345.example.test"];
  const given = ["--username", "number", "--password-stdin"];
  await mustRun([...login, ...given], { data, stdin: "secret" });
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(() => resetAddresses(server));

const cam1 = "cam1.example.test";

interface Protocol {
  readonly name: string;
  /** The rule that must match. */
  readonly rule: string;
  /** Lines beside protocol, server and address; `{secret}` is the password, `{here}` address and port of the server. */
  readonly lines: readonly string[];
  /** As ddclient is given it; its host is cam1. */
  readonly host?: string;
  /** It takes http when it is told to; the others insist on https. */
  readonly isPlain?: true;
  /** What the host has afterwards; where the protocol sends no address, ours. */
  readonly becomes?: string;
  /** It says that it succeeded before it looks whether it did. */
  readonly saysBoth?: true;
  /** It says nothing of a success. */
  readonly saysNothing?: true;
}

const pair = ["login=cam", "password={secret}"];
const dynv6 = `/api/update?ipv4=auto&hostname=${cam1}&token={secret}`;

/**
 * Left out: those whose API nobody else has (gandi, godaddy, hetzner, nfsn, yandex), nsupdate, which is DNS
 * UPDATE, and two that 3.10 spoils: it asks dinahosting for a URL without a command, and for keysystems it calls
 * its own function with the wrong arguments, so that it never connects to anything.
 */
const protocols: readonly Protocol[] = [
  { name: "dyndns1", rule: "dyndns1", lines: pair },
  { name: "dyndns2", rule: "dyndns", lines: pair, isPlain: true },
  { name: "noip", rule: "noip", lines: pair },
  {
    name: "dslreports1",
    rule: "dyndns1",
    lines: ["login=number", "password={secret}"],
    host: "12345",
  },
  { name: "zoneedit1", rule: "zoneedit", lines: [...pair, "zone=example.test"] },
  { name: "easydns", rule: "easydns", lines: pair },
  { name: "namecheap", rule: "namecheap", lines: ["login=example.test", "password={secret}"] },
  { name: "sitelutions", rule: "sitelutions", lines: pair, host: "cam1" },
  { name: "dnsexit", rule: "dnsexit", lines: pair },
  { name: "freedns", rule: "freedns-listed", lines: pair },
  { name: "changeip", rule: "changeip", lines: pair },
  { name: "googledomains", rule: "dyndns", lines: pair, saysNothing: true },
  { name: "dnsmadeeasy", rule: "dme", lines: pair, host: "cam1" },
  { name: "dondominio", rule: "dondominio", lines: pair },
  { name: "duckdns", rule: "duck", lines: ["password={secret}"], host: "cam1" },
  { name: "freemyip", rule: "freemyip", lines: ["password={secret}"], becomes: "127.0.0.1" },
  { name: "njalla", rule: "njalla", lines: ["password={secret}"] },
  { name: "ovh", rule: "dyndns", lines: pair },
  { name: "woima", rule: "dyndns", lines: pair, isPlain: true },
  // It is given a whole URL and takes every 200 for success; the address goes in a header that only proxies may send.
  {
    name: "cloudns",
    rule: "dynv6",
    lines: [`dynurl=https://{here}${dynv6}`],
    becomes: "127.0.0.1",
  },
  { name: "1984", rule: "1984", lines: ["password={secret}"], saysBoth: true },
  {
    name: "cloudflare",
    rule: "cloudflare",
    lines: ["login=token", "password={secret}", "zone=example.test"],
  },
];

async function run(protocol: Protocol, secret: string): Promise<string> {
  const file = `${folder}/ddclient.conf`;
  const { port } = protocol.isPlain === true ? server.devices : server.listeners.get("devicesTls")!;
  const here = `127.0.0.1:${port}`;
  const path = protocol.name === "cloudflare" ? "/client/v4" : "";
  const lines = [
    "daemon=0\nsyslog=no\nmail=",
    `ssl=${protocol.isPlain === true ? "no" : "yes"}`,
    `ssl_ca_file=${authority.certificate}`,
    "use=ip, ip=203.0.113.77",
    `protocol=${protocol.name}`,
    `server=${here}${path}`,
    ...protocol.lines.map((line) => line.replace("{secret}", secret).replace("{here}", here)),
    protocol.host ?? cam1,
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

async function newestRule(host: string): Promise<string | undefined> {
  const { data } = server;
  const shown: { receipts: { adapter: string }[] } = JSON.parse(
    await mustRun(["host", "show", host, "--json"], { data }),
  );
  return shown.receipts[0]?.adapter;
}

for (const protocol of protocols) {
  const { name, host = cam1, becomes = "203.0.113.77" } = protocol;
  const named = host.includes(".") ? host : `${host}.example.test`;
  testWith(["ddclient", "openssl", ...perlTlsTools], `ddclient's ${name}`, async () => {
    const before = await addressOf(named);
    const refused = await run(protocol, "wrong");
    if (protocol.saysBoth === undefined) expect(refused).not.toContain("SUCCESS");
    expect(await addressOf(named)).toBe(before);

    const updated = await run(protocol, "secret");
    if (protocol.saysNothing === undefined)
      expect(updated).toMatch(new RegExp(`SUCCESS:.* ${host}\\b`, "i"));
    expect(await addressOf(named)).toBe(becomes);

    expect(await newestRule(named)).toBe(protocol.rule);

    // The same again: nothing changes, and nothing has failed.
    const again = await run(protocol, "secret");
    expect(again).not.toContain("FAILED");
    expect(await addressOf(named)).toBe(becomes);
  });
}

const founding = protocols.find(({ name }) => name === "dyndns2")!;

testWith(["ddclient"], "ddclient is told that a host is held", async () => {
  const said = await run({ ...founding, host: "held.example.test" }, "secret");
  expect(said).toMatch(/FAILED: +updating held\.example\.test: abuse/);
  expect(await addressOf("held.example.test")).toBe("");
});

testWith(
  ["ddclient"],
  "ddclient fails while nothing can be stored, and succeeds after it",
  async () => {
    using database = new Database(`${server.data}/nameward.db`);
    database.run("pragma busy_timeout = 10000");
    database.run("begin immediate");
    const said = await run(founding, "secret");
    expect(await addressOf(cam1)).toBe("192.0.2.1");
    database.run("rollback");
    // It has no words for a 503, and tries again five minutes later as a daemon.
    expect(said).toBe("");
    const metrics = await fetch(`http://127.0.0.1:${server.web.port}/metrics`);
    expect(await metrics.text()).toContain('nameward_updates_total{outcome="try-later"} 1\n');
    // What waited for the store may have gone through when it could: then it is a repeat.
    expect(await run(founding, "secret")).toMatch(/SUCCESS|nochg/);
    expect(await addressOf(cam1)).toBe("203.0.113.77");
  },
);
