/** Puts together the room of whoever runs the service: who is told of what, adapters, and what is looked at first. */

import { printRule, proposeFor, readRule, tryOut } from "./adapter-lab.ts";
import type { Audit } from "./api/audit.ts";
import type { Brand } from "./api/brand.ts";
import type { ReplyOf } from "./api/contract.ts";
import type { Handlers } from "./api/handler.ts";
import { adapterHandlers } from "./api/handlers/adapters.ts";
import { channelHandlers } from "./api/handlers/channels.ts";
import { overviewHandlers, readCounters } from "./api/handlers/overview.ts";
import { testMailHandlers } from "./api/handlers/test-mail.ts";
import { systemChance } from "./base/chance.ts";
import type { Clock } from "./base/clock.ts";
import { parseSample, proposeAdapter } from "./cli/propose-adapter.ts";
import type { Config } from "./config/options.ts";
import { AdapterHits } from "./core/adapter-hits.ts";
import type { Directory } from "./core/directory.ts";
import { parseHostName } from "./core/host-name.ts";
import type { HostState } from "./core/host-state.ts";
import type { HostId } from "./core/host.ts";
import { Noisiest } from "./core/noisiest.ts";
import type { Receipt } from "./core/receipt.ts";
import { Restless } from "./core/restless.ts";
import type { RestlessHost } from "./core/restless.ts";
import { WrongLogins } from "./core/wrong-logins.ts";
import { openNotifying } from "./notifying.ts";
import { parseTarget } from "./notify/dialer.ts";
import type { Mailer } from "./notify/mailer.ts";
import type { Notifier } from "./notify/notifier.ts";
import type { Health } from "./observe/health.ts";
import type { ServiceNumbers } from "./observe/service-metrics.ts";
import type { Log } from "./observe/log.ts";
import { cleanText } from "./observe/log-text.ts";
import { makeAcquaintances } from "./seen-requests.ts";
import type { Store } from "./store/store.ts";

export interface Counting {
  readonly numbers: ServiceNumbers;
  health(): Health;
}

export interface OperatorRoomParts {
  readonly config: Config;
  readonly store: Store;
  readonly directory: Directory;
  readonly pepper: Uint8Array;
  readonly brand: Brand;
  readonly audit: Audit;
  readonly clock: Clock;
  readonly log: Log;
  stateOf(host: HostId): HostState;
  /** Without it there is no overview. */
  readonly counting?: Counting | undefined;
  /** Under which people reach the pages; known when they are served. */
  publicUrl(): string;
}

export interface OperatorRoom extends Disposable {
  readonly handlers: Partial<Handlers>;
  readonly notifier: Notifier;
  /** Undefined: no mail server is set up. */
  readonly mailer: Mailer | undefined;
  /** Running totals; undefined where nothing is counted. */
  counters(): Readonly<Record<string, number>> | undefined;
  /** What became of a device's request. */
  see(receipt: Receipt): void;
  /** Somebody was told the own address, by this rule. */
  seeTold(rule: string): void;
}

