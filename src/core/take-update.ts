/**
 * The way of an update through the rules: who asks, for which hosts, what is wanted, what changes.
 * Decided from memory; only a change goes to the store, and it is answered when it is durable and
 * published.
 */

import type { Address } from "../base/address.ts";
import type { Clock } from "../base/clock.ts";
import { authenticate } from "./authenticate.ts";
import type { Authentication, AuthenticationParts } from "./authenticate.ts";
import { decideAddresses, parseAsked } from "./decide-addresses.ts";
import type { Asked } from "./decide-addresses.ts";
import { findHost, findUnnamedHost } from "./find-host.ts";
import type { AddressChange, HostAddresses, HostId } from "./host.ts";
import type { Credential, Login } from "./login.ts";
import type { Publication } from "./publication.ts";
import type { Receipt } from "./receipt.ts";
import { hostsPerUpdateMax } from "./update.ts";
import type { HostOutcome, UpdateOutcome, UpdateRequest } from "./update.ts";

/** What the rules need of the world. */
export interface UpdateParts extends AuthenticationParts {
  readonly publication: Publication;
  readonly clock: Clock;
  /** Makes changes durable, together; rejects when that is not known to have happened. */
  commit(
    changes: readonly AddressChange[],
    receipts: readonly Receipt[],
  ): Promise<readonly ("applied" | "gone")[]>;
  /** Puts a host's addresses into DNS. They are seen by the next query. */
  publish(host: HostId): void;
  /** Every receipt; those of changes are also given to `commit`. */
  keep(receipt: Receipt): void;
}

/** Running totals by outcome. */
export type UpdateCounts = Record<UpdateOutcome["kind"] | HostOutcome["kind"], number>;

const laterNote = "More changes than the host's budget: published when it allows.";
/** What is kept of texts that a client chooses. */
const receiptTextCharactersMax = 255;

