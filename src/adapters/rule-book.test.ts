import { describe, expect, test } from "bun:test";
import { parseParameters } from "./parameters.ts";
import { findRule, makeRuleBook } from "./rule-book.ts";
import { rules } from "./rules.ts";

const book = makeRuleBook(rules);

function ruleFor(path: string, query = "", host = "", method = "GET", accept = "*/*"): string {
  const parameters = parseParameters(query, undefined, "")!;
  const headers = new Map([["accept", accept]]);
  const found = findRule(book, { method, path, host, headers, parameters });
  return found.kind === "rule" ? found.rule.id : found.kind;
}

describe("the rule of a path", () => {
  const cases: readonly (readonly [string, string])[] = [
    ["/nic/update/default.aspx", "mint"],
    ["/nic/update/default", "mint"],
    ["/nic/update", "dyndns"],
    ["/nic/update.php", "dyndns"],
    ["/nic/update/default.asp", "dyndns"],
    ["/v2/update", "dyndns"],
    ["/v3/update", "dyndns"],
    ["/dyndns/update", "dyndns"],
    ["/client/usercheck", "mint-user"],
    ["/client/usercheck.aspx", "mint-user"],
    ["/client/domlook.aspx", "mint-xml"],
    ["/ipcheck.aspx", "checkip-plain"],
    ["/ip", "checkip-plain"],
    ["/myip", "checkip-plain"],
    ["/text", "checkip-plain"],
    ["/checkip", "checkip-html"],
    ["/checkip.php", "checkip-html"],
    ["/dynamic/check.php", "checkip-html"],
    ["/", "checkip-html-root"],
    ["/nic/updat", "no-rule"],
    ["/nic/update/x", "no-rule"],
    ["/__proto__", "no-rule"],
    ["/constructor", "no-rule"],
  ];
  for (const [path, id] of cases) test(`${path}: ${id}`, () => expect(ruleFor(path)).toBe(id));
});

test("at the root the host decides, and what the client accepts", () => {
  expect(ruleFor("/", "", "checkip.dyn.test")).toBe("checkip-html-root");
  expect(ruleFor("/", "", "myip.dyn.test")).toBe("checkip-plain-host");
  expect(ruleFor("/", "", "ip.dyn.test")).toBe("checkip-plain-host");
  expect(ruleFor("/", "", "ipcam.dyn.test")).toBe("checkip-html-root");
  expect(ruleFor("/", "", "", "GET", "text/plain")).toBe("checkip-plain-accept");
});

test("an update that went to the root is not told an address as if that were success", () => {
  for (const query of ["hostname=a.test", "myip=192.0.2.1", "host=a.test", "token=x"]) {
    expect(ruleFor("/", query)).toBe("no-rule");
    expect(ruleFor("/", query, "myip.dyn.test")).toBe("no-rule");
  }
  expect(ruleFor("/", "random=5")).toBe("checkip-html-root");
});

test("HEAD never updates, and reads what may be read", () => {
  for (const path of ["/nic/update", "/nic/update/default.aspx", "/v3/update"]) {
    expect(ruleFor(path, "hostname=a.test", "", "HEAD")).toBe("wrong-method");
  }
  for (const path of ["/", "/ip", "/checkip", "/client/usercheck", "/client/domlook"]) {
    expect(ruleFor(path, "", "", "HEAD")).not.toBe("wrong-method");
  }
});

test("no rule of updates lets a HEAD through, whatever is added", () => {
  const updates = rules.filter(({ operation }) => operation === "update");
  expect(updates.length).toBeGreaterThanOrEqual(2);
  for (const { match } of updates) expect(match.methods).not.toContain("HEAD");
});

test("every rule has an id of its own and can be reached", () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
  for (const { match } of rules) expect(match.paths.length).toBeGreaterThan(0);
});

test("keys that a rule needs must all be there", () => {
  const needing = makeRuleBook([
    {
      id: "needing",
      match: { methods: ["GET"], paths: ["/x"], keys: ["a", "b"] },
      operation: "detect-address",
      dialect: "checkip-plain",
    },
  ]);
  const found = (query: string): string =>
    findRule(needing, {
      method: "GET",
      path: "/x",
      host: "",
      headers: new Map(),
      parameters: parseParameters(query, undefined, "")!,
    }).kind;
  expect([found("a&b"), found("a"), found("")]).toEqual(["rule", "no-rule", "no-rule"]);
});