export function openOperatorRoom(parts: OperatorRoomParts): OperatorRoom {
  const { store, directory, brand, audit, clock } = parts;
  const hits = new AdapterHits();
  const noisiest = new Noisiest();
  const restless = new Restless();
  const known = makeAcquaintances(directory, parts.pepper);
  const told = { times: 0 };
  const notifying = openNotifying(parts);
  const { notifier, mailer } = notifying;
  const seeLogin = seeWrongLogins(directory, notifier, clock);
  const counted = parts.counting && countedBy(parts.counting.numbers, () => told.times);
  const makeOverview = (counting: Counting): Partial<Handlers> => {
    const { numbers } = counting;
    return overviewHandlers({
      ...countedBy(numbers, () => told.times),
      version: numbers.version,
      upSeconds: () => Math.floor((clock.now() - numbers.startedAtMs) / 1_000),
      sizes: () => directory.sizes(),
      hostStates: countNowAndThen(parts),
      commitSeconds: () => numbers.store().counts.commitSeconds,
      store: () => store.health(),
      noisiest: (limit) => noisiest.list(limit),
      checks: () => listChecks(parts, counting.health(), mailer !== undefined),
      listHeld: () => store.operator.listHeld(),
      async listSignals() {
        const stored = await store.operator.listSignals(clock.now());
        return [
          ...restless.list(clock.now()).map((each) => printRestless(each, directory)),
          ...stored,
        ];
      },
    });
  };
  return {
    notifier,
    mailer,
    see(receipt) {
      hits.note(receipt.adapter, receipt.atMs);
      noisiest.note(receipt);
      restless.note(receipt);
      seeLogin(receipt);
    },
    counters: () => counted && readCounters(counted),
    seeTold(rule) {
      told.times++;
      hits.note(rule, clock.now());
    },
    handlers: {
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
      ...adapterHandlers({
        store,
        findUse: (rule) => hits.find(rule),
        readRule,
        printRule,
        tryOut: (request, rule) => tryOut(request, rule, parts),
        propose: (shape) => proposeAdapter(shape).text,
        proposeFor: (request) => proposeFor(request, known),
        sampleOf: (shape) => parseSample(shape).request,
        audit,
      }),
      ...(parts.counting === undefined ? {} : makeOverview(parts.counting)),
      ...testMailHandlers({
        findMail: (user) => store.operator.findConfirmedMail(user.id),
        send: mailer && ((to) => mailer.send(to, brand.mail("test", {}))),
      }),
    },
    [Symbol.dispose]: () => notifying[Symbol.dispose](),
  };
}

function printRestless({ host, changes, atMs }: RestlessHost, directory: Directory) {
  const name = directory.hosts.findName(host);
  const owner = name === undefined ? undefined : directory.findUser(directory.hosts.user(host));
  return {
    what: `${changes} changes of its address in this hour`,
    host: name,
    owner: owner?.name,
    atMs,
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

function countedBy(numbers: ServiceNumbers, checkips: () => number) {
  return {
    updates: () => numbers.updates(),
    dnsQueries: () => sum(Object.values(numbers.dnsQueries()).map((of) => sum(Object.values(of)))),
    checkips,
  };
}

type Overview = ReplyOf<"getOverview">;

/** Every host is looked at, so not for every page that is opened. */
const countEveryMs = 10_000;

function countNowAndThen({
  directory,
  clock,
  stateOf,
}: OperatorRoomParts): () => Overview["hostStates"] {
  let counted: { readonly states: Overview["hostStates"]; readonly atMs: number } | undefined;
  return () => {
    const nowMs = clock.monotonicMs();
    if (counted !== undefined && nowMs - counted.atMs < countEveryMs) return counted.states;
    const states = { waiting: 0, current: 0, quiet: 0, silent: 0, held: 0, fixed: 0 };
    for (const id of directory.hosts.ids()) states[stateOf(id)]++;
    counted = { states, atMs: nowMs };
    return states;
  };
}

function listChecks(
  parts: OperatorRoomParts,
  { troubles }: Health,
  hasMail: boolean,
): Overview["checks"] {
  const { publicUrl } = parts.config;
  // A service at home needs neither: what is missing is red where something else counts on it.
  const hasUrl = publicUrl !== "" || !hasMail;
  const isMailed = hasMail || parts.brand.settings.value("signUp") !== "open";
  const zones = parts.directory.sizes().zones;
  return [
    {
      name: "health",
      isGood: troubles.length === 0,
      says: troubles.length === 0 ? "Store, DNS and listeners work." : troubles.join(" "),
      fix: troubles.length === 0 ? null : "The log of the service says more.",
    },
    {
      name: "zones",
      isGood: zones > 0,
      says: zones > 0 ? `Zones that are served: ${zones}.` : "There is no zone.",
      fix: zones > 0 ? null : "nameward zone add dyn.example.net",
    },
    {
      name: "public URL",
      isGood: hasUrl,
      says: publicUrl === "" ? "Links lead to the listener itself." : `Links lead to ${publicUrl}.`,
      fix: hasUrl ? null : "Set publicUrl to the URL under which people come.",
    },
    {
      name: "mail",
      isGood: isMailed,
      says: hasMail ? "Mails are handed to a mail server." : "No mail is sent.",
      fix: isMailed ? null : "Set smtpUrl and mailFrom: who signs up confirms an address.",
    },
  ];
}

function sum(counts: readonly number[]): number {
  return counts.reduce((all, count) => all + count, 0);
}
