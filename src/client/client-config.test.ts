/** The configuration of the update client: what it takes, and how it tells what it does not. */

import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { systemChance } from "../base/chance.ts";
import { systemClock } from "../base/clock.ts";
import { printMistake } from "../config/mistake.ts";
import { readClientConfig } from "./client-config.ts";
import type { ClientConfig, ClientConfigReading } from "./client-config.ts";
import { Secret } from "./secret.ts";

const surroundings = {
  clock: systemClock,
  chance: systemChance,
  userAgent: "Nameward - client - 0",
  askMs: 1_000,
};

interface Given {
  readonly yaml?: string;
  readonly flags?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

async function read({
  yaml,
  flags = {},
  env = {},
  stdin = "",
}: Given): Promise<ClientConfigReading> {
  const folder = mkdtempSync(join(tmpdir(), "nameward-config-"));
  const file = join(folder, "client.yaml");
  try {
    if (yaml !== undefined) writeFileSync(file, yaml, { mode: 0o600 });
    return await readClientConfig({
      file: yaml === undefined ? undefined : file,
      flags,
      env,
      readStdin: async () => stdin,
      surroundings,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function mustRead(given: Given): Promise<ClientConfig> {
  const reading = await read(given);
  if (reading.kind === "config") return reading.config;
  throw new Error(reading.mistakes.map(printMistake).join("\n"));
}

/** `line:column: what`, without the folder of the test. */
async function mistakesOf(given: Given): Promise<readonly string[]> {
  const reading = await read(given);
  if (reading.kind === "config") return [];
  return reading.mistakes.map((one) => printMistake(one).replace(/^.*client\.yaml:/, ""));
}

const whole = `
poll: 10m
profiles:
  home:
    service: dyndns2
    server: dyn.example.com
    user: alice
    password: s3cret-word
    hosts: [Cam1.dyn.example.com., "nas.dyn.example.com ::1:2"]
    ipv4: [interface eth0, http https://dyn.example.com/checkip]
    ipv6: off
    resend-after: 20d
    on-change: [/usr/bin/logger, moved]
  duck:
    service: duckdns
    token-env: TOKEN
    hosts: [cam1]
    ipv6: interface eth0
`;

test("a file has profiles, each with its service, hosts and sources", async () => {
  const config = await mustRead({ yaml: whole, env: { TOKEN: "tok-en" } });
  expect(config.pollMs).toBe(600_000);
  const [home, duck] = config.profiles;
  expect(home!.service.name).toBe("dyndns2 https://dyn.example.com");
  expect(home!.hosts.map(({ name, identifier }) => [name, identifier?.text])).toEqual([
    ["cam1.dyn.example.com", undefined],
    ["nas.dyn.example.com", "::1:2"],
  ]);
  expect(home!.sources[4]).toHaveLength(2);
  expect(home!.sources[6]).toHaveLength(0);
  expect(home!.resendAfterMs).toBe(20 * 86_400_000);
  expect(home!.onChange).toEqual(["/usr/bin/logger", "moved"]);
  expect(duck!.sources[6]).toHaveLength(1);
  expect(duck!.resendAfterMs).toBe(25 * 86_400_000);
});

test("no secret is in what a configuration prints", async () => {
  const config = await mustRead({ yaml: whole, env: { TOKEN: "tok-en" } });
  const printed = inspect(config, { depth: 20 }) + JSON.stringify(config);
  expect(printed).toContain("[secret]");
  expect(printed).not.toContain("s3cret-word");
  expect(printed).not.toContain("tok-en");
  expect(`${new Secret("s3cret-word")}`).toBe("[secret]");
});

const account = { service: "dyndns2", server: "dyn.example.com", user: "alice" };
const names = { hosts: "a.example.com,b.example.com", ipv4: "interface eth0 | upnp" };

test("flags and environment make a profile without a file", async () => {
  const env = { NAMEWARD_CLIENT_PASSWORD: "s3cret-word", NAMEWARD_CLIENT_POLL: "2m" };
  const config = await mustRead({ flags: { ...account, ...names }, env });
  expect(config.pollMs).toBe(120_000);
  expect(config.profiles.map(({ name }) => name)).toEqual(["default"]);
  expect(config.profiles[0]!.hosts.map(({ name }) => name)).toEqual(names.hosts.split(","));
  expect(config.profiles[0]!.sources[4]).toHaveLength(2);
  expect(config.profiles[0]!.configuration.reveal()).toContain("s3cret-word");
});

test("a secret comes from standard input without its line end", async () => {
  const flags = { ...account, ...names, "password-file": "-" };
  const config = await mustRead({ flags, stdin: "s3cret word \n" });
  expect(config.profiles[0]!.configuration.reveal()).toContain('"s3cret word "');
});

test("all mistakes are told at once, with the line and what is wanted", async () => {
  const yaml = `
pol: 5m
poll: 5s
profiles:
  home:
    service: dyndns2
    server: dyn.example.com/path
    user: alice
    pasword: x
    hosts: [a.example.com, "not a host at all", a.example.com]
    ipv4: [interfaces eth0]
  other:
    service: dyndns3
  bare:
    service: duckdns
    token-env: NOT_THERE
`;
  expect(await mistakesOf({ yaml })).toEqual([
    '2:1: unknown setting "pol"; did you mean "poll"?',
    expect.stringMatching(/^9:5: unknown setting "pasword"; did you mean "password"\?/),
    expect.stringMatching(/^10:28: "not a host at all" is no host; wanted: a full name/),
    '10:49: "a.example.com" is given twice',
    expect.stringMatching(/^11:12: there is no source "interfaces"; wanted: fixed,/),
    '13:14: "dyndns3" is no dialect; wanted: one of dyndns2, nameward, duckdns, template, rfc2136',
    '16:16: the environment has no "NOT_THERE"',
    expect.stringMatching(/^14:3: bare has no hosts/),
    expect.stringMatching(/^14:3: bare learns no address/),
    '3:7: "5s" is not a value of poll; wanted: a number and s, m, h or d, as 5m, from 30s to 1d',
  ]);
});

test("what the service cannot use is told where it stands", async () => {
  const yaml = whole.replace("dyn.example.com\n", "dyn.example.com/path\n");
  const mistakes = await mistakesOf({ yaml, env: { TOKEN: "t" } });
  expect(mistakes).toHaveLength(1);
  expect(mistakes[0]).toMatch(/^6:13: found .* for server; wanted: a host/);
});

test("a flag beside a file of two profiles belongs to neither", async () => {
  const given = { yaml: whole, env: { TOKEN: "t" }, flags: { user: "bob" } };
  expect(await mistakesOf(given)).toEqual([
    "--user: it is not clear which profile of the file is meant; say it in the file",
  ]);
});

for (const [what, yaml] of [
  ["an empty file", ""],
  ["a list", "- a"],
  ["a tag", "profiles: !!map {}"],
  ["an anchor", "profiles: &a {home: *a}"],
  ["a deep nest", "profiles: {a: [[[[[[[[[[]]]]]]]]]]}"],
  ["two of one name", "profiles: {}\nprofiles: {}"],
] as const) {
  test(`${what} is a mistake and nothing worse`, async () => {
    expect((await mistakesOf({ yaml })).length).toBeGreaterThan(0);
  });
}

test("nothing at all is told as such", async () => {
  expect(await mistakesOf({})).toEqual([expect.stringContaining("nothing to keep up to date")]);
});
