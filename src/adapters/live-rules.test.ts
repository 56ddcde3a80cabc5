import { describe, expect, test } from "bun:test";

import { makeNotingService } from "../../test/fixtures/devices/noting-service.ts";
import { parseAddress } from "../base/address.ts";
import type { AdapterState, StoredAdapter } from "../core/stored-adapter.ts";
import { makeAdapter } from "./answer.ts";
import type { DeviceReply, DeviceRequest } from "./device-request.ts";
import { LiveRules } from "./live-rules.ts";
import { findMisses } from "./near-miss.ts";
import { makeMatchable } from "./matched-request.ts";
import type { Rule } from "./rule.ts";
import { rules as builtIn } from "./rules.ts";

const reg = {
  id: "reg",
  match: { methods: ["GET"], paths: ["/reg"], keys: ["h"] },
  operation: "update",
  mapping: {
    hosts: ["h"],
    addresses: [],
    offline: [],
    credential: [{ kind: "parameters", usernames: ["u"], passwords: ["p"] }],
  },
  dialect: "dyndns",
} as const;

function stored(state: AdapterState, rule: object = reg, id = 1): StoredAdapter {
  return { id, name: "reg", rule: JSON.stringify(rule), requests: "[]", state, changedAtMs: 0 };
}

function request(target: string): DeviceRequest {
  const headers = new Map([["user-agent", "Acme"]]);
  const peer = parseAddress("198.51.100.9")!;
  return {
    method: "GET",
    target,
    version: "HTTP/1.1",
    headers,
    body: "",
    peer,
    isTls: false,
    port: 80,
  };
}

/** An adapter whose rules change while it is in use, and what it asked its service. */
function live(rules: readonly Rule[] = builtIn) {
  const service = makeNotingService();
  const liveRules = new LiveRules(rules);
  const adapter = makeAdapter(service, liveRules);
  const ask = (target: string): string => {
    const { status, body } = adapter(request(target)) as DeviceReply;
    return `${status} ${body}`;
  };
  return { service, liveRules, ask };
}

const update = "/reg?h=a.test&u=cam&p=secret";

test("a rule is in force as soon as it is told, and no longer when it is gone", () => {
  const { liveRules, ask } = live();
  expect(ask(update)).toBe("404 not found");
  liveRules.apply(1, stored("enabled"));
  expect(ask(update)).toBe("200 good 198.51.100.9");
  liveRules.apply(1, stored("disabled"));
  expect(ask(update)).toBe("404 not found");
  liveRules.apply(1, stored("enabled"));
  liveRules.apply(1, undefined);
  expect(ask(update)).toBe("404 not found");
});

describe("a rule on trial", () => {
  test("is noted with what it would do, without the secret, and nothing is done", () => {
    const { service, liveRules, ask } = live();
    liveRules.apply(1, stored("shadow"));
    expect(ask(update)).toBe("404 not found");
    expect(service.updates).toEqual([]);
    expect(service.credentials).toEqual([]);
    const noted = service.seenRequests.find(({ kind }) => kind === "shadow");
    expect(noted).toEqual({
      kind: "shadow",
      rule: "reg",
      hosts: ["a.test"],
      would: "set a.test to the address of the caller, as cam",
      answered: "404 not found",
      peer: parseAddress("198.51.100.9")!,
      userAgent: "Acme",
    });
    expect(JSON.stringify(noted)).not.toContain("secret");
  });

  test("leaves the request to the rule that is in force", () => {
    const { service, liveRules, ask } = live();
    const match = { methods: ["GET"], paths: ["/ipcheck"] };
    liveRules.apply(1, stored("shadow", { ...reg, match }));
    expect(ask("/ipcheck?h=a.test")).toBe("200 198.51.100.9");
    expect(service.seenRequests).toHaveLength(1);
  });

  test("says nothing of requests that it does not match", () => {
    const { service, liveRules, ask } = live();
    liveRules.apply(1, stored("shadow"));
    ask("/reg?g=a.test");
    expect(service.seenRequests.map(({ kind }) => kind)).toEqual(["unmatched"]);
  });

  test("names that are attacks reach the note escaped", () => {
    const { service, liveRules, ask } = live();
    liveRules.apply(1, stored("shadow"));
    ask("/reg?h=a%0d%0a%1b[2J&u=%00x&p=y");
    const noted = service.seenRequests.find(({ kind }) => kind === "shadow");
    expect(noted?.kind === "shadow" && /^[ -~]+$/.test(noted.would)).toBe(true);
  });
});

test("rules of the operator stand before the built-in ones of their path, the older first", () => {
  const { service, liveRules, ask } = live();
  const match = { methods: ["GET"], paths: ["/nic/update"] };
  liveRules.apply(2, stored("enabled", { ...reg, id: "second", match }, 2));
  liveRules.apply(1, stored("enabled", { ...reg, id: "first", match, dialect: "mint" }));
  ask("/nic/update?h=a.test&u=cam&p=secret");
  expect(service.updates.map(({ adapter }) => adapter)).toEqual(["first"]);
  liveRules.apply(1, undefined);
  ask("/nic/update?h=a.test&u=cam&p=secret");
  expect(service.updates.at(-1)?.adapter).toBe("second");
});

test("rules of files are in force without the store, and before its rules", () => {
  const service = makeNotingService();
  const liveRules = new LiveRules(builtIn, [{ ...reg, id: "file" }]);
  liveRules.apply(1, stored("enabled"));
  void makeAdapter(service, liveRules)(request(update));
  expect(service.updates.map(({ adapter }) => adapter)).toEqual(["file"]);
});

test("a rule that another version wrote is not in force, and is said to be so", () => {
  const { liveRules, ask } = live();
  expect(liveRules.apply(1, stored("enabled", { ...reg, dialect: "of-tomorrow" }))).toBe(
    "unreadable",
  );
  expect(ask(update)).toBe("404 not found");
  expect(liveRules.apply(1, stored("enabled"))).toBe("applied");
});

test("a rule that almost matches says what does not hold", () => {
  const rule: Rule = {
    ...reg,
    match: { ...reg.match, absentKeys: ["x"], ports: [8_245], userAgents: ["acme", "tvt"] },
  };
  const misses = (target: string) => findMisses(rule, makeMatchable(request(target))!.asked);
  expect(misses("/reg?h=1&x=2")).toEqual(["absentKeys: x", "ports: 8245"]);
  expect(misses("/reg")).toEqual(["keys: h", "ports: 8245"]);
  expect(misses("/other?h=1")).toBeUndefined();
  expect(findMisses(reg, makeMatchable(request("/reg?h=1"))!.asked)).toEqual([]);
});
