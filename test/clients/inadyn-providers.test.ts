/** inadyn 2.10 as Debian 12 packages it, with every provider it has built in that we have the words of, over https. */

import { afterAll, beforeAll, expect, setDefaultTimeout } from "bun:test";
import { rm } from "node:fs/promises";
import { testWith, tool } from "../debian.ts";
import { mustRun } from "../server.ts";
import { namespaceTools } from "./served-home.ts";
import { standInFor } from "./stand-in.ts";
import type { StandIn } from "./stand-in.ts";

setDefaultTimeout(60_000);

const tools = ["inadyn", "curl", "dig", "openssl", ...namespaceTools];
const cam1 = "cam1.example.test";

/** What stands as user name where it is no login's: the token, a zone, or the host whose login it is. */
type Given = "token" | "zone" | "host";

interface Provider {
  readonly name: string;
  /** The rule that must match. */
  readonly rule: string;
  /** Where it asks for its address, and where it updates. */
  readonly servers: readonly string[];
  readonly given?: Given;
  /** Where it is told to ask for its address. */
  readonly check?: string;
}

/** Left out: cloudxns.net, dnspod.cn and pdd.yandex.ru, whose APIs are their own. */
const providers: readonly Provider[] = [
  { name: "default@dyndns.org", rule: "dyndns", servers: ["members.dyndns.org"] },
  {
    name: "default@no-ip.com",
    rule: "noip-host",
    servers: ["ip1.dynupdate.no-ip.com", "dynupdate.no-ip.com"],
  },
  {
    name: "default@noip.com",
    rule: "noip-host",
    servers: ["ip1.dynupdate.noip.com", "dynupdate.noip.com"],
  },
  { name: "dyndns@he.net", rule: "he-host", servers: ["checkip.dns.he.net", "dyn.dns.he.net"] },
  { name: "dyndns@3322.org", rule: "dyndns", servers: ["ip.3322.net", "members.3322.org"] },
  {
    name: "default@dnsomatic.com",
    rule: "dyndns",
    servers: ["myip.dnsomatic.com", "updates.dnsomatic.com"],
  },
  { name: "default@selfhost.de", rule: "dyndns", servers: ["carol.selfhost.de"] },
  {
    name: "default@spdyn.de",
    rule: "dyndns",
    servers: ["checkip4.spdyn.de", "update.spdyn.de"],
  },
  { name: "ipv4@nsupdate.info", rule: "dyndns", servers: ["ipv4.nsupdate.info"] },
  {
    name: "default@loopia.com",
    rule: "dyndns",
    servers: ["dns.loopia.se"],
  },
  { name: "default@domains.google.com", rule: "dyndns", servers: ["domains.google.com"] },
  { name: "default@dynu.com", rule: "dyndns", servers: ["checkip.dynu.com", "api.dynu.com"] },
  { name: "default@strato.com", rule: "dyndns", servers: ["dyndns.strato.com"] },
  { name: "default@ovh.com", rule: "dyndns", servers: ["www.ovh.com"] },
  {
    name: "default@changeip.com",
    rule: "dyndns",
    servers: ["ip.changeip.com", "nic.changeip.com"],
  },
  { name: "default@duckdns.org", rule: "duck", servers: ["www.duckdns.org"], given: "token" },
  {
    name: "default@freemyip.com",
    rule: "freemyip",
    servers: ["freemyip.com"],
    given: "token",
  },
  { name: "default@dynv6.com", rule: "dynv6", servers: ["dynv6.com"], given: "token" },
  { name: "default@ipv4.dynv6.com", rule: "dynv6", servers: ["ipv4.dynv6.com"], given: "token" },
  { name: "default@freedns.afraid.org", rule: "freedns-listed", servers: ["freedns.afraid.org"] },
  { name: "default@easydns.com", rule: "easydns", servers: ["api.cp.easydns.com"] },
  { name: "default@zoneedit.com", rule: "zoneedit", servers: ["dynamic.zoneedit.com"] },
  {
    name: "default@dnsexit.com",
    rule: "dnsexit",
    servers: ["ip.dnsexit.com", "update.dnsexit.com"],
  },
  { name: "default@sitelutions.com", rule: "sitelutions", servers: ["www.sitelutions.com"] },
  { name: "default@ddnss.de", rule: "ddnss", servers: ["ddnss.de", "www.ddnss.de"] },
  { name: "default@dhis.org", rule: "dhis", servers: ["is.dhis.org"] },
  { name: "default@duiadns.net", rule: "duia", servers: ["ipv4.duiadns.net"] },
  {
    name: "default@gira.de",
    rule: "gira",
    servers: ["homeserver.gira.de"],
    given: "host",
  },
  { name: "default@tunnelbroker.net", rule: "dyndns", servers: ["ipv4.tunnelbroker.net"] },
  { name: "ipv6tb@he.net", rule: "tunnel-broker", servers: ["ipv4.tunnelbroker.net"] },
  {
    name: "default@cloudflare.com",
    rule: "cloudflare",
    servers: ["api.cloudflare.com"],
    given: "zone",
    // It has an address built in for this, not a name.
    check: "checkip.dyndns.com",
  },
];

