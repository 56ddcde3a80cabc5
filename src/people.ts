/** Everything for people: the API with all its rooms, put together from the parts of the service. */

import packageFile from "../package.json" with { type: "json" };
import { Brand } from "./api/brand.ts";
import type { AccountMails } from "./api/account-mails.ts";
import { makeApp } from "./api/app.ts";
import type { App } from "./api/app.ts";
import { accountHandlers } from "./api/handlers/account.ts";
import { auditHandlers } from "./api/handlers/audit.ts";
import { makeFindToken } from "./api/find-token.ts";
import { channelHandlers } from "./api/handlers/channels.ts";
import { greetingHandlers } from "./api/handlers/greeting.ts";
import { guidesHandlers } from "./api/handlers/guides.ts";
import { signInHandlers } from "./api/handlers/sign-in.ts";
import { signUpHandlers } from "./api/handlers/sign-up.ts";
import { userHandlers } from "./api/handlers/users.ts";
import { settingsHandlers } from "./api/handlers/settings.ts";
import type { Setting } from "./api/handlers/settings.ts";
import { tokenHandlers } from "./api/handlers/tokens.ts";
import { makeIdentify } from "./api/identify.ts";
import { makeAudit } from "./api/make-audit.ts";
import { SignIns } from "./api/sign-in.ts";
import { makeCheckOrigin } from "./api/origin.ts";
import { testMailHandlers } from "./api/handlers/test-mail.ts";
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
import type { Mailer } from "./notify/mailer.ts";
import type { Notifier } from "./notify/notifier.ts";
import { openNotifying } from "./notifying.ts";
import type { OpenLog } from "./observe/log.ts";
import { makeAccountParts, openSetupLink } from "./people-accounts.ts";
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
  /** Where devices report over plain HTTP, for guides. */
  readonly devicePort: number;
  readonly pepper: Uint8Array;
  /** Under which people reach the pages; known when they are served. */
  publicUrl(): string;
}

export interface People extends AsyncDisposable {
  readonly app: App;
  readonly brand: Brand;
  /** A new link, the ones before end; undefined: there is an account. */
  openSetupLink(): Promise<string | undefined>;
  /** Told by others of what people want to hear. */
  readonly notifier: Notifier;
  /** What became of a device's request. */
  see(receipt: Receipt): void;
}

/** Of one account. */
const tokensMax = 20;

export async function openPeople(parts: PeopleParts): Promise<People> {
  const { config, store, directory, clock, log, pepper, publicUrl } = parts;
  await using opened = new AsyncDisposableStack();
  const audit = makeAudit((entry) => store.operator.appendAudit(entry), log);
  const brand = await Brand.open(store.operator);
  const notifying = opened.use(openNotifying({ config, store, brand, clock, log }));
  const { notifier, mailer } = notifying;
  const accounts = makeAccountParts({
    data: config.data,
    store,
    directory,
    clock,
    pepper,
    audit,
    brand,
    mails: makeAccountMails(mailer, brand),
    publicUrl,
  });
  const signIns = new SignIns(accounts);
  const app = makeApp({
    handlers: {
      ...greetingHandlers({
        version: packageFile.version,
        brand,
        accounts,
      }),
      ...signInHandlers(accounts, signIns),
      ...signUpHandlers(accounts, signIns),
      ...accountHandlers(accounts, signIns),
      ...userHandlers(accounts),
      ...tokenHandlers({
        tokens: store.tokens,
        tokensMax: async () => tokensMax,
        audit,
        clock,
        chance: systemChance,
      }),
      ...auditHandlers(store.operator),
      ...guidesHandlers({ devicePort: parts.devicePort, publicUrl: parts.config.publicUrl }),
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
      findSession: (cookie) => signIns.findSession(cookie),
      findToken: makeFindToken({
        findToken: (hash) => store.tokens.findToken(hash),
        noteTokenUse: (id, from) => store.tokens.noteTokenUse(id, from),
        clock,
        log,
      }),
    }),
    checkOrigin: makeCheckOrigin(parts.config.publicUrl),
    nowMs: () => clock.now(),
    log,
  });
  const closing = opened.move();
  const see = seeWrongLogins(directory, notifier, clock);
  return {
    app,
    brand,
    notifier,
    see,
    openSetupLink: () => openSetupLink(store, publicUrl()),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
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

/** Mails of accounts in the operator's words, where mail is set up. */
function makeAccountMails(mailer: Mailer | undefined, brand: Brand): AccountMails | undefined {
  if (mailer === undefined) return undefined;
  return {
    async send(kind, to, values) {
      await mailer.send(to, brand.mail(kind, values));
    },
  };
}
