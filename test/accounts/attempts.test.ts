/** Who guesses: nothing is told about who has an account, and nobody guesses for long. */

import { describe, expect, setDefaultTimeout, test } from "bun:test";
import { createHmac } from "node:crypto";
import { Attempts } from "../../src/api/attempts.ts";
import { parseAddress } from "../../src/base/address.ts";
import { makeCode, stepAt } from "../../src/core/accounts/totp.ts";
import { ManualClock, goodPassword, startPeople, tokenOf } from "../people.ts";
import type { Answer, Browser, TestPeople } from "../people.ts";

// Real password hashes, on whatever machine.
setDefaultTimeout(60_000);

const minuteMs = 60_000;

describe("what is answered tells nothing of who has an account (T13)", () => {
  /** Flow, what is sent for a known and for an unknown one. */
  const flows = [
    [
      "sign-in",
      "/session",
      { name: "bob", password: "not the right one" },
      { name: "nobody", password: "not the right one" },
    ],
    [
      "sign-in by mail address",
      "/session",
      { name: "bob@example.net", password: "not the right one" },
      { name: "nobody@example.net", password: "not the right one" },
    ],
    ["reset", "/password-reset", { mail: "bob@example.net" }, { mail: "nobody@example.net" }],
    [
      "sign-up",
      "/sign-up",
      { name: "carol", mail: "bob@example.net", password: goodPassword },
      { name: "carol", mail: "nobody@example.net", password: goodPassword },
    ],
    [
      "sign-up with a name that is taken",
      "/sign-up",
      { name: "bob", mail: "carol@example.net", password: goodPassword },
      { name: "carol", mail: "dave@example.net", password: goodPassword },
    ],
  ] as const;
  for (const [title, path, known, unknown] of flows) {
    test(title, async () => {
      await using service = await startWithBob();
      const ask = async (body: object): Promise<[Answer, number]> => {
        const before = service.hasher.runs;
        const answer = await service.browser("203.0.113.1").call("POST", path, body);
        return [answer, service.hasher.runs - before];
      };
      const [first, firstRuns] = await ask(known);
      const [second, secondRuns] = await ask(unknown);
      expect(first.status).toBe(second.status);
      expect(withoutRequest(first)).toEqual(withoutRequest(second));
      expect(firstRuns).toBe(secondRuns); // a hash is made for whom nobody knows, too
      expect(firstRuns).toBe(path === "/password-reset" ? 0 : 1);
    });
  }

  test("what the table looks at differs where an answer does", async () => {
    await using service = await startWithBob();
    const right = await service
      .browser()
      .call("POST", "/session", { name: "bob", password: goodPassword });
    const wrong = await service.browser().call("POST", "/session", { name: "bob", password: "x" });
    expect(withoutRequest(right)).not.toEqual(withoutRequest(wrong));
  });
});

async function startWithBob(): Promise<TestPeople> {
  const service = await startPeople({ mail: true });
  const admin = await service.setUp();
  const bob = await service.addPerson(admin, "bob");
  await bob.must("PUT", "/account/mail", { mail: "bob@example.net" });
  await service.settle();
  await bob.must("POST", "/sign-up/confirm", {
    token: tokenOf(service.mails.at(-1)!.values["link"]!),
  });
  await admin.must("PATCH", "/settings", { signUp: "open" });
  return service;
}

/** Status, body and headers without what is another each time. */
function withoutRequest({ text, headers }: Answer): unknown {
  const { requestId: _id, ...body } = JSON.parse(text) as Record<string, unknown>;
  const kept = [...headers].filter(([name]) => name !== "x-request-id");
  return { body, headers: kept };
}

/** A browser of an account with an app, and the secret of it. */
async function enrol(
  service: TestPeople,
): Promise<{ browser: Browser; secret: Uint8Array; codes: string[] }> {
  const browser = await service.setUp();
  const { uri } = await browser.must("POST", "/account/totp", {});
  const secret = readBase32(new URL(String(uri)).searchParams.get("secret")!);
  const code = codeOf(secret, service.clock.now());
  const { recoveryCodes } = await browser.must("POST", "/account/totp/confirm", { code });
  service.clock.pass(minuteMs);
  return { browser, secret, codes: recoveryCodes as string[] };
}

