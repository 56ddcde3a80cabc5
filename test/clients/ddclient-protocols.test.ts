/** ddclient 3.10 as Debian 12 packages it, with every protocol it has that can be pointed at a server, most of them over https. */

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
  /** Lines beside protocol, server and address; `{secret}` is the password. */
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
  /** It takes a repeat for a failure, by the service's own word. */
  readonly repeatFails?: true;
}

const pair = ["login=cam", "password={secret}"];

/**
 * Left out: those whose API nobody else has (cloudns, dinahosting, gandi, godaddy, hetzner, nfsn, yandex),
 * woima, whose service is gone, nsupdate, which is DNS UPDATE, and keysystems, which 3.10 calls with the
 * wrong arguments, so that it never connects to anything.
 */
const protocols: readonly Protocol[] = [
  { name: "dyndns1", lines: pair },
  { name: "dyndns2", lines: pair, isPlain: true },
  { name: "noip", lines: pair },
  { name: "dslreports1", lines: ["login=number", "password={secret}"], host: "12345" },
  { name: "zoneedit1", lines: [...pair, "zone=example.test"] },
  { name: "easydns", lines: pair },
  { name: "namecheap", lines: ["login=example.test", "password={secret}"] },
  { name: "sitelutions", lines: pair, host: "cam1" },
  { name: "dnsexit", lines: pair },
  { name: "freedns", lines: pair },
  { name: "changeip", lines: pair },
  { name: "googledomains", lines: pair, saysNothing: true },
  { name: "dnsmadeeasy", lines: pair, host: "cam1", repeatFails: true },
  { name: "dondominio", lines: pair },
  { name: "duckdns", lines: ["password={secret}"], host: "cam1" },
  { name: "freemyip", lines: ["password={secret}"], becomes: "127.0.0.1" },
  { name: "njalla", lines: ["password={secret}"] },
  { name: "ovh", lines: pair },
  { name: "1984", lines: ["password={secret}"], saysBoth: true },
  { name: "cloudflare", lines: ["login=token", "password={secret}", "zone=example.test"] },
];

async function run(protocol: Protocol, secret: string): Promise<string> {
  const file = `${folder}/ddclient.conf`;
  const { port } = protocol.isPlain === true ? server.devices : server.listeners.get("devicesTls")!;
  const path = protocol.name === "cloudflare" ? "/client/v4" : "";
  const lines = [
    "daemon=0\nsyslog=no\nmail=",
    `ssl=${protocol.isPlain === true ? "no" : "yes"}`,
    `ssl_ca_file=${authority.certificate}`,
    "use=ip, ip=203.0.113.77",
    `protocol=${protocol.name}`,
    `server=127.0.0.1:${port}${path}`,
    ...protocol.lines.map((line) => line.replace("{secret}", secret)),
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

    // The same again: nothing changes, and nothing has failed.
    const again = await run(protocol, "secret");
    expect(again.includes("FAILED")).toBe(protocol.repeatFails === true);
    expect(await addressOf(named)).toBe(becomes);
  });
}
