/** curl with every way to show an ACME challenge, over https, and dig, which follows an alias to it. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, setDefaultTimeout } from "bun:test";
import { makeWorld } from "../adapters/world.ts";
import type { World } from "../adapters/world.ts";
import { TestAuthority } from "../certificates.ts";
import { testWith } from "../debian.ts";
import { mustRun } from "../server.ts";
import type { TestServer } from "../server.ts";
import { runClient } from "./served-home.ts";

setDefaultTimeout(60_000);

const tools = ["curl", "dig", "openssl"];
const cam1 = "cam1.example.test";
const [first, second, third] = ["A", "B", "C"].map((letter) => letter.repeat(43)) as [
  string,
  string,
  string,
];

let folder: string;
let authority: TestAuthority;
let world: World;
let server: TestServer;

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/nameward-challenges-`);
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

/** The body, a blank and the status. */
async function curl(path: string, ...args: readonly string[]): Promise<string> {
  const { port } = server.listeners.get("devicesTls")!;
  const command = ["curl", "-s", "--cacert", authority.certificate, "-w", " %{http_code}"];
  const { stdout } = await runClient([...command, ...args, `https://127.0.0.1:${port}${path}`]);
  return stdout;
}

/** What dig prints of a name's texts, an alias on the way included. */
async function dig(name: string): Promise<readonly string[]> {
  const query = ["@127.0.0.1", "-p", `${server.dns.port}`, "+short", name, "TXT"];
  const { stdout } = await runClient(["dig", ...query]);
  return stdout.split("\n").filter((line) => line !== "");
}

/** One after the other: what is sent, what curl prints, and the texts that dig sees then. */
type Step = readonly [
  path: string,
  args: readonly string[],
  printed: string,
  texts: readonly string[],
];

const acme = ["-u", "acme:challenge"];

function json(body: object): readonly string[] {
  return ["-H", "Content-Type: application/json", "-d", JSON.stringify(body)];
}

function heForm(password: string, txt: string): readonly string[] {
  const fields = [`hostname=_acme-challenge.${cam1}`, `password=${password}`, `txt=${txt}`];
  return fields.flatMap((field) => ["-d", field]);
}

const fqdn = `_acme-challenge.${cam1}.`;
const foreign = "_acme-challenge.foreign.example.test.";
const raw = { domain: cam1, token: "token", keyAuth: "token.thumbprint" };
/** The digest of `keyAuth`, which `raw` leaves to the server. */
const rawText = new Bun.CryptoHasher("sha256").update(raw.keyAuth).digest("base64url");

const ways: readonly (readonly [title: string, steps: readonly Step[]])[] = [
  [
    "httpreq, with the text",
    [
      ["/present", json({ fqdn, value: first }), "badauth 401", []],
      ["/present", ["-u", "acme:wrong", ...json({ fqdn, value: first })], "badauth 401", []],
      ["/present", [...acme, ...json({ fqdn: foreign, value: first })], "nohost 404", []],
      ["/present", [...acme, ...json({ fqdn, value: first })], " 200", [first]],
      ["/present", [...acme, ...json({ fqdn, value: second })], " 200", [first, second]],
      ["/cleanup", [...acme, ...json({ fqdn, value: first })], " 200", [second]],
      ["/cleanup", [...acme, ...json({ fqdn, value: second })], " 200", []],
    ],
  ],
  [
    "httpreq, with what the text is made of",
    [
      ["/present", [...acme, ...json(raw)], " 200", [rawText]],
      ["/cleanup", [...acme, ...json(raw)], " 200", []],
    ],
  ],
  [
    "DuckDNS",
    [
      [`/update?domains=cam1&token=wrong&txt=${first}`, [], "KO 200", []],
      [`/update?domains=cam1&token=challenge&txt=${first}`, [], "OK 200", [first]],
      [`/update?domains=cam1&token=challenge&txt=${first}&clear=true`, [], "OK 200", []],
    ],
  ],
  [
    "Hurricane Electric's form",
    [
      ["/nic/update", heForm("wrong", first), "badauth 401", []],
      ["/nic/update", heForm("challenge", first), "good 200", [first]],
      ["/nic/update", heForm("challenge", second), "good 200", [first, second]],
      ["/nic/update", [...heForm("challenge", first), "-d", "clear=true"], "good 200", [second]],
      ["/nic/update", [...heForm("challenge", second), "-d", "clear=true"], "good 200", []],
    ],
  ],
  [
    "freemyip",
    [
      [`/update?token=wrong&domain=${cam1}&txt=${first}`, [], "ERROR 200", []],
      [`/update?token=challenge&domain=${cam1}&txt=${first}`, [], "OK 200", [first]],
      [`/update?token=challenge&domain=${cam1}&txt=null`, [], "OK 200", []],
    ],
  ],
];

