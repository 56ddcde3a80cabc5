/** Everything for people: the API with all its rooms, put together from the parts of the service. */

import packageFile from "../package.json" with { type: "json" };
import { Brand } from "./api/brand.ts";
import type { AccountMails } from "./api/account-mails.ts";
import type { Attempts } from "./api/attempts.ts";
import { makeApp } from "./api/app.ts";
import type { App } from "./api/app.ts";
import { accountHandlers } from "./api/handlers/account.ts";
import { auditHandlers } from "./api/handlers/audit.ts";
import { exportHandlers } from "./api/handlers/export-account.ts";
import { makeFindToken } from "./api/find-token.ts";
import { greetingHandlers } from "./api/handlers/greeting.ts";
import { passkeyHandlers } from "./api/handlers/passkeys.ts";
import { guidesHandlers } from "./api/handlers/guides.ts";
import { signInHandlers } from "./api/handlers/sign-in.ts";
import { signUpHandlers } from "./api/handlers/sign-up.ts";
import { userHandlers } from "./api/handlers/users.ts";
import { settingsHandlers } from "./api/handlers/settings.ts";
import type { Setting } from "./api/handlers/settings.ts";
import { tokenHandlers } from "./api/handlers/tokens.ts";
import { makeHolds, makeIdentify } from "./api/identify.ts";
import { makeAudit } from "./api/make-audit.ts";
import { SignIns } from "./api/sign-in.ts";
import { makeCheckOrigin } from "./api/origin.ts";
import { RefusedAccess } from "./api/refused-access.ts";
import { systemChance } from "./base/chance.ts";
import type { Clock } from "./base/clock.ts";
import { printPlace } from "./config/mistake.ts";
import { groupOf } from "./config/option-groups.ts";
import { optionNames, options } from "./config/options.ts";
import type { Config } from "./config/options.ts";
import { printValue } from "./config/print-value.ts";
import type { Origins } from "./config/read-config.ts";
import { quotaOf } from "./core/accounts/account.ts";
import type { PasswordHasher } from "./core/accounts/password-hasher.ts";
import type { Directory } from "./core/directory.ts";
import type { Fact } from "./core/fact.ts";
import type { ReceiptRing } from "./core/receipt-ring.ts";
import type { Receipt } from "./core/receipt.ts";
import type { Notifier } from "./notify/notifier.ts";
import { HostWatch } from "./host-watch.ts";
import { tellOfNewLogin } from "./new-logins.ts";
import type { NewLoginParts } from "./new-logins.ts";
import { Retention } from "./retention.ts";
import { openHostRoom } from "./people-hosts.ts";
import type { HostRoomParts } from "./people-hosts.ts";
import { openOperatorRoom } from "./operator-room.ts";
import type { Counting, OperatorRoomParts } from "./operator-room.ts";
import type { OpenLog } from "./observe/log.ts";
import {
  exportPieces,
  makeAccountMails,
  makeAccountParts,
  openSetupLink,
} from "./people-accounts.ts";
import type { Store } from "./store/store.ts";

/** What the rooms for people need of the service. */
export interface PeopleParts {
  /** Where our own DNS listens. */
  readonly dnsServer: HostRoomParts["dnsServer"];
  /** Instead of mails over SMTP. */
  readonly mails?: AccountMails;
  readonly receipts: ReceiptRing;
  /** By a person's hand: durable and in DNS when it resolves. */
  readonly setAddresses: HostRoomParts["setAddresses"];
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
  /** What the overview shows; without it there is none. */
  readonly counting?: Counting;
  /** Under which people reach the pages; known when they are served. */
  publicUrl(): string;
}

export interface People extends AsyncDisposable {
  readonly app: App;
  readonly brand: Brand;
  /** What proving costs and how often it may be tried, for who looks on. */
  readonly hasher: PasswordHasher;
  readonly attempts: Attempts;
  /** A new link, the ones before end; undefined: there is an account. */
  openSetupLink(): Promise<string | undefined>;
  /** Told by others of what people want to hear. */
  readonly notifier: Notifier;
  /** What became of a device's request. */
  see(receipt: Receipt): void;
  /** What another process did, or a room here beside the updates; told before the directory knows it. */
  seeFact(fact: Fact): void;
  readonly watch: HostWatch;
  /** Somebody was told the own address, by this rule. */
  seeTold(rule: string): void;
}

