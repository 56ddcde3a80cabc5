/** The table of signatures while one thread writes and another reads: what is found is whole. */

import { expect, test } from "bun:test";
import {
  makeSignatureMemory,
  SignatureKey,
  SignatureTable,
} from "../../src/nameserver/signature-table.ts";
import { makeRacedTimes, racedKeys } from "./online-table-writer.ts";
import type { WriterOrders } from "./online-table-writer.ts";

/** How long they race. */
const raceMs = 2_000;
/** How long the planted fault may take to show itself; it stops as soon as it does. */
const faultMs = 60_000;

test("a reader finds a signature whole or not at all, while it is written again and again", async () => {
  const { found, missing, values, torn } = await race(false, raceMs);
  expect(torn).toEqual([]);
  expect(found).toBeGreaterThan(1_000);
  expect(values).toBeGreaterThan(100);
  // Others were pushed out, or just being written.
  expect(missing).toBeGreaterThan(0);
}, 60_000);

test(
  "the race shows signatures that are torn, when the writer does not say that it writes",
  async () => {
    const { torn } = await race(true, faultMs);
    expect(torn.length).toBeGreaterThan(0);
  },
  faultMs + 30_000,
);

/** Later than any of the inceptions that are written. */
const nowSeconds = 800_000;

interface Seen {
  found: number;
  missing: number;
  values: number;
  readonly torn: string[];
}

async function race(isSilent: boolean, ms: number): Promise<Seen> {
  const memory = makeSignatureMemory(400); // one set: keys push each other out
  const stop = new SharedArrayBuffer(4);
  const worker = new Worker(new URL("./online-table-writer.ts", import.meta.url).href);
  const ended = new Promise<void>((resolve) =>
    worker.addEventListener("message", () => resolve(), { once: true }),
  );
  const orders: WriterOrders = { memory, stop, isSilent };
  worker.postMessage(orders);
  const seen = readAll(memory, ms);
  Atomics.store(new Int32Array(stop), 0, 1);
  await ended;
  worker.terminate();
  return seen;
}

function readAll(memory: SharedArrayBuffer, ms: number): Seen {
  const table = new SignatureTable(memory);
  const key = new SignatureKey();
  const into = new Uint8Array(72);
  const view = new DataView(into.buffer);
  const values = new Set<number>();
  const seen: Seen = { found: 0, missing: 0, values: 0, torn: [] };
  const endMs = performance.now() + ms;
  while (performance.now() < endMs && seen.torn.length === 0) {
    for (let i = 0; i < 1_000; i++) {
      key.set(1 + (i % racedKeys), 1, 2, 3, 4);
      if (table.read(key, nowSeconds, into, 0, 8) === "missing") {
        // At the start nothing is there yet; that does not count.
        if (seen.found > 0) seen.missing++;
        continue;
      }
      seen.found++;
      const value = into[8]!;
      values.add(view.getUint32(0));
      const times = makeRacedTimes(key.version, view.getUint32(4) - 1_000);
      const isWhole =
        into.subarray(8).every((octet) => octet === value) &&
        view.getUint32(0) === times.expiration &&
        value === (times.inception & 0xff);
      if (!isWhole) seen.torn.push(`key ${key.version}: ${into.toHex()}`);
    }
  }
  seen.values = values.size;
  return seen;
}
