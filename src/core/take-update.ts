/**
 * The way of an update through the rules: who asks, for which hosts, what is wanted, what changes.
 * Decided from memory; only a change goes to the store, and it is answered when it is durable and
 * published.
 */

import type { Address } from "../base/address.ts";
import type { Clock } from "../base/clock.ts";
import { authenticate } from "./authenticate.ts";
import type { Authentication, AuthenticationParts } from "./authenticate.ts";
import { hostOfChallenge, isChallenge, isDone } from "./challenge.ts";
import type { ChallengeResult } from "./challenge.ts";
import type { Written } from "./decide-addresses.ts";
import {
  decideBehindPrefix,
  decideWanted,
  mergeAsked,
  withdraw,
  withdrawFamilies,
} from "./decide-wanted.ts";
import type { Wanted } from "./decide-wanted.ts";
import {
  allOrNothing,
  cut,
  fixedNote,
  gone,
  isChanged,
  isReached,
  refusal,
  settleChallenge,
} from "./decision.ts";
import type { Decision } from "./decision.ts";
import type { Directory } from "./directory.ts";
import { receiptUsername } from "./receipt-username.ts";
import { findHost } from "./find-host.ts";
import type { FoundHost } from "./find-host.ts";
import type { AddressChange, HostAddresses, HostId } from "./host.ts";
import type { HostName } from "./host-name.ts";
import type { Credential, Login } from "./login.ts";
import { fitsBehind } from "./prefix.ts";
import type { Prefix } from "./prefix.ts";
import type { Publication } from "./publication.ts";
import type { Receipt } from "./receipt.ts";
import { hostsPerUpdateMax, prefixHostsMax } from "./update.ts";
import type { ChallengeChange, HostOutcome, UpdateOutcome, UpdateRequest } from "./update.ts";
import { listAsked, readWish } from "./wish.ts";
import type { Wish } from "./wish.ts";

/** What the rules need of the world. */
export interface UpdateParts extends AuthenticationParts {
  readonly publication: Publication;
  readonly clock: Clock;
  /** Makes changes durable, together; rejects when that is not known to have happened. */
  commit(
    changes: readonly AddressChange[],
    receipts: readonly Receipt[],
  ): Promise<readonly ("applied" | "gone")[]>;
  /** Makes the change of their challenges durable and public; `receipts` as in `Store.changeChallenges`. */
  changeChallenges(
    hosts: readonly HostId[],
    change: ChallengeChange,
    receipts: readonly Receipt[],
  ): Promise<readonly ChallengeResult[]>;
  /** Puts a host's addresses into DNS. They are seen by the next query. */
  publish(host: HostId): void;
  /** Every receipt; those of changes are also given to `commit`. */
  keep(receipt: Receipt): void;
}

/** Running totals by outcome. */
export type UpdateCounts = Record<UpdateOutcome["kind"] | HostOutcome["kind"], number>;

const laterNote = "More changes than the host's budget: published when it allows.";
export class Updates {
  readonly counts: UpdateCounts = {
    "no-credentials": 0,
    "bad-credentials": 0,
    "too-many-hosts": 0,
    "try-later": 0,
    hosts: 0,
    changed: 0,
    unchanged: 0,
    "unknown-host": 0,
    "not-a-full-name": 0,
    "bad-address": 0,
    blocked: 0,
  };
  readonly #parts: UpdateParts;
  /**
   * Changes on their way to the disk. A second change of a host builds on the first: when its two
   * families come in two requests at once, neither may undo the other.
   */
  readonly #inFlight = new Map<HostId, HostAddresses>();

  constructor(parts: UpdateParts) {
    this.#parts = parts;
  }

  /** A request that changes nothing is answered at once, without a promise. */
  takeUpdate(given: UpdateRequest): UpdateOutcome | Promise<UpdateOutcome> {
    const { credential } = given;
    const request =
      given.challenge === undefined ? given : { ...given, hosts: given.hosts.map(hostOfChallenge) };
    if (credential === undefined) return this.#refuse(request, "no-credentials");
    const who = authenticate(credential, request, this.#parts);
    if (!(who instanceof Promise)) return this.#takeFrom(who, request);
    return who.then(
      (settled) => this.#takeFrom(settled, request),
      () => this.#refuse(request, "try-later", "The key of sealed secrets cannot be read."),
    );
  }

  #takeFrom(who: Authentication, request: UpdateRequest): UpdateOutcome | Promise<UpdateOutcome> {
    const { login } = who;
    if (who.kind === "refused") return this.#refuse(request, "bad-credentials", who.note, login);
    return this.#takeUpdate(request, who.login);
  }

