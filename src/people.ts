/** Everything for people: the API with all its rooms, put together from the parts of the service. */

import packageFile from "../package.json" with { type: "json" };
import { Brand } from "./api/brand.ts";
import { makeApp } from "./api/app.ts";
import type { App } from "./api/app.ts";
import { auditHandlers } from "./api/handlers/audit.ts";
import { channelHandlers } from "./api/handlers/channels.ts";
import { greetingHandlers } from "./api/handlers/greeting.ts";
import { settingsHandlers } from "./api/handlers/settings.ts";
import type { Setting } from "./api/handlers/settings.ts";
import { testMailHandlers } from "./api/handlers/test-mail.ts";
import { makeIdentify } from "./api/identify.ts";
import { makeAudit } from "./api/make-audit.ts";
import { systemChance } from "./base/chance.ts";
import type { Clock } from "./base/clock.ts";
import { printPlace } from "./config/mistake.ts";
import { optionNames, options } from "./config/options.ts";
import type { Config } from "./config/options.ts";
import { printValue } from "./config/print-value.ts";
import type { Origins } from "./config/read-config.ts";
import type { Directory } from "./core/directory.ts";
import { parseHostName } from "./core/host-name.ts";
import type { Receipt } from "./core/receipt.ts";
import { WrongLogins } from "./core/wrong-logins.ts";
import { parseTarget } from "./notify/dialer.ts";
import type { Notifier } from "./notify/notifier.ts";
import { openNotifying } from "./notifying.ts";
import type { OpenLog } from "./observe/log.ts";
import { cleanText } from "./observe/log-text.ts";
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
}

export interface People extends AsyncDisposable {
  readonly app: App;
  readonly brand: Brand;
  /** Told by others of what people want to hear. */
  readonly notifier: Notifier;
  /** What became of a device's request. */
  see(receipt: Receipt): void;
}

export async function openPeople(parts: PeopleParts): Promise<People> {
  const { config, store, directory, clock, log } = parts;
  await using opened = new AsyncDisposableStack();
  const audit = makeAudit((entry) => store.operator.appendAudit(entry), log);
  const brand = await Brand.open(store.operator);
  const notifying = opened.use(openNotifying({ config, store, brand, clock, log }));
  const { notifier, mailer } = notifying;
  const app = makeApp({
    handlers: {
      ...greetingHandlers({
        version: packageFile.version,
        brand,
        isSetUp: () => directory.sizes().users > 0,
      }),
      ...auditHandlers(store.operator),
      ...settingsHandlers({ brand, audit, startSettings: listStartSettings(parts) }),
      ...channelHandlers({
        store: store.operator,
        isUrl: (text) => parseTarget(text) !== undefined,
        hasMail: mailer !== undefined,
        sealSecret: (secret, channel) => notifying.sealSecret(secret, channel),
        makeBody: (event) => notifier.makeBody(event, undefined),
        deliver: (delivery, channel) =>
          notifier.deliver(delivery, channel, delivery.event !== "test"),
        audit,
        chance: systemChance,
        clock,
      }),
      ...testMailHandlers({
        findMail: (user) => store.operator.findConfirmedMail(user.id),
        send: mailer && ((to) => mailer.send(to, brand.mail("test", {}))),
      }),
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
  const see = seeWrongLogins(directory, notifier, clock);
  return { app, brand, notifier, see, [Symbol.asyncDispose]: () => closing.disposeAsync() };
}

/** Of a request without a right login the first host that it names is the one whose owner is told. */
function seeWrongLogins(
  directory: Directory,
  notifier: Notifier,
  clock: Clock,
): (receipt: Receipt) => void {
  const wrong = new WrongLogins(clock);
  return ({ outcome, asked, peer, userAgent }) => {
    if (outcome !== "bad-credentials") return;
    const name = parseHostName(asked.split(",", 1)[0] ?? "");
    const id = name === undefined ? undefined : directory.hosts.find(name);
    if (name === undefined || id === undefined || !wrong.note(id)) return;
    void notifier.notify({
      kind: "failed-authentication",
      user: directory.hosts.user(id),
      host: { id, name },
      detail: `The latest came from ${peer} and called itself ${cleanText(userAgent) || "nothing"}.`,
    });
  };
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