for (const [title, steps] of ways) {
  testWith(tools, `curl shows a challenge by ${title}`, async () => {
    for (const [path, args, printed, texts] of steps) {
      expect([path, await curl(path, ...args)]).toEqual([path, printed]);
      const quoted = texts.map((text) => `"${text}"`);
      expect([path, (await dig(fqdn)).toSorted()]).toEqual([path, quoted]);
    }
  });
}

testWith(
  tools,
  "a program that curl stands for signs up by acme-dns, and an alias leads to it",
  async () => {
    const data = server.data;
    expect(await curl("/health")).toEndWith(" 200");
    expect(await curl("/register", "-X", "POST")).toContain('"registration_closed"');
    await mustRun(["zone", "add", "acme.test"], { data });
    await mustRun(["user", "add", "carol", "--password-stdin"], {
      data,
      stdin: "Kk7mQ2xV9dRt4pLz",
    });
    await mustRun(["zone", "open", "acme.test", "--for", "carol", "--by", "acme"], { data });
    // A command beside a running server takes effect within a second.
    let signedUp = await curl("/register", "-X", "POST");
    for (let tries = 0; signedUp.endsWith(" 401") && tries < 200; tries++) {
      await Bun.sleep(50);
      signedUp = await curl("/register", "-X", "POST");
    }
    expect(signedUp).toEndWith(" 201");
    const account: Record<"username" | "password" | "subdomain" | "fulldomain", string> =
      JSON.parse(signedUp.slice(0, -" 201".length));
    const alias = "_acme-challenge.www.shop.test";
    const zone = `$ORIGIN shop.test.
@ 60 IN SOA ns1 hostmaster 1 3600 600 86400 60
@ 60 IN NS ns1
ns1 60 IN A 192.0.2.53
_acme-challenge.www 60 IN CNAME ${account.fulldomain}.
`;
    await mustRun(["zone", "import", "shop.test", "-"], { data, stdin: zone });

    const key = ["-H", `X-Api-User: ${account.username}`, "-H", `X-Api-Key: ${account.password}`];
    for (const txt of [first, second, third]) {
      const body = { subdomain: account.subdomain, txt };
      expect(await curl("/update", ...key, ...json(body))).toBe(`{"txt":"${txt}"} 200`);
    }
    const wrong = ["-H", `X-Api-User: ${account.username}`, "-H", "X-Api-Key: wrong"];
    const body = json({ subdomain: account.subdomain, txt: first });
    expect(await curl("/update", ...wrong, ...body)).toEndWith(" 401");

    const newest = [`"${second}"`, `"${third}"`];
    for (let tries = 0; (await dig(alias)).length === 0 && tries < 200; tries++)
      await Bun.sleep(50);
    const [target = "", ...texts] = await dig(alias);
    expect(target).toBe(`${account.fulldomain}.`);
    expect((await dig(target)).toSorted()).toEqual(newest);
    expect(texts.toSorted()).toEqual(newest);
  },
);

testWith(tools, "curl that offers HTTP/2 is answered as it is by HTTP/1.1", async () => {
  const { port } = server.listeners.get("devicesTls")!;
  const url = `https://127.0.0.1:${port}/nic/update?hostname=${cam1}&myip=203.0.113.5`;
  const command = ["curl", "-s", "-v", "--cacert", authority.certificate, "-u", "cam:secret"];
  for (const [version, offered, printed] of [
    ["--http1.1", "ALPN: offers http/1.1", "good 203.0.113.5"],
    ["--http2", "ALPN: offers h2,http/1.1", "nochg 203.0.113.5"],
  ] as const) {
    const { stdout, stderr } = await runClient([...command, version, url]);
    expect(stdout).toBe(printed);
    expect(stderr).toContain(offered);
    expect(stderr).toContain("< HTTP/1.1 200 OK");
  }
});
