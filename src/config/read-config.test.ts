import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { printMistake, printPlace } from "./mistake.ts";
import { flagOf, optionNames, options, variableOf } from "./options.ts";
import { jsonValue, printValue } from "./print-value.ts";
import { readConfig } from "./read-config.ts";
import type { ConfigSources } from "./read-config.ts";

const folder = mkdtempSync(join(tmpdir(), "nameward-config-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(text: string): string {
  const file = join(folder, `${crypto.randomUUID()}.yaml`);
  writeFileSync(file, text);
  return file;
}

function read(flags: ConfigSources["flags"], env: ConfigSources["env"] = {}) {
  const reading = readConfig({ flags, env });
  if (reading.kind === "mistakes") throw new Error(reading.mistakes.map(printMistake).join("\n"));
  return reading;
}

function mistakesOf(flags: ConfigSources["flags"], env: ConfigSources["env"] = {}): string[] {
  const reading = readConfig({ flags, env });
  return reading.kind === "mistakes" ? reading.mistakes.map(printMistake) : [];
}

test("a flag wins over the environment, that over the file, and that over the default", () => {
  const config = written(
    "hostTtlSeconds: 1\nnegativeTtlSeconds: 2\nchangeBudgetBurst: 3 # as the file says\n",
  );
  const { config: values, origins } = read(
    { config, hostTtlSeconds: "7" },
    { NAMEWARD_HOST_TTL_SECONDS: "8", NAMEWARD_NEGATIVE_TTL_SECONDS: "9" },
  );
  expect(values.hostTtlSeconds).toBe(7);
  expect(values.negativeTtlSeconds).toBe(9);
  expect(values.changeBudgetBurst).toBe(3);
  expect(values.changeBudgetRefillSeconds).toBe(10);
  expect(printPlace(origins.hostTtlSeconds)).toBe("--host-ttl-seconds");
  expect(printPlace(origins.negativeTtlSeconds)).toBe("NAMEWARD_NEGATIVE_TTL_SECONDS");
  expect(printPlace(origins.changeBudgetBurst)).toBe(`${config}:3:1`);
  expect(origins.changeBudgetRefillSeconds.kind).toBe("default");
});

test("the database lies in the data folder unless it is named", () => {
  expect(read({ data: "/srv/names/" }).config.store).toBe("/srv/names/nameward.db");
  expect(read({ data: "/srv/$&names" }).config.store).toBe("/srv/$&names/nameward.db");
  expect(read({ data: "/" }).config.store).toBe("/nameward.db");
  expect(read({ store: "sqlite:/srv/x.db" }).config.store).toBe("sqlite:/srv/x.db");
});

test("a list is written with commas or as a YAML sequence", () => {
  const { config } = read({
    config: written('dns: 127.0.0.1:0, [::1]:53\ndevices:\n  - 0.0.0.0:80\n  - "[::]:80"\n'),
  });
  expect(config.dns.map((address) => address.text)).toEqual(["127.0.0.1:0", "[::1]:53"]);
  expect(config.devices.map((address) => address.text)).toEqual(["0.0.0.0:80", "[::]:80"]);
});

test("an empty list of proxies is a list, and an empty variable is not set", () => {
  expect(read({ trustedProxies: "" }).config.trustedProxies).toEqual([]);
  expect(read({}, { NAMEWARD_WEB: "" }).config.web.port).toBe(8080);
});

test("a file of comments, an empty one and none at all mean the defaults", () => {
  const plain = read({}).config;
  expect(read({ config: written("") }).config).toEqual(plain);
  expect(read({ config: written("# nothing\n\n") }).config).toEqual(plain);
  expect(read({}, { NAMEWARD_CONFIG: written("---\n") }).config).toEqual(plain);
});

test("mistakes of all sources are reported together, each with its place", () => {
  const config = written("web: 8080\ndsn: 127.0.0.1:53\n");
  expect(mistakesOf({ config, dns: "localhost:53" }, { NAMEWARD_LOG_LEVEL: "loud" })).toEqual([
    `${config}:1:6: "8080" is not a value of web; wanted: ${options.web.wants}`,
    `${config}:2:1: unknown setting "dsn"; did you mean "dns"?`,
    `--dns: "localhost:53" is not a value of dns; wanted: ${options.dns.wants}`,
    `NAMEWARD_LOG_LEVEL: "loud" is not a value of logLevel; wanted: debug, info, warn or error`,
  ]);
});

test("a wrong value in the file is reported even where a flag overrides it", () => {
  const config = written("hostTtlSeconds: soon\n");
  expect(mistakesOf({ config, hostTtlSeconds: "60" })).toHaveLength(1);
});

test("a variable that looks like a slip is a warning, and those of Kubernetes are not", () => {
  const { warnings } = read({}, { NAMEWARD_DATTA: "/x", NAMEWARD_PORT_53_UDP_ADDR: "10.0.0.1" });
  expect(warnings).toEqual(['"NAMEWARD_DATTA" is not read; did you mean NAMEWARD_DATA?']);
});

const clashes = [
  [{ web: "127.0.0.1:8245" }, "--web: devices wants 127.0.0.1:8245, which web takes"],
  [{ web: "0.0.0.0:53", dns: "127.0.0.1:53" }, "--dns: dns wants 127.0.0.1:53, which web takes"],
  [{ dns: "127.0.0.1:53,127.0.0.1:53" }, "--dns: dns wants 127.0.0.1:53, which dns takes"],
  [{ dns: "" }, "--dns: dns is empty"],
  [
    { trustedProxies: "10.0.0.0/8,10.1.0.0/16" },
    "--trusted-proxies: 10.1.0.0/16 is already within",
  ],
  [
    { trustedProxies: "10.1.0.0/16,10.0.0.0/8" },
    "--trusted-proxies: 10.1.0.0/16 is already within",
  ],
  [{ metricsFrom: "::1,::1/128" }, "--metrics-from: ::1/128 is already within"],
  [{ devicesTls: "127.0.0.1:443" }, "--devices-tls: devicesTls needs a certificate"],
  [
    { tlsKeys: "a,b", tlsCertificates: "a" },
    "--tls-keys: there are 1 tlsCertificates and 2 tlsKeys",
  ],
  [{ nameServers: "ns1.a.test,NS1.a.test." }, "--name-servers: ns1.a.test stands twice"],
  [
    { deviceConnectionsMax: "5", deviceConnectionsPerAddressMax: "6" },
    "--device-connections-per-address-max: deviceConnectionsPerAddressMax is 6",
  ],
] as const;

for (const [flags, begins] of clashes) {
  test(`${JSON.stringify(flags)} cannot be`, () => {
    const mistakes = mistakesOf(flags);
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toStartWith(begins);
  });
}

test("ports chosen by the system, and IPv4 beside IPv6, do not clash", () => {
  read({ web: "127.0.0.1:0", devices: "127.0.0.1:0", dns: "127.0.0.1:0,127.0.0.1:0" });
  read({ dns: "0.0.0.0:53,[::]:53" });
  read({ deviceConnectionsMax: "5" });
});

test("what is printed can be read again, for every setting", () => {
  const { config } = read({ trustedProxies: "10.0.0.0/8,::1", nameServers: "ns1.a.test" });
  const flags = Object.fromEntries(optionNames.map((name) => [name, printValue(config, name)]));
  expect(read(flags).config).toEqual(config);
  expect(jsonValue(config, "trustedProxies")).toEqual(["10.0.0.0/8", "::1/128"]);
  expect(jsonValue(config, "hostTtlSeconds")).toBe(60);
});

test("a secret is printed as that it is there, and a mistake does not show it", () => {
  const smtpUrl = "smtp://dns:hunter2@mail.example.net";
  const { config } = read({ smtpUrl, mailFrom: "dns@example.net" });
  expect(config.smtpUrl).toBe(smtpUrl);
  expect(printValue(config, "smtpUrl")).toBe("[secret]");
  expect(jsonValue(config, "smtpUrl")).toBe("[secret]");
  const [mistake] = mistakesOf({
    smtpUrl: "smtp:/dns:hunter2@mail.example.net?x",
    mailFrom: "a@b.net",
  });
  expect(mistake).toStartWith("--smtp-url: what stands here is not a value of smtpUrl");
  expect(mistake).not.toContain("hunter2");
  expect(mistakesOf({ smtpUrl })).toEqual([expect.stringContaining("nothing says from whom")]);
});

test("every setting has a flag and a variable of its own, and a default that can be read", () => {
  expect(optionNames.length).toBeGreaterThan(10);
  expect(new Set(optionNames.map(flagOf)).size).toBe(optionNames.length);
  expect(flagOf("dnsMemoryMiB")).toBe("--dns-memory-mib");
  expect(variableOf("dnsMemoryMiB")).toBe("NAMEWARD_DNS_MEMORY_MIB");
  for (const name of optionNames) {
    const defaults = read({}).config[name];
    expect(Array.isArray(defaults) ? defaults : [defaults]).not.toContain(undefined);
  }
});