interface Decision {
  readonly asked: string;
  readonly host: HostId | undefined;
  readonly outcome: HostOutcome;
  readonly note: string;
  readonly change: AddressChange | undefined;
}

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
  takeUpdate(request: UpdateRequest): UpdateOutcome | Promise<UpdateOutcome> {
    const { credential } = request;
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
    const hosts =
      request.hosts.length === 0
        ? [findUnnamedHost(login, this.#parts.directory) ?? ""]
        : request.hosts;
    if (hosts.length > hostsPerUpdateMax) {
      return this.#refuse(request, "too-many-hosts", "", login);
    }

    const asked = parseAsked(request.addresses);
    const each: Decision[] = [];
    for (const text of hosts) each.push(this.#decide(text, login, asked, request, each));
    const decisions = request.isAllOrNothing ? allOrNothing(each) : each;
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

  #decide(
    text: string,
    login: Login,
    asked: Asked,
    request: UpdateRequest,
    earlier: readonly Decision[],
  ): Decision {
    const { directory, clock } = this.#parts;
    const refuse = (kind: RefusedKind, host: HostId | undefined, note: string): Decision => {
      return { asked: text, host, outcome: { kind }, note, change: undefined };
    };
    const found = findHost(text, request.naming, login, directory);
    if (found.kind !== "found") return refuse(found.kind, found.host, found.note);
    const { host, name } = found;
    if (login.scope === "challenges" && request.challenge === undefined) {
      return refuse("unknown-host", host, "This login may set challenges only, no address.");
    }
    if (directory.hosts.isBlocked(host)) return refuse("blocked", host, "The host is held.");
    if (asked.kind === "bad-address") {
      return refuse("bad-address", host, `Not an address: ${cut(asked.found)}`);
    }

    const inFlight = this.#inFlight.get(host);
    const current = inFlight ?? directory.hosts.addresses(host);
    const wanted = request.offline
      ? withdraw(asked.addresses, current, request.peer.text)
      : this.#resolve(asked.addresses, current, host, request);
    if (wanted.kind === "bad-address") return refuse("bad-address", host, wanted.note);
    const { v4, v6, texts, note } = wanted;
    const repeats = earlier.some((decision) => decision.change?.host === host);
    if (inFlight === undefined && !repeats && isSame(current.v4, v4) && isSame(current.v6, v6)) {
      return {
        asked: text,
        host,
        outcome: { kind: "unchanged", name, addresses: texts, before: current },
        note,
        change: undefined,
      };
    }
    const change = { host, v4, v6, atMs: clock.now() };
    const outcome: HostOutcome = { kind: "changed", name, addresses: texts, before: current };
    const isLater = !this.#isPublishedNow(host);
    return {
      asked: text,
      host,
      outcome,
      note: isLater ? `${note} ${laterNote}`.trim() : note,
      change,
    };
  }

  /** A family that the request does not mention keeps its address. */
  #resolve(
    asked: Extract<Asked, { kind: "addresses" }>["addresses"],
    current: HostAddresses,
    host: HostId,
    request: UpdateRequest,
  ): Wanted {
    const { directory } = this.#parts;
    const zone = directory.findZone(directory.hosts.zone(host));
    const usable = decideAddresses(asked, request.peer, zone?.isPrivate ?? false);
    if (usable.kind === "bad-address") return usable;
    let { v4, v6 } = current;
    for (const { address } of usable.addresses) {
      if (address.family === 4) v4 = address.octets;
      else v6 = address.octets;
    }
    const texts = usable.addresses.map((written) => written.text);
    return { kind: "wanted", v4: copy(v4), v6: copy(v6), texts, note: usable.note };
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
    return { kind: "hosts", hosts: decisions.map((decision) => decision.outcome) };
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
    decision: Pick<Decision, "asked" | "host" | "note"> & {
      readonly outcome: { readonly kind: string; readonly addresses?: readonly string[] };
    },
    login: Login | undefined,
  ): Receipt {
    const { outcome } = decision;
    return {
      atMs: this.#parts.clock.now(),
      host: decision.host,
      asked: cut(decision.asked),
      username: usernameOf(request.credential, login),
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

type RefusedKind = Exclude<HostOutcome["kind"], "changed" | "unchanged">;

type Wanted =
  | { readonly kind: "bad-address"; readonly note: string }
  | {
      readonly kind: "wanted";
      readonly v4: Uint8Array | undefined;
      readonly v6: Uint8Array | undefined;
      readonly texts: readonly string[];
      readonly note: string;
    };

/** Takes addresses away: the families that were named, or both. The reply names what was sent. */
function withdraw(
  asked: Extract<Asked, { kind: "addresses" }>["addresses"],
  current: HostAddresses,
  peerText: string,
): Wanted {
  const names = (family: 4 | 6): boolean =>
    asked.length === 0 || asked.some((written) => written.address.family === family);
  const texts = asked.length === 0 ? [peerText] : asked.map((written) => written.text);
  return {
    kind: "wanted",
    v4: names(4) ? undefined : copy(current.v4),
    v6: names(6) ? undefined : copy(current.v6),
    texts,
    note: "Offline: the addresses were taken away.",
  };
}

/** One refused host refuses the others in its own words. */
function allOrNothing(decisions: readonly Decision[]): readonly Decision[] {
  const refused = decisions.find(({ outcome }) => !isReached(outcome));
  if (refused === undefined) return decisions;
  return decisions.map((decision) => {
    if (!isReached(decision.outcome)) return decision;
    const note = `Refused because ${cut(refused.asked)} was: this dialect has one answer for all hosts.`;
    return { ...decision, outcome: refused.outcome, note, change: undefined };
  });
}

function isReached({ kind }: HostOutcome): boolean {
  return kind === "changed" || kind === "unchanged";
}

function gone(decision: Decision): Decision {
  const outcome: HostOutcome = { kind: "unknown-host" };
  return { ...decision, outcome, note: "The host was deleted meanwhile.", change: undefined };
}

function addressesOf(outcome: { readonly addresses?: readonly string[] }): string {
  return outcome.addresses?.join(",") ?? "";
}

function isSame(a: Uint8Array | undefined, b: Uint8Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

function copy(octets: Uint8Array | undefined): Uint8Array | undefined {
  return octets?.slice();
}

/** As it was sent; a secret that stands alone has that of the login it belongs to. */
function usernameOf(
  credential: Credential | undefined,
  login: Login | undefined,
): string | undefined {
  if (login !== undefined) return cut(login.username);
  if (credential === undefined || !("username" in credential)) return undefined;
  return cut(credential.username);
}

function cut(text: string): string {
  return text.slice(0, receiptTextCharactersMax);
}
