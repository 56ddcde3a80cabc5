import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "bun:test";
import { quietLog } from "../test/quiet-log.ts";
import { parseHostName } from "./core/host-name.ts";
import type { HostId } from "./core/host.ts";
import { ReceiptRing } from "./core/receipt-ring.ts";
import type { Receipt } from "./core/receipt.ts";
import { exportPieces } from "./people-accounts.ts";
import { Retention } from "./retention.ts";
import { openStore } from "./store/open-store.ts";
import type { Store } from "./store/store.ts";

const dayMs = 86_400_000;
const today = 20_000;
const nowMs = today * dayMs + 1_000;

interface Room extends AsyncDisposable {
  readonly store: Store;
  readonly receipts: ReceiptRing;
  readonly retention: Retention;
  readonly hosts: readonly HostId[];
}

/** Hosts of alice, and as many days of the past as the operator says. */
async function openRoom(hosts: number, days = 90): Promise<Room> {
  const folder = mkdtempSync(join(tmpdir(), "nameward-retention-"));
  const clock = { now: () => nowMs, monotonicMs: () => nowMs };
  const url = join(folder, "nameward.db");
  const store = await openStore({ url, thread: false, clock, log: quietLog });
  const user = await store.addUser("alice", false, "-");
  const zone = await store.addZone(parseHostName("dyn.test")!, true, 1, []);
  if (user.kind !== "made" || zone.kind !== "made") throw new Error("No user or zone");
  const ids: HostId[] = [];
  for (let i = 0; i < hosts; i++) {
    const made = await store.addHost(parseHostName(`h${i}.dyn.test`)!, zone.made.id, user.made.id);
    if (made.kind === "made") ids.push(made.made.id);
  }
  const receipts = new ReceiptRing(10_000);
  const parts = { store: store.operator, receipts, clock, log: quietLog, days: () => days };
  return {
    store,
    receipts,
    retention: new Retention(parts),
    hosts: ids,
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

function receiptOf(host: HostId, atMs: number): Receipt {
  const asked = { host, asked: "h0.dyn.test", username: "cam", peer: "192.0.2.7" };
  const rest = { adapter: "dyndns2", userAgent: "camera", addresses: "", note: "" };
  return { atMs, outcome: "bad-credentials", ...asked, ...rest };
}

/** Receipts are written a second later, or with the next change: an empty one takes them along. */
async function writeReceipts(store: Store, receipts: readonly Receipt[]): Promise<void> {
  store.note(receipts);
  await store.commit([], receipts.slice(0, 0));
}

test("receipts older than the operator wants go, in memory too, a thousand a step", async () => {
  await using room = await openRoom(1);
  const [host] = room.hosts as [HostId];
  const old = Array.from({ length: 2_500 }, (_, i) => receiptOf(host, nowMs - 91 * dayMs + i));
  const young = [receiptOf(host, nowMs - 89 * dayMs), receiptOf(host, nowMs)];
  for (const receipt of [...old, ...young]) room.receipts.add(receipt);
  await writeReceipts(room.store, [...old, ...young]);
  const went: (number | undefined)[] = [];
  for (let tick = 0; tick < 4; tick++) went.push((await room.retention.tick())?.receipts);
  expect(went).toEqual([1_000, 1_000, 500, 0]);
  const kept = await room.store.findReceipts(parseHostName("h0.dyn.test")!, 10);
  expect(kept.map(({ atMs }) => atMs)).toEqual([nowMs, nowMs - 89 * dayMs]);
  expect(room.receipts.latest(10).map(({ atMs }) => atMs)).toEqual(kept.map(({ atMs }) => atMs));
});

test("days and addresses go by some hosts a step, and the address that was in force stays", async () => {
  await using room = await openRoom(450, 30);
  const past = [200, 31, 30, 29, 0];
  const spanOf = (host: HostId, ago: number) => {
    const address = Uint8Array.of(192, 0, 2, ago);
    return { host, family: 4 as const, fromMs: nowMs - ago * dayMs, address };
  };
  await room.store.hostNotes.writeContacts({
    heard: [],
    days: room.hosts.flatMap((host) =>
      past.map((ago) => ({ host, day: today - ago, changes: 1, contacts: 1, refused: 0 })),
    ),
    spans: room.hosts.flatMap((host) => past.map((ago) => spanOf(host, ago))),
  });
  const went: (readonly [number, number, boolean])[] = [];
  for (let tick = 0; tick < 4; tick++) {
    const { days, spans, next } = (await room.retention.tick())!;
    went.push([days, spans, next === 0]);
  }
  expect(went).toEqual([
    [400, 400, false],
    [400, 400, false],
    [100, 100, true],
    [0, 0, false],
  ]);
  for (const host of [room.hosts[0]!, room.hosts.at(-1)!]) {
    const days = await room.store.hostNotes.listDays(host, 0);
    expect(days.map(({ day }) => today - day)).toEqual([30, 29, 0]);
    const spans = await room.store.hostNotes.listSpans(host, 0);
    expect(spans.map(({ address }) => address![3])).toEqual([30, 29, 0]);
  }
});

test("what is kept of the past of hosts is in the export of their account", async () => {
  await using room = await openRoom(1);
  const [host] = room.hosts as [HostId];
  const address = Uint8Array.of(192, 0, 2, 7);
  const spans = [{ host, family: 4 as const, fromMs: nowMs, address }];
  const days = [{ host, day: today, changes: 1, contacts: 1, refused: 0 }];
  await room.store.hostNotes.writeContacts({ heard: [], days, spans });
  await writeReceipts(room.store, [receiptOf(host, nowMs)]);
  const { addresses, receipts } = exportPieces(room.store);
  const from = new Date(nowMs).toISOString();
  expect(await Array.fromAsync(addresses!(1))).toEqual([
    { host: "h0.dyn.test", from, address: "192.0.2.7" },
  ]);
  const { host: _host, ...kept } = receiptOf(host, nowMs);
  expect(await Array.fromAsync(receipts!(1))).toEqual([kept]);
  expect(await Array.fromAsync(receipts!(2))).toEqual([]);
});

test("with the account its receipts go, and nobody else's", async () => {
  await using room = await openRoom(2);
  const { store, hosts } = room;
  await writeReceipts(
    store,
    hosts.map((host) => receiptOf(host, nowMs)),
  );
  const bob = await store.addUser("bob", false, "-");
  const [zone] = await store.listZones();
  if (bob.kind !== "made") throw new Error("No user");
  const other = await store.addHost(parseHostName("bob.dyn.test")!, zone!.id, bob.made.id);
  if (other.kind !== "made") throw new Error("No host");
  await writeReceipts(store, [receiptOf(other.made.id, nowMs)]);
  expect(await store.findReceiptsOfAdapter("dyndns2", 10)).toHaveLength(3);
  await store.accounts.setDeletion(1, nowMs - 1);
  expect(await store.accounts.deleteDueAccounts()).toEqual(["alice"]);
  const left = await store.findReceiptsOfAdapter("dyndns2", 10);
  expect(left.map(({ host }) => host)).toEqual([other.made.id]);
});
