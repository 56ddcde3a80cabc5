/** The `Store` contract on SQLite, as the rest of the program sees it. */

import type { Database } from "bun:sqlite";
import type { Clock } from "../base/clock.ts";
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
import type { Log } from "../observe/log.ts";
import { accountOperations } from "./account-operations.ts";
import type { AccountStore } from "../core/accounts/account-store.ts";
import { openConnection } from "./connection.ts";
import { printFailure } from "./failure.ts";
import { getFeedEnd } from "./feed.ts";
import { GroupCommit, commitDeadlineMs } from "./group-commit.ts";
import { makeHistogram } from "./histogram.ts";
import type { HostReaderLink, ReadBegun } from "./host-reader.ts";
import type { HostFilter } from "./host-rows.ts";
import type {
  OperationArguments,
  OperationName,
  OperationResult,
  WriterLink,
} from "./operations.ts";
import { hostNoteOperations } from "./host-note-operations.ts";
import type { HostNoteStore } from "./host-note-store.ts";
import { makeOperatorStore } from "./operator-operations.ts";
import { recordOperations } from "./record-operations.ts";
import type { RecordStore } from "../core/record-store.ts";
import { makeTokenStore } from "./token-operations.ts";
import { ReceiptNotes } from "./receipt-notes.ts";
import { StoreFailed } from "./store.ts";
import type {
  Applied,
  FeedPosition,
  Made,
  Removed,
  Store,
  StoreCounts,
  StoreHealth,
} from "./store.ts";
import { readBeforeHosts, readBehindHosts } from "./whole-state.ts";
import type { WriterReport } from "./writer.ts";

/** A person waits no longer for a disk that does not answer; a large zone takes a few seconds. */
const operationDeadlineMs = 15_000;
/**
 * Facts are garbage as soon as they are told. The collector weighs it against all memory there is, the
 * address space of the names included, and would let hundreds of MiB pile up.
 */
const factsPerCollection = 20_000;
/** What is still to be written when the program ends gets this long. */
const closeDeadlineMs = 5_000;

export interface SqliteStoreParts {
  readonly path: string;
  readonly link: WriterLink;
  readonly openHostReader: (path: string) => HostReaderLink;
  readonly clock: Clock;
  readonly log: Log;
  /** Let go of when the store is closed. */
  readonly held: AsyncDisposable;
}

