import { expect, test } from "bun:test";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { makeHttpSource } from "./http.ts";
import type { Family } from "./source.ts";

const policy = { mayBePrivate: false };

interface Fake extends AsyncDisposable {
  readonly port: number;
  /** What came, one text a connection. */
  readonly requests: readonly string[];
}

/** Sends the same octets to everybody, and then closes unless `staysOpen`. */
async function serveOctets(
  reply: string | ((port: number) => string),
  { hostname = "127.0.0.1", staysOpen = false } = {},
): Promise<Fake> {
  const requests: string[] = [];
  const sockets = new Set<{ destroy(): void }>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      requests.push(chunk.toString("latin1"));
      const { port } = server.address() as AddressInfo;
      const octets = typeof reply === "string" ? reply : reply(port);
      if (staysOpen) socket.write(octets);
      else socket.end(octets);
    });
  });
  await new Promise<void>((done) => server.listen(0, hostname, done));
  return {
    port: (server.address() as AddressInfo).port,
    requests,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

function page(body: string, type = "text/plain", status = "200 OK", more = ""): string {
  const length = Buffer.byteLength(body);
  return `HTTP/1.1 ${status}\r\nContent-Type: ${type}\r\nContent-Length: ${length}\r\n${more}\r\n${body}`;
}

async function detect(url: string, family: Family = 4, signal?: AbortSignal): Promise<string> {
  const source = makeHttpSource(new URL(url), policy, 2_000);
  const said = await source.detect(family, signal ?? new AbortController().signal);
  return said.kind === "address" ? said.address.text : `${said.kind}: ${said.why}`;
}

const dynPage = `<html><head><title>Current IP Check</title></head><body>Current IP Address: 8.8.4.4</body></html>\r\n`;
const portal = `<!DOCTYPE html><html><head><title>Welcome</title></head><body><h1>Free Wi-Fi</h1>
<form action="http://8.8.4.4/login"><input name="room"></form></body></html>`;

/** What a server sends, and what is made of it. */
const replies: readonly (readonly [string, string, string | RegExp])[] = [
  ["the address alone", page("8.8.4.4\n"), "8.8.4.4"],
  ["the page of old", page(dynPage, "text/html"), "8.8.4.4"],
  ["JSON", page('{"ip":"8.8.4.4"}', "application/json"), "8.8.4.4"],
  ["a reply without a length", "HTTP/1.0 200 OK\r\n\r\n8.8.4.4", "8.8.4.4"],
  ["two addresses", page("8.8.4.4, 8.8.8.8"), /^failed: the answer has 2 addresses/],
  ["IPv6 where IPv4 was wanted", page("2600::1"), /^failed: 2600::1 is no IPv4 address/],
  ["a private address", page("192.168.1.2"), /^failed: 192.168.1.2 is not a global address/],
  ["the virtual address of a hotspot", page("192.0.2.1"), /^failed: .* is not a global address/],
  ["nothing", page(""), /^failed: there is no address/],
  ["words", page("hello"), /^failed: there is no address/],
  ["a captive portal with status 200", page(portal, "text/html"), /^failed: .*page for people/],
  ["a captive portal that says it is plain text", page(portal), /^failed: .*page for people/],
  [
    "a page that sends on by itself",
    page(`<html><meta http-equiv="refresh" content="0;url=http://8.8.4.4/"></html>`, "text/html"),
    /^failed: .*page for people/,
  ],
  ["a long text around an address", page(`8.8.4.4 ${"words ".repeat(100)}`), /^failed: /],
  ["status 404", page("8.8.4.4", "text/plain", "404 Not Found"), /^failed: .*status 404/],
  ["status 503", page("8.8.4.4", "text/plain", "503 Busy"), /^failed: .*status 503/],
  ["1 MB", page("8".repeat(1_000_000)), /^failed: .*more than 8192 octets/],
  ["garbage", "\x00\xff\x01garbage 8.8.4.4\r\n\r\n", /^failed: /],
  ["silence and an end", "", /^failed: /],
];

for (const [what, reply, expected] of replies) {
  test(`${what}: ${String(expected)}`, async () => {
    await using fake = await serveOctets(reply);
    const said = await detect(`http://127.0.0.1:${fake.port}/`);
    if (typeof expected === "string") expect(said).toBe(expected);
    else expect(said).toMatch(expected);
    expect(fake.requests.length).toBeGreaterThan(0);
  });
}

test("the request says who asks, and for what", async () => {
  await using fake = await serveOctets(page("8.8.4.4"));
  await detect(`http://127.0.0.1:${fake.port}/checkip?x=1`);
  expect(fake.requests).toHaveLength(1);
  const [request = ""] = fake.requests;
  expect(request).toStartWith("GET /checkip?x=1 HTTP/1.1\r\n");
  expect(request).toMatch(/^User-Agent: Nameward - client - \d+\.\d+\.\d+\r$/im);
  expect(request).toContain(`127.0.0.1:${fake.port}\r\n`);
});

test("a redirect to the same place is followed", async () => {
  let asked = 0;
  await using fake = await serveOctets(() => {
    asked++;
    return asked === 1 ? page("", "text/plain", "302 Found", "Location: /ip\r\n") : page("8.8.4.4");
  });
  expect(await detect(`http://127.0.0.1:${fake.port}/`)).toBe("8.8.4.4");
  expect(fake.requests[1]).toStartWith("GET /ip HTTP/1.1\r\n");
});

test("a redirect elsewhere is not followed, nor are many", async () => {
  await using other = await serveOctets(page("8.8.4.4"));
  const places = [
    `http://127.0.0.1:${other.port}/`,
    `http://portal.test/`,
    "file:///etc/hosts",
    ":",
  ];
  for (const place of places) {
    const reply = page("", "text/plain", "302 Found", `Location: ${place}\r\n`);
    await using fake = await serveOctets(reply);
    const said = await detect(`http://127.0.0.1:${fake.port}/`);
    expect(said).toMatch(place === ":" ? /^failed: / : /^failed: it sends elsewhere/);
  }
  expect(other.requests).toEqual([]);
  await using loop = await serveOctets(page("", "text/plain", "302 Found", "Location: /\r\n"));
  expect(await detect(`http://127.0.0.1:${loop.port}/`)).toMatch(/redirects more than 2 times/);
  expect(loop.requests).toHaveLength(3);
});

test("a server that begins and never ends is given up", async () => {
  const start = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n8.8.4.4";
  await using fake = await serveOctets(start, { staysOpen: true });
  expect(await detect(`http://127.0.0.1:${fake.port}/`)).toBe("failed: no answer within 2000 ms");
  const signal = AbortSignal.timeout(100);
  expect(await detect(`http://127.0.0.1:${fake.port}/`, 4, signal)).toBe(
    "failed: it was called off",
  );
});

test("a reply that is cut short is no answer", async () => {
  await using fake = await serveOctets("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n8.8.4.4");
  expect(await detect(`http://127.0.0.1:${fake.port}/`)).toMatch(/^failed: /);
});

test("the family that is wanted is the one that is spoken", async () => {
  await using v6 = await serveOctets(page("2600::1"), { hostname: "::1" });
  expect(await detect(`http://[::1]:${v6.port}/`, 6)).toBe("2600::1");
  expect(await detect(`http://[::1]:${v6.port}/`, 4)).toMatch(/^failed: ::1 has no IPv4 address/);
  await using v4 = await serveOctets(page("8.8.4.4"));
  expect(await detect(`http://127.0.0.1:${v4.port}/`, 6)).toMatch(/has no IPv6 address/);
});

test("nobody there, and TLS with nobody who has it, are told", async () => {
  expect(await detect("http://127.0.0.1:9/")).toMatch(/^failed: /);
  await using plain = await serveOctets(page("8.8.4.4"));
  expect(await detect(`https://127.0.0.1:${plain.port}/`)).toMatch(/^failed: /);
});
