/**
 * The store: what is durable. Every engine keeps this contract, and `test/store.contract.ts` holds
 * each engine to it. Expected refusals are values; a broken store (disk, file, database) throws
 * `StoreFailed` with its cause.
 */

import type { AccountStore } from "../core/accounts/account-store.ts";
import type { Enrolled, Enrolment } from "../core/enrolment.ts";
import type { ChallengeResult } from "../core/challenge.ts";
import type { Fact, ManyHosts } from "../core/fact.ts";
import type { AddressChange, Host, HostId } from "../core/host.ts";
import type { HostName } from "../core/host-name.ts";
import type { InterfaceIdentifier } from "../core/interface-identifier.ts";
import type { KeyState } from "../core/key-state.ts";
import type { Login, NewLogin, ProofKind } from "../core/login.ts";
import type { Receipt } from "../core/receipt.ts";
import type {
  AdapterState,
  SeenShape,
  StoredAdapter,
  UnmatchedShape,
} from "../core/stored-adapter.ts";
import type { ChallengeChange } from "../core/update.ts";
import type { User, UserId } from "../core/user.ts";
import type { KeyChange, NewZoneKey, ZoneKey } from "../core/zone-key.ts";
import type { OpeningKind, Zone, ZoneId, ZoneOpening, ZoneRecord } from "../core/zone.ts";
import type { HostNoteStore } from "./host-note-store.ts";
import type { OperatorStore } from "./operator-store.ts";
import type { RecordStore } from "../core/record-store.ts";
import type { TokenStore } from "./token-store.ts";

/** A place in the change feed. Grows by one with every entry, over all writers. */
export type FeedPosition = number;

/** What became of one change: `gone` when its host was deleted meanwhile. */
export type Applied = "applied" | "gone";

export type Made<Thing> =
  | { readonly kind: "made"; readonly made: Thing }
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly why: string };

export type Removed = "removed" | "not-found";

/** The store could not do what was asked, through no fault of the asker. Nothing can be said about whether it is durable. */
export class StoreFailed extends Error {
  override readonly name = "StoreFailed";
}

export interface Store extends AsyncDisposable {
  /** People: accounts, sessions, one-time links. */
  readonly accounts: AccountStore;

  /**
   * Tells the whole state, all of one moment and things before what refers to them: users, zones, records,
   * keys, hosts by many, what hosts have beside addresses, logins. Returns the feed position that the state stands for. Before the first fact
   * it says how many hosts there are, so that room for them can be made at once.
   */
  load(
    tell: (fact: Fact | ManyHosts) => void,
    expectHosts?: (hosts: number) => void,
  ): Promise<FeedPosition>;

  /**
   * Makes the changes durable, together or not at all, with the receipts that go with them. Many
   * calls share one transaction and one fsync. Resolves when they are on disk, and after `follow`'s
   * listener has been told about everything that was written before them. Rejects with
   * `StoreFailed`; then nothing may be acknowledged.
   */
  commit(
    changes: readonly AddressChange[],
    receipts: readonly Receipt[],
  ): Promise<readonly Applied[]>;

  /**
   * Tells what changed since `from`, in the order of the feed: what other writers (the command
   * line, another process) did, within a quarter of a second, and the new serials of zones that
   * own commits changed. Own `commit`s are not repeated. At most one listener.
   */
  follow(from: FeedPosition, tell: (facts: readonly Fact[]) => void): void;

  /** Keeps receipts of requests that changed nothing. Best effort: they wait for the next commit or a second. */
  note(receipts: readonly Receipt[]): void;
  /** Newest first. */
  findReceipts(host: HostName, limit: number): Promise<readonly Receipt[]>;
  /** Of all hosts, newest first. */
  listReceipts(limit: number): Promise<readonly Receipt[]>;

  addUser(name: string, isAdmin: boolean, passwordHash: string): Promise<Made<User>>;
  listUsers(): Promise<readonly User[]>;

  addZone(
    apex: HostName,
    isPrivate: boolean,
    serial: number,
    records: readonly ZoneRecord[],
  ): Promise<Made<Zone>>;
  /** Replaces the records of a zone; `serial` is taken as it is. */
  replaceRecords(zone: ZoneId, serial: number, records: readonly ZoneRecord[]): Promise<void>;
  removeZone(zone: ZoneId): Promise<Removed>;
  listZones(): Promise<readonly Zone[]>;
  listRecords(zone: ZoneId): Promise<readonly ZoneRecord[]>;

  /** Raises the zone's serial, as `setKeyStates` does. Taken: a key is in that place already, or has that tag. */
  addKey(
    zone: ZoneId,
    key: NewZoneKey,
    state: KeyState,
    waitsUntilMs: number,
  ): Promise<Made<ZoneKey>>;
  /** In order of age. */
  listKeys(zone: ZoneId): Promise<readonly ZoneKey[]>;
  /** All changes in their order, or none when a key is not in the state it was thought to be in. */
  setKeyStates(zone: ZoneId, changes: readonly KeyChange[]): Promise<"set" | "changed-meanwhile">;