/** Written apart from the program: RFC 6238 with the six digits of RFC 4226. */
function codeOf(secret: Uint8Array, nowMs: number): string {
  const counter = Buffer.alloc(8);
  counter.writeUInt32BE(Math.floor(nowMs / 30_000), 4);
  const mac = createHmac("sha1", secret).update(counter).digest();
  const number = mac.readUInt32BE(mac[19]! & 15) & 0x7fffffff;
  return String(number).padStart(6, "0").slice(-6);
}

function readBase32(text: string): Uint8Array {
  const bits = [...text].map((c) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"),
  );
  return Uint8Array.from(bits.join("").match(/.{8}/g)!, (octet) => Number.parseInt(octet, 2));
}

/** With the password alone, up to where the code is asked for. */
async function begin(service: TestPeople, peer = "198.51.100.9"): Promise<[Browser, string]> {
  const browser = service.browser(peer);
  const answer = await browser.must("POST", "/session", { name: "alice", password: goodPassword });
  expect(answer).toMatchObject({ state: "second-factor", methods: ["totp", "recovery-code"] });
  return [browser, String(answer["ticket"])];
}

const second = "/session/second-factor";

describe("the second factor", () => {
  test("is asked for before there is a session, and a code works once (A25)", async () => {
    await using service = await startPeople();
    const { secret } = await enrol(service);
    const [browser, ticket] = await begin(service);
    expect(browser.cookie).toBeUndefined();
    expect(await browser.isSignedIn()).toBe(false);
    const code = codeOf(secret, service.clock.now());
    await browser.must("POST", second, { ticket, method: "totp", code });
    expect(await browser.isSignedIn()).toBe(true);

    const [other, otherTicket] = await begin(service);
    const again = await other.call("POST", second, { ticket: otherTicket, method: "totp", code });
    expect([again.status, again.body["code"]]).toEqual([401, "wrong-code"]);
    const earlier = codeOf(secret, service.clock.now() - 30_000);
    expect(
      (await other.call("POST", second, { ticket: otherTicket, method: "totp", code: earlier }))
        .status,
    ).toBe(401);
    service.clock.pass(30_000);
    const next = codeOf(secret, service.clock.now());
    await other.must("POST", second, { ticket: otherTicket, method: "totp", code: next });
    // A ticket is used up too.
    expect(
      (await other.call("POST", second, { ticket: otherTicket, method: "totp", code: next })).body[
        "code"
      ],
    ).toBe("ticket-over");
  });

  test("is refused from the 6th wrong code on, also with fresh sessions from elsewhere, and a right one too (AT38)", async () => {
    await using service = await startPeople();
    const { secret } = await enrol(service);
    const found: number[] = [];
    for (let attempt = 1; attempt <= 6; attempt++) {
      const [browser, ticket] = await begin(service, `203.0.${attempt}.9`);
      const answer = await browser.call("POST", second, { ticket, method: "totp", code: "000000" });
      found.push(answer.status);
    }
    expect(found).toEqual([401, 401, 401, 401, 401, 429]);
    const [browser, ticket] = await begin(service);
    const code = codeOf(secret, service.clock.now());
    const refused = await browser.call("POST", second, { ticket, method: "totp", code });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get("retry-after"))).toBeGreaterThan(60);
    service.clock.pass(5 * minuteMs);
    const [later, laterTicket] = await begin(service);
    const nextCode = codeOf(secret, service.clock.now());
    await later.must("POST", second, { ticket: laterTicket, method: "totp", code: nextCode });
  });

  test("a recovery code opens once, and is counted", async () => {
    await using service = await startPeople();
    const { codes } = await enrol(service);
    expect(codes).toHaveLength(10);
    const [browser, ticket] = await begin(service);
    const code = codes[3]!;
    await browser.must("POST", second, {
      ticket,
      method: "recovery-code",
      code: code.toUpperCase(),
    });
    expect(await browser.must("GET", "/account")).toMatchObject({ recoveryCodesLeft: 9 });
    const [other, otherTicket] = await begin(service);
    expect(
      (await other.call("POST", second, { ticket: otherTicket, method: "recovery-code", code }))
        .status,
    ).toBe(401);
  });

  test("is asked for after a reset by mail too, and the old password holds until it was right (A24)", async () => {
    await using service = await startPeople({ mail: true });
    const { browser, secret } = await enrol(service);
    await browser.must("PUT", "/account/mail", { mail: "alice@example.net" });
    await service.settle();
    await browser.must("POST", "/sign-up/confirm", {
      token: tokenOf(service.mails[0]!.values["link"]!),
    });
    await service.browser().must("POST", "/password-reset", { mail: "alice@example.net" });
    await service.settle();
    const token = tokenOf(service.mails.at(-1)!.values["link"]!);
    const other = service.browser();
    const password = "four other words together";
    const answer = await other.must("POST", "/password-reset/finish", { token, password });
    expect(answer).toMatchObject({ state: "second-factor" });
    expect(await browser.isSignedIn()).toBe(true);
    await begin(service); // the old password
    const code = codeOf(secret, service.clock.now());
    await other.must("POST", second, { ticket: answer["ticket"], method: "totp", code });
    expect(await browser.isSignedIn()).toBe(false);
    expect(
      (await service.browser().call("POST", "/session", { name: "alice", password: goodPassword }))
        .status,
    ).toBe(401);
    expect((await other.call("POST", "/password-reset/finish", { token, password })).status).toBe(
      410,
    );
  });

  test("taken up or given up, it ends all other sessions (A30)", async () => {
    await using service = await startPeople();
    const first = await service.setUp();
    const browser = service.browser();
    await browser.must("POST", "/session", { name: "alice", password: goodPassword });
    const { uri } = await browser.must("POST", "/account/totp", {});
    const secret = readBase32(new URL(String(uri)).searchParams.get("secret")!);
    expect(await first.isSignedIn()).toBe(true);
    await browser.must("POST", "/account/totp/confirm", {
      code: codeOf(secret, service.clock.now()),
    });
    expect(await first.isSignedIn()).toBe(false);
    expect(await browser.isSignedIn()).toBe(true);
  });

  test("the code that the test makes is the program's", () => {
    const secret = Buffer.from("12345678901234567890");
    expect(codeOf(secret, 59_000)).toBe(makeCode(secret, stepAt(59_000)));
  });
});

