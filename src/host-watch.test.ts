import { expect, test } from "bun:test";
import { quietLog } from "../test/quiet-log.ts";
import { Contacts } from "./core/contacts.ts";
import { Directory } from "./core/directory.ts";
import { parseHostName } from "./core/host-name.ts";
import type { Incident, IncidentKind } from "./core/notification.ts";
import { HostWatch } from "./host-watch.ts";

const minute = 60_000;
const hour = 60 * minute;
const start = Date.UTC(2026, 10, 30);

/** Hosts of alice, whom a list stands for, on a clock of the test. */
class Room {
  nowMs = start;
  isListening = true;
  /** What is told, as `silent h1`; each incident once, as the store keeps it. */
  readonly told: string[] = [];
  readonly open = new Map<string, Incident>();
  /** What the note of a held host says. */
  heldBy = "operator";
  /** The store cannot keep what is told. */
  isBroken = false;
  readonly directory = new Directory(1);
  contacts = new Contacts();
  watch: HostWatch | undefined;

  constructor(hosts: number) {
    this.directory.apply({
      kind: "user",
      id: 1,
      user: { id: 1, name: "alice", isAdmin: false },
    });
    for (let id = 1; id <= hosts; id++) this.set(id);
  }

  set(id: number, signs: { isBlocked?: boolean; isFixed?: boolean } = {}): void {
    const name = parseHostName(`h${id}.dyn.test`)!;
    const none = { v4: undefined, v6: undefined, changedAtMs: undefined };
    const { isBlocked = false, isFixed = false } = signs;
    const host = { id, zone: 1, user: 1, name, isBlocked, isFixed, createdAtMs: 0, ...none };
    this.directory.hosts.set(host);
    this.watch?.seeChange(id, isBlocked);
  }

  hear(host: number): void {
    this.contacts.note({ host, atMs: this.nowMs, device: "camera", kind: "repeat" });
    this.watch?.hear(host);
  }

  async start(): Promise<void> {
    this.watch = await HostWatch.open({
      directory: this.directory,
      contacts: this.contacts,
      notifier: {
        notify: async ({ kind, host }) => {
          if (this.isBroken) return undefined;
          const key = `${kind === "recovered" ? "silent" : kind} ${host!.id}`;
          const isNews = this.open.has(key) === (kind === "recovered");
          if (!isNews) return 0;
          if (kind === "recovered") this.open.delete(key);
          else {
            const of = kind as IncidentKind;
            this.open.set(key, { host: host!.id, kind: of, openedAtMs: this.nowMs });
          }
          this.told.push(`${kind} ${host!.name.split(".", 1)[0]}`);
          return 1;
        },
        settle: async (host, kind) => void this.open.delete(`${kind} ${host}`),
      },
      store: {
        listIncidents: async (kind, after) =>
          [...this.open.values()].filter((each) => each.kind === kind && each.host > after),
        findHostNote: async () => ({ heldBy: this.heldBy, heldWhy: "a report" }),
      },
      isListening: () => this.isListening,
      clock: { now: () => this.nowMs, monotonicMs: () => this.nowMs },
      log: quietLog,
    });
  }

  /** Ticks a minute. */
  async pass(ms: number): Promise<void> {
    for (const end = this.nowMs + ms; this.nowMs < end;) {
      this.nowMs = Math.min(this.nowMs + minute, end);
      await this.watch!.tick();
    }
  }
}

async function openRoom(hosts = 3): Promise<Room> {
  const room = new Room(hosts);
  await room.start();
  return room;
}

test("silence is told once, and once that it is over", async () => {
  const room = await openRoom();
  room.contacts.setAlertHours(1, 1);
  room.hear(1);
  await room.pass(hour);
  expect(room.told).toEqual([]);
  await room.pass(3 * hour);
  expect(room.told).toEqual(["silent h1"]);
  room.hear(1);
  await room.pass(minute);
  room.hear(1);
  await room.pass(minute);
  expect(room.told).toEqual(["silent h1", "recovered h1"]);
  await room.pass(2 * hour);
  expect(room.told).toEqual(["silent h1", "recovered h1", "silent h1"]);
});

test("a host that was never heard, or whose owner wants no word, is not told", async () => {
  const room = await openRoom();
  room.contacts.setAlertHours(1, 1);
  room.contacts.setAlertHours(2, 0);
  for (let i = 0; i < 10; i++) {
    room.hear(2);
    await room.pass(minute);
  }
  await room.pass(30 * hour);
  expect(room.told).toEqual([]);
});

