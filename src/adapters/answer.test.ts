import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { makeNotingService } from "../../test/fixtures/devices/noting-service.ts";
import { parseAddress } from "../base/address.ts";
import { makeAdapter, userAgentCharactersMax } from "./answer.ts";
import type { Adapter } from "./answer.ts";
import type { DeviceReply, DeviceRequest } from "./device-request.ts";
import { parametersMax } from "./parameters.ts";
import type { Rule } from "./rule.ts";

const cam = `Basic ${btoa("cam:secret")}`;

function request(target: string, given: Partial<DeviceRequest> = {}): DeviceRequest {
  return {
    method: "GET",
    target,
    version: "HTTP/1.1",
    headers: new Map([["authorization", cam]]),
    body: "",
    peer: parseAddress("198.51.100.9")!,
    isTls: false,
    port: 8245,
    ...given,
  };
}

/** Status and body of an answer that must come at once. */
function line(reply: ReturnType<Adapter>): string {
  if (reply instanceof Promise) throw new Error("This answer waits for nothing, and came later");
  return `${reply.status} ${reply.body}`;
}

describe("requests and their replies", () => {
  const update = "/nic/update?hostname=a.test";
  const cases: readonly (readonly [string, string, Partial<DeviceRequest>, string])[] = [
    ["an update", `${update}&myip=192.0.2.7`, {}, "200 good 192.0.2.7"],
    ["an update of the peer's address", update, {}, "200 good 198.51.100.9"],
    [
      "two hosts",
      "/nic/update?hostname=a.test,b&myip=192.0.2.7",
      {},
      "200 good 192.0.2.7\nnotfqdn",
    ],
    ["no host", "/nic/update?myip=192.0.2.7", {}, "200 good 192.0.2.7"],
    ["the founding words", "/nic/update/default.aspx?hostname=b", {}, "200 nohost"],
    ["a bad address", "/nic/update/default.aspx?hostname=a.test&myip=x", {}, "200 badsys"],
    ["offline", `${update}&offline=YES`, {}, "200 good"],
    ["21 hosts", `/nic/update?hostname=${"a.test,".repeat(21)}`, {}, "200 numhost"],
    ["no credential", update, { headers: new Map() }, "401 badauth"],
    ["a wrong one", update, { headers: new Map([["authorization", "Basic eDp5"]]) }, "401 badauth"],
    ["a token", update, { headers: new Map([["authorization", "Bearer x"]]) }, "401 badauth"],
    [
      "a credential in the query is none",
      "/nic/update/default.aspx?hostname=a.test&username=cam&password=secret",
      {
        headers: new Map(),
      },
      "401 badauth",
    ],
    [
      "unless the rule is one of clients that can do no other",
      `${update}&username=cam&password=secret`,
      {
        headers: new Map(),
      },
      "200 good 198.51.100.9",
    ],
    ["HEAD", update, { method: "HEAD" }, "400 bad request"],
    ["PUT", update, { method: "PUT" }, "400 bad request"],
    ["an unknown path", "/x", {}, "404 not found"],
    ["an unknown path, PUT", "/x", { method: "PUT" }, "404 not found"],
    ["a known user", "/client/usercheck.aspx", {}, "200 okuser"],
    [
      "an unknown user",
      "/client/usercheck.aspx",
      {
        headers: new Map([["authorization", "Basic eDp5"]]),
      },
      "200 nouser",
    ],
    [
      "a user who is no user",
      "/client/usercheck.aspx",
      {
        headers: new Map([["authorization", "Basic !"]]),
      },
      "200 nouser",
    ],
    ["no user", "/client/usercheck.aspx", { headers: new Map() }, "401 badauth"],
    ["a list for nobody", "/client/domlook.aspx", { headers: new Map() }, "401 badauth"],
    [
      "a list for a stranger",
      "/client/domlook.aspx",
      {
        headers: new Map([["authorization", "Basic eDp5"]]),
      },
      "401 badauth",
    ],
    [
      "a list for what is no user",
      "/client/domlook.aspx",
      {
        headers: new Map([["authorization", "Basic !"]]),
      },
      "401 badauth",
    ],
    ["an address", "/ipcheck.aspx", {}, "200 198.51.100.9"],
    ["too many parameters", `${update}${"&a".repeat(parametersMax)}`, {}, "400 bad request"],
    ["too many addresses", `${update}&myip=${"192.0.2.7,".repeat(9)}`, {}, "400 bad request"],
  ];
  for (const [title, target, given, expected] of cases) {
    test(title, () => {
      expect(line(makeAdapter(makeNotingService())(request(target, given)))).toBe(expected);
    });
  }
});

test("what the service is asked is what the request says", () => {
  const service = makeNotingService();
  const headers = new Map([
    ["authorization", cam],
    ["user-agent", "U".repeat(300)],
  ]);
  const target = "/v3/update?hostname=B.test,+a.test&myip=2001:DB8::7&offline=1";
  line(makeAdapter(service)(request(target, { headers })));
  expect(service.updates).toEqual([
    {
      credential: { kind: "password", username: "cam", password: "secret" },
      hosts: ["B.test", "a.test"],
      naming: "full",
      addresses: ["2001:DB8::7"],
      ownAddresses: [],
      prefix: undefined,
      offline: true,
      challenge: undefined,
      isAllOrNothing: false,
      peer: parseAddress("198.51.100.9")!,
      adapter: "dyndns",
      userAgent: "U".repeat(userAgentCharactersMax),
    },
  ]);
});

