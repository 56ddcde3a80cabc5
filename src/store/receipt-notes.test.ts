import { expect, test } from "bun:test";
import type { Receipt } from "../core/receipt.ts";
import { notesMax, ReceiptNotes } from "./receipt-notes.ts";

const receipt: Receipt = {
  atMs: 1,
  host: undefined,
  asked: "no.dyn.test",
  username: undefined,
  peer: "192.0.2.1",
  adapter: "dyndns2",
  userAgent: "",
  outcome: "unknown-host",
  addresses: "",
  note: "",
};

interface Noted {
  readonly notes: ReceiptNotes;
  readonly written: Receipt[];
  readonly dropped: unknown[];
  nowMs: number;
}

function makeNotes(write?: () => Promise<void>): Noted {
  const written: Receipt[] = [];
  const dropped: unknown[] = [];
  const log = {
    debug: () => undefined,
    info: () => undefined,
    warn: (fields: object) => dropped.push(fields),
    error: () => undefined,
  };
  const keep = async (receipts: readonly Receipt[]): Promise<void> =>
    void written.push(...receipts);
  const noted = { written, dropped, nowMs: 0 };
  const clock = { now: () => noted.nowMs, monotonicMs: () => noted.nowMs };
  return Object.assign(noted, { notes: new ReceiptNotes(clock, log, write ?? keep) });
}

test("above the limit receipts are dropped and counted, in one line a minute", async () => {
  const { notes, written, dropped } = makeNotes();
  notes.add(Array.from({ length: notesMax + 3 }, () => receipt));
  notes.add([receipt]);
  expect(dropped).toEqual([{ dropped: 3 }]);
  await notes.close();
  expect(written).toHaveLength(notesMax);
});

test("what a group took along is not written again", async () => {
  const { notes, written } = makeNotes();
  notes.add([receipt, receipt]);
  expect(notes.take()).toEqual([receipt, receipt]);
  await notes.close();
  expect(written).toEqual([]);
});

test("receipts that cannot be written are counted, and nobody is bothered", async () => {
  const { notes, dropped } = makeNotes(() => Promise.reject(new Error("disk")));
  notes.add([receipt]);
  await notes.close();
  expect(dropped).toEqual([{ dropped: 1 }]);
});
