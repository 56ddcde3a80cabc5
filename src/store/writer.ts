/** The one who writes: a connection, what to do when it fails, and who is told what others wrote. */

import { dirname } from "node:path";
import type { Database } from "bun:sqlite";
import type { Clock } from "../base/clock.ts";
import type { Fact } from "../core/fact.ts";
import type { HostId } from "../core/host.ts";
import type { Log } from "../observe/log.ts";
import { listHostIds, writeGroup } from "./address-group.ts";
import type { AddressGroup } from "./address-group.ts";
import { openConnection } from "./connection.ts";
import type { Connection } from "./connection.ts";
import { syncFolder } from "./data-folder.ts";
import { failureKind, isNoSpace, printFailure } from "./failure.ts";
import { findFact, getFeedEnd, readFeed, trimFeed } from "./feed.ts";
import type { Edit } from "./manage.ts";
import { finishSwap, recoverDatabase } from "./recover.ts";
import { StoreFailed } from "./store.ts";
import type { FeedPosition, StoreHealth } from "./store.ts";
import { readGone, readWholeState } from "./whole-state.ts";
import { listZonesBehind } from "./zone-rows.ts";
import { raiseSerial, ZoneSerials } from "./zone-serials.ts";

/** How often others' entries are looked for; the promise is a quarter of a second. */
const followEveryMs = 100;
/** A full disk is tried again this often, and a broken handle replaced. */
const retryEveryMs = 1_000;
/** After so many failed recoveries DNS goes on from memory, and a person has to look. */
const recoveriesFailedMax = 3;
/** A disk that stays full is one line a minute in the log. */
const logEveryMs = 60_000;
/** Facts told at once, so that no message grows without bound. */
const factsPerTell = 1_000;
/** Pages in the log (4 KiB each) above which they are moved to the database file. */
const checkpointPages = 8_192;
/** What a probe writes: enough that a few octets left over do not pass for space. */
const probeOctets = 65_536;

/** What the writer says of its own accord. */
export interface WriterListener {
  tell(facts: readonly Fact[]): void;
  report(report: WriterReport): void;
}

export interface WriterReport extends Pick<StoreHealth, "state" | "why"> {
  readonly recoveries: number;
}

export class Writer implements Disposable {
  readonly #path: string;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #listener: WriterListener;
  /** Marks own address changes in the feed. */
  readonly #id: number;
  readonly #serials: ZoneSerials;
  #connection: Connection | undefined;
  #broken: Connection | undefined;
  /** Up to where the follower has been told; undefined before there is one. */
  #told: FeedPosition | undefined;
  #acknowledged: FeedPosition;
  #report: WriterReport = { state: "ready", why: undefined, recoveries: 0 };
  #recoveriesFailed = 0;
  /** Hosts of groups whose result nobody knows. */
  readonly #unsure = new Set<HostId>();
  #loggedAtMs: number | undefined;
  readonly #timers = new Map<"follow" | "serials" | "retry", ReturnType<typeof setTimeout>>();

  constructor(path: string, id: number, clock: Clock, log: Log, listener: WriterListener) {
    this.#path = path;
    this.#id = id;
    this.#clock = clock;
    this.#log = log;
    this.#listener = listener;
    this.#serials = new ZoneSerials(clock);
    finishSwap(path);
    this.#connection = this.#open();
    this.#acknowledged = getFeedEnd(this.#connection.database);
  }

