import { describe, expect, test } from "bun:test";
import { makeAsker } from "../../../test/facade-asker.ts";
import { makeNotingService } from "../../../test/fixtures/devices/noting-service.ts";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";
import type { Registration, RegistrationOutcome } from "../../core/registration.ts";

const api = ["X-Api-User: cam", "X-Api-Key: secret"];
const txt = "61rBZ_4knHblO0MNoxFsXZ_eTFUHum0B6IVRbhvUn5I";
const body = JSON.stringify({ subdomain: "cam1.example.test", txt });
const update = { line: "POST /update", headers: api, body };

const replies: OutcomeTable = {
  changed: `200 {"txt":"${txt}"}`,
  unchanged: `200 {"txt":"${txt}"}`,
  "no credentials": '401 {"error":"forbidden"}',
  "bad credentials": '401 {"error":"forbidden"}',
  "unknown host": '401 {"error":"forbidden"}',
  "not a full name": '401 {"error":"forbidden"}',
  "bad address": '400 {"error":"bad_txt"}',
  blocked: '403 {"error":"forbidden"}',
  "too many hosts": '401 {"error":"forbidden"}',
  later: '503 {"error":"try_later"}',
  "one of two refused": '401 {"error":"forbidden"}',
  "one of two changed": `200 {"txt":"${txt}"}`,
};

describe("what becomes of a text", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, async () => {
      const ask = makeAsker({ ...makeNotingService(), takeUpdate: () => outcome });
      expect(await ask(update)).toBe(replies[title as keyof typeof outcomes]);
    });
  }
});

test("a text is asked for by the first label of the host, or its whole name", async () => {
  const service = makeNotingService();
  await makeAsker(service)(update);
  const { hosts, naming, challenge, credential, peer, adapter } = service.updates[0]!;
  expect({ hosts, naming, challenge, credential, peer: peer.text, adapter }).toEqual({
    hosts: ["cam1.example.test"],
    naming: "label",
    challenge: { kind: "add", value: txt },
    credential: { kind: "password", username: "cam", password: "secret" },
    peer: "198.51.100.9",
    adapter: "acme-dns-update",
  });
});

describe("what is no text of a challenge is refused, and a wrong secret before it", () => {
  for (const wrong of [
    "",
    "{}",
    "[]",
    JSON.stringify({ subdomain: "cam1.example.test" }),
    JSON.stringify({ txt }),
    JSON.stringify({ subdomain: "cam1.example.test", txt: txt.slice(1) }),
    JSON.stringify({ subdomain: "cam1.example.test", txt: `${txt}A` }),
    JSON.stringify({ subdomain: "cam1.example.test", txt: `${txt.slice(1)}=` }),
    JSON.stringify({ subdomain: "cam1.example.test", txt: `${txt.slice(1)}\n` }),
    JSON.stringify({ subdomain: ["cam1.example.test"], txt }),
  ]) {
    test(wrong, async () => {
      const service = makeNotingService();
      const ask = makeAsker(service);
      expect(await ask({ ...update, body: wrong })).toBe('400 {"error":"bad_txt"}');
      const headers = ["X-Api-User: cam", "X-Api-Key: wrong"];
      expect(await ask({ ...update, headers, body: wrong })).toBe('401 {"error":"forbidden"}');
      expect(service.updates).toEqual([]);
    });
  }
});

test("the path is others' where the headers are missing", async () => {
  const ask = makeAsker(makeNotingService());
  expect(await ask({ ...update, headers: api.slice(1) })).toBe("404 not found");
  expect(await ask({ ...update, headers: ["X-Api-User: ", "X-Api-Key: "] })).toBe(
    '401 {"error":"forbidden"}',
  );
});

describe("signing up", () => {
  const made: RegistrationOutcome = {
    kind: "acme",
    host: "8e5700ea-a4bf-41c7-8a77-e990661dcc6a.acme.example.test",
    username: "c36f50e8-4632-44f0-83fe-e070fef28a10",
    password: "htB9mR9DYgcu9bX_afHF62erXaH2TS7bg9KW3F7Z",
  };
  const registration = (allowfrom: string): string =>
    '201 {"username":"c36f50e8-4632-44f0-83fe-e070fef28a10",' +
    '"password":"htB9mR9DYgcu9bX_afHF62erXaH2TS7bg9KW3F7Z",' +
    '"fulldomain":"_acme-challenge.8e5700ea-a4bf-41c7-8a77-e990661dcc6a.acme.example.test",' +
    `"subdomain":"8e5700ea-a4bf-41c7-8a77-e990661dcc6a","allowfrom":[${allowfrom}]}`;

  test.each([
    ["", [], registration("")],
    ["{}", [], registration("")],
    ['{"allowfrom":[]}', [], registration("")],
    ['{"allowfrom":null}', [], registration("")],
    [
      '{"allowfrom":["192.0.2.0/24","2001:db8::/32"]}',
      ["192.0.2.0/24", "2001:db8::/32"],
      registration('"192.0.2.0/24","2001:db8::/32"'),
    ],
    ['{"allowfrom":"192.0.2.0/24"}', undefined, '400 {"error":"invalid_allowfrom_cidr"}'],
    ['{"allowfrom":[1]}', undefined, '400 {"error":"invalid_allowfrom_cidr"}'],
    ["allowfrom=", undefined, '400 {"error":"malformed_json_payload"}'],
  ])("with %j", async (given, allowFrom, expected) => {
    const seen: Registration[] = [];
    const ask = makeAsker({
      ...makeNotingService(),
      register(registrationAsked) {
        seen.push(registrationAsked);
        return made;
      },
    });
    expect(await ask({ line: "POST /register", body: given })).toBe(expected);
    const first = seen[0];
    expect(first?.kind === "acme" ? first.allowFrom : undefined).toEqual(allowFrom);
  });

  test.each([
    ["not-open", '401 {"error":"registration_closed"}'],
    ["bad-address", '400 {"error":"invalid_allowfrom_cidr"}'],
    ["too-many", '503 {"error":"try_later"}'],
    ["try-later", '503 {"error":"try_later"}'],
  ] as const)("that is answered %s", async (kind, expected) => {
    const ask = makeAsker({ ...makeNotingService(), register: () => ({ kind }) });
    expect(await ask({ line: "POST /register" })).toBe(expected);
  });
});

test("who only asks whether somebody is there is told so", async () => {
  const ask = makeAsker(makeNotingService());
  expect(await ask({ line: "GET /health" })).toBe("200 ");
});
