import { describe, expect, test } from "bun:test";

import { makeRule, parseRuleDocument, parseWrittenRule, writtenKeys } from "./rule-schema.ts";
import { rules } from "./rules.ts";

const taken = new Set(rules.map(({ id }) => id));

/** A document that is right, as YAML gives it: every scalar a text, one member of a list without it. */
const camera = {
  id: "acme-cam",
  match: { methods: "get", paths: ["/myq/reg.php"], keys: ["U", "h"] },
  operation: "update",
  mapping: {
    hosts: "h",
    addresses: ["ip"],
    credential: [{ kind: "parameters", usernames: ["u"], passwords: ["p"] }],
    isAllOrNothing: "true",
  },
  dialect: "dyndns",
  requests: ["GET /myq/reg.php?u=a&p=b&h=cam1.example.test HTTP/1.0"],
};

function faultsOf(given: unknown): readonly string[] {
  const reading = parseRuleDocument(given, taken);
  if (reading.kind === "document") return [];
  return reading.faults.map(({ path, what }) => `${path.join(".")}: ${what}`);
}

test("a document becomes a rule; words are lower case and lists are lists", () => {
  const reading = parseRuleDocument(camera, taken);
  if (reading.kind === "faults") throw new Error(JSON.stringify(reading.faults));
  expect(makeRule(reading.document.rule)).toEqual({
    id: "acme-cam",
    match: { methods: ["GET"], paths: ["/myq/reg.php"], keys: ["u", "h"] },
    operation: "update",
    mapping: {
      hosts: ["h"],
      addresses: ["ip"],
      offline: [],
      credential: [{ kind: "parameters", usernames: ["u"], passwords: ["p"] }],
      isAllOrNothing: true,
    },
    dialect: "dyndns",
  });
});

test("every part that a rule can have is read, and read again from what is kept", () => {
  const full = {
    ...camera,
    match: {
      methods: ["GET", "POST"],
      paths: ["/u/{token}", "/u/{token}/{rest*}"],
      hosts: ["*no-ip*"],
      keys: ["a"],
      anyKeys: ["b"],
      absentKeys: ["c"],
      values: { key: "system", oneOf: ["noip"] },
      headers: [{ name: "X-Model", value: "A1" }, { name: "x-key" }],
      userAgents: ["Acme"],
      ports: ["80", 8_245],
      peers: ["10.0.0.0/8"],
    },
    mapping: {
      hosts: ["{token}"],
      domains: "domain",
      hostInBrackets: "host",
      naming: "label",
      prefixes: "prefix",
      offline: ["off", { key: "cmd", words: "offline" }],
      challenge: { values: "txt", clear: "clear" },
      credential: [
        "basic",
        "bearer",
        { kind: "secret", form: "token", parameters: "{token}" },
        { kind: "headers", username: "x-user", password: "x-key" },
        "bare-key",
      ],
    },
  };
  // The second pattern ends in another segment, and has the first.
  const reading = parseRuleDocument(full, taken);
  if (reading.kind === "faults") throw new Error(JSON.stringify(reading.faults));
  const { rule } = reading.document;
  const made = makeRule(rule);
  expect(made.match.peers?.map(({ text }) => text)).toEqual(["10.0.0.0/8"]);
  expect(made.match.ports).toEqual([80, 8_245]);
  expect(parseWrittenRule(JSON.stringify(rule))).toEqual(made);
});

test("the other operations have no mapping", () => {
  const { mapping: _, ...rest } = camera;
  const match = { ...camera.match, methods: ["HEAD"] };
  const kinds = [
    { ...rest, match, operation: "detect-address", dialect: "checkip-plain" },
    { ...rest, match, operation: "check-user", credential: "basic", dialect: "mint-user" },
    { ...rest, match, operation: "list-hosts", credential: "basic", dialect: "mint-xml" },
  ];
  for (const kind of kinds) expect(faultsOf(kind)).toEqual([]);
  expect(faultsOf({ ...kinds[0], mapping: camera.mapping })).toEqual([
    "mapping: is no key of a rule",
  ]);
});

