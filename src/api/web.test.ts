import { afterAll, describe, expect, test } from "bun:test";
import { connect } from "node:net";
import { quietLog } from "../../test/quiet-log.ts";
import { makeApp } from "./app.ts";
import { makeCheckOrigin } from "./origin.ts";
import { listenWeb } from "./web.ts";
import type { WebOptions } from "./web.ts";

const options: Omit<WebOptions, "transport"> = {
  hostname: "127.0.0.1",
  port: 0,
  trustedProxies: [],
  metricsFrom: [],
  app: makeApp({
    handlers: {},
    identify: async () => ({ kind: "nobody" }),
    checkOrigin: makeCheckOrigin(""),
    nowMs: () => 0,
    log: quietLog,
  }),
  logo: () => undefined,
  dashboard: async () => new Map(),
  metrics: { contentType: "text/plain", print: async () => "" },
  log: quietLog,
  health: () => ({ state: "good", parts: [] }) as never,
  status: () => ({ version: "0", upSeconds: 0, numbers: [], hosts: [] }),
};
const plain = listenWeb({ ...options, transport: { publicUrl: "", hasZoneBelow: () => false } });
afterAll(() => plain[Symbol.asyncDispose]());
const base = `http://127.0.0.1:${plain.port}`;

/** The head and body of what comes back for these octets. */
function say(octets: string): Promise<{ head: string; body: string }> {
  return new Promise((resolve, reject) => {
    const socket = connect(plain.port, "127.0.0.1", () => socket.write(octets));
    let text = "";
    socket.on("data", (chunk) => {
      text += chunk.toString("latin1");
      const [head, body] = text.split("\r\n\r\n");
      const length = Number(/content-length: (\d+)/i.exec(head ?? "")?.[1] ?? Number.NaN);
      if (body !== undefined && body.length >= length) {
        socket.destroy();
        resolve({ head: head!, body });
      }
    });
    socket.on("error", reject);
    socket.on("close", () => resolve({ head: text, body: "" }));
  });
}

const wanted = [
  "content-security-policy",
  "x-content-type-options",
  "referrer-policy",
  "x-frame-options",
  "cross-origin-opener-policy",
  "cross-origin-resource-policy",
  "permissions-policy",
];

describe("every answer has all headers and an exact type", () => {
  const paths: readonly (readonly [string, number, string])[] = [
    ["/", 200, "text/html; charset=utf-8"],
    ["/status.css", 200, "text/css; charset=utf-8"],
    ["/status.js", 200, "text/javascript; charset=utf-8"],
    ["/status.json", 200, "application/json"],
    ["/metrics", 403, "text/plain; charset=utf-8"],
    ["/nothing", 404, "text/plain; charset=utf-8"],
    ["/brand/logo", 404, "text/plain; charset=utf-8"],
    ["/api/v1/hosts", 401, "application/problem+json"],
    ["/api/v1/nothing", 404, "application/problem+json"],
    ["/api/nothing", 404, "application/problem+json"],
  ];
  for (const [path, status, type] of paths) {
    test(path, async () => {
      const reply = await fetch(base + path);
      expect([reply.status, reply.headers.get("content-type")]).toEqual([status, type]);
      expect(wanted.filter((name) => !reply.headers.has(name))).toEqual([]);
      expect(reply.headers.has("strict-transport-security")).toBe(false);
      expect([...reply.headers.keys()].filter((name) => name.startsWith("access-control"))).toEqual(
        [],
      );
    });
  }
});

describe("what is wrong before there is a route is a problem", () => {
  const filler = `X-Filler: ${"a".repeat(4_000)}\r\n`;
  const host = "Host: names.test\r\n";
  const cases: readonly (readonly [string, string, number, string])[] = [
    ["TRACE", `TRACE / HTTP/1.1\r\n${host}\r\n`, 405, "wrong-method"],
    ["TRACE of the API", `TRACE /api/v1/hosts HTTP/1.1\r\n${host}\r\n`, 405, "wrong-method"],
    ["OPTIONS of the API", `OPTIONS /api/v1/hosts HTTP/1.1\r\n${host}\r\n`, 405, "wrong-method"],
    [
      "a method that the route has not",
      `PATCH /api/v1/hosts HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`,
      405,
      "wrong-method",
    ],
    [
      "a long URL",
      `GET /api/v1/hosts?q=${"a".repeat(9_000)} HTTP/1.1\r\n${host}\r\n`,
      414,
      "too-long",
    ],
    [
      "long headers",
      `GET /api/v1/hosts HTTP/1.1\r\n${host}${filler}${filler}${filler}\r\n`,
      431,
      "too-long",
    ],
    ["nobody's token", `GET /api/v1/hosts HTTP/1.1\r\n${host}\r\n`, 401, "not-signed-in"],
    [
      "a body that is announced as too long, before it is sent",
      `POST /api/v1/session HTTP/1.1\r\n${host}Origin: http://names.test\r\nContent-Type: application/json\r\nContent-Length: 30000000\r\n\r\n{`,
      413,
      "too-long",
    ],
    [
      "a body in chunks that grows too long",
      `POST /api/v1/session HTTP/1.1\r\n${host}Origin: http://names.test\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n${`10000\r\n${" ".repeat(0x1_0000)}\r\n`.repeat(9)}`,
      413,
      "too-long",
    ],
    [
      "a form",
      `POST /api/v1/session HTTP/1.1\r\n${host}Origin: http://names.test\r\nContent-Type: application/json-seq\r\nContent-Length: 2\r\n\r\n{}`,
      415,
      "not-json",
    ],
  ];
  for (const [title, octets, status, code] of cases) {
    test(title, async () => {
      const { head, body } = await say(octets);
      expect(head).toStartWith(`HTTP/1.1 ${status} `);
      expect(head).toMatch(/content-type: application\/problem\+json/i);
      expect(JSON.parse(body)).toMatchObject({ status, code });
    });
  }
});

test("405 tells what is allowed, and 401 how to prove oneself", async () => {
  const wrong = await fetch(`${base}/api/v1/hosts`, { method: "DELETE" });
  expect(wrong.headers.get("allow")).toBe("GET, POST");
  const unknown = await fetch(`${base}/api/v1/hosts`);
  expect(unknown.headers.get("www-authenticate")).toBe('Bearer realm="nameward"');
});

describe("HSTS", () => {
  const year = "max-age=31536000";
  const cases: readonly (readonly [string, string, boolean, string | null])[] = [
    ["is not sent where no proxy is known to end TLS", "", false, null],
    ["nor under another name", "https://other.test", false, null],
    ["nor with a plain publicUrl", "http://names.test", false, null],
    ["covers names below the dashboard", "https://names.test", false, `${year}; includeSubDomains`],
    ["but no zone: cameras speak plain HTTP", "https://names.test", true, year],
  ];
  for (const [title, publicUrl, isBelow, value] of cases) {
    test(title, async () => {
      await using web = listenWeb({
        ...options,
        transport: { publicUrl, hasZoneBelow: () => isBelow },
      });
      const reply = await fetch(`http://127.0.0.1:${web.port}/`, {
        headers: { Host: "names.test" },
      });
      expect(reply.headers.get("strict-transport-security")).toBe(value);
    });
  }
});