test("a host with a rhythm is silent after a day, without any word of its owner", async () => {
  const room = await openRoom();
  for (let i = 0; i < 5; i++) {
    room.hear(2);
    await room.pass(10 * minute);
  }
  await room.pass(23 * hour);
  expect(room.told).toEqual([]);
  await room.pass(hour);
  expect(room.told).toEqual(["silent h2"]);
});

test("what was told before a start is not told again, and is over when the host is heard", async () => {
  const room = await openRoom();
  room.contacts.setAlertHours(1, 1);
  room.hear(1);
  await room.pass(2 * hour);
  expect(room.told).toEqual(["silent h1"]);
  await room.start();
  await room.pass(3 * hour);
  expect(room.told).toEqual(["silent h1"]);
  room.hear(1);
  await room.pass(minute);
  expect(room.told).toEqual(["silent h1", "recovered h1"]);
});

test("nobody is silent because the service was away, or because its store took nothing", async () => {
  const room = await openRoom();
  room.contacts.setAlertHours(1, 1);
  room.hear(1);
  room.nowMs += 10 * hour;
  await room.start();
  await room.pass(59 * minute);
  expect(room.told).toEqual([]);
  room.nowMs += 10 * hour; // the machine slept
  await room.pass(59 * minute);
  expect(room.told).toEqual([]);
  room.isListening = false;
  await room.pass(10 * hour);
  room.isListening = true;
  await room.pass(59 * minute);
  expect(room.told).toEqual([]);
  await room.pass(2 * minute);
  expect(room.told).toEqual(["silent h1"]);
});

test("who is held by whoever runs the service is told once, and again after it was let go", async () => {
  const room = await openRoom();
  room.set(2, { isBlocked: true });
  await room.pass(2 * minute);
  room.set(2, { isBlocked: true });
  await room.pass(2 * minute);
  await room.start();
  await room.pass(2 * minute);
  expect(room.told).toEqual(["held h2"]);
  room.set(2);
  await room.pass(minute);
  room.set(2, { isBlocked: true });
  await room.pass(minute);
  room.set(2);
  room.set(2, { isBlocked: true }); // within a tick
  await room.pass(minute);
  expect(room.told).toEqual(["held h2", "held h2", "held h2"]);
});

test("who holds a host of their own is not told, unless it is held by the operator then", async () => {
  const room = await openRoom();
  room.heldBy = "alice";
  room.set(2, { isBlocked: true });
  await room.pass(5 * minute);
  expect(room.told).toEqual([]);
  room.heldBy = "operator";
  room.set(2, { isBlocked: true });
  await room.pass(minute);
  expect(room.told).toEqual(["held h2"]);
});

test("what could not be kept is told later", async () => {
  const room = await openRoom();
  room.isBroken = true;
  room.contacts.setAlertHours(1, 1);
  room.hear(1);
  room.set(2, { isBlocked: true });
  await room.pass(2 * hour);
  room.isBroken = false;
  await room.pass(minute);
  expect(room.told.toSorted()).toEqual(["held h2", "silent h1"]);
});

test("a tick looks at a thousand hosts or a three hundredth of them, and all have their turn", async () => {
  const room = await openRoom(400_000);
  const last = 400_000;
  for (const host of [1, last]) {
    room.contacts.setAlertHours(host, 1);
    room.hear(host);
  }
  const looked: number[] = [];
  for (let tick = 0; tick < 60 * 6 + 301; tick++) {
    room.nowMs += 10_000;
    looked.push(await room.watch!.tick());
  }
  expect(Math.max(...looked)).toBe(Math.ceil(400_000 / 300));
  expect(room.told.toSorted()).toEqual(["silent h1", "silent h400000"]);
});

test("a fleet that falls silent at once is told over many ticks", async () => {
  const room = await openRoom(200);
  for (let host = 1; host <= 200; host++) {
    room.contacts.setAlertHours(host, 1);
    room.hear(host);
  }
  await room.pass(hour);
  const told: number[] = [];
  for (let tick = 0; tick < 5; tick++) {
    await room.pass(minute);
    told.push(room.told.length);
  }
  expect(told).toEqual([50, 100, 150, 200, 200]);
});
