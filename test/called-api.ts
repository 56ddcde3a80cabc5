/** The API over a real store in a temporary folder, called as somebody whom the test names. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { makeApp } from "../src/api/app.ts";
import type { Caller } from "../src/api/caller.ts";
import type { Handlers } from "../src/api/handler.ts";
import { parseAddress } from "../src/base/address.ts";
import type { Clock } from "../src/base/clock.ts";
import { systemClock } from "../src/base/clock.ts";
import { openStore } from "../src/store/open-store.ts";
import type { Store } from "../src/store/store.ts";
import { quietLog } from "./quiet-log.ts";

/** What a reply may have, as far as tests look into it. */
export interface Said {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next: string | null;
  readonly errors: readonly { readonly pointer: string; readonly detail: string }[];
  readonly [field: string]: unknown;
}

export interface CalledApi extends AsyncDisposable {
  readonly store: Store;
  readonly folder: string;
  /** `body` is sent as JSON unless it is octets. */
  call(
    method: string,
    path: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ): Promise<{ readonly status: number; readonly body: Said }>;
  /** The following calls are of this caller. */
  as(caller: Caller): void;
}

export const peer = parseAddress("198.51.100.9")!;

export async function openApi(
  makeHandlers: (store: Store, folder: string) => Promise<Partial<Handlers>> | Partial<Handlers>,
  clock: Clock = systemClock,
): Promise<CalledApi> {
  const folder = mkdtempSync(join(tmpdir(), "nameward-api-"));
  const url = join(folder, "nameward.db");
  const store = await openStore({ url, thread: false, clock, log: quietLog });
  let caller: Caller = { kind: "nobody" };
  const app = makeApp({
    handlers: await makeHandlers(store, folder),
    identify: async () => caller,
    checkOrigin: () => {},
    nowMs: () => clock.now(),
    log: quietLog,
  });
  return {
    store,
    folder,
    as: (next) => void (caller = next),
    async call(method, path, body, headers = {}) {
      const isOctets = body instanceof Uint8Array;
      const init: RequestInit = { method, headers };
      if (body !== undefined) init.body = isOctets ? body : JSON.stringify(body);
      if (body !== undefined && !isOctets) {
        init.headers = { "Content-Type": "application/json", ...headers };
      }
      const response = await app(new Request(`http://test/api/v1${path}`, init), peer);
      const text = await response.text();
      return { status: response.status, body: JSON.parse(text === "" ? "{}" : text) as Said };
    },
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function personOf(
  user: { id: number; name: string; isAdmin: boolean },
  atMs = Date.now(),
): Caller {
  return { kind: "person", user, session: `session-of-${user.name}`, provedAtMs: atMs };
}
