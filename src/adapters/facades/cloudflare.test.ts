import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { listed, makeAsker } from "../../../test/facade-asker.ts";
import type { Asked } from "../../../test/facade-asker.ts";
import { makeNotingService } from "../../../test/fixtures/devices/noting-service.ts";
import type { NotingService } from "../../../test/fixtures/devices/noting-service.ts";
import { hosts, outcomes, reached } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import type { UpdateOutcome } from "../../core/update.ts";
import type { HostListing } from "../update-service.ts";

const token = ["Authorization: Bearer secret"];
const two = ["v1-of-cam1", "v2-of-cam1"];
const mine = listed(
  { addresses: ["192.0.2.1", "2001:db8::1"], challenges: two },
  { addresses: ["192.0.2.2"] },
  {},
  { zone: "other.test", name: "cam4.other.test", addresses: ["192.0.2.4"] },
);

interface Item {
  readonly id: string;
  readonly name: string;
  readonly content: string;
  readonly ttl: number;
}

interface Reply {
  readonly status: number;
  readonly text: string;
  /** One or a list of them, as the request has it. */
  readonly result: Item & readonly Item[];
  readonly total: number | undefined;
  readonly code: number | undefined;
}

/** A login whose hosts are `mine`, and what it is told. */
function house(outcome?: UpdateOutcome, listing: HostListing = mine) {
  const noting = makeNotingService();
  const service: NotingService = {
    ...noting,
    listHosts: (credential) =>
      credential.kind === "token" && credential.secret === "secret"
        ? listing
        : { kind: "bad-credentials" },
    takeUpdate: (request) => {
      noting.updates.push(request);
      return outcome ?? hosts(reached("changed", ...request.addresses));
    },
  };
  const asker = makeAsker(service);
  const ask = async (line: string, body?: object, headers = token): Promise<Reply> => {
    const [method, path] = line.split(" ");
    const asked: Asked = {
      line: `${method} /client/v4/${path}`,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    return readReply(await asker(asked));
  };
  return { ask, asker, updates: noting.updates };
}

function readReply(reply: string): Reply {
  const text = reply.slice(4);
  const { result, result_info: info, errors } = JSON.parse(text);
  const status = Number(reply.slice(0, 3));
  return { status, text, result, total: info?.total_count, code: errors[0]?.code };
}

const { ask } = house();
const zone = (await ask("GET zones?name=example.test")).result[0]!.id;
const records = `zones/${zone}/dns_records`;
const idOf = async (type: string, name: string): Promise<string> =>
  (await ask(`GET ${records}?type=${type}&name=${name}`)).result[0]!.id;
const cam1A = await idOf("A", "cam1.example.test");

describe("who asks", () => {
  test.each([
    ["a token", token, 200, undefined],
    ["a key beside any address", ["X-Auth-Email: me@x.test", "X-Auth-Key: secret"], 200, undefined],
    ["a key alone", ["X-Auth-Key: secret"], 200, undefined],
    ["a wrong token", ["Authorization: Bearer wrong"], 403, 10000],
    ["a wrong key", ["X-Auth-Email: me@x.test", "X-Auth-Key: wrong"], 403, 9103],
    ["nobody", [], 400, 6003],
    ["another scheme", [`Authorization: Basic ${btoa("cam:secret")}`], 400, 6003],
  ])("%s", async (_, headers, status, code) => {
    for (const path of ["GET zones", `GET ${records}`, "GET user/tokens/verify"]) {
      expect(await ask(path, undefined, headers)).toMatchObject({ status, code });
    }
  });

  test("user name and password, as they are", async () => {
    const service = {
      ...makeNotingService(),
      listHosts: (credential: { kind: string }) =>
        credential.kind === "password" ? mine : ({ kind: "bad-credentials" } as const),
    };
    const headers = ["X-Auth-Email: cam", "X-Auth-Key: secret"];
    const reply = await makeAsker(service)({ line: "GET /client/v4/zones", headers });
    expect(readReply(reply).total).toBe(2);
  });

  test("and later, when it cannot be known", async () => {
    const service = { ...makeNotingService(), listHosts: () => ({ kind: "try-later" }) as const };
    const reply = await makeAsker(service)({ line: "GET /client/v4/zones", headers: token });
    expect(readReply(reply)).toMatchObject({ status: 503, code: 7010 });
    expect(reply).toContain('"success":false');
  });
});

describe("zones", () => {
  test("those of the hosts, each once", async () => {
    const { result, total } = await ask("GET zones");
    expect(total).toBe(2);
    expect(result.map(({ name }) => name)).toEqual(["example.test", "other.test"]);
  });
  test.each([
    ["?name=example.test", 1],
    ["/?name=Example.TEST.", 1],
    ["?name=example.test&status=active&per_page=50", 1],
    ["?status=pending", 0],
    ["?name=test", 0],
    ["?name=cam1.example.test", 0],
  ])("zones%s has %d", async (query, total) => {
    const reply = await ask(`GET zones${query}`);
    expect(reply.total).toBe(total);
    expect(reply.text.includes('"total_count":0')).toBe(total === 0); // Tomato
  });
  test("inadyn takes the first id there is, and an id has 32 digits", async () => {
    const { text, result } = await ask("GET zones?name=example.test");
    expect(/"id":"([0-9a-f]{32})"/.exec(text)?.[1]).toBe(result[0]!.id);
  });
  test("one by its id", async () => {
    expect((await ask(`GET zones/${zone}`)).result.name).toBe("example.test");
    expect(await ask(`GET zones/${"0".repeat(32)}`)).toMatchObject({ status: 404, code: 7003 });
  });
});

describe("records", () => {
  test.each([
    ["", 5],
    ["?type=A", 2],
    ["?type=AAAA", 1],
    ["?type=TXT", 2],
    ["?type=MX", 0],
    ["?name=cam1.example.test", 2],
    ["?name.exact=cam1.example.test", 2],
    ["?type=A&name=CAM1.example.test", 1],
    ["?type=A&name=cam3.example.test", 0], // never had an address
    ["?type=A&name=cam4.other.test", 0], // lies in another zone
    ["?type=TXT&name=_acme-challenge.cam1.example.test", 2],
    ["?content=192.0.2.2", 1],
    ["?type=TXT&content=v2-of-cam1", 1],
    ["?type=A&name=cam1.example.test&order=name&direction=asc&match=all", 1], // Tomato
  ])("%s are %d", async (query, total) => {
    const reply = await ask(`GET ${records}${query}`);
    expect(reply.total).toBe(total);
    expect(reply.text.includes('"total_count":0')).toBe(total === 0);
  });

  test("one of them, as it is written", async () => {
    const { text } = await ask(`GET ${records}/${cam1A}`);
    expect(text).toBe(
      `{"success":true,"errors":[],"messages":[],"result":{"id":"${cam1A}","type":"A",` +
        '"name":"cam1.example.test","content":"192.0.2.1","proxiable":false,"proxied":false,' +
        `"ttl":60,"locked":false,"zone_id":"${zone}","zone_name":"example.test"}}`,
    );
  });

  test("come in pages", async () => {
    const pages = await Promise.all(
      [1, 2, 3, 4].map((page) => ask(`GET ${records}?page=${page}&per_page=2`)),
    );
    expect(pages.map(({ result }) => result.length)).toEqual([2, 2, 1, 0]);
    expect(new Set(pages.flatMap(({ result }) => result.map(({ id }) => id))).size).toBe(5);
    const { text } = await ask(`GET ${records}?page=0&per_page=100000`);
    expect(text).toContain('"page":1,"per_page":100,"count":5,"total_count":5,"total_pages":1');
  });

  test("an id is the same for everybody who may see it, and for nobody else", async () => {
    const alone = house(undefined, listed({ addresses: ["198.51.100.1"] }));
    expect((await alone.ask(`GET ${records}/${cam1A}`)).result.content).toBe("198.51.100.1");
    const other = house(
      undefined,
      listed({ id: 9, name: "foreign.example.test", addresses: ["192.0.2.9"] }),
    );
    for (const method of ["GET", "PUT", "PATCH", "DELETE"]) {
      const reply = await other.ask(`${method} ${records}/${cam1A}`, { content: "192.0.2.7" });
      expect(reply).toMatchObject({ status: 404, code: 81044 });
    }
    expect(other.updates).toEqual([]);
  });
});

describe("changes", () => {
  const cam1 = {
    type: "A",
    name: "cam1.example.test",
    content: "192.0.2.7",
    ttl: 1,
    proxied: true,
  };

  test.each([
    ["POST", "", cam1],
    ["POST", "", { ...cam1, name: "cam1" }],
    ["POST", "", { ...cam1, name: "CAM1.example.test." }],
    ["POST", "/", { ...cam1, type: "a" }],
    ["PUT", `/${cam1A}`, cam1],
    ["PATCH", `/${cam1A}`, { content: "192.0.2.7" }], // ddclient
    ["PATCH", `/${cam1A.toUpperCase()}`, { content: "192.0.2.7" }],
  ])("%s %s with %j sets the address", async (method, path, body) => {
    const { ask: askOne, updates } = house();
    const reply = await askOne(`${method} ${records}${path}`, body);
    expect(reply).toMatchObject({
      status: 200,
      result: { id: cam1A, content: "192.0.2.7", ttl: 60 },
    });
    expect(updates).toHaveLength(1);
    expect(updates[0]).toMatchObject({
      hosts: ["cam1.example.test"],
      addresses: ["192.0.2.7"],
      offline: false,
      challenge: undefined,
      credential: { kind: "token", secret: "secret" },
      adapter: "cloudflare",
    });
  });

  test("a host that has no address of the family gets one, also by the id it would have", async () => {
    const { ask: askOne, updates } = house();
    const body = { type: "AAAA", name: "cam2.example.test", content: "2001:db8::7" };
    const { result } = await askOne(`POST ${records}`, body);
    expect(result.content).toBe("2001:db8::7");
    expect(
      (await askOne(`PATCH ${records}/${result.id}`, { content: "2001:db8::8" })).result.id,
    ).toBe(result.id);
    expect(updates.map(({ addresses }) => addresses)).toEqual([["2001:db8::7"], ["2001:db8::8"]]);
    expect(await askOne(`GET ${records}/${result.id}`)).toMatchObject({ status: 404, code: 81044 });
    expect(await askOne(`DELETE ${records}/${result.id}`)).toMatchObject({
      status: 404,
      code: 81044,
    });
  });

  test("without a new content it keeps what it has", async () => {
    const { ask: askOne, updates } = house();
    expect((await askOne(`PATCH ${records}/${cam1A}`, { proxied: true })).status).toBe(200);
    expect(updates[0]!.addresses).toEqual(["192.0.2.1"]);
  });

  test("taken away is offline for that family alone", async () => {
    const { ask: askOne, updates } = house();
    const aaaa = await idOf("AAAA", "cam1.example.test");
    const reply = await askOne(`DELETE ${records}/${aaaa}`);
    expect(reply.text).toBe(`{"success":true,"errors":[],"messages":[],"result":{"id":"${aaaa}"}}`);
    expect(updates[0]).toMatchObject({ offline: true, addresses: ["2001:db8::1"] });
  });

  test("what the host really got is told", async () => {
    const { ask: askOne } = house(hosts(reached("changed", "198.51.100.9")));
    const reply = await askOne(`PATCH ${records}/${cam1A}`, { content: "10.0.0.1" });
    expect(reply.result.content).toBe("198.51.100.9");
  });

  const name = "_acme-challenge.cam1.example.test";
  test("a challenge is added, changed and taken away", async () => {
    const { ask: askOne, updates } = house(hosts(reached("changed")));
    const body = { type: "TXT", name, content: '"v1-of-cam1"', ttl: 120 };
    const { result } = await askOne(`POST ${records}`, body);
    expect(result).toMatchObject({ name, content: "v1-of-cam1" });
    expect(result.id).toBe(await idOf("TXT", name));
    const changed = await askOne(`PUT ${records}/${result.id}`, { ...body, content: "v3" });
    expect(changed.result).toMatchObject({ name, content: "v3" });
    expect(changed.result.id).not.toBe(result.id);
    const quoted = await askOne(`PATCH ${records}/${result.id}`, { content: '"v1-of-cam1"' });
    expect(quoted.result.id).toBe(result.id);
    const bad = await askOne(`PATCH ${records}/${result.id}`, { content: "v\u00e9" });
    expect(bad).toMatchObject({ status: 400, code: 1004 });
    await askOne(`DELETE ${records}/${result.id}`);
    expect(updates.map(({ hosts: [host], challenge }) => [host, challenge])).toEqual([
      ["cam1.example.test", { kind: "add", value: "v1-of-cam1" }],
      ["cam1.example.test", { kind: "remove", value: "v1-of-cam1" }],
      ["cam1.example.test", { kind: "add", value: "v3" }],
      ["cam1.example.test", { kind: "add", value: "v1-of-cam1" }],
      ["cam1.example.test", { kind: "remove", value: "v1-of-cam1" }],
    ]);
  });

  test.each([
    [`POST ${records}`, undefined, 400, 9207],
    [`POST ${records}`, [], 400, 9207],
    [`POST ${records}`, { type: "A", name: "cam1" }, 400, 9207],
    [`POST ${records}`, { ...cam1, type: "MX" }, 400, 1004],
    [`POST ${records}`, { ...cam1, type: "TXT" }, 400, 1004], // a text at the host itself: a mail policy
    [`POST ${records}`, { ...cam1, name: "*" }, 400, 1004],
    [`POST ${records}`, { ...cam1, content: "2001:db8::7" }, 400, 9005],
    [`POST ${records}`, { ...cam1, type: "AAAA" }, 400, 9006],
    [`POST ${records}`, { ...cam1, name: "cam4.other.test" }, 404, 81044],
    [`PATCH ${records}/${cam1A}`, undefined, 400, 9207],
    [`PATCH ${records}/${cam1A}`, { content: "2001:db8::7" }, 400, 9005],
    [`PATCH ${records}/${cam1A}`, { ...cam1, name: "cam2" }, 400, 1004],
    [`PUT ${records}/${cam1A}`, { ...cam1, type: "AAAA" }, 400, 1004],
    [`PUT ${records}/${"0".repeat(32)}`, cam1, 404, 81044],
    [`PUT ${records}`, cam1, 405, 7001],
    ["POST zones", cam1, 405, 7001],
    ["GET accounts", undefined, 404, 7000],
    [`GET ${records}/${cam1A}/more`, undefined, 404, 7000],
    [`GET zones/${zone}/settings`, undefined, 404, 7000],
  ])("%s with %j changes nothing: %d, %d", async (line, body, status, code) => {
    const { ask: askOne, updates } = house(hosts({ kind: "unknown-host" }));
    expect(await askOne(line, body)).toMatchObject({ status, code, result: null });
    expect(updates.filter(({ hosts: [host] }) => host === "cam1.example.test")).toEqual([]);
  });

  test("a host of another is unknown, and the service hears of it", async () => {
    const { ask: askOne, updates } = house(hosts({ kind: "unknown-host" }));
    const reply = await askOne(`POST ${records}`, { ...cam1, name: "foreign.example.test" });
    expect(reply).toMatchObject({ status: 404, code: 81044 });
    expect(updates[0]!.hosts).toEqual(["foreign.example.test"]);
  });
});

describe("what becomes of a change", () => {
  const replies: OutcomeTable = {
    changed: "200 undefined",
    unchanged: "200 undefined",
    "no credentials": "403 10000",
    "bad credentials": "403 10000",
    "unknown host": "404 81044",
    "not a full name": "404 81044",
    "bad address": "400 9005",
    blocked: "403 9109",
    "too many hosts": "404 81044",
    later: "503 7010",
    "one of two refused": "404 81044",
    "one of two changed": "200 undefined",
  };
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, async () => {
      const { ask: askOne } = house(outcome);
      for (const [line, body] of [
        [`PATCH ${records}/${cam1A}`, { content: "192.0.2.7" }],
        [`POST ${records}`, { type: "A", name: "cam1", content: "192.0.2.7" }],
        [`DELETE ${records}/${cam1A}`, undefined],
      ] as const) {
        const { status, code, text } = await askOne(line, body);
        expect(`${status} ${code}`).toBe(replies[title as keyof typeof outcomes]);
        expect(text.startsWith(`{"success":${status === 200},`)).toBe(true);
      }
    });
  }
});

test("whatever is sent, the reply is JSON and ASCII", async () => {
  const { asker } = house(hosts({ kind: "unknown-host" }));
  const method = fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE");
  const octets = fc.string({
    unit: fc.integer({ min: 0, max: 255 }).map((code) => String.fromCharCode(code)),
  });
  const text = fc.oneof(octets, fc.json());
  const body = fc.oneof(
    text,
    fc
      .record({ type: fc.constantFrom("A", "TXT", "AAAA"), name: text, content: text })
      .map((value) => JSON.stringify(value)),
  );
  const path = fc.constantFrom("zones", records, `${records}/${cam1A}`, `${records}?name=`);
  await fc.assert(
    fc.asyncProperty(method, path, octets, body, async (verb, at, query, sent) => {
      const line = `${verb} /client/v4/${at}${encodeURIComponent(query)}`;
      const reply = await asker({ line, headers: token, body: sent });
      expect(typeof readReply(reply).status).toBe("number");
    }),
  );
});
