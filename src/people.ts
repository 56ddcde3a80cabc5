/** Everything for people: the API with all its rooms, put together from the parts of the service. */

import packageFile from "../package.json" with { type: "json" };
import { Brand } from "./api/brand.ts";
import { makeApp } from "./api/app.ts";
import type { App } from "./api/app.ts";
import { auditHandlers } from "./api/handlers/audit.ts";
import { greetingHandlers } from "./api/handlers/greeting.ts";
import { guidesHandlers } from "./api/handlers/guides.ts";
import { settingsHandlers } from "./api/handlers/settings.ts";
import type { Setting } from "./api/handlers/settings.ts";
import { makeIdentify } from "./api/identify.ts";
import { makeAudit } from "./api/make-audit.ts";
import type { Clock } from "./base/clock.ts";
import { printPlace } from "./config/mistake.ts";
import { optionNames, options } from "./config/options.ts";
import type { Config } from "./config/options.ts";
import { printValue } from "./config/print-value.ts";
import type { Origins } from "./config/read-config.ts";
import type { Directory } from "./core/directory.ts";
import type { OpenLog } from "./observe/log.ts";
import type { Store } from "./store/store.ts";

/** What the rooms for people need of the service. */
export interface PeopleParts {
  readonly config: Config;
  /** Where its values come from; undefined: nobody says. */
  readonly origins: Origins | undefined;
  readonly store: Store;
  readonly directory: Directory;
  readonly clock: Clock;
  readonly log: OpenLog;
  /** Where devices report over plain HTTP, for guides. */
  readonly devicePort: number;
}

export interface People extends AsyncDisposable {
  readonly app: App;
  readonly brand: Brand;
}

export async function openPeople(parts: PeopleParts): Promise<People> {
  const { store, directory, clock, log } = parts;
  await using opened = new AsyncDisposableStack();
  const audit = makeAudit((entry) => store.operator.appendAudit(entry), log);
  const brand = await Brand.open(store.operator);
  const app = makeApp({
    handlers: {
      ...greetingHandlers({
        version: packageFile.version,
        brand,
        isSetUp: () => directory.sizes().users > 0,
      }),
      ...auditHandlers(store.operator),
      ...guidesHandlers({ devicePort: parts.devicePort, publicUrl: parts.config.publicUrl }),
      ...settingsHandlers({ brand, audit, startSettings: listStartSettings(parts) }),
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
  return { app, brand, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

function listStartSettings({ config, origins }: PeopleParts): readonly Setting[] {
  return optionNames.map((name) => {
    const { doc, wants, isSecret } = options[name];
    const place = origins?.[name];
    const isGiven = place !== undefined && place.kind !== "default";
    return {
      name,
      value: printValue(config, name),
      origin: place?.kind ?? "default",
      place: isGiven ? printPlace(place) : null,
      doc,
      wants,
      canChange: false,
      isSecret,
    };
  });
}
