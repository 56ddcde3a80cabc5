/**
 * Collects garbage before there is much of it. The runtime waits until the heap has doubled, and counts the memory that
 * threads share as heap though it is mostly address space: without this, a GiB of garbage comes together first.
 */

import { fullGC } from "bun:jsc";

const mebibyte = 2 ** 20;

/** So much more resident memory than the least since the last collection calls for the next one. */
export const garbageOctetsMax = 96 * mebibyte;
const lookMs = 250;

/** Decides when to collect, from the resident memory as it is seen now and then. */
export class GarbageGauge {
  /** Undefined: what is free after a collection goes back to the system a little later, so the next look sees it. */
  #leastOctets: number | undefined;

  isDue(residentOctets: number): boolean {
    const least = Math.min(residentOctets, this.#leastOctets ?? residentOctets);
    const isDue = residentOctets - least > garbageOctetsMax;
    this.#leastOctets = isDue ? undefined : least;
    return isDue;
  }
}

/** A collection takes the main thread about 20 ms; the threads that answer DNS have heaps of their own. */
export function keepHeapSmall(): Disposable {
  const gauge = new GarbageGauge();
  const timer = setInterval(() => {
    if (gauge.isDue(process.memoryUsage.rss())) fullGC();
  }, lookMs);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