  /** Refused when the zone's records hold an address or alias at this name. */
  /** Refused too for a name that was somebody else's lately, or was taken away, unless it `overrides` that. */
  addHost(name: HostName, zone: ZoneId, user: UserId, overrides?: boolean): Promise<Made<Host>>;
  findHost(name: HostName): Promise<Host | undefined>;
  /** In order of name, after `after`, at most `limit`. */
  listHosts(filter: {
    readonly user?: UserId;
    readonly zone?: ZoneId;
    readonly after?: HostName;
    readonly limit: number;
  }): Promise<readonly Host[]>;
  /** `blocks`: its name goes to nobody ever, as that of a host that the operator held. */
  removeHost(name: HostName, blocks?: boolean): Promise<Removed>;

  /**
   * Changes the texts at `_acme-challenge` of the hosts, one after the other and all in one transaction, and
   * raises the serials of their zones. Resolves when the listener has been told. Of the receipts, one a host,
   * those of hosts that changed are kept.
   */
  changeChallenges(
    hosts: readonly HostId[],
    change: ChallengeChange,
    receipts: readonly Receipt[],
  ): Promise<readonly ChallengeResult[]>;
  /** The oldest first. */
  listChallenges(host: HostId): Promise<readonly string[]>;
  /** What the host puts behind a prefix; undefined: it has no identifier any more. */
  setInterface(
    host: HostId,
    identifier: InterfaceIdentifier | undefined,
  ): Promise<"set" | "unchanged" | "not-found">;
  findInterface(host: HostId): Promise<InterfaceIdentifier | undefined>;

  addLogin(login: NewLogin): Promise<Made<Login>>;
  listLogins(user?: UserId): Promise<readonly Login[]>;
  /** One of those that accept this proof. */
  findLoginAccepting(kind: ProofKind): Promise<Login | undefined>;
  removeLogin(username: string): Promise<Removed>;

  /** Rules of the operator, in the order they were made. Taken: there is one of that name. */
  addAdapter(adapter: Omit<StoredAdapter, "id" | "changedAtMs">): Promise<Made<StoredAdapter>>;
  listAdapters(): Promise<readonly StoredAdapter[]>;
  setAdapterState(name: string, state: AdapterState): Promise<"set" | "not-found">;
  removeAdapter(name: string): Promise<Removed>;
  /** Newest first. Looks through all receipts there are. */
  findReceiptsOfAdapter(adapter: string, limit: number): Promise<readonly Receipt[]>;

  /** Adds to what is known of the shapes; those seen longest ago go when they are too many. */
  noteUnmatched(seen: readonly SeenShape[]): Promise<void>;
  /** The latest first. */
  listUnmatched(): Promise<readonly UnmatchedShape[]>;
  /** Returns how many there were. */
  forgetUnmatched(id: number | "all"): Promise<number>;

  /**
   * Lets devices or programs sign up by themselves. Taken: the zone is open for another user. Refused: another
   * zone is open for ACME programs.
   */
  openZone(zone: ZoneId, opening: ZoneOpening): Promise<Made<Zone>>;
  /** What signed up stays. */
  closeZone(zone: ZoneId, by: OpeningKind): Promise<Removed>;
  /** Makes a host and its login together, in a zone that is open, or neither. Told before it resolves. */
  enrol(enrolment: Enrolment): Promise<Enrolled>;
  /** Takes a login away together with the hosts that it names. */
  withdraw(username: string): Promise<"withdrawn" | "not-found">;

  /** For whoever runs the service. */
  readonly operator: OperatorStore;
  readonly hostNotes: HostNoteStore;
  /** Single records of zones, where `replaceRecords` has all of one. */
  readonly records: RecordStore;
  /** Of programs that call the API. */
  readonly tokens: TokenStore;

  health(): StoreHealth;
}

/** `ready`, or why changes cannot be taken now. */
export interface StoreHealth {
  readonly state: "ready" | "full" | "failed";
  /** For the operator: what happened, undefined when ready. */
  readonly why: string | undefined;
  /** Changes that wait for their group. */
  readonly waiting: number;
  readonly counts: StoreCounts;
}

/** Running totals since the store was opened. */
export interface StoreCounts {
  groups: number;
  changes: number;
  failures: number;
  recoveries: number;
  /** Group sizes and commit times (seconds) by upper bound; the last bucket has no bound. */
  readonly groupSizes: Histogram;
  readonly commitSeconds: Histogram;
}

/** Counts a value in the first bucket whose bound is at least the value. */
export interface Histogram {
  readonly bounds: readonly number[];
  readonly counts: number[];
  sum: number;
}
