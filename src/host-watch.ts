/**
 * Looks after hosts on behalf of their owners: who has fallen silent, is heard again, or is held. Some hosts a second,
 * each of them every five minutes or so; what something was heard of, at the next second.
 */

import type { Clock } from "./base/clock.ts";
import type { Contacts } from "./core/contacts.ts";
import type { Directory } from "./core/directory.ts";
import type { HostId } from "./core/host.ts";
import type { Incident, IncidentKind } from "./core/notification.ts";
import { decideSilence } from "./core/silence.ts";
import type { Happening } from "./notify/notifier.ts";
import type { Log } from "./observe/log.ts";

export interface HostWatchParts {
  readonly directory: Directory;
  readonly contacts: Contacts;
  readonly notifier: {
    notify(happening: Happening): Promise<number | undefined>;
    settle(host: HostId, kind: IncidentKind): Promise<void>;
  };
  readonly store: {
    listIncidents(kind: IncidentKind, after: HostId, limit: number): Promise<readonly Incident[]>;
    findHostNote(
      host: HostId,
    ): Promise<
      { readonly heldBy: string | undefined; readonly heldWhy: string | undefined } | undefined
    >;
  };
  /** Whether updates are taken: while they are not, nobody can be heard. */
  isListening(): boolean;
  readonly clock: Clock;
  readonly log: Log;
}

/** Every host has its turn within so many ticks. */
const ticksPerRound = 300;
const hostsPerTickMin = 1_000;
/** What is told costs a write each: the rest of a fleet that falls silent at once waits for the next tick. */
const stepsPerTick = 50;
/** Two ticks that are further apart have a pause of the process between them. */
const pauseMs = 5 * 60_000;
const incidentsPerRead = 10_000;

export class HostWatch {
  readonly #parts: HostWatchParts;
  /** By host: when its silence was told. */
  readonly #silent = new Map<HostId, number>();
  /** Of those that are held: who has been told, or is not to be. */
  readonly #held = new Set<HostId>();
  /** Let go since it was looked at: that it is held again is news. */
  readonly #letGo = new Set<HostId>();
  /** To be looked at next. */
  readonly #due = new Set<HostId>();
  #at: HostId = 0;
  #tickedAtMs: number;
  #listeningSinceMs: number;
  #running: Promise<void> | undefined;

  private constructor(parts: HostWatchParts) {
    this.#parts = parts;
    this.#tickedAtMs = parts.clock.now();
    this.#listeningSinceMs = this.#tickedAtMs;
  }

  /** What was told before the start is not told again. */
  static async open(parts: HostWatchParts): Promise<HostWatch> {
    const watch = new HostWatch(parts);
    for await (const { host, openedAtMs } of readIncidents(parts, "silent")) {
      watch.#silent.set(host, openedAtMs);
    }
    for await (const { host } of readIncidents(parts, "held")) watch.#held.add(host);
    return watch;
  }