  #takeUpdate(request: UpdateRequest, login: Login): UpdateOutcome | Promise<UpdateOutcome> {
    const { challenge } = request;
    const wish = readWish(request, login, this.#parts.directory);
    const hosts = listAsked(wish, this.#parts.directory);
    if (hosts.length > hostsPerUpdateMax) {
      return this.#refuse(request, "too-many-hosts", "", login);
    }
    if (challenge !== undefined) return this.#takeChallenge(hosts, challenge, request, login);

    const each: Decision[] = [];
    for (const text of hosts) each.push(this.#decide(text, wish, each));
    const asked = request.isAllOrNothing ? allOrNothing(each) : each;
    const unasked = this.#decideUnasked(wish, asked);
    if (unasked === "too-many") {
      return this.#refuse(request, "too-many-hosts", tooManyIdentified, login);
    }
    const decisions = [...asked, ...unasked];
    if (decisions.some((decision) => decision.change !== undefined)) {
      return this.#carryOut(request, decisions, login);
    }
    return this.#report(request, decisions, login);
  }

  /** A promise only where `authenticate` gives one. */
  listHosts(credential: Credential, peer: Address): Listing | Promise<Listing> {
    const list = (who: Authentication): Listing =>
      who.kind === "login" ? [...this.#parts.directory.hostsOf(who.login)] : "wrong";
    const who = authenticate(credential, { peer, hosts: [], naming: "full" }, this.#parts);
    return who instanceof Promise ? who.then(list, () => "try-later" as const) : list(who);
  }

  checkCredential(credential: Credential, peer: Address): Check | Promise<Check> {
    const judge = (who: Authentication): Check => (who.kind === "login" ? "ok" : "wrong");
    const who = authenticate(credential, { peer, hosts: [], naming: "full" }, this.#parts);
    return who instanceof Promise ? who.then(judge, () => "try-later" as const) : judge(who);
  }

  #decide(text: string, wish: Wish, earlier: readonly Decision[]): Decision {
    const { request, login } = wish;
    const found = this.#findHost(text, request, login);
    if ("outcome" in found) return found;
    const { host, name } = found;
    const own = wish.own.get(host);
    const asked = own === undefined ? wish.asked : mergeAsked(own, wish.asked);
    const refuse = (note: string): Decision => refusal(text, host, "bad-address", note);
    if (asked.kind === "bad-address") return refuse(`Not an address: ${cut(asked.found)}`);
    if (wish.prefix === "malformed") return refuse(`Not a prefix: ${cut(request.prefix ?? "")}`);
    const wanted = this.#resolve(host, asked.addresses, wish.prefix, request);
    if (wanted.kind === "bad-address") return refuse(wanted.note);
    return this.#compare(text, host, name, wanted, earlier);
  }

  /** The host that is meant, or why nothing is done with it. */
  #findHost(
    text: string,
    request: UpdateRequest,
    login: Login,
  ): Extract<FoundHost, { kind: "found" }> | Decision {
    const { directory } = this.#parts;
    const found = findHost(text, request.naming, login, directory);
    if (found.kind !== "found") return refusal(text, found.host, found.kind, found.note);
    const { host } = found;
    if (login.scope === "challenges" && request.challenge === undefined) {
      const note = "This login may set challenges only, no address.";
      return refusal(text, host, "unknown-host", note);
    }
    if (directory.hosts.isBlocked(host)) {
      return refusal(text, host, "blocked", "The host is held.");
    }
    if (isSuspended(host, directory)) {
      return refusal(text, host, "blocked", "The account is suspended.");
    }
    return found;
  }

  /** The hosts with an interface identifier that move, though they were not asked for. */
  #decideUnasked(
    { request, login, prefix }: Wish,
    asked: readonly Decision[],
  ): readonly Decision[] | "too-many" {
    if (prefix === undefined || prefix === "malformed" || login.scope !== "all") return [];
    if (request.isAllOrNothing && asked.some(({ outcome }) => !isReached(outcome))) return [];
    const { directory } = this.#parts;
    const identified = directory.identifiedHostsOf(login);
    if (identified.length > prefixHostsMax) return "too-many";
    const known = new Set(asked.map(({ host }) => host));
    const moving = { ...request, withdrawn: undefined }; // that is said of the hosts that were named
    const decisions: Decision[] = [];
    for (const host of identified) {
      if (known.has(host) || directory.hosts.isBlocked(host)) continue;
      if (isSuspended(host, directory)) continue;
      if (!fitsBehind(prefix, directory.findIdentifier(host)!)) continue;
      const wanted = this.#resolve(host, [], prefix, moving);
      if (wanted.kind === "bad-address") continue; // in a public zone, and the prefix is not
      const name = directory.hosts.getName(host);
      const decision = this.#compare(name, host, name, wanted, []);
      if (decision.change !== undefined) decisions.push({ ...decision, isUnasked: true });
    }
    return decisions;
  }

  /** Whether what is wanted is another than what there is. */
  #compare(
    text: string,
    host: HostId,
    name: HostName,
    wanted: Extract<Wanted, { kind: "wanted" }>,
    earlier: readonly Decision[],
  ): Decision {
    const { directory, clock } = this.#parts;
    const { v4, v6, texts, note } = wanted;
    const inFlight = this.#inFlight.get(host);
    const current = inFlight ?? directory.hosts.addresses(host);
    const reached = { name, addresses: texts, before: current };
    const repeats = earlier.some((decision) => decision.change?.host === host);
    if (inFlight === undefined && !repeats && isSame(current.v4, v4) && isSame(current.v6, v6)) {
      const outcome: HostOutcome = { kind: "unchanged", ...reached };
      return { asked: text, host, outcome, note, change: undefined };
    }
    if (directory.hosts.isFixed(host)) {
      // The device is told that all is well: it did its part, and can do nothing about it.
      const outcome: HostOutcome = { kind: "unchanged", ...reached };
      return { asked: text, host, outcome, note: `${note} ${fixedNote}`.trim(), change: undefined };
    }
    const change = { host, v4, v6, atMs: clock.now() };
    const outcome: HostOutcome = { kind: "changed", ...reached };
    const isLater = !this.#isPublishedNow(host);
    return {
      asked: text,
      host,
      outcome,
      note: isLater ? `${note} ${laterNote}`.trim() : note,
      change,
      atMs: change.atMs,
    };
  }

  #resolve(
    host: HostId,
    asked: readonly Written[],
    prefix: Prefix | undefined,
    request: UpdateRequest,
  ): Wanted {
    const { directory } = this.#parts;
    const addresses = this.#inFlight.get(host) ?? directory.hosts.addresses(host);
    if (request.offline) return withdraw(asked, addresses, request.peer.text);
    const zone = directory.findZone(directory.hosts.zone(host));
    const identifier = prefix === undefined ? undefined : directory.findIdentifier(host);
    const now = { addresses, identifier, isInPrivateZone: zone?.isPrivate ?? false };
    const { withdrawn, peer } = request;
    if (prefix !== undefined) {
      const behind = decideBehindPrefix(prefix, asked, peer, now);
      return withdrawn === undefined ? behind : withdrawFamilies(withdrawn, behind, now);
    }
    if (withdrawn === undefined) return decideWanted(asked, peer, now);
    // Without an address the caller's would count, and it may be of the family that goes.
    const rest = asked.length === 0 ? undefined : decideWanted(asked, peer, now);
    return withdrawFamilies(withdrawn, rest, now);
  }