describe("wrong passwords", () => {
  test("end after ten from one network, and the person from elsewhere is not locked out (A21)", async () => {
    await using service = await startPeople();
    await service.setUp();
    const found: number[] = [];
    for (let attempt = 1; attempt <= 12; attempt++) {
      // Another address of the same network each time.
      const attacker = service.browser(`203.0.113.${attempt}`);
      found.push(
        (await attacker.call("POST", "/session", { name: "alice", password: "guess" })).status,
      );
    }
    expect(found).toEqual([...Array<number>(10).fill(401), 429, 429]);
    // Also not by many networks together.
    for (let network = 0; network < 40; network++) {
      for (let attempt = 0; attempt < 10; attempt++) {
        service.attempts.take("password", "alice", parseAddress(`198.18.${network}.1`)!);
      }
    }
    const person = service.browser("192.0.2.7");
    await person.must("POST", "/session", { name: "alice", password: goodPassword });
  });

  test("cost no hash above the budget", async () => {
    await using service = await startPeople();
    await service.setUp();
    const attacker = service.browser();
    for (let attempt = 0; attempt < 10; attempt++) {
      await attacker.call("POST", "/session", { name: "alice", password: "guess" });
    }
    const before = service.hasher.runs;
    expect(
      (await attacker.call("POST", "/session", { name: "alice", password: goodPassword })).status,
    ).toBe(429);
    expect(service.hasher.runs).toBe(before);
  });

  test("of one IPv6 /64 count together", () => {
    const attempts = new Attempts(new ManualClock());
    const from = (at: number) => parseAddress(`2001:db8:0:1::${at.toString(16)}`)!;
    for (let at = 1; at <= 10; at++) attempts.take("password", "alice", from(at));
    expect(() => attempts.take("password", "alice", from(11))).toThrow("too often");
    attempts.take("password", "alice", parseAddress("2001:db8:0:2::1")!);
  });

  test("of two hundred thousand sources take no more memory than was said, and lock nobody out (AT15)", () => {
    const attempts = new Attempts(new ManualClock());
    const take = (from: number, to: number) => {
      for (let at = from; at < to; at++) {
        const peer = parseAddress(`${20 + (at >> 16)}.${(at >> 8) & 255}.${at & 255}.1`)!;
        attempts.take("link", `account ${at}`, peer);
      }
    };
    take(0, 40_000);
    Bun.gc(true);
    const full = process.memoryUsage.rss();
    take(40_000, 200_000);
    Bun.gc(true);
    expect(attempts.remembered).toBe(20_000);
    expect((process.memoryUsage.rss() - full) / 1_048_576).toBeLessThan(48);
    attempts.take("password", "alice", parseAddress("192.0.2.7")!);
  });
});