  /** A device of the host was heard. */
  hear(host: HostId): void {
    if (this.#silent.has(host)) this.#due.add(host);
  }

  /** The host is another than it was: held, let go, gone. */
  seeChange(host: HostId, isBlocked: boolean): void {
    // Held by its owner, it may be held by the operator now: the log of incidents knows whether that was told.
    if (isBlocked) this.#held.delete(host);
    else if (this.#held.has(host)) this.#letGo.add(host);
    if (isBlocked || this.#held.has(host) || this.#silent.has(host)) this.#due.add(host);
  }

  /** One round at a time. Returns how many hosts were looked at. */
  async tick(): Promise<number> {
    if (this.#running !== undefined) return 0;
    const looked = { hosts: 0 };
    this.#running = this.#tick(looked);
    try {
      await this.#running;
    } catch (error) {
      this.#parts.log.warn({ error: error as Error }, "Hosts cannot be looked after");
    } finally {
      this.#running = undefined;
    }
    return looked.hosts;
  }

  async close(): Promise<void> {
    await this.#running?.catch(() => undefined);
  }

  async #tick(looked: { hosts: number }): Promise<void> {
    const { directory, clock, isListening } = this.#parts;
    const nowMs = clock.now();
    const isOn = isListening();
    const isPaused = Math.abs(nowMs - this.#tickedAtMs) > pauseMs || !isOn;
    if (isPaused) this.#listeningSinceMs = nowMs;
    this.#tickedAtMs = nowMs;
    if (!isOn) return;
    let steps = 0;
    for (const host of this.#due) {
      if (steps >= stepsPerTick) return;
      this.#due.delete(host);
      looked.hosts++;
      if (await this.#look(host, nowMs)) steps++;
    }
    const most = Math.max(hostsPerTickMin, Math.ceil(directory.hosts.size / ticksPerRound));
    for (const host of directory.hosts.ids(this.#at)) {
      if (looked.hosts >= most || steps >= stepsPerTick) return;
      this.#at = host;
      looked.hosts++;
      // Most have nothing to say, and each `await` costs more than the look.
      if (this.#isQuiet(host, nowMs)) continue;
      if (await this.#look(host, nowMs)) steps++;
    }
    this.#at = 0;
  }

  #isQuiet(host: HostId, nowMs: number): boolean {
    const isHeld = this.#parts.directory.hosts.isBlocked(host);
    return isHeld === this.#held.has(host) && this.#decide(host, nowMs) === "none";
  }

  #decide(host: HostId, nowMs: number): ReturnType<typeof decideSilence> {
    const { contacts, directory } = this.#parts;
    return decideSilence(
      {
        isHeld: directory.hosts.isBlocked(host),
        isFixed: directory.hosts.isFixed(host),
        heardAtMs: contacts.heardAtMs(host),
        rhythmMs: contacts.rhythmMs(host),
        alertMs: contacts.alertMs(host),
        toldAtMs: this.#silent.get(host),
        listeningSinceMs: this.#listeningSinceMs,
      },
      nowMs,
    );
  }

  /** Whether something was written. */
  async #look(host: HostId, nowMs: number): Promise<boolean> {
    const { directory, notifier } = this.#parts;
    const name = directory.hosts.findName(host);
    if (name === undefined) {
      this.#silent.delete(host); // its incidents went with it
      this.#held.delete(host);
      this.#letGo.delete(host);
      return false;
    }
    const about = { user: directory.hosts.user(host), host: { id: host, name } };
    if (this.#letGo.has(host)) {
      await notifier.settle(host, "held");
      this.#letGo.delete(host);
      this.#held.delete(host);
    }
    const wasHeld = this.#held.has(host);
    if (directory.hosts.isBlocked(host) !== wasHeld) {
      if (wasHeld) {
        await notifier.settle(host, "held");
        this.#held.delete(host);
      } else if (await this.#tellHeld(about)) this.#held.add(host);
      return true;
    }
    switch (this.#decide(host, nowMs)) {
      case "none":
        return false;
      case "tell": {
        const detail = `It was heard last at ${this.#heardAt(host)}.`;
        const told = await notifier.notify({ kind: "silent", ...about, detail });
        if (told !== undefined) this.#silent.set(host, nowMs);
        return true;
      }
      case "recover": {
        const detail = `It was heard at ${this.#heardAt(host)}.`;
        const told = await notifier.notify({ kind: "recovered", ...about, detail });
        if (told !== undefined) this.#silent.delete(host);
        return true;
      }
      case "settle":
        await notifier.settle(host, "silent");
        this.#silent.delete(host);
        return true;
    }
  }

  /** Who holds a host of their own need not be told. False: try again. */
  async #tellHeld(
    about: Omit<Happening, "kind"> & Required<Pick<Happening, "host">>,
  ): Promise<boolean> {
    const { store, notifier, directory } = this.#parts;
    const note = await store.findHostNote(about.host.id);
    const owner = directory.findUser(about.user)?.name;
    if (note?.heldBy !== undefined && note.heldBy === owner) return true;
    const why =
      note?.heldWhy === undefined || note.heldWhy === "" ? "" : ` The reason: ${note.heldWhy}`;
    const detail = `Whoever runs the service holds it, and can let it go.${why}`;
    return (await notifier.notify({ kind: "held", ...about, detail })) !== undefined;
  }

  #heardAt(host: HostId): string {
    return new Date(this.#parts.contacts.heardAtMs(host)!).toISOString();
  }
}

async function* readIncidents(
  { store }: HostWatchParts,
  kind: IncidentKind,
): AsyncGenerator<Incident> {
  for (let after = 0; ;) {
    const rows = await store.listIncidents(kind, after, incidentsPerRead);
    yield* rows;
    if (rows.length < incidentsPerRead) return;
    after = rows.at(-1)!.host;
  }
}
