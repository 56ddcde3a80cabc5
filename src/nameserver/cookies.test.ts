import { expect, test } from "bun:test";
import { parseAddress } from "../base/address.ts";
import { CookieSecrets, ServerCookies, cookieOctets } from "./cookies.ts";
import { Peer } from "./peer.ts";

const hourSeconds = 3_600;

function peerOf(text: string): Peer {
  const peer = new Peer();
  peer.setText(text);
  expect(parseAddress(text)?.octets).toEqual(peer.octets.slice(0, peer.length));
  return peer;
}

/** Cookies whose current secret is given, as the examples of the RFC have it. */
function cookiesWith(secretHex: string): ServerCookies {
  const { buffer } = new CookieSecrets(new Uint8Array(32), { now: () => 0, monotonicMs: () => 0 });
  new Uint8Array(buffer, 4).set(Buffer.from(secretHex, "hex"));
  return new ServerCookies(buffer);
}

function answerTo(cookies: ServerCookies, hex: string, peer: Peer, nowSeconds: number): string {
  const octets = new Uint8Array(cookieOctets);
  octets.set(Buffer.from(hex, "hex"));
  const isValid = hex.length === cookieOctets * 2 && cookies.isValid(octets, 0, peer, nowSeconds);
  const into = new Uint8Array(cookieOctets);
  cookies.write(into, 0, octets, 0, isValid, peer, nowSeconds);
  return Buffer.from(into).toString("hex");
}

/** RFC 9018 appendix A: what came, from where, when, under which secret, and what goes back. */
const examples = [
  {
    name: "A.1: a first cookie",
    sent: "2464c4abcf10c957",
    peer: "198.51.100.100",
    at: 1_559_731_985,
    secret: "e5e973e5a6b2a43f48e7dc849e37bfcf",
    answer: "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
  },
  {
    name: "A.2: a cookie that is older than half an hour is renewed",
    sent: "2464c4abcf10c957010000005cf79f111f8130c3eee29480",
    peer: "198.51.100.100",
    at: 1_559_734_385,
    secret: "e5e973e5a6b2a43f48e7dc849e37bfcf",
    answer: "2464c4abcf10c957010000005cf7a871d4a564a1442aca77",
  },
] as const;

for (const { name, sent, peer, at, secret, answer } of examples) {
  test(`RFC 9018 ${name}`, () => {
    expect(answerTo(cookiesWith(secret), sent, peerOf(peer), at)).toBe(answer);
  });
}

const secret = "e5e973e5a6b2a43f48e7dc849e37bfcf";
const client = "2464c4abcf10c957";

function isAccepted(
  cookieHex: string,
  peer: string,
  at: number,
  by = cookiesWith(secret),
): boolean {
  return by.isValid(Buffer.from(cookieHex, "hex"), 0, peerOf(peer), at);
}

test("a cookie counts for its address, its client cookie and its time only", () => {
  for (const peer of ["192.0.2.1", "2001:db8::1"]) {
    const at = 1_700_000_000;
    const cookie = answerTo(cookiesWith(secret), client, peerOf(peer), at);
    expect(isAccepted(cookie, peer, at)).toBe(true);
    expect(isAccepted(cookie, peer, at + hourSeconds)).toBe(true);
    expect(isAccepted(cookie, peer, at + hourSeconds + 1)).toBe(false);
    expect(isAccepted(cookie, peer, at - 300)).toBe(true); // our clock may be behind its maker's
    expect(isAccepted(cookie, peer, at - 301)).toBe(false);
    expect(isAccepted(cookie, "192.0.2.2", at)).toBe(false);
    expect(isAccepted(cookie, "2001:db8::2", at)).toBe(false);
    for (let octet = 0; octet < cookieOctets; octet++) {
      const bent = Buffer.from(cookie, "hex");
      bent[octet]! ^= 1;
      expect(isAccepted(bent.toString("hex"), peer, at)).toBe(false);
    }
  }
});

test("a valid cookie that is younger than half an hour goes back as it came", () => {
  const cookies = cookiesWith(secret);
  const peer = peerOf("192.0.2.1");
  const cookie = answerTo(cookies, client, peer, 1_700_000_000);
  expect(answerTo(cookies, cookie, peer, 1_700_001_000)).toBe(cookie);
  expect(answerTo(cookies, cookie, peer, 1_700_001_800)).not.toBe(cookie);
  expect(answerTo(cookies, cookie, peerOf("192.0.2.2"), 1_700_001_000)).not.toBe(cookie);
});

test("secrets roll over every day, and the cookies of a server one period away still count", () => {
  const day = 24 * hourSeconds * 1_000;
  let nowMs = 100 * day + 1_000;
  const clock = { now: () => nowMs, monotonicMs: () => 0 };
  const master = new Uint8Array(32).fill(7);
  const secrets = new CookieSecrets(master, clock);
  const cookies = new ServerCookies(secrets.buffer);
  const peer = "192.0.2.1";
  const made = (): string => answerTo(cookies, client, peerOf(peer), 1_700_000_000);
  const first = made();
  secrets.update();
  expect(made()).toBe(first);
  const behind = { now: () => nowMs - day, monotonicMs: () => 0 };
  const early = new ServerCookies(new CookieSecrets(master, behind).buffer);
  expect(isAccepted(first, peer, 1_700_000_000, early)).toBe(true); // its next is our current one

  nowMs += day;
  secrets.update();
  const second = made();
  expect(second).not.toBe(first);
  expect(isAccepted(first, peer, 1_700_000_000, cookies)).toBe(true);
  nowMs += day;
  secrets.update();
  expect(isAccepted(first, peer, 1_700_000_000, cookies)).toBe(false);
  expect(isAccepted(second, peer, 1_700_000_000, cookies)).toBe(true);
});

test("servers with other master secrets do not know our cookies", () => {
  const clock = { now: () => 1_700_000_000_000, monotonicMs: () => 0 };
  const of = (fill: number): ServerCookies =>
    new ServerCookies(new CookieSecrets(new Uint8Array(32).fill(fill), clock).buffer);
  const cookie = answerTo(of(1), client, peerOf("192.0.2.1"), 1_700_000_000);
  expect(isAccepted(cookie, "192.0.2.1", 1_700_000_000, of(1))).toBe(true);
  expect(isAccepted(cookie, "192.0.2.1", 1_700_000_000, of(2))).toBe(false);
});
