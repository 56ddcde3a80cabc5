/**
 * How long an answer takes tells nothing of who has an account (AT12, AT13). Known and unknown take turns in one run, and
 * their times are compared by rank, so that the speed of the machine does not matter.
 */

import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import { csrfOf } from "../../src/api/csrf.ts";
import { makeSecretToken } from "../../src/core/accounts/secret-token.ts";
import { systemChance } from "../../src/base/chance.ts";
import { goodPassword, startPeople, tokenOf } from "../people.ts";
import type { Browser, TestPeople } from "../people.ts";

setDefaultTimeout(60_000);

const warmUp = 10;
/**
 * Half: who is known cannot be told from who is not. By chance alone the share of 50 and 50 stays within 0.06 of it two
 * times out of three, and within 0.22 all but once in several thousand times.
 */
const farthest = 0.22;
const minuteMs = 60_000;

let service: TestPeople;
let bob: number;
beforeAll(async () => {
  service = await startPeople({ mail: true, thread: true });
  const admin = await service.setUp();
  const first = await service.addPerson(admin, "bob");
  await first.must("PUT", "/account/mail", { mail: "bob@example.net" });
  await service.settle();
  const token = tokenOf(service.mails.at(-1)!.values["link"]!);
  await first.must("POST", "/sign-up/confirm", { token });
  await service.addPerson(admin, "carol");
  await admin.must("PATCH", "/settings", { signUp: "open" });
  bob = (await service.store.accounts.findAccount({ name: "carol" }))!.id;
});
afterAll(() => service[Symbol.asyncDispose]());

/** A session of carol, made just now: what it costs is not measured. */
async function carol(): Promise<Browser> {
  const { id, hash, secret } = makeSecretToken(systemChance);
  const peer = "203.0.113.1";
  await service.store.accounts.addSession({ id, hash, user: bob, peer, userAgent: "" });
  const browser = service.browser(peer);
  browser.cookie = secret;
  browser.csrf = csrfOf(secret);
  return browser;
}

interface Flow {
  readonly samples: number;
  readonly method: "POST" | "PUT";
  readonly path: string;
  readonly by?: () => Promise<Browser>;
  readonly known: object;
  readonly unknown: object;
}

const signIn = { samples: 50, method: "POST", path: "/session" } as const;
const mail = { samples: 120, method: "POST", path: "/password-reset" } as const;
const signUp = { samples: 50, method: "POST", path: "/sign-up" } as const;
const wrong = "not the right one";
const flows: readonly (readonly [string, Flow])[] = [
  [
    "sign-in by name",
    {
      ...signIn,
      known: { name: "bob", password: wrong },
      unknown: { name: "eve", password: wrong },
    },
  ],
  [
    "sign-in by mail address",
    {
      ...signIn,
      known: { name: "bob@example.net", password: wrong },
      unknown: { name: "eve@example.net", password: wrong },
    },
  ],
  ["reset", { ...mail, known: { mail: "bob@example.net" }, unknown: { mail: "eve@example.net" } }],
  [
    "sign-up",
    {
      ...signUp,
      known: { name: "dave", mail: "bob@example.net", password: goodPassword },
      unknown: { name: "dave", mail: "eve@example.net", password: goodPassword },
    },
  ],
  [
    "a change of the mail address",
    {
      samples: 120,
      method: "PUT",
      path: "/account/mail",
      by: carol,
      known: { mail: "bob@example.net" },
      unknown: { mail: "eve@example.net" },
    },
  ],
];

/** Milliseconds until the answer, of both by turns; which comes first is another each time. */
async function measure(
  flow: Flow,
  leak: (isKnown: boolean) => Promise<unknown> = async () => undefined,
): Promise<readonly [readonly number[], readonly number[]]> {
  const known: number[] = [];
  const unknown: number[] = [];
  for (let sample = 0; sample < warmUp + flow.samples; sample++) {
    const turns = sample % 2 === 0 ? [true, false] : [false, true];
    for (const isKnown of turns) {
      service.clock.pass(60 * minuteMs); // all budgets are full again
      const browser = await (flow.by?.() ?? service.browser("203.0.113.1"));
      const body = isKnown ? flow.known : flow.unknown;
      const begunMs = performance.now();
      await leak(isKnown);
      const answer = await browser.call(flow.method, flow.path, body);
      const tookMs = performance.now() - begunMs;
      if (![202, 401].includes(answer.status)) throw new Error(answer.text);
      if (sample >= warmUp) (isKnown ? known : unknown).push(tookMs);
      await Bun.sleep(3); // what was begun for the one does not slow down the other
    }
  }
  return [known, unknown];
}

/** How often one of the first is slower than one of the others: Mann and Whitney's U, as a share. */
function shareSlower(some: readonly number[], others: readonly number[]): number {
  let slower = 0;
  for (const one of some)
    for (const other of others) slower += one > other ? 1 : one === other ? 0.5 : 0;
  return slower / (some.length * others.length);
}

describe("known and unknown take the same time", () => {
  for (const [title, flow] of flows) {
    test(title, async () => {
      const share = shareSlower(...(await measure(flow)));
      expect(Math.abs(share - 0.5)).toBeLessThan(farthest);
    });
  }
});

test("control: what is only done for known ones is seen", async () => {
  const [, flow] = flows[2]!;
  // As a mail that is waited for: a quarter of a millisecond is far less than any server takes for it.
  const leak = async (isKnown: boolean) => {
    const untilMs = performance.now() + 0.25;
    while (isKnown && performance.now() < untilMs);
  };
  const share = shareSlower(...(await measure(flow, leak)));
  expect(share).toBeGreaterThan(0.5 + farthest);
});

test("control: a second hash for unknown ones is seen", async () => {
  const [, flow] = flows[0]!;
  const leak = async (isKnown: boolean) => !isKnown && service.hasher.hash(wrong);
  const share = shareSlower(...(await measure({ ...flow, samples: 20 }, leak)));
  expect(share).toBeLessThan(0.5 - farthest);
});
