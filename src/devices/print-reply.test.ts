import { describe, expect, test } from "bun:test";
import { printCheckipHtml } from "../adapters/dialects/checkip.ts";
import type { DeviceReply } from "../adapters/device-request.ts";
import { parseAddress } from "../base/address.ts";
import { printReply, replyOctetsMax } from "./print-reply.ts";

const plain = (status: DeviceReply["status"], body: string): DeviceReply => ({
  status,
  contentType: "text/plain",
  body,
});

describe("replies, octet for octet", () => {
  const golden: readonly (readonly [string, DeviceReply, readonly string[]])[] = [
    [
      "a success",
      plain(200, "good 203.0.113.77"),
      [
        "HTTP/1.1 200 OK",
        "Content-Type: text/plain",
        "Content-Length: 17",
        "Cache-Control: no-cache",
        "Connection: close",
        "",
        "good 203.0.113.77",
      ],
    ],
    [
      "bad credentials",
      plain(401, "badauth"),
      [
        "HTTP/1.1 401 Unauthorized",
        'WWW-Authenticate: Basic realm="Nameward"',
        "Content-Type: text/plain",
        "Content-Length: 7",
        "Cache-Control: no-cache",
        "Connection: close",
        "",
        "badauth",
      ],
    ],
    [
      "a passing trouble of ours",
      plain(503, "dnserr"),
      [
        "HTTP/1.1 503 Service Unavailable",
        "Content-Type: text/plain",
        "Content-Length: 6",
        "Cache-Control: no-cache",
        "Retry-After: 300",
        "Connection: close",
        "",
        "dnserr",
      ],
    ],
    [
      "Dyn's check page of 102 octets",
      printCheckipHtml(parseAddress("203.0.113.77")!),
      [
        "HTTP/1.1 200 OK",
        "Content-Type: text/html",
        "Content-Length: 102",
        "Cache-Control: no-cache",
        "X-Content-Type-Options: nosniff",
        "Connection: close",
        "",
        "<html><head><title>Current IP Check</title></head>" +
          "<body>Current IP Address: 203.0.113.77</body></html>",
      ],
    ],
  ];
  for (const [title, reply, lines] of golden) {
    test(title, () => {
      expect(printReply(reply, "GET")).toBe(lines.join("\r\n"));
    });
  }
});

const statuses = [200, 400, 401, 404, 405, 408, 413, 431, 503] as const;

describe("the head of every reply", () => {
  for (const status of statuses) {
    test(`${status} holds nothing a careless search could take for something else`, () => {
      const head = printReply(plain(status, ""), "GET");
      expect(head).toMatch(/^HTTP\/1\.1 \d{3} [A-Z][A-Za-z ]+\r\n/);
      expect(head.endsWith("\r\n\r\n")).toBe(true);
      // ddclient 3.10 takes the first dotted quad of head and body for the address of the host.
      expect(head).not.toMatch(/\d+\.\d+\.\d+/);
      // ez-ipupdate takes a line that begins with a lower-case w for "wait".
      expect(head).not.toMatch(/^w/m);
      // TVT searches head and body together.
      expect(head).not.toMatch(/good|nochg|badauth|disabled|\r\nok|\r\n911/);
      expect(head.length).toBeLessThan(300);
    });
  }
});

test("HEAD gets the head with the length of the body it does not get", () => {
  const whole = printReply(plain(200, "192.0.2.1"), "GET");
  expect(printReply(plain(200, "192.0.2.1"), "HEAD")).toBe(whole.slice(0, -"192.0.2.1".length));
});

test("twenty hosts with an address of each family of usual length stay within the limit", () => {
  const line = "good 192.0.2.77,2001:db8::77";
  const reply = printReply(plain(200, Array.from({ length: 20 }, () => line).join("\n")), "GET");
  expect(reply.length).toBeLessThan(replyOctetsMax);
});

for (const body of ["Müller", "a\0b", "\u2028"]) {
  test(`${JSON.stringify(body)} is never sent`, () => {
    expect(() => printReply(plain(200, body), "GET")).toThrow("a reply is ASCII");
  });
}