  [Symbol.dispose](): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    try {
      if (this.#report.state === "ready" && this.#serials.dueInMs() !== undefined) {
        this.#raiseDue(true);
      }
    } finally {
      this.#closeBroken();
      this.#connection?.[Symbol.dispose]();
      this.#connection = undefined;
    }
  }

  /** Writes the group in one transaction. One octet a change comes back: 1 applied, 0 gone. */
  writeGroup(group: AddressGroup): Uint8Array {
    try {
      const { applied, step } = this.#transact((database) => {
        if (this.#told !== undefined) this.#tellFeed(database);
        const written = writeGroup(database, group, this.#id);
        return { ...written, step: this.#serials.step(database, written.zones) };
      });
      this.#serials.settle(step);
      this.#armSerials();
      this.#tellOwn(step.raised);
      this.#checkpoint();
      return applied;
    } catch (error) {
      if (this.#report.state === "failed") {
        for (const host of listHostIds(group)) this.#unsure.add(host);
      }
      throw error;
    }
  }

  /** Does what a person asked for, and tells the follower before the asker. */
  edit<Result>(work: (edit: Edit) => Result): Result {
    const result = this.#transact((database) => work({ database, nowMs: this.#clock.now() }));
    this.#follow();
    this.#checkpoint();
    return result;
  }

  nowMs(): number {
    return this.#clock.now();
  }

  /** A full disk can be read. */
  read<Result>(work: (database: Database) => Result): Result {
    if (this.#connection === undefined) this.#refuseUnlessReady();
    try {
      this.#openAgainIfMoved();
      return work(this.#connection!.database);
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** Zones whose last writer ended before it could raise their serial. */
  raiseBehind(): void {
    this.edit(({ database, nowMs }) => {
      for (const zone of listZonesBehind(database)) raiseSerial(database, zone, nowMs);
    });
  }

  follow(from: FeedPosition): void {
    this.#told = from;
    this.#follow();
    this.#arm("follow", followEveryMs, () => this.follow(this.#told!));
  }

  /** Tells hosts as they are now: somebody gave up waiting for what became of them. */
  tellHosts(hosts: Iterable<HostId>): void {
    this.read((database) => {
      this.#tellAll([...hosts].map((id) => findFact(database, "host", id)));
    });
  }

  /** One write transaction from begin to commit. Whatever goes wrong, the state says what it means. */
  #transact<Result>(work: (database: Database) => Result): Result {
    this.#refuseUnlessReady();
    try {
      for (;;) {
        if (this.#connection === undefined) this.#openAgainIfMoved();
        const { database } = this.#connection!;
        database.run("begin immediate");
        // Asked under the lock: whoever swaps the file holds it too.
        if (this.#connection!.isCurrent()) break;
        database.run("rollback");
        this.#openAgainIfMoved();
      }
      const { database } = this.#connection!;
      const result = work(database);
      const end = getFeedEnd(database);
      trimFeed(database, end);
      database.run("commit");
      this.#acknowledged = end;
      return result;
    } catch (error) {
      throw this.#fail(error);
    }
  }

  /** SQLite makes the log and syncs its folder at the first commit, but does not look whether that failed. */
  #open(): Connection {
    const connection = openConnection(this.#path, "write");
    try {
      getFeedEnd(connection.database); // now the log is there
      syncFolder(dirname(this.#path));
      return connection;
    } catch (error) {
      connection[Symbol.dispose]();
      throw error;
    }
  }

  #refuseUnlessReady(): void {
    const { state, why } = this.#report;
    if (state !== "ready") throw new StoreFailed(why ?? "The store is closed.");
  }

  #openAgainIfMoved(): void {
    if (this.#connection?.isCurrent() === true) return;
    this.#connection?.[Symbol.dispose]();
    this.#connection = undefined;
    finishSwap(this.#path);
    this.#connection = this.#open();
  }

  /** Rolls back, decides what the failure means, and makes the error for the caller. */
  #fail(error: unknown): StoreFailed {
    const kind = failureKind(error);
    const why = `Cannot write to ${this.#path}: ${printFailure(error)}.`;
    if (this.#connection?.database.inTransaction === true && kind !== "broken") {
      try {
        this.#connection.database.run("rollback");
      } catch (rollbackError) {
        return this.#fail(new AggregateError([error, rollbackError], "The rollback failed too"));
      }
    }
    if (kind === "full") {
      this.#setState("full", `${why} The disk is full: changes are refused until there is space.`);
      this.#arm("retry", retryEveryMs, () => this.#probe());
    } else if (kind === "broken") {
      this.#break(why);
    }
    return error instanceof StoreFailed ? error : new StoreFailed(why, { cause: error });
  }

  /** After an I/O error nothing this handle says can be trusted. */
  #break(why: string): void {
    this.#setState("failed", why);
    // Kept until another is open: who closes the last one moves the log, on a disk that just failed.
    this.#broken ??= this.#connection;
    this.#connection = undefined;
    this.#arm("retry", 0, () => this.#recover());
  }

  #setState(state: WriterReport["state"], why: string | undefined): void {
    const before = this.#report;
    this.#report = { ...before, state, why };
    if (state !== before.state || why !== before.why) this.#listener.report(this.#report);
    if (state === "ready") {
      this.#log.info({ path: this.#path, was: before.state }, "The store takes changes again");
      return;
    }
    const nowMs = this.#clock.monotonicMs();
    if (this.#loggedAtMs !== undefined && nowMs - this.#loggedAtMs < logEveryMs) return;
    this.#loggedAtMs = nowMs;
    this.#log.error({ path: this.#path, state, why }, "The store cannot take changes");
  }

  /** Writes and commits something real: only that shows that there is space. */
  #probe(): void {
    const { database } = this.#connection!;
    try {
      database.run("begin immediate");
      database
        .query("insert or replace into probe (id, filler) values (1, randomblob(?))")
        .run(probeOctets);
      database.run("commit");
    } catch (error) {
      this.#fail(error);
      if (this.#report.state === "full") this.#arm("retry", retryEveryMs, () => this.#probe());
      return;
    }
    this.#setState("ready", undefined);
    this.#armSerials();
  }

  #recover(): void {
    try {
      recoverDatabase(this.#path, this.#acknowledged, () => this.#closeBroken());
      this.#connection = this.#open();
    } catch (error) {
      const why = `Cannot recover ${this.#path}: ${printFailure(error)}.`;
      const isFull = isNoSpace(error);
      if (!isFull) this.#recoveriesFailed++;
      this.#log.warn({ path: this.#path, why }, "The store could not be recovered");
      this.#setState(isFull ? "full" : "failed", why);
      if (this.#recoveriesFailed >= recoveriesFailedMax) return;
      this.#arm("retry", retryEveryMs, () => this.#recover());
      return;
    }
    this.#recoveriesFailed = 0;
    this.#report = { ...this.#report, recoveries: this.#report.recoveries + 1 };
    this.#setState("ready", undefined);
    // Memory follows the disk: a group without an answer may be there, or not.
    const unsure = [...this.#unsure];
    this.#unsure.clear();
    try {
      this.tellHosts(unsure);
      this.raiseBehind();
    } catch (error) {
      this.#log.warn({ why: printFailure(error) }, "The store failed again while it recovered");
    }
  }

  #closeBroken(): void {
    this.#broken?.[Symbol.dispose]();
    this.#broken = undefined;
  }

  /** Moves the log into the database file. Its failure is a failure of the handle, so we look. */
  #checkpoint(): void {
    if (this.#report.state !== "ready") return;
    try {
      const { database } = this.#connection!;
      const log = database.query<{ log: number }, []>("pragma wal_checkpoint(noop)").get();
      if (log === null || log.log < checkpointPages) return;
      database.query("pragma wal_checkpoint(passive)").get();
    } catch (error) {
      // What was committed is safe in the log; without space it is moved later.
      if (failureKind(error) !== "full") this.#fail(error);
    }
  }

  /** Tells what is new, when somebody follows. A failure shows in the state; the next round tries again. */
  #follow(): void {
    if (this.#told === undefined || this.#report.state !== "ready") return;
    try {
      this.#openAgainIfMoved();
      const { database } = this.#connection!;
      database.run("begin");
      this.#tellFeed(database);
      database.run("commit");
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Inside a transaction: tells all there is behind `#told`. */
  #tellFeed(database: Database): void {
    for (;;) {
      const read = readFeed(database, this.#told!, this.#id, factsPerTell);
      if (read === "trimmed") {
        this.#tellAll(readGone(database));
        this.#tellAll(readWholeState(database));
        this.#told = getFeedEnd(database);
        return;
      }
      if (read.facts.length > 0) this.#listener.tell(read.facts);
      this.#told = read.position;
      if (read.position === getFeedEnd(database)) return;
    }
  }

  /** Own changes of addresses are known to the follower; the serials they led to are not. */
  #tellOwn(raised: readonly number[]): void {
    if (this.#told === undefined) return;
    this.#told = this.#acknowledged;
    if (raised.length === 0) return;
    const { database } = this.#connection!;
    this.#tellAll(raised.map((zone) => findFact(database, "zone", zone)));
  }

  #tellAll(facts: Iterable<Fact>): void {
    let some: Fact[] = [];
    for (const fact of facts) {
      some.push(fact);
      if (some.length < factsPerTell) continue;
      this.#listener.tell(some);
      some = [];
    }
    if (some.length > 0) this.#listener.tell(some);
  }

  #armSerials(): void {
    const dueInMs = this.#serials.dueInMs();
    if (dueInMs === undefined) return;
    this.#arm("serials", dueInMs, () => {
      if (this.#report.state === "ready") this.#raiseDue(false);
    });
  }

  /** No group came to take the serials along. */
  #raiseDue(all: boolean): void {
    try {
      const step = this.#transact((database) => {
        if (this.#told !== undefined) this.#tellFeed(database);
        return this.#serials.step(database, new Set(), all);
      });
      this.#serials.settle(step);
      this.#tellOwn(step.raised);
      this.#armSerials();
    } catch {
      // The state says so; the zones stay behind until there is a commit again.
    }
  }

  #arm(name: "follow" | "serials" | "retry", inMs: number, act: () => void): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, setTimeout(act, inMs));
  }
}
