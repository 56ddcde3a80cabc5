import { describe, expect, test } from "bun:test";
import { makeAsker } from "../../../test/facade-asker.ts";
import { makeNotingService } from "../../../test/fixtures/devices/noting-service.ts";
import { outcomes } from "../../../test/outcomes.ts";
import type { OutcomeTable } from "../../../test/outcomes.ts";

const cam = [`Authorization: Basic ${btoa("cam:secret")}`];
const fqdn = "_acme-challenge.cam1.example.test.";
const present = JSON.stringify({ fqdn, value: "v1" });

const statuses: OutcomeTable = {
  changed: "200 ",
  unchanged: "200 ",
  "no credentials": "401 badauth",
  "bad credentials": "401 badauth",
  "unknown host": "404 nohost",
  "not a full name": "400 notfqdn",
  "bad address": "400 dnserr",
  blocked: "403 abuse",
  "too many hosts": "400 numhost",
  later: "503 dnserr",
  "one of two refused": "404 nohost",
  "one of two changed": "200 ",
};

describe("the status is the answer", () => {
  for (const [title, outcome] of Object.entries(outcomes)) {
    test(title, async () => {
      const ask = makeAsker({ ...makeNotingService(), takeUpdate: () => outcome });
      for (const path of ["/present", "/cleanup"]) {
        const reply = await ask({ line: `POST ${path}`, headers: cam, body: present });
        expect(reply).toBe(statuses[title as keyof typeof outcomes]);
      }
    });
  }
});

describe("a body asks for a text at a host", () => {
  // The digest is that of `printf %s token.thumbprint | openssl dgst -sha256 -binary | basenc --base64url`.
  const digest = "61rBZ_4knHblO0MNoxFsXZ_eTFUHum0B6IVRbhvUn5I";
  const cases: readonly (readonly [object, string, string])[] = [
    [{ fqdn, value: "v1" }, "cam1.example.test", "v1"],
    [{ fqdn: fqdn.toUpperCase(), value: "v1" }, "cam1.example.test", "v1"],
    [
      { domain: "cam1.example.test", token: "t", keyAuth: "token.thumbprint" },
      "cam1.example.test",
      digest,
    ],
    [
      { domain: "*.cam1.example.test", token: "t", keyAuth: "token.thumbprint" },
      "cam1.example.test",
      digest,
    ],
  ];
  for (const [body, host, value] of cases) {
    test(JSON.stringify(body), async () => {
      const service = makeNotingService();
      const ask = makeAsker(service);
      for (const [path, kind] of [
        ["/present", "add"],
        ["/cleanup", "remove"],
      ] as const) {
        expect(await ask({ line: `POST ${path}`, headers: cam, body: JSON.stringify(body) })).toBe(
          "200 ",
        );
        const { hosts, challenge, credential, adapter, offline } = service.updates.at(-1)!;
        expect({ hosts, challenge, credential, adapter, offline }).toEqual({
          hosts: [host],
          challenge: { kind, value },
          credential: { kind: "password", username: "cam", password: "secret" },
          adapter: `httpreq${path.replace("/", "-")}`,
          offline: false,
        });
      }
    });
  }
});

test.each([
  "",
  "fqdn=a&value=b",
  "{}",
  JSON.stringify({ fqdn }),
  JSON.stringify({ value: "v1" }),
  JSON.stringify({ fqdn: "cam1.example.test.", value: "v1" }), // no challenge's name: it would be looked for there
  JSON.stringify({ domain: "cam1.example.test", token: "t" }),
  JSON.stringify({ fqdn: [fqdn], value: "v1" }),
])("%s asks for nothing", async (body) => {
  const service = makeNotingService();
  expect(await makeAsker(service)({ line: "POST /present", headers: cam, body })).toBe(
    "400 bad request",
  );
  expect(service.updates).toEqual([]);
});

test("without a credential, or with half of one, it is asked for", async () => {
  const ask = makeAsker(makeNotingService());
  expect(await ask({ line: "POST /present", body: present })).toBe("401 badauth");
  expect(
    await ask({ line: "POST /present", headers: ["Authorization: Basic !"], body: present }),
  ).toBe("401 badauth");
});
