/** A thread that writes signatures all the time, each of which can be seen to be whole. */

import { SignatureKey, SignatureTable } from "../../src/nameserver/signature-table.ts";
import type { SignedTimes } from "../../src/nameserver/signature-table.ts";

declare const self: Worker;

export interface WriterOrders {
  readonly memory: SharedArrayBuffer;
  /** Word 0: 1 asks the thread to stop. */
  readonly stop: SharedArrayBuffer;
  /** The planted fault: what the table looks like afterwards is put there at once, without a word. */
  readonly isSilent: boolean;
}

/** Two more than there are places for. */
export const racedKeys = 6;

/** Expiration follows from key and inception, and the octets of the signature do, too. */
export function makeRacedTimes(version: number, round: number): SignedTimes {
  const inception = 1_000 + round;
  return { inception, expiration: 1_000_000 + round * 8 + version, refreshAt: 900_000 };
}

if (!Bun.isMainThread) {
  self.addEventListener(
    "message",
    ({ data }: MessageEvent<WriterOrders>) => {
      writeAll(data);
      self.postMessage("ended");
    },
    { once: true },
  );
}

function writeAll({ memory, stop, isSilent }: WriterOrders): void {
  const own = new SharedArrayBuffer(memory.byteLength);
  const table = new SignatureTable(isSilent ? own : memory);
  const shared = new Uint8Array(memory);
  const key = new SignatureKey();
  const stopped = new Int32Array(stop);
  for (let round = 0; Atomics.load(stopped, 0) === 0; round = (round + 1) % 100_000) {
    key.set(1 + (round % racedKeys), 1, 2, 3, 4);
    const times = makeRacedTimes(key.version, round);
    table.write(key, times, new Uint8Array(64).fill(times.inception & 0xff));
    if (isSilent) shared.set(new Uint8Array(own));
  }
}