  #takeChallenge(
    hosts: readonly string[],
    change: ChallengeChange,
    request: UpdateRequest,
    login: Login,
  ): UpdateOutcome | Promise<UpdateOutcome> {
    const each = hosts.map((text) => this.#decideChallenge(text, change, request, login));
    const decisions = request.isAllOrNothing ? allOrNothing(each) : each;
    return decisions.some(isChanged)
      ? this.#changeChallenges(change, decisions, request, login)
      : this.#report(request, decisions, login);
  }

  #decideChallenge(
    text: string,
    change: ChallengeChange,
    request: UpdateRequest,
    login: Login,
  ): Decision {
    const { directory, clock } = this.#parts;
    const found = this.#findHost(text, request, login);
    if ("outcome" in found) return found;
    const { host, name } = found;
    if (change.kind !== "clear" && !isChallenge(change.value)) {
      return refusal(text, host, "bad-address", noChallengeNote);
    }
    const kind = isDone(change, directory.challengesOf(host)) ? "unchanged" : "changed";
    const before = directory.hosts.addresses(host);
    const outcome: HostOutcome = { kind, name, addresses: [], before };
    const note = challengeNotes[change.kind];
    return { asked: text, host, outcome, note, change: undefined, atMs: clock.now() };
  }

  async #changeChallenges(
    change: ChallengeChange,
    decisions: readonly Decision[],
    request: UpdateRequest,
    login: Login,
  ): Promise<UpdateOutcome> {
    const changing = decisions.filter(isChanged);
    const hosts = changing.map((decision) => decision.host!);
    const receipts = changing.map((decision) => this.#receipt(request, decision, login));
    let results: readonly ChallengeResult[];
    try {
      results = await this.#parts.changeChallenges(hosts, change, receipts);
    } catch {
      return this.#refuse(request, "try-later", "", login);
    }
    const settled = decisions.map((decision): Decision => {
      const at = changing.indexOf(decision);
      return at === -1 ? decision : settleChallenge(decision, results[at]!);
    });
    return this.#report(request, settled, login);
  }

  async #carryOut(
    request: UpdateRequest,
    decisions: readonly Decision[],
    login: Login,
  ): Promise<UpdateOutcome> {
    const changing = decisions.filter((decision) => decision.change !== undefined);
    const changes = changing.map((decision) => decision.change!);
    const receipts = changing.map((decision) => this.#receipt(request, decision, login));
    for (const change of changes) this.#inFlight.set(change.host, change);
    let applied: readonly ("applied" | "gone")[];
    try {
      applied = await this.#parts.commit(changes, receipts);
    } catch {
      return this.#refuse(request, "try-later", "", login);
    } finally {
      for (const change of changes) {
        if (this.#inFlight.get(change.host) === change) this.#inFlight.delete(change.host);
      }
    }
    const settled = decisions.map((decision): Decision => {
      const { change } = decision;
      if (change === undefined) return decision;
      if (applied[changes.indexOf(change)] === "gone") return gone(decision);
      this.#apply(change);
      return decision;
    });
    return this.#report(request, settled, login);
  }

  /** The change is on disk: now memory and DNS follow. */
  #apply(change: AddressChange): void {
    const { directory, publication, clock, publish } = this.#parts;
    const { host } = change;
    directory.hosts.setAddresses(host, change, change.atMs);
    const isNow = this.#hasNoBudget(host) || publication.offer(host, clock.monotonicMs()) === "now";
    if (isNow) publish(host);
  }

  #isPublishedNow(host: HostId): boolean {
    const { publication, clock } = this.#parts;
    return this.#hasNoBudget(host) || publication.isWithinBudget(host, clock.monotonicMs());
  }

  /** Hosts of private zones change as often as they like: only their owner looks them up. */
  #hasNoBudget(host: HostId): boolean {
    const { directory } = this.#parts;
    return directory.findZone(directory.hosts.zone(host))?.isPrivate === true;
  }

  #report(request: UpdateRequest, decisions: readonly Decision[], login: Login): UpdateOutcome {
    this.counts.hosts++;
    for (const decision of decisions) {
      this.counts[decision.outcome.kind]++;
      this.#parts.keep(this.#receipt(request, decision, login));
    }
    const asked = decisions.filter((decision) => decision.isUnasked !== true);
    return { kind: "hosts", hosts: asked.map((decision) => decision.outcome) };
  }

  #refuse(
    request: UpdateRequest,
    kind: Exclude<UpdateOutcome["kind"], "hosts">,
    note = "",
    login?: Login,
  ): UpdateOutcome {
    this.counts[kind]++;
    // A client that waits for the challenge has done nothing worth keeping (GNU wget, urllib).
    if (kind !== "no-credentials") {
      const asked = request.hosts.join(",");
      const decision = { asked, host: undefined, outcome: { kind }, note };
      this.#parts.keep(this.#receipt(request, decision, login));
    }
    return { kind };
  }

  #receipt(
    request: UpdateRequest,
    decision: Pick<Decision, "asked" | "host" | "note" | "atMs"> & {
      readonly outcome: { readonly kind: string; readonly addresses?: readonly string[] };
    },
    login: Login | undefined,
  ): Receipt {
    const { outcome } = decision;
    return {
      atMs: decision.atMs ?? this.#parts.clock.now(),
      host: decision.host,
      asked: cut(decision.asked),
      username: receiptUsername(request.credential, login, this.#parts.directory),
      peer: request.peer.text,
      adapter: request.adapter,
      userAgent: cut(request.userAgent),
      outcome: outcome.kind,
      addresses: addressesOf(outcome),
      note: decision.note,
    };
  }
}

export type Listing = readonly HostId[] | "wrong" | "try-later";
export type Check = "ok" | "wrong" | "try-later";

const tooManyIdentified = `More than ${prefixHostsMax} hosts of this login have an interface identifier: narrower logins move fewer at once.`;

const noChallengeNote = "The text of a challenge is 1 to 255 printable characters of ASCII.";
const challengeNotes: Readonly<Record<ChallengeChange["kind"], string>> = {
  add: "A text at _acme-challenge.",
  remove: "A text at _acme-challenge was taken away.",
  clear: "All texts at _acme-challenge were taken away.",
};

function addressesOf(outcome: { readonly addresses?: readonly string[] }): string {
  return outcome.addresses?.join(",") ?? "";
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function isSuspended(host: HostId, directory: Directory): boolean {
  return directory.findUser(directory.hosts.user(host))?.isSuspended === true;
}
