import { afterAll, beforeAll, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import type { Server, Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { TestAuthority } from "../../test/certificates.ts";
import { parseCidr } from "../base/address.ts";
import { parseTarget, postTo } from "./dialer.ts";
import type { Dialled, DialerParts } from "./dialer.ts";

const loopback = [parseCidr("127.0.0.0/8")!, parseCidr("::1/128")!];

let folder: string;
let authorities: string;
let plain: Listener;
let secure: Listener;

interface Listener {
  readonly port: number;
  connections: number;
  requests: string[];
  reply: string;
  close(): void;
}

function listen(make: (taken: (socket: Socket) => void) => Server): Promise<Listener> {
  const state = { connections: 0, requests: [] as string[], reply: "HTTP/1.1 204 Fine\r\n\r\n" };
  const server = make((socket) => {
    socket.on("error", () => undefined);
    socket.on("data", (octets) => {
      state.requests.push(octets.toString("latin1"));
      if (state.reply !== "") socket.end(state.reply);
    });
  });
  server.on("connection", () => void state.connections++);
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      const port = typeof address === "object" ? (address?.port ?? 0) : 0;
      resolve(Object.assign(state, { port, close: () => void server.close() }));
    });
  });
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nameward-dialer-"));
  const authority = await TestAuthority.make(folder);
  const signed = await authority.sign(["hooks.example.net"]);
  authorities = readFileSync(authority.certificate, "utf8");
  const tls = { cert: readFileSync(signed.certificate), key: readFileSync(signed.key) };
  plain = await listen((taken) => createServer(taken));
  secure = await listen((taken) => createTlsServer(tls, taken));
});
afterAll(() => {
  plain.close();
  secure.close();
  rmSync(folder, { recursive: true, force: true });
});

function post(url: string, parts: Partial<DialerParts> = {}): Promise<Dialled> {
  const resolve = async (): Promise<readonly string[]> => ["127.0.0.1"];
  return postTo(parseTarget(url)!, [["X-Test", "1"]], "{}", {
    allowed: [],
    resolve,
    authorities,
    ...parts,
  });
}

/** AT41; PORT is where the loopback listener is. */
const inward: readonly (readonly [string, string, readonly string[]])[] = [
  ["loopback", "https://127.0.0.1:PORT/", []],
  ["loopback in IPv6", "https://[::1]:PORT/", []],
  ["loopback as a mapped address", "https://[::ffff:127.0.0.1]:PORT/", []],
  ["this host", "https://0:PORT/", []],
  ["loopback as one number", "https://2130706433:PORT/", []],
  ["loopback in hexadecimal", "https://0x7f.1:PORT/", []],
  ["loopback behind NAT64", "https://[64:ff9b::7f00:1]:PORT/", []],
  ["metadata of a cloud", "https://169.254.169.254/latest/meta-data/", []],
  ["a private network", "https://10.0.0.1/", []],
  ["a local network", "https://[fd00::1]/", []],
  ["a name of loopback", "https://hooks.example.net:PORT/", ["127.0.0.1"]],
  ["localhost", "https://localhost:PORT/", ["127.0.0.1"]],
  ["a name with one bad address", "https://hooks.example.net/", ["8.8.8.8", "127.0.0.1"]],
  ["a name of nonsense", "https://hooks.example.net:PORT/", ["127.1"]],
  ["plain http", "http://hooks.example.net/", ["8.8.8.8"]],
  ["another port", "https://hooks.example.net:22/", ["8.8.8.8"]],
];
for (const [title, url, addresses] of inward) {
  test(`${title} is not connected to`, async () => {
    for (const listener of [plain, secure]) {
      const before = listener.connections;
      const dialled = await post(url.replace("PORT", String(listener.port)), {
        resolve: async () => addresses,
      });
      expect(["refused", "failed"]).toContain(dialled.kind);
      expect(listener.connections).toBe(before);
    }
  });
}

test("the same listener is reached where the operator allows its network", async () => {
  plain.reply = "HTTP/1.1 204 Fine\r\n\r\n";
  const dialled = await post(`http://127.0.0.1:${plain.port}/hook?a=1`, { allowed: loopback });
  expect(dialled).toEqual({ kind: "answered", status: 204, says: "It answered 204 Fine" });
  expect(plain.requests.at(-1)).toStartWith(
    `POST /hook?a=1 HTTP/1.1\r\nHost: 127.0.0.1:${plain.port}\r\n`,
  );
  expect(plain.requests.at(-1)).toContain("\r\nX-Test: 1\r\n");
});

test("a name that changes between the look and the connection is asked for once", async () => {
  let asked = 0;
  const before = secure.connections;
  const resolve = async (): Promise<readonly string[]> =>
    asked++ === 0 ? ["192.0.2.1"] : ["127.0.0.1"];
  await post(`https://hooks.example.net:${secure.port}/`, { resolve });
  expect(asked).toBe(1);
  expect(secure.connections).toBe(before);
});

test("a redirect to loopback is an answer, and nobody follows it", async () => {
  plain.reply = `HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:${secure.port}/\r\nContent-Length: 0\r\n\r\n`;
  const before = secure.connections;
  const dialled = await post(`http://127.0.0.1:${plain.port}/`, { allowed: loopback });
  expect(dialled).toMatchObject({ kind: "answered", status: 302 });
  expect(secure.connections).toBe(before);
});

test("over TLS the certificate must be of the name in the URL, whatever the address", async () => {
  const allowed = loopback;
  const good = await post(`https://hooks.example.net:${secure.port}/`, { allowed });
  expect(good).toMatchObject({ kind: "answered", status: 204 });
  const other = await post(`https://other.example.net:${secure.port}/`, { allowed });
  expect(other.kind).toBe("failed");
  const { length } = secure.requests;
  const { authorities: _none, ...rest } = {
    authorities,
    allowed,
    resolve: async () => ["127.0.0.1"],
  };
  const unknown = await postTo(
    parseTarget(`https://hooks.example.net:${secure.port}/`)!,
    [],
    "{}",
    rest,
  );
  expect(unknown.kind).toBe("failed");
  expect(secure.requests).toHaveLength(length);
});

test("an answer without an end is cut at 64 KB", async () => {
  plain.reply = `HTTP/1.1 200 OK\r\n\r\n${"x".repeat(1_000_000)}`;
  const dialled = await post(`http://127.0.0.1:${plain.port}/`, { allowed: loopback });
  expect(dialled).toMatchObject({ kind: "answered", status: 200 });
});

for (const url of [
  "ftp://example.net/",
  "https://a:b@example.net/",
  "nonsense",
  `https://example.net/${"a".repeat(2_000)}`,
  "file:///etc/passwd",
]) {
  test(`${url.slice(0, 40)} is no target`, () => {
    expect(parseTarget(url)).toBeUndefined();
  });
}
