import { expect, test } from "bun:test";
import { systemChance } from "../../base/chance.ts";
import { systemClock } from "../../base/clock.ts";
import { askMsDefault } from "./service-row.ts";
import type { ServiceRow, ServiceSettings } from "./service-row.ts";
import { isServiceWord, makeService, services } from "./services.ts";
import type { ServiceWord } from "./services.ts";

const surroundings = {
  clock: systemClock,
  chance: systemChance,
  userAgent: "Nameward - client - 0",
  askMs: askMsDefault,
};
const secretText = "hunter2";

const complete: Readonly<Record<ServiceWord, ServiceSettings>> = {
  dyndns2: { server: "dyn.example.com", user: "alice", password: secretText },
  nameward: { server: "names.example.com", token: secretText },
  duckdns: { token: secretText },
  template: {
    url: "https://dyn.example.com/?h={host}&a={ip4}&p={password}",
    success: "OK",
    password: secretText,
  },
  rfc2136: { server: "ns1.example.com", zone: "dyn.test", key: "upd", secret: "c2VjcmV0" },
};

for (const [word, row] of Object.entries<ServiceRow>(services)) {
  if (!isServiceWord(word)) throw new Error("the words of the table are its words");
  test(`${word} is made from what it wants, and is named without its secrets`, () => {
    const service = makeService(word, complete[word], surroundings);
    expect(service).toHaveProperty("send");
    expect(JSON.stringify(service)).not.toContain(secretText);
    expect(service).toHaveProperty("hostsMax", row.hostsMax);
  });

  for (const [name, setting] of Object.entries(row.settings)) {
    if (setting.isRequired !== true) continue;
    test(`${word} without ${name} is a mistake`, () => {
      const given = { ...complete[word], [name]: " " };
      const found = { kind: "mistake", setting: name, found: "nothing" };
      expect(makeService(word, given, surroundings)).toMatchObject([found]);
    });
  }

  test(`${word} with a setting that it does not have is a mistake`, () => {
    const made = makeService(word, { ...complete[word], colour: "red" }, surroundings);
    expect(made).toMatchObject([{ setting: "colour" }]);
  });
}

test("a word that is not in the table is no service", () => {
  expect(["dyndns2", "dyndns1", "constructor"].map(isServiceWord)).toEqual([true, false, false]);
});

const mistakes: readonly (readonly [ServiceWord, string, string])[] = [
  ["dyndns2", "server", "ftp://dyn.example.com"],
  ["dyndns2", "server", "https://alice:hunter2@dyn.example.com"],
  ["dyndns2", "server", "dyn.example.com/nic/update"],
  ["dyndns2", "server", "dyn.example.com:99999"],
  ["dyndns2", "path", "nic/update"],
  ["dyndns2", "path", "//evil.test/nic/update"],
  ["dyndns2", "path", "/nic/up date"],
  ["dyndns2", "user", "alice:b"],
  ["nameward", "server", "names.example.com/api/v1"],
  ["nameward", "token", "hunter2 hunter2"],
  ["duckdns", "server", "?"],
  ["template", "url", "https://alice:hunter2@dyn.example.com/?a={ip4}"],
  ["template", "success", "OK||good"],
  ["rfc2136", "server", "ns1.example.com:0"],
  ["rfc2136", "zone", "a..b"],
  ["rfc2136", "key", "a..b"],
  ["rfc2136", "algorithm", "hmac-md5"],
  ["rfc2136", "secret", "hunter2!"],
  ["rfc2136", "ttl", "-1"],
  ["rfc2136", "ttl", "9999999999"],
];

for (const [word, setting, text] of mistakes) {
  test(`${word}: "${text}" is a mistake in ${setting}, told without it when it holds a secret`, () => {
    const made = makeService(word, { ...complete[word], [setting]: text }, surroundings);
    expect(made).toMatchObject([{ kind: "mistake", setting }]);
    expect(JSON.stringify(made)).not.toContain(secretText);
  });
}

for (const server of [
  "ns1.example.com:5353",
  "192.0.2.53",
  "2001:db8::53",
  "[2001:db8::53]:5353",
]) {
  test(`rfc2136 takes ${server} as its server`, () => {
    const made = makeService("rfc2136", { ...complete.rfc2136, server }, surroundings);
    expect(made).toHaveProperty("send");
  });
}