describe("what is wrong is said with its path", () => {
  const { match, mapping } = camera;
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["nothing", undefined, ": wanted: a map"],
    ["a list", [], ": wanted: a map"],
    ["an unknown key", { ...camera, regex: "x" }, "regex: is no key of a rule"],
    [
      "an unknown key of a part",
      { ...camera, match: { ...match, path: "/x" } },
      "match.path: is no",
    ],
    [
      "a prototype",
      { ...camera, id: undefined, ...(JSON.parse(`{"__proto__":{"id":"x"}}`) as object) },
      "id: wanted",
    ],
    ["no id", { ...camera, id: undefined }, "id: wanted: an id"],
    ["an id with capitals", { ...camera, id: "Acme" }, "id: wanted: 1 to 40 letters"],
    ["a long id", { ...camera, id: "a".repeat(41) }, "id: wanted: 1 to 40 letters"],
    ["a built-in's id", { ...camera, id: "dyndns" }, "id: dyndns is the id of a built-in rule"],
    ["an operation that is none", { ...camera, operation: "facade" }, "operation: wanted: update"],
    ["a dialect that is none", { ...camera, dialect: "x" }, "dialect: wanted: "],
    ["a dialect of another operation", { ...camera, dialect: "mint-user" }, "dialect: wanted: "],
    [
      "a method",
      { ...camera, match: { ...match, methods: ["BREW"] } },
      "match.methods.0: wanted: GET",
    ],
    [
      "HEAD that would update",
      { ...camera, match: { ...match, methods: "HEAD" } },
      "HEAD changes nothing",
    ],
    ["no path", { ...camera, match: { methods: "GET" } }, "match.paths: wanted: a list"],
    [
      "a path with capitals",
      { ...camera, match: { ...match, paths: ["/A"] } },
      "match.paths.0: wanted: a path",
    ],
    [
      "a path with a query",
      { ...camera, match: { ...match, paths: ["/a?b"] } },
      "match.paths.0: wanted",
    ],
    [
      "a path that is open",
      { ...camera, match: { ...match, paths: ["/a//b"] } },
      "match.paths.0: wanted",
    ],
    [
      "a brace within a segment",
      { ...camera, match: { ...match, paths: ["/a{b}"] } },
      "match.paths.0: wanted",
    ],
    [
      "a path of everything",
      { ...camera, match: { methods: "GET", paths: ["/{x*}"] } },
      "takes every request",
    ],
    [
      "a host of everything",
      { ...camera, match: { ...match, hosts: ["*"] } },
      "match.hosts.0: wanted: a host name",
    ],
    [
      "a network that is none",
      { ...camera, match: { ...match, peers: ["x"] } },
      "match.peers.0: wanted: a network",
    ],
    [
      "a port that is none",
      { ...camera, match: { ...match, ports: ["0"] } },
      "match.ports.0: wanted: a port",
    ],
    [
      "a credential that is none",
      { ...camera, mapping: { ...mapping, credential: "digest" } },
      "mapping.credential.0.kind: wanted",
    ],
    ["no credential", { ...camera, mapping: { hosts: "h" } }, "mapping.credential: wanted: a list"],
    [
      "a segment that is in no path",
      { ...camera, mapping: { ...mapping, hosts: "{h}" } },
      "match.paths.0: has no segment {h}",
    ],
    [
      "a control character",
      { ...camera, mapping: { ...mapping, hosts: "h\r\n" } },
      "mapping.hosts.0: wanted",
    ],
    [
      "a list without end",
      { ...camera, match: { ...match, keys: Array(51).fill("k") } },
      "match.keys: wanted: at most 50",
    ],
    ["no recorded request", { ...camera, requests: [] }, "requests: wanted: one member or more"],
    [
      "a request without end",
      { ...camera, requests: "x".repeat(12_289) },
      "requests.0: wanted: at most 12288",
    ],
  ];
  for (const [title, given, says] of cases) {
    test(title, () => expect(faultsOf(given).join("\n")).toContain(says));
  }
  test("and all of it at once", () => {
    expect(faultsOf({ ...camera, id: "", dialect: "x", requests: [] })).toHaveLength(3);
  });
});

test("what was kept by another version is no rule", () => {
  for (const text of ["", "{", "[]", "{}", '{"id":"x"}', "null"]) {
    expect(parseWrittenRule(text)).toBeUndefined();
  }
});

test("docs/adapters.md names every key", async () => {
  const page = await Bun.file(new URL("../../docs/adapters.md", import.meta.url)).text();
  const isMissing = (key: string): boolean => !page.includes(`\`${key}\``);
  expect(writtenKeys.length).toBeGreaterThan(20);
  expect(writtenKeys.filter(isMissing)).toEqual([]);
  expect(["nothing-of-the-kind"].filter(isMissing)).toHaveLength(1);
});