test("requests that cannot be meant do not reach the service", () => {
  const service = makeNotingService();
  const adapter = makeAdapter(service);
  const update = "/nic/update?hostname=a.test";
  for (const given of [{ method: "HEAD" }, { method: "DELETE" }])
    line(adapter(request(update, given)));
  line(adapter(request(update, { headers: new Map([["authorization", "Basic !"]]) })));
  expect(service.updates).toEqual([]);
  line(adapter(request(update))); // and one that can be
  expect(service.updates).toHaveLength(1);
});

test("a service that needs time is waited for", async () => {
  const adapter = makeAdapter({
    takeUpdate: async () => ({ kind: "try-later" }),
    checkCredential: async () => "try-later" as const,
    listHosts: async () => ({ kind: "try-later" }),
    register: async () => ({ kind: "try-later" }),
    note: () => {},
  });
  const later = async (target: string): Promise<DeviceReply> => adapter(request(target));
  expect(await later("/nic/update?hostname=a.test")).toMatchObject({ status: 503, body: "dnserr" });
  expect(await later("/nic/update/default.aspx")).toMatchObject({ status: 503, body: "911" });
  expect(await later("/client/usercheck")).toMatchObject({ status: 503, body: "911" });
  expect(await later("/client/domlook")).toMatchObject({ status: 503, body: "911" });
});

test("credentials of a query count where a rule says so, after those of the header", () => {
  const rule: Rule = {
    id: "query",
    match: { methods: ["GET"], paths: ["/client/usercheck"] },
    operation: "check-user",
    credential: [
      { kind: "basic" },
      { kind: "parameters", usernames: ["user"], passwords: ["pass"] },
    ],
    dialect: "mint-user",
  };
  const service = makeNotingService();
  const adapter = makeAdapter(service, [rule]);
  const target = "/client/usercheck?user=cam&pass=wrong&pass=secret";
  expect(line(adapter(request(target, { headers: new Map() })))).toBe("200 okuser");
  expect(line(adapter(request(target.replace("secret", "no"))))).toBe("200 okuser");
  expect(line(adapter(request("/client/usercheck", { headers: new Map() })))).toBe("401 badauth");
});

describe("names that are attacks are no full names", () => {
  const names = [
    "%0d%0a",
    "a.test%0d%0aSet-Cookie:%20x",
    "%00",
    "a%00.test",
    "a%E2%80%A8.test",
    "%C0%AEtest", // an overlong dot
    "a.test%2e%2e",
    `${"a".repeat(5_000)}.test`,
    "../../etc/passwd",
    "a.test'--",
    "$(id).test",
    "__proto__",
  ];
  for (const name of names) {
    test(name.slice(0, 40), () => {
      const reply = makeAdapter(makeNotingService())(request(`/nic/update?hostname=${name}`));
      expect(line(reply)).toBe("200 notfqdn");
    });
  }
});

describe("keys of objects are keys like any other", () => {
  for (const key of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    test(key, () => {
      const adapter = makeAdapter(makeNotingService());
      const headers = new Map([
        ["authorization", cam],
        ["content-type", "application/json"],
        [key.toLowerCase(), "x"],
      ]);
      const body = `{"${key}":{"x":1},"hostname":"a.test"}`;
      const target = `/nic/update?${key}=x&${key}[x]=1`;
      expect(line(adapter(request(target, { method: "POST", headers, body })))).toBe(
        "200 good 198.51.100.9",
      );
      expect(line(adapter(request(`/${key}`)))).toBe("404 not found");
      expect("x" in {}).toBe(false);
    });
  }
});

describe("whatever is asked", () => {
  test("the reply is short ASCII that repeats nothing but addresses", () => {
    expect(findLeak(makeAdapter(makeNotingService()))).toBeUndefined();
  });

  test("an adapter that repeats a name would be found", () => {
    const adapter = makeAdapter(makeNotingService());
    expect(
      findLeak((asked) => {
        const reply = adapter(asked) as DeviceReply;
        return reply.body.includes("notfqdn") ? { ...reply, body: asked.target } : reply;
      }),
    ).toBeDefined();
  });
});

/** A request whose reply holds anything but the words of the dialects, or that makes `adapter` throw. */
function findLeak(adapter: Adapter): string | undefined {
  const piece = fc.oneof(
    fc.constantFrom(
      "/nic/update",
      "?hostname=",
      "&myip=",
      "a.test",
      "192.0.2.7",
      "//",
      "/client/domlook.aspx",
      "default.aspx",
      "%0d%0a",
      "%zz",
      "http://",
      "<>",
      "&offline=1",
      ";",
    ),
    fc.nat(255).map((octet) => String.fromCharCode(octet)),
  );
  const target = fc.string({ unit: piece, maxLength: 30 });
  const words =
    /^(?:(?:good|nochg)(?: [0-9a-fA-F.:,]+)?|notfqdn|nohost|dnserr|badsys|numhost|badauth|okuser|nouser|bad request|not found|[0-9.]+)$/;
  const details = fc.check(
    fc.property(fc.boolean(), target, (isUpdate, tail) => {
      const reply = adapter(request(isUpdate ? `/nic/update?hostname=${tail}` : tail));
      if (reply instanceof Promise) throw new Error("a promise");
      if (reply.contentType !== "text/plain") return;
      for (const one of reply.body.split("\n")) expect(one).toMatch(words);
    }),
    { numRuns: 3_000, seed: 20_240_611 },
  );
  return details.failed ? JSON.stringify(details.counterexample) : undefined;
}
