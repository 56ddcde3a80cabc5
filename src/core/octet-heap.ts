/**
 * Short runs of octets in large chunks. A million names cost the garbage collector a few hundred
 * objects, and growing moves nothing: a chunk more is all.
 */

import { assert } from "../base/assert.ts";

/** Where a run lies, counted in units; below 2^32. 0 is "nowhere". */
export type Run = number;

/** Octets of a unit: a free run keeps the next free one in it. */
const unitShift = 2;
const chunkUnitsShift = 14;
const chunkUnits = 1 << chunkUnitsShift;
const chunkOctets = chunkUnits << unitShift;
const runsMax = 2 ** 32;

export class OctetHeap {
  readonly #octets: Buffer[] = [];
  readonly #units: Uint32Array[] = [];
  /** By units of a run, the first free one. */
  readonly #free: Run[] = [];
  #next: Run = 1;

  /** Octets that are not cleared, all in one chunk. */
  allocate(octets: number): Run {
    const units = unitsOf(octets);
    const free = this.#free[units] ?? 0;
    if (free !== 0) {
      this.#free[units] = this.#units[free >>> chunkUnitsShift]![free & (chunkUnits - 1)]!;
      return free;
    }
    // No run lies across two chunks; what is left of this one is less than the longest run.
    if ((this.#next & (chunkUnits - 1)) + units > chunkUnits) {
      this.#next = (Math.floor(this.#next / chunkUnits) + 1) * chunkUnits;
    }
    const run = this.#next;
    assert(
      units <= chunkUnits && run + units < runsMax,
      "a run is short, and 16 GiB hold them all",
    );
    if (run >>> chunkUnitsShift === this.#octets.length) this.#addChunk();
    this.#next = run + units;
    return run;
  }

  /** Gives a run of so many octets back. */
  release(run: Run, octets: number): void {
    const units = unitsOf(octets);
    this.#units[run >>> chunkUnitsShift]![run & (chunkUnits - 1)] = this.#free[units] ?? 0;
    this.#free[units] = run;
  }

  /** The chunk that holds the run: it begins at `at(run)`. */
  chunk(run: Run): Buffer {
    return this.#octets[run >>> chunkUnitsShift]!;
  }

  at(run: Run): number {
    return (run & (chunkUnits - 1)) << unitShift;
  }

  #addChunk(): void {
    const octets = Buffer.alloc(chunkOctets);
    this.#octets.push(octets);
    this.#units.push(new Uint32Array(octets.buffer, octets.byteOffset, chunkUnits));
  }
}

function unitsOf(octets: number): number {
  return (octets + (1 << unitShift) - 1) >> unitShift;
}