/** Where most of them ask for their address. */
const checks = ["checkip.dyndns.com", "checkip.dyndns.org", "wtfismyip.com"];

let standIn: StandIn | undefined;

beforeAll(async () => {
  if (tools.every((name) => tool(name) !== undefined)) {
    standIn = await standInFor([...checks, ...providers.flatMap(({ servers }) => servers)]);
  }
});
afterAll(() => standIn?.[Symbol.asyncDispose]());

for (const provider of providers) {
  testWith(tools, `inadyn's ${provider.name}`, async () => {
    await putBack();
    const refused = await run(provider, "wrong");
    expect(refused.said).not.toContain("Successful alias table update");
    expect(refused.code).toBeGreaterThan(0);
    expect(await standIn!.resolve(cam1)).toBe("192.0.2.1");

    const updated = await run(provider, provider.given === "host" ? "hostpass" : "secret");
    expect([updated.code, updated.said]).toEqual([0, success]);
    expect(await standIn!.resolve(cam1)).toBe("127.0.0.1");
    expect(await newestRule()).toBe(provider.rule);

    // With no memory of it: the address that it has is no error.
    const again = await run(provider, provider.given === "host" ? "hostpass" : "secret");
    expect([again.code, again.said]).toEqual([0, success]);
    expect(await standIn!.resolve(cam1)).toBe("127.0.0.1");
  });
}

const success = expect.stringContaining(`Successful alias table update for ${cam1}`);

async function putBack(): Promise<void> {
  const url = `http://127.0.0.1/nic/update?hostname=${cam1}&myip=192.0.2.1`;
  const { stdout } = await standIn!.run(["curl", "-s", "-u", "cam:secret", url]);
  expect(stdout).toMatch(/^(?:good|nochg) 192\.0\.2\.1$/);
}

async function newestRule(): Promise<string | undefined> {
  const { data } = standIn!.server;
  const shown: { receipts: { adapter: string }[] } = JSON.parse(
    await mustRun(["host", "show", cam1, "--json"], { data }),
  );
  return shown.receipts[0]?.adapter;
}

async function run(provider: Provider, secret: string): Promise<{ code: number; said: string }> {
  const { folder, trusted } = standIn!;
  // The server sees loopback here, which inadyn refuses unless told otherwise.
  const config = `period = 60
verify-address = false
ca-trust-file = "${trusted}"
provider ${provider.name} {
  ssl = true
  checkip-ssl = false
  username = ${username(provider, secret)}
  password = ${secret}
  hostname = ${cam1}
  ${provider.check === undefined ? "" : `checkip-server = ${provider.check}`}
}
`;
  await Bun.write(`${folder}/inadyn.conf`, config, { mode: 0o600 });
  await rm(`${folder}/${cam1}.cache`, { force: true });
  const files = [`--cache-dir=${folder}`, "-f", `${folder}/inadyn.conf`];
  const args = ["-1", "-n", "--force", "--no-pidfile", "-l", "info", ...files];
  const { code, stdout, stderr } = await standIn!.run(["inadyn", ...args]);
  return { code, said: stdout + stderr };
}

function username({ given }: Provider, secret: string): string {
  if (given === "token") return secret;
  if (given === "zone") return "example.test";
  return given === "host" ? cam1 : "cam";
}
