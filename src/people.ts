/** Everything for people: the API with all its rooms, put together from the parts of the service. */

import packageFile from "../package.json" with { type: "json" };
import { makeApp } from "./api/app.ts";
import type { App } from "./api/app.ts";
import { auditHandlers } from "./api/handlers/audit.ts";
import { greetingHandlers } from "./api/handlers/greeting.ts";
import { makeIdentify } from "./api/identify.ts";
import type { Clock } from "./base/clock.ts";
import type { Config } from "./config/options.ts";
import type { Directory } from "./core/directory.ts";
import type { OpenLog } from "./observe/log.ts";
import type { Store } from "./store/store.ts";

/** What the rooms for people need of the service. */
export interface PeopleParts {
  readonly config: Config;
  readonly store: Store;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: OpenLog;
}

export interface People extends AsyncDisposable {
  readonly app: App;
}

export async function openPeople({ store, directory, clock, log }: PeopleParts): Promise<People> {
  await using opened = new AsyncDisposableStack();
  const app = makeApp({
    handlers: {
      ...greetingHandlers({
        version: packageFile.version,
        isSetUp: () => directory.sizes().users > 0,
      }),
      ...auditHandlers(store.operator),
    },
    identify: makeIdentify({
      findSession: async () => undefined,
      findToken: async () => undefined,
    }),
    checkOrigin: () => {},
    nowMs: () => clock.now(),
    log,
  });
  const closing = opened.move();
  return { app, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}
