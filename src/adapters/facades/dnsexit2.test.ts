import { describe, expect, test } from "bun:test";
import { makeNotingService } from "../../../test/fixtures/devices/noting-service.ts";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import { parseAddress } from "../../base/address.ts";
import { hostsPerUpdateMax } from "../../core/update.ts";
import { makeAdapter } from "../answer.ts";
import type { DeviceRequest } from "../device-request.ts";
import type { Rule } from "../rule.ts";
import { printDnsexitJson } from "../dialects/dnsexit-json.ts";

const success = '200 {"code":0,"message":"Success"}';
const noKey = '200 {"code":2,"message":"API Key Authentication Error"}';
const missing = '200 {"code":3,"message":"Missing Required Definitions"}';
const noJson = '200 {"code":4,"message":"JSON Data Syntax Error"}';
const noType = '200 {"code":5,"message":"JSON Defined Record Type not Supported"}';
const tooMany = '200 {"code":1,"message":"Too many hosts"}';
const notFound = '200 {"code":1,"message":"Fail to find the domain"}';

const table: OutcomeTable = {
  changed: success,
  unchanged: success,
  "no credentials": noKey,
  "bad credentials": noKey,
  "unknown host": notFound,
  "not a full name": notFound,
  "bad address": '200 {"code":1,"message":"Invalid IP"}',
  blocked: '200 {"code":1,"message":"The host is held"}',
  "too many hosts": tooMany,
  later: '503 {"code":6,"message":"System Error"}',
  "one of two refused": notFound,
  "one of two changed": success,
};

describe("a number for each outcome", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, () => {
      const { status, body, contentType } = printDnsexitJson(outcome);
      expect(`${status} ${body}`).toBe(table[title as keyof OutcomeTable]);
      expect(contentType).toBe("application/json");
    });
  }
});

const rule: Rule = {
  id: "dnsexit2",
  match: { methods: ["POST"], paths: ["/dns"] },
  operation: "facade",
  dialect: "dnsexit2",
};

async function post(
  body: unknown,
  given: Partial<DeviceRequest> = {},
): Promise<{ readonly line: string; readonly asked: readonly string[] }> {
  const service = makeNotingService();
  const reply = await makeAdapter(service, [rule])({
    method: "POST",
    target: "/dns/",
    version: "HTTP/1.1",
    headers: new Map([["content-type", "application/json"]]),
    body: typeof body === "string" ? body : JSON.stringify(body),
    peer: parseAddress("198.51.100.9")!,
    isTls: false,
    port: 8245,
    ...given,
  });
  return {
    line: `${reply.status} ${reply.body}`,
    asked: service.updates.map(({ hosts, addresses }) => `${hosts.join()} ${addresses.join()}`),
  };
}

const a = (name: string, content = "192.0.2.7") => ({ type: "A", name, content, ttl: 5 });
const aaaa = (name: string) => ({ type: "AAAA", name, content: "2001:db8::7", ttl: 5 });
const document = (update: unknown) => ({ apikey: "secret", domain: "example.test", update });

describe("what a document asks for", () => {
  const cases: readonly (readonly [string, unknown, readonly string[]])[] = [
    [
      "both families of a host, as ddclient 4 sends them",
      [a("cam1"), aaaa("cam1")],
      ["cam1.example.test 192.0.2.7,2001:db8::7"],
    ],
    ["one record alone", a("cam1"), ["cam1.example.test 192.0.2.7"]],
    ["the domain itself, by no name", [a("")], ["example.test 192.0.2.7"]],
    ["the domain itself, by @", [a("@")], ["example.test 192.0.2.7"]],
    [
      "a name that has the domain already",
      [a("cam1.Example.test")],
      ["cam1.Example.test 192.0.2.7"],
    ],
    ["a name that only looks so", [a("myexample.test")], ["myexample.test.example.test 192.0.2.7"]],
    ["the caller's address", [a("cam1", "")], ["cam1.example.test "]],
    [
      "two hosts, one after the other",
      [a("cam1"), a("cam2")],
      ["cam1.example.test 192.0.2.7", "cam2.example.test 192.0.2.7"],
    ],
  ];
  for (const [title, update, expected] of cases) {
    test(title, async () => {
      expect(await post(document(update))).toEqual({ line: success, asked: expected });
    });
  }
});

test("key and domain may stand in the query or in headers", async () => {
  const update = [a("cam1")];
  const asked = ["cam1.example.test 192.0.2.7"];
  const inQuery = { target: "/dns/?apikey=secret&domain=example.test" };
  expect(await post({ update }, inQuery)).toEqual({ line: success, asked });
  const headers = new Map([
    ["apikey", "secret"],
    ["domain", "example.test"],
  ]);
  expect(await post({ update }, { headers })).toEqual({ line: success, asked });
});

describe("documents that ask for nothing", () => {
  const many = Array.from({ length: 2 * hostsPerUpdateMax + 1 }, (_, index) => a(`h${index}`));
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["no JSON", "{", noJson],
    ["a list", "[]", noJson],
    ["nothing to update", { apikey: "secret", domain: "example.test" }, missing],
    ["an empty list", document([]), missing],
    ["no domain", { apikey: "secret", update: [a("cam1")] }, missing],
    ["a record that is none", document(["cam1"]), missing],
    ["a record whose name is a number", document([{ ...a("cam1"), name: 7 }]), missing],
    ["another type", document([{ ...a("cam1"), type: "MX" }]), noType],
    ["too many hosts", document(many.slice(0, hostsPerUpdateMax + 1)), tooMany],
    ["too many records", document(many), tooMany],
  ];
  for (const [title, body, line] of cases) {
    test(title, async () => expect(await post(body)).toEqual({ line, asked: [] }));
  }
});

describe("keys that are none", () => {
  const cases = ["", "wrong", "a\nb"];
  for (const apikey of cases) {
    test(JSON.stringify(apikey), async () => {
      const { line } = await post({ ...document([a("cam1")]), apikey });
      expect(line).toBe(noKey);
    });
  }
});
