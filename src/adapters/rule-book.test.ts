import { describe, expect, test } from "bun:test";
import { parseAddress, parseCidr } from "../base/address.ts";
import { isLike } from "./is-match.ts";
import { parseParameters } from "./parameters.ts";
import { findRule, makeRuleBook } from "./rule-book.ts";
import type { MatchedRequest, RuleFound } from "./rule-book.ts";
import type { Match, Rule } from "./rule.ts";
import { rules } from "./rules.ts";
import { parseTarget } from "./target.ts";

const book = makeRuleBook(rules);

function ruleFor(path: string, query = "", host = "", method = "GET", accept = "*/*"): string {
  const headers = new Map([["accept", accept]]);
  return printFound(findRule(book, request(`${path}?${query}`, { method, host, headers })));
}

function request(target: string, given: Partial<MatchedRequest> = {}): MatchedRequest {
  const { path, writtenPath, query } = parseTarget(target, false);
  return {
    method: "GET",
    path,
    writtenPath,
    host: "",
    headers: new Map(),
    parameters: parseParameters(query, undefined, "")!,
    peer: parseAddress("198.51.100.9")!,
    port: 80,
    ...given,
  };
}

function printFound(found: RuleFound): string {
  return found.kind === "rule" ? found.rule.id : found.kind;
}

