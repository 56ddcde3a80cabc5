/** inadyn 2.10 as Debian 12 packages it, with the providers it has built in: their names lead to us, their requests are unchanged. */

import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, setDefaultTimeout } from "bun:test";
import { makeWorld } from "../adapters/world.ts";
import type { World } from "../adapters/world.ts";
import { testWith } from "../debian.ts";
import type { TestServer } from "../server.ts";
import { inNamespace, namespaceTools, runClient } from "./served-home.ts";

setDefaultTimeout(60_000);

interface Provider {
  readonly name: string;
  readonly username?: string;
  readonly password?: string;
  readonly hostname?: string;
}

/** Names that these providers have built in: theirs, and where they ask for the own address. */
const names = `
  members.dyndns.org checkip.dyndns.org checkip.dyndns.com api.ipify.org
  dynupdate.no-ip.com ip1.dynupdate.no-ip.com www.duckdns.org freedns.afraid.org
  sync.afraid.org dynv6.com ipv4.dynv6.com api.cp.easydns.com
  update.dnsexit.com ip.dnsexit.com ipv4.tunnelbroker.net checkip.dns.he.net
  dyndns.strato.com freemyip.com nic.changeip.com ip.changeip.com
  www.ovh.com dns.loopia.se dynamic.zoneedit.com updates.dnsomatic.com
  myip.dnsomatic.com members.3322.org ip.3322.net api.dynu.com
  checkip.dynu.com update.spdyn.de checkip4.spdyn.de carol.selfhost.de
  is.dhis.org www.sitelutions.com homeserver.gira.de ddnss.de
  www.ddnss.de ip4.ddnss.de ipv4.duiadns.net ipv4.nsupdate.info
  domains.google.com wtfismyip.com ip1.dynupdate.noip.com dynupdate.noip.com
`.trim();

const providers: readonly Provider[] = [
  { name: "default@dyndns.org" },
  { name: "default@no-ip.com" },
  { name: "default@dnsomatic.com" },
  { name: "dyndns@3322.org" },
  { name: "default@dynu.com" },
  { name: "default@strato.com" },
  { name: "default@ovh.com" },
  { name: "default@loopia.com" },
  { name: "default@selfhost.de" },
  { name: "default@spdyn.de" },
  { name: "ipv4@nsupdate.info" },
  { name: "default@changeip.com" },
  { name: "default@easydns.com" },
  { name: "default@zoneedit.com" },
  { name: "default@dnsexit.com" },
  { name: "default@sitelutions.com", hostname: "cam1" },
  { name: "default@ddnss.de" },
  { name: "default@dhis.org", username: "cam1.example.test", password: "hostpass" },
  { name: "default@domains.google.com" },
  { name: "default@freedns.afraid.org" },
  { name: "default@tunnelbroker.net" },
  { name: "default@duckdns.org", username: "secret", hostname: "cam1" },
  { name: "default@dynv6.com", username: "secret" },
  { name: "default@freemyip.com" },
  { name: "default@duiadns.net" },
];

let folder: string;
let world: World;
let server: TestServer;
let enter: readonly string[];

const tools = ["inadyn", "dig", "curl", ...namespaceTools];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nameward-inadyn-"));
  await Bun.write(`${folder}/hosts`, `127.0.0.1 localhost ${names.split(/\s+/).join(" ")}\n`);
  world = await makeWorld();
  server = await world.start(["--devices", "127.0.0.1:80"], inNamespace(`${folder}/hosts`));
  enter = ["nsenter", "--target", `${server.pid}`, "--mount", "--net"];
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

async function addressOf(host: string): Promise<string> {
  const where = ["@127.0.0.1", "-p", `${server.dns.port}`, "+short"];
  return (await runClient([...enter, "dig", ...where, host, "A"])).stdout.trim();
}

async function reset(): Promise<void> {
  const url = "http://127.0.0.1/nic/update?hostname=cam1.example.test&myip=192.0.2.1";
  await runClient([...enter, "curl", "-s", "-u", "cam:secret", url]);
}

async function run(provider: Provider, secret: string | undefined): Promise<[number, string]> {
  const file = `${folder}/inadyn.conf`;
  const { name, username = "cam", password = "secret", hostname = "cam1.example.test" } = provider;
  const isToken = username === "secret";
  // What the server sees is loopback, which inadyn takes for no address of anybody's.
  const config = `period = 60
verify-address = false
provider ${name} {
  ssl = false
  checkip-ssl = false
  username = ${isToken && secret !== undefined ? secret : username}
  password = ${isToken || secret === undefined ? password : secret}
  hostname = ${hostname}
}
`;
  await Bun.write(file, config);
  await chmod(file, 0o600);
  const kept = [`--cache-dir=${folder}`, "--no-pidfile", "-l", "debug", "-f", file];
  const { code, stdout, stderr } = await runClient([
    ...enter,
    "inadyn",
    "-1",
    "-n",
    "--force",
    ...kept,
  ]);
  return [code, stdout + stderr];
}

for (const provider of providers) {
  testWith(tools, `inadyn's ${provider.name}`, async () => {
    await reset();
    const [refused] = await run(provider, "wrong");
    expect(refused).not.toBe(0);
    expect(await addressOf("cam1.example.test")).toBe("192.0.2.1");
    const [code] = await run(provider, undefined);
    expect(code).toBe(0);
    expect(await addressOf("cam1.example.test")).toBe("127.0.0.1");
    // The same again is success, too.
    const [again] = await run(provider, undefined);
    expect(again).toBe(0);
  });
}