export class SqliteStore implements Store {
  readonly accounts: AccountStore;
  readonly #path: string;
  readonly #link: WriterLink;
  readonly #openHostReader: (path: string) => HostReaderLink;
  readonly #groups: GroupCommit;
  readonly #notes: ReceiptNotes;
  readonly #held: AsyncDisposable;
  readonly #counts: StoreCounts = {
    groups: 0,
    changes: 0,
    failures: 0,
    recoveries: 0,
    groupSizes: makeHistogram([1, 3, 10, 30, 100, 300, 1_000, 3_000]),
    commitSeconds: makeHistogram([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3]),
  };
  #report: WriterReport = { state: "ready", why: undefined, recoveries: 0 };
  #tell: ((facts: readonly Fact[]) => void) | undefined;
  #isClosed = false;
  readonly operator = makeOperatorStore((name, values) =>
    this.#ask(name, ...(values as OperationArguments<typeof name>)),
  );
  readonly tokens = makeTokenStore((name, values) =>
    this.#ask(name, ...(values as OperationArguments<typeof name>)),
  );

  readonly hostNotes: HostNoteStore;
  readonly records: RecordStore;

  constructor({ path, link, openHostReader, clock, log, held }: SqliteStoreParts) {
    this.hostNotes = askFor<HostNoteStore>(hostNoteOperations, (name, ...values) =>
      this.#ask(name, ...values),
    );
    this.records = askFor<RecordStore>(recordOperations, (name, ...values) =>
      this.#ask(name, ...values),
    );
    this.accounts = askFor<AccountStore>(accountOperations, (name, ...values) =>
      this.#ask(name, ...values),
    );
    this.#path = path;
    this.#link = link;
    this.#openHostReader = openHostReader;
    this.#held = held;
    this.#notes = new ReceiptNotes(clock, log, (receipts) => link.ask("writeReceipts", receipts));
    this.#groups = new GroupCommit(
      {
        write: (group) => link.ask("writeGroup", group),
        takeNotes: () => this.#notes.take(),
        tellLate: (hosts) => this.#tellLate(hosts, log),
      },
      clock,
      this.#counts,
    );
  }

  tell(facts: readonly Fact[]): void {
    this.#tell?.(facts);
  }

  setReport(report: WriterReport): void {
    this.#report = report;
    this.#counts.recoveries = report.recoveries;
  }

  /** Hosts are read elsewhere, what else there is here: to hand a login over costs nearly as much as to read it. */
  async load(
    tell: (fact: Fact | ManyHosts) => void,
    expectHosts?: (hosts: number) => void,
  ): Promise<FeedPosition> {
    try {
      using hostReader = this.#openHostReader(this.#path);
      await this.#raiseBehind();
      using connection = openConnection(this.#path, "read");
      const { database } = connection;
      const { position, hosts } = await beginTogether(database, hostReader);
      expectHosts?.(hosts);
      for (const fact of readBeforeHosts(database)) tell(fact);
      for (let many = await hostReader.next(); many !== undefined; many = await hostReader.next()) {
        tell({ kind: "hosts", hosts: many });
      }
      let told = 0;
      for (const fact of readBehindHosts(database)) {
        tell(fact);
        if (++told % factsPerCollection === 0) Bun.gc(false);
      }
      database.run("commit");
      return position;
    } catch (error) {
      if (error instanceof StoreFailed) throw error;
      throw new StoreFailed(`Cannot read ${this.#path}: ${printFailure(error)}.`, { cause: error });
    }
  }

  commit(
    changes: readonly AddressChange[],
    receipts: readonly Receipt[],
  ): Promise<readonly Applied[]> {
    const { state, why } = this.#report;
    if (state === "ready" && !this.#isClosed) return this.#groups.commit(changes, receipts);
    this.#counts.failures++;
    return Promise.reject(new StoreFailed(why ?? "The store is closed."));
  }

  follow(from: FeedPosition, tell: (facts: readonly Fact[]) => void): void {
    this.#tell = tell;
    // Cannot be refused; when the disk fails just now the state says so.
    this.#link.ask("follow", from).catch(() => undefined);
  }

  note(receipts: readonly Receipt[]): void {
    if (!this.#isClosed) this.#notes.add(receipts);
  }

  findReceipts(host: HostName, limit: number): Promise<readonly Receipt[]> {
    return this.#ask("findReceipts", host, limit);
  }

  listReceipts(limit: number): Promise<readonly Receipt[]> {
    return this.#ask("listReceipts", limit);
  }

  addUser(name: string, isAdmin: boolean, passwordHash: string): Promise<Made<User>> {
    return this.#ask("addUser", name, isAdmin, passwordHash);
  }

  listUsers(): Promise<readonly User[]> {
    return this.#ask("listUsers");
  }

  addZone(
    apex: HostName,
    isPrivate: boolean,
    serial: number,
    records: readonly ZoneRecord[],
  ): Promise<Made<Zone>> {
    return this.#ask("addZone", apex, isPrivate, serial, records);
  }

  replaceRecords(zone: ZoneId, serial: number, records: readonly ZoneRecord[]): Promise<void> {
    return this.#ask("replaceRecords", zone, serial, records);
  }

  removeZone(zone: ZoneId): Promise<Removed> {
    return this.#ask("removeZone", zone);
  }

  listZones(): Promise<readonly Zone[]> {
    return this.#ask("listZones");
  }

  listRecords(zone: ZoneId): Promise<readonly ZoneRecord[]> {
    return this.#ask("listRecords", zone);
  }

  addKey(
    zone: ZoneId,
    key: NewZoneKey,
    state: KeyState,
    waitsUntilMs: number,
  ): Promise<Made<ZoneKey>> {
    return this.#ask("addKey", zone, key, state, waitsUntilMs);
  }

  listKeys(zone: ZoneId): Promise<readonly ZoneKey[]> {
    return this.#ask("listKeys", zone);
  }

  setKeyStates(zone: ZoneId, changes: readonly KeyChange[]): Promise<"set" | "changed-meanwhile"> {
    return this.#ask("setKeyStates", zone, changes);
  }

  addHost(name: HostName, zone: ZoneId, user: UserId, overrides = false): Promise<Made<Host>> {
    return this.#ask("addHost", name, zone, user, overrides);
  }

  findHost(name: HostName): Promise<Host | undefined> {
    return this.#ask("findHost", name);
  }

  listHosts(filter: HostFilter): Promise<readonly Host[]> {
    return this.#ask("listHosts", filter);
  }

  removeHost(name: HostName, blocks = false): Promise<Removed> {
    return this.#ask("removeHost", name, blocks);
  }

  changeChallenges(
    hosts: readonly HostId[],
    change: ChallengeChange,
    receipts: readonly Receipt[],
  ): Promise<readonly ChallengeResult[]> {
    return this.#askSoon("changeChallenges", hosts, change, receipts);
  }

  listChallenges(host: HostId): Promise<readonly string[]> {
    return this.#ask("listChallenges", host);
  }

  setInterface(
    host: HostId,
    identifier: InterfaceIdentifier | undefined,
  ): Promise<"set" | "unchanged" | "not-found"> {
    return this.#ask("setInterface", host, identifier);
  }

  findInterface(host: HostId): Promise<InterfaceIdentifier | undefined> {
    return this.#ask("findInterface", host);
  }

  addLogin(login: NewLogin): Promise<Made<Login>> {
    return this.#ask("addLogin", login);
  }

  listLogins(user?: UserId): Promise<readonly Login[]> {
    return this.#ask("listLogins", user);
  }

  findLoginAccepting(kind: ProofKind): Promise<Login | undefined> {
    return this.#ask("findLoginAccepting", kind);
  }

  removeLogin(username: string): Promise<Removed> {
    return this.#ask("removeLogin", username);
  }

  addAdapter(adapter: Omit<StoredAdapter, "id" | "changedAtMs">): Promise<Made<StoredAdapter>> {
    return this.#ask("addAdapter", adapter);
  }

  listAdapters(): Promise<readonly StoredAdapter[]> {
    return this.#ask("listAdapters");
  }

  setAdapterState(name: string, state: AdapterState): Promise<"set" | "not-found"> {
    return this.#ask("setAdapterState", name, state);
  }

  removeAdapter(name: string): Promise<Removed> {
    return this.#ask("removeAdapter", name);
  }

  findReceiptsOfAdapter(adapter: string, limit: number): Promise<readonly Receipt[]> {
    return this.#ask("findReceiptsOfAdapter", adapter, limit);
  }

  noteUnmatched(seen: readonly SeenShape[]): Promise<void> {
    return this.#ask("noteUnmatched", seen);
  }

  listUnmatched(): Promise<readonly UnmatchedShape[]> {
    return this.#ask("listUnmatched");
  }

  forgetUnmatched(id: number | "all"): Promise<number> {
    return this.#ask("forgetUnmatched", id);
  }

  openZone(zone: ZoneId, opening: ZoneOpening): Promise<Made<Zone>> {
    return this.#ask("openZone", zone, opening);
  }

  closeZone(zone: ZoneId, by: OpeningKind): Promise<Removed> {
    return this.#ask("closeZone", zone, by);
  }

  enrol(enrolment: Enrolment): Promise<Enrolled> {
    return this.#askSoon("enrol", enrolment);
  }

  withdraw(username: string): Promise<"withdrawn" | "not-found"> {
    return this.#askSoon("withdraw", username);
  }

  health(): StoreHealth {
    const { state, why } = this.#report;
    return { state, why, waiting: this.#groups.waiting, counts: this.#counts };
  }

  /** What waits is written first, unless the disk does not answer. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    const finish = async (): Promise<void> => {
      await this.#groups.idle();
      await this.#notes.close();
      await this.#link.ask("close");
    };
    try {
      await within(closeDeadlineMs, finish());
    } catch {
      // A broken store has nothing more to write; its state said so.
    } finally {
      this.#link.end();
      await this.#held[Symbol.asyncDispose]();
    }
  }

  #ask<Name extends OperationName>(
    name: Name,
    ...values: OperationArguments<Name>
  ): Promise<OperationResult<Name>> {
    if (this.#isClosed) return Promise.reject(new StoreFailed("The store is closed."));
    return within(operationDeadlineMs, this.#link.ask(name, ...values));
  }

  /** On a full disk the serials wait, and what is there is served: a restart must not end DNS. */
  async #raiseBehind(): Promise<void> {
    try {
      await this.#ask("raiseBehind");
    } catch (error) {
      if (this.#report.state !== "full") throw error;
    }
  }

  /** A device waits for it as it waits for a group. What is written later is told as anything others write. */
  #askSoon<Name extends OperationName>(
    name: Name,
    ...values: OperationArguments<Name>
  ): Promise<OperationResult<Name>> {
    return within(commitDeadlineMs, this.#ask(name, ...values));
  }

  #tellLate(hosts: readonly HostId[], log: Log): void {
    this.#link.ask("tellHosts", [...new Set(hosts)]).catch((error: unknown) => {
      log.warn({ why: printFailure(error) }, "Late changes could not be read again");
    });
  }
}

/** A promise of the store that is nothing but its operations of the same names. */
function askFor<Promised>(
  rows: { readonly [Name in keyof Promised]: unknown },
  ask: (name: OperationName, ...values: never) => Promise<unknown>,
): Promised {
  const names = Object.keys(rows) as OperationName[];
  const asked = names.map((name) => [name, (...values: never) => ask(name, ...values)]);
  return Object.fromEntries(asked) as Promised;
}

/**
 * Begins to read here what the host reader has begun to read: whatever changes the state has an entry in
 * the feed, so the same position is the same state. Another process that writes just then is waited for.
 */
async function beginTogether(database: Database, hostReader: HostReaderLink): Promise<ReadBegun> {
  for (;;) {
    const begun = await hostReader.begin();
    database.run("begin");
    if (getFeedEnd(database) === begun.position) return begun;
    database.run("rollback");
  }
}

async function within<Result>(deadlineMs: number, work: Promise<Result>): Promise<Result> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const why = "The disk has not answered in time. Whether it was done is not known.";
    timer = setTimeout(() => reject(new StoreFailed(why)), deadlineMs);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