export async function openPeople(parts: PeopleParts): Promise<People> {
  const { config, store, directory, clock, log, pepper, publicUrl } = parts;
  await using opened = new AsyncDisposableStack();
  const audit = makeAudit(async (given) => {
    const entry = await store.operator.appendAudit(given);
    void tellOfNewLogin(entry, newLogins).catch((error: unknown) =>
      log.warn({ error: error as Error }, "Nobody can be told of a new login"),
    );
  }, log);
  const brand = await Brand.open(store.operator);
  const findToken = makeFindToken({
    findToken: (hash) => store.tokens.findToken(hash),
    noteTokenUse: (id, from) => store.tokens.noteTokenUse(id, from),
    noteFirstUse: ({ id, user, name }, peer) =>
      audit.note(
        { actor: user.name, action: "token.first-use", target: id, result: "ok", detail: name },
        { peer, requestId: "" },
      ),
    clock,
    log,
  });
  const holdsSession = (cookie: string): Promise<boolean> => signIns.holds(cookie);
  const holds = makeHolds({ findToken, holdsSession });
  const hosts = opened.use(await openHostRoom({ ...parts, brand, audit, holds }));
  const stateOf: OperatorRoomParts["stateOf"] = (host) => hosts.stateOf(host);
  const room = opened.use(openOperatorRoom({ ...parts, brand, audit, stateOf }));
  const newLogins: NewLoginParts = {
    directory,
    listSignIns: (account) =>
      store.operator.listAudit({ account, action: "session.begin", limit: signInsLookedAt }),
    notify: (happening) => room.notifier.notify(happening),
  };
  const watch = await HostWatch.open({
    directory,
    contacts: hosts.contacts,
    notifier: room.notifier,
    store: {
      listIncidents: (kind, after, limit) => store.operator.listIncidents(kind, after, limit),
      findHostNote: (host) => store.hostNotes.findHostNote(host),
    },
    isListening: () => store.health().state === "ready",
    clock,
    log,
  });
  opened.defer(() => watch.close());
  opened.use(every(watchMs, () => void watch.tick()));
  const retention = new Retention({
    store: store.operator,
    receipts: parts.receipts,
    days: () => brand.settings.value("receiptDays"),
    clock,
    log,
  });
  opened.use(every(retentionMs, () => void retention.tick()));
  const accounts = makeAccountParts({
    data: config.data,
    store,
    directory,
    clock,
    pepper,
    audit,
    brand,
    mails: parts.mails ?? makeAccountMails(room.mailer, brand),
    publicUrl,
  });
  const signIns = new SignIns(accounts);
  const refused = new RefusedAccess(audit, clock);
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
      ...exportHandlers(accounts, { pieces: exportPieces(store) }),
      ...passkeyHandlers(accounts, store.operator, signIns),
      ...tokenHandlers({
        tokens: store.tokens,
        async tokensMax({ id }) {
          const account = await store.accounts.findAccount({ id });
          return account === undefined
            ? 0
            : quotaOf(account, accounts.settings.usualQuota()).tokens;
        },
        audit,
        clock,
        chance: systemChance,
      }),
      ...auditHandlers(store.operator, audit),
      ...guidesHandlers({ devicePort: parts.devicePort, publicUrl: parts.config.publicUrl }),
      ...settingsHandlers({ brand, audit, startSettings: listStartSettings(parts) }),
      ...room.handlers,
      ...hosts.handlers,
    },
    identify: makeIdentify({
      findSession: (cookie) => signIns.findSession(cookie),
      findToken,
    }),
    checkOrigin: makeCheckOrigin(parts.config.publicUrl),
    seeRefused: (call) => refused.see(call),
    nowMs: () => clock.now(),
    log,
  });
  opened.use(every(countersMs, () => hosts.tellCounters(() => room.counters())));
  opened.use(every(deletionsMs, () => void deleteDue(store, log)));
  const closing = opened.move();
  const { notifier, seeTold } = room;
  const see = (receipt: Receipt): void => {
    room.see(receipt);
    hosts.see(receipt);
    if (receipt.host !== undefined) watch.hear(receipt.host);
  };
  return {
    app,
    brand,
    notifier,
    see,
    seeFact(fact) {
      hosts.seeFact(fact);
      if (fact.kind === "host") watch.seeChange(fact.id, fact.host?.isBlocked === true);
    },
    watch,
    hasher: accounts.hasher,
    attempts: accounts.attempts,
    seeTold,
    async openSetupLink() {
      // Asked at every start: a service that people have set up must not need its store for that.
      return directory.sizes().users > 0 ? undefined : openSetupLink(store, publicUrl());
    },
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}

/** One point of a chart. */
const countersMs = 1_000;
/** Where the account was signed in from; older entries are forgotten. */
const signInsLookedAt = 500;
const watchMs = 1_000;
/** A million hosts have their turn within a day. */
const retentionMs = 10_000;
/** How often it is looked whether an account's time of grace is over. */
const deletionsMs = 60_000;

async function deleteDue({ accounts }: Store, log: OpenLog): Promise<void> {
  try {
    for (const name of await accounts.deleteDueAccounts()) {
      log.info({ name }, "An account is deleted; its time to take it back is over");
    }
  } catch (error) {
    log.warn({ error: error as Error }, "Accounts that are due could not be deleted");
  }
}

function every(ms: number, act: () => void): Disposable {
  const timer = setInterval(act, ms);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

function listStartSettings({ config, origins }: PeopleParts): readonly Setting[] {
  return optionNames.map((name) => {
    const { doc, wants, isSecret, fallback } = options[name];
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
      group: groupOf(name),
      kind: "text",
      choices: [],
      placeholders: [],
      fallback,
    };
  });
}
