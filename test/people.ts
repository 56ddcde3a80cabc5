/** The whole API for people over a real store in a temporary folder, and browsers that call it as pages do. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AccountMails } from "../src/api/account-mails.ts";
import type { Attempts } from "../src/api/attempts.ts";
import type { App } from "../src/api/app.ts";
import { parseAddress } from "../src/base/address.ts";
import type { Clock } from "../src/base/clock.ts";
import type { PasswordHasher } from "../src/core/accounts/password-hasher.ts";
import { readConfig } from "../src/config/read-config.ts";
import { ReceiptRing } from "../src/core/receipt-ring.ts";
import { Directory } from "../src/core/directory.ts";
import type { Fact, ManyHosts } from "../src/core/fact.ts";
import type { OpenLog } from "../src/observe/log.ts";
import { openPeople } from "../src/people.ts";
import type { People } from "../src/people.ts";
import { openPepper } from "../src/store/pepper.ts";
import { openStore } from "../src/store/open-store.ts";
import type { Store } from "../src/store/store.ts";
import { quietLog } from "./quiet-log.ts";

export const origin = "https://names.example.net";
export const goodPassword = "four plain words together";

/** Time that a test moves on; real days pass in no time. */
export class ManualClock implements Clock {
  #atMs = Date.UTC(2026, 10, 30);

  now(): number {
    return this.#atMs;
  }

  monotonicMs(): number {
    return this.#atMs;
  }

  pass(ms: number): void {
    this.#atMs += ms;
  }
}

export interface SentMail {
  readonly kind: string;
  readonly to: string;
  readonly values: Readonly<Record<string, string>>;
}

export interface TestPeople extends AsyncDisposable {
  readonly app: App;
  readonly people: People;
  readonly store: Store;
  readonly clock: ManualClock;
  readonly mails: SentMail[];
  readonly data: string;
  readonly hasher: PasswordHasher;
  readonly attempts: Attempts;
  /** What was begun and not waited for is done. */
  settle(): Promise<void>;
  browser(peer?: string): Browser;
  /** A browser of the first account, an administrator, signed in just now. */
  setUp(name?: string): Promise<Browser>;
  /** A user by invitation, signed in. */
  addPerson(by: Browser, name: string, peer?: string): Promise<Browser>;
}

/** `thread`: the store writes in a thread of its own, as when it is served. */
export async function startPeople(
  options: { mail?: boolean; thread?: boolean } = {},
): Promise<TestPeople> {
  const data = mkdtempSync(join(tmpdir(), "nameward-people-"));
  const clock = new ManualClock();
  const url = join(data, "nameward.db");
  const store = await openStore({ url, thread: options.thread ?? false, clock, log: quietLog });
  const directory = new Directory(1);
  const position = await store.load((fact: Fact | ManyHosts) => {
    if (fact.kind !== "hosts") directory.apply(fact);
  });
  const seeing: { people?: People } = {};
  store.follow(position, (facts) => {
    for (const fact of facts) {
      seeing.people?.seeFact(fact);
      directory.apply(fact);
    }
  });
  const reading = readConfig({ flags: { data, publicUrl: origin }, env: {} });
  if (reading.kind !== "config") throw new Error("The configuration of the test is wrong");
  const mails: SentMail[] = [];
  const sender: AccountMails = {
    send: async (kind, to, values) => void mails.push({ kind, to, values }),
  };
  const people = await openPeople({
    config: reading.config,
    origins: undefined,
    store,
    directory,
    clock,
    log: quietLog as OpenLog,
    receipts: new ReceiptRing(1_000),
    setAddresses: async () => "gone",
    dnsServer: () => undefined,
    pepper: await openPepper(data),
    publicUrl: () => origin,
    devicePort: 8245,
    ...(options.mail === true ? { mails: sender } : {}),
  });
  seeing.people = people;
  const browser = (peer = "198.51.100.9"): Browser => new Browser(people.app, peer);
  return {
    app: people.app,
    people,
    store,
    clock,
    mails,
    data,
    hasher: people.hasher,
    attempts: people.attempts,
    settle: () => Bun.sleep(20),
    browser,
    async setUp(name = "alice") {
      const link = await people.openSetupLink();
      const first = browser();
      await first.must("POST", "/setup", {
        token: tokenOf(link ?? ""),
        name,
        password: goodPassword,
      });
      return first;
    },
    async addPerson(by, name, peer) {
      const { link } = await by.must("POST", "/invitations", {});
      const one = browser(peer);
      const token = tokenOf(String(link));
      await one.must("POST", "/invitation/accept", { token, name, password: goodPassword });
      return one;
    },
    async [Symbol.asyncDispose]() {
      await people[Symbol.asyncDispose]();
      await store[Symbol.asyncDispose]();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

export function tokenOf(link: string): string {
  return link.slice(link.lastIndexOf("=") + 1);
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Keeps its cookie and the token of its page, as a browser and the dashboard do. */
export class Browser {
  cookie: string | undefined;
  csrf: string | undefined;
  readonly #app: App;
  readonly #peer: string;

  constructor(app: App, peer: string) {
    this.#app = app;
    this.#peer = peer;
  }

  call(method: string, path: string, body?: unknown): Promise<Answer> {
    if (body === undefined) return this.send(method, path, undefined);
    return this.send(method, path, JSON.stringify(body), { "Content-Type": "application/json" });
  }

  /** A body of any type. */
  async send(
    method: string,
    path: string,
    body: string | undefined,
    more: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    const headers = new Headers({ Origin: origin, "Sec-Fetch-Site": "same-origin", ...more });
    headers.set("User-Agent", "Mozilla/5.0 (test)");
    if (this.cookie !== undefined) headers.set("Cookie", `__Host-nameward=${this.cookie}`);
    if (this.csrf !== undefined) headers.set("X-Nameward-Csrf", this.csrf);
    const init: RequestInit = { method, headers, ...(body === undefined ? {} : { body }) };
    const request = new Request(`${origin}/api/v1${path}`, init);
    const response = await this.#app(request, parseAddress(this.#peer)!);
    const text = await response.text();
    const cookie = /^__Host-nameward=([^;]*)/.exec(response.headers.get("set-cookie") ?? "")?.[1];
    if (cookie !== undefined) this.cookie = cookie === "" ? undefined : cookie;
    this.csrf = response.headers.get("x-nameward-csrf") ?? this.csrf;
    const isJson = (response.headers.get("content-type") ?? "").match(/[/+]json$/) !== null;
    const parsed = isJson && text !== "" ? (JSON.parse(text) as Record<string, unknown>) : {};
    return { status: response.status, headers: response.headers, text, body: parsed };
  }

  /** A call that has to succeed; gives back what was answered. */
  async must(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<Readonly<Record<string, unknown>>> {
    const answer = await this.call(method, path, body);
    if (answer.status < 300) return answer.body;
    throw new Error(`${method} ${path} was answered ${answer.status}: ${answer.text}`);
  }

  /** Whether the session holds. */
  async isSignedIn(): Promise<boolean> {
    const { body } = await this.call("GET", "/greeting");
    return body["account"] !== null;
  }

  /** A copy of the same browser, as a thief of the cookie has it. */
  copy(): Browser {
    const other = new Browser(this.#app, this.#peer);
    other.cookie = this.cookie;
    other.csrf = this.csrf;
    return other;
  }
}