function rule(id: string, paths: readonly string[], match: Partial<Match> = {}): Rule {
  return {
    id,
    match: { methods: ["GET"], paths, ...match },
    operation: "detect-address",
    dialect: "checkip-plain",
  };
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
  for (const query of ["hostname=a.test", "myip=192.0.2.1", "myipv6=2001:db8::1"]) {
    expect(ruleFor("/", query)).toBe("root");
    expect(ruleFor("/", query, "myip.dyn.test")).toBe("root");
  }
  for (const query of ["host=a.test", "token=x", "fqdn=a.test"]) {
    expect(ruleFor("/", query)).toBe("no-rule");
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

describe("what a rule asks for beside the path", () => {
  const cases: readonly (readonly [
    string,
    Partial<Match>,
    string,
    Partial<MatchedRequest>,
    boolean,
  ])[] = [
    ["keys: all", { keys: ["a", "b"] }, "/x?b&a", {}, true],
    ["keys: one is missing", { keys: ["a", "b"] }, "/x?a", {}, false],
    ["anyKeys: one", { anyKeys: ["a", "b"] }, "/x?b", {}, true],
    ["anyKeys: none", { anyKeys: ["a", "b"] }, "/x?c", {}, false],
    ["absentKeys: none", { absentKeys: ["a", "b"] }, "/x?c", {}, true],
    ["absentKeys: one", { absentKeys: ["a", "b"] }, "/x?c&b", {}, false],
    ["a value", { values: [{ key: "a", oneOf: ["edit"] }] }, "/x?a=EDIT", {}, true],
    ["another value", { values: [{ key: "a", oneOf: ["edit"] }] }, "/x?a=editor", {}, false],
    ["no value", { values: [{ key: "a", oneOf: ["edit"] }] }, "/x", {}, false],
    ["a host", { hosts: ["*no-ip*"] }, "/x", { host: "dynupdate.no-ip.com" }, true],
    ["another host", { hosts: ["*no-ip*"] }, "/x", { host: "dyn.test" }, false],
    ["one host of two", { hosts: ["dy.fi", "*.dy.fi"] }, "/x", { host: "www.dy.fi" }, true],
    ["a header", { headers: [{ name: "x-api-user" }] }, "/x", withHeader("x-api-user", ""), true],
    ["no header", { headers: [{ name: "x-api-user" }] }, "/x", {}, false],
    [
      "a header's value",
      { headers: [{ name: "accept", value: "text/plain" }] },
      "/x",
      withHeader("accept", "Text/Plain"),
      true,
    ],
    [
      "another value of a header",
      { headers: [{ name: "accept", value: "text/plain" }] },
      "/x",
      withHeader("accept", "text/html"),
      false,
    ],
    [
      "an agent's beginning",
      { userAgents: ["x/", "ddns-updater"] },
      "/x",
      withHeader("user-agent", "DDNS-Updater quentin"),
      true,
    ],
    [
      "not within",
      { userAgents: ["updater"] },
      "/x",
      withHeader("user-agent", "DDNS-Updater"),
      false,
    ],
    ["no agent", { userAgents: ["updater"] }, "/x", {}, false],
    ["a port", { ports: [80, 8245] }, "/x", { port: 8245 }, true],
    ["another port", { ports: [80, 8245] }, "/x", { port: 81 }, false],
    ["a network", { peers: [parseCidr("198.51.100.0/24")!] }, "/x", {}, true],
    ["another network", { peers: [parseCidr("2001:db8::/32")!] }, "/x", {}, false],
    ["all of it", { keys: ["a"], ports: [80], hosts: ["h"] }, "/x?a", { host: "h" }, true],
    ["all but one", { keys: ["a"], ports: [81], hosts: ["h"] }, "/x?a", { host: "h" }, false],
  ];
  for (const [title, match, target, given, isFound] of cases) {
    test(title, () => {
      const one = makeRuleBook([rule("one", ["/x"], match)]);
      expect(printFound(findRule(one, request(target, given)))).toBe(isFound ? "one" : "no-rule");
    });
  }
});

function withHeader(name: string, value: string): Partial<MatchedRequest> {
  return { headers: new Map([[name, value]]) };
}

describe("patterns of host names", () => {
  const cases: readonly (readonly [string, string, boolean])[] = [
    ["a.test", "a.test", true],
    ["a.test", "b.test", false],
    ["a.test", "a.tes", false],
    ["", "*", true],
    ["abc", "*", true],
    ["abc", "a*", true],
    ["abc", "*c", true],
    ["abc", "*b*", true],
    ["abc", "a*c", true],
    ["a", "a*a", false],
    ["aa", "a*a", true],
    ["www.no-ip.com", "*.no-ip.*", true],
    ["www.no-ip", "*.no-ip.*", false],
    ["abcabc", "a*b*c", true],
    ["abcab", "a*b*c", false],
    ["ab", "*b*b", false],
    ["", "", true],
    ["a", "", false],
  ];
  for (const [text, pattern, isFit] of cases) {
    test(`"${text}" ${isFit ? "is" : "is not"} like "${pattern}"`, () => {
      expect(isLike(text, pattern)).toBe(isFit);
    });
  }
});

describe("patterns of paths", () => {
  const patterned = makeRuleBook([
    rule("fixed", ["/u/list"]),
    rule("token", ["/u/{token}"]),
    rule("three", ["/update/{d}/{t}", "/update/{d}/{t}/{ip}"]),
    rule("rest", ["/client/v4/{rest*}"]),
    rule("late", ["/u/late"]),
    rule("any", ["/{a}/end"]),
    rule("ending", ["/dns/{h}/set"]),
    rule("everything", ["/all/{rest*}"], { keys: ["{rest}"] }),
  ]);
  const cases: readonly (readonly [string, string, string])[] = [
    ["/u/abc", "token", "{token}=abc"],
    ["/U/aBc", "token", "{token}=aBc"],
    ["//u///aBc/", "token", "{token}=aBc"],
    ["/u/a%42%2Fc", "token", "{token}=aB/c"],
    ["/u/a+b", "token", "{token}=a+b"],
    ["/u/%zz", "token", "{token}=%zz"],
    ["/u/a.php", "token", "{token}=a.php"],
    ["/u/abc?x=1", "token", "{token}=abc x=1"],
    ["/u/abc?{token}=x&%7Btoken%7D=y&{TOKEN}", "token", "{token}=abc"],
    ["/u/list", "fixed", ""],
    ["/u/list.php", "token", "{token}=list.php"],
    ["/u/late", "token", "{token}=late"],
    ["/u", "no-rule", ""],
    ["/u/a/b", "no-rule", ""],
    ["/update/d/T", "three", "{d}=d {t}=T"],
    ["/update/d/T/192.0.2.1", "three", "{d}=d {t}=T {ip}=192.0.2.1"],
    ["/client/v4/zones/A/b", "rest", "{rest}=zones/A/b"],
    ["/client/v4", "no-rule", ""],
    ["/whatever/end", "any", "{a}=whatever"],
    ["/whatever/end.php", "any", "{a}=whatever"],
    ["/u/end", "token", "{token}=end"],
    ["/dns/h/set", "ending", "{h}=h"],
    ["/dns/h/SET.aspx", "ending", "{h}=h"],
    ["/dns/h/set/default.aspx", "ending", "{h}=h"],
    ["/dns/h/x", "no-rule", ""],
    ["/all/x", "everything", "{rest}=x"],
    ["/constructor/x", "no-rule", ""],
  ];
  for (const [target, id, expected] of cases) {
    test(`${target}: ${id}`, () => {
      const found = findRule(patterned, request(target));
      expect(printFound(found)).toBe(id);
      if (found.kind !== "rule") return;
      expect(found.parameters.map(({ key, value }) => `${key}=${value}`).join(" ")).toBe(expected);
    });
  }
});
