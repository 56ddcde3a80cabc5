/**
 * Memory that threads share: one writer allocates and frees, readers follow word offsets and never
 * lock. A block that was taken out of use is given out again only when every reader that could still
 * be looking at it has finished its packet (epoch-based reclamation).
 */

import { assert } from "../base/assert.ts";

/** A place in the arena, counted in 32-bit words. 0 is "nowhere". */
export type Place = number;

export class ArenaFull extends Error {
  override readonly name = "ArenaFull";
}

/** Reader threads an arena can have. */
export const readersMax = 32;

const magic = 0x4e57_5244; // "NWRD"
const magicWord = 0;
const epochWord = 1;
/** Where the structures begin that everything hangs from: each has a word of its own. */
export const roots = { names: 2, zones: 3 } as const;
export type Root = (typeof roots)[keyof typeof roots];
/** Odd while names come or go, and another number after each such step. */
const shapeWord = 4;
/** Each reader's epoch has a cache line of its own, so that threads do not slow each other down. */
const readerWords = 16;
const firstReaderWord = 16;
const firstFreeWord = firstReaderWord + readersMax * readerWords;

/** What a reader of shared memory sees. Made anew in each thread over the same buffer. */
export class ArenaView {
  readonly buffer: SharedArrayBuffer;
  readonly words: Int32Array;
  readonly bytes: Uint8Array;

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.words = new Int32Array(buffer);
    this.bytes = new Uint8Array(buffer);
    assert(this.words[magicWord] === magic, "the buffer is an arena");
  }

  /** Where the structure is now; it moves when it grows. */
  root(root: Root): Place {
    return Atomics.load(this.words, root);
  }

  /**
   * Which names exist, as a number that changes with every step. A reader that looked for several
   * names sees one state only if the number was even before and is the same after.
   */
  shape(): number {
    return Atomics.load(this.words, shapeWord);
  }

  /** Between `enter` and `leave` nothing that this reader can reach is given out again. */
  enter(reader: number): void {
    const epoch = Atomics.load(this.words, epochWord);
    Atomics.store(this.words, firstReaderWord + reader * readerWords, epoch);
  }

  leave(reader: number): void {
    Atomics.store(this.words, firstReaderWord + reader * readerWords, 0);
  }
}

/** So many blocks out of use may wait before the readers are looked at. */
const retiredBeforeReclaim = 64;

/** Numbers of a block out of use: its place, its words, and the epoch in which it was taken out. */
const retiredNumbers = 3;

export class Arena extends ArenaView {
  #next: Place = firstFreeWord;
  /** Per size class the first free block; a free block's first word is the next one. */
  readonly #free: Place[] = [];
  /** Blocks out of use, oldest first, `retiredNumbers` each. */
  #retired = new Int32Array(retiredBeforeReclaim * retiredNumbers);
  #retiredCount = 0;
  #reclaimAt = retiredBeforeReclaim;
  #wordsInUse = 0;
  #version = 0;

  /** `bytesMax` is address space only: pages are taken from the system when first written. */
  constructor(bytesMax: number) {
    assert(bytesMax >= 1 << 16 && bytesMax % 8 === 0, "an arena has at least 64 KiB");
    const buffer = new SharedArrayBuffer(bytesMax);
    const words = new Int32Array(buffer);
    words[magicWord] = magic;
    words[epochWord] = 1;
    super(buffer);
  }

  get bytesInUse(): number {
    return this.#wordsInUse * 4;
  }

  /** A number that tells one thing from what stood or will stand in its place; not 0, and it wraps. */
  nextVersion(): number {
    this.#version = (this.#version + 1) | 0;
    if (this.#version === 0) this.#version = 1;
    return this.#version;
  }

  /** Makes several names come or go as one step, see `shape`. Must not throw. */
  reshape(step: () => void): void {
    Atomics.add(this.words, shapeWord, 1);
    step();
    Atomics.add(this.words, shapeWord, 1);
  }

  setRoot(root: Root, place: Place): void {
    Atomics.store(this.words, root, place);
  }

  /** At least `words` words, not cleared. Throws `ArenaFull`. */
  allocate(words: number): Place {
    const sizeClass = sizeClassOf(words);
    let place = this.#take(sizeClass);
    if (place === 0) {
      this.reclaim();
      place = this.#take(sizeClass);
    }
    if (place === 0) {
      throw new ArenaFull(
        `The table of names has reached its maximum of ${Math.floor(this.buffer.byteLength / 2 ** 20)} MiB. ` +
          "Raise dnsMemoryMiB.",
      );
    }
    this.#wordsInUse += sizeOfClass(sizeClass);
    return place;
  }

  /** A free block, or a new one while there is room; 0 when there is none. */
  #take(sizeClass: number): Place {
    const free = this.#free[sizeClass] ?? 0;
    if (free !== 0) {
      this.#free[sizeClass] = this.words[free]!;
      return free;
    }
    const place = this.#next;
    const end = place + sizeOfClass(sizeClass);
    if (end > this.words.length) return 0;
    this.#next = end;
    return place;
  }

  /** Takes a block out of use. The caller has already made it unreachable for new readers. */
  retire(place: Place, words: number): void {
    const at = this.#retiredCount * retiredNumbers;
    if (at === this.#retired.length) {
      const roomier = new Int32Array(at * 2);
      roomier.set(this.#retired);
      this.#retired = roomier;
    }
    this.#retired[at] = place;
    this.#retired[at + 1] = words;
    this.#retired[at + 2] = this.words[epochWord]!;
    this.#retiredCount++;
    if (this.#retiredCount >= this.#reclaimAt) this.reclaim();
  }

  /** Gives free what no reader can see any more. */
  reclaim(): void {
    this.#advanceEpoch();
    const oldest = this.#oldestEpochInside();
    const end = this.#retiredCount * retiredNumbers;
    let at = 0;
    for (; at < end; at += retiredNumbers) {
      // Epochs wrap: their distance says which is older. What came later is visible, too.
      if (oldest !== 0 && ((oldest - this.#retired[at + 2]!) | 0) <= 0) break;
      this.#release(this.#retired[at]!, this.#retired[at + 1]!);
    }
    this.#retired.copyWithin(0, at, end);
    this.#retiredCount = (end - at) / retiredNumbers;
    // Doubling keeps the work linear while a reader stays inside for long.
    this.#reclaimAt = Math.max(retiredBeforeReclaim, this.#retiredCount * 2);
  }

  /** For a thread that ended, perhaps between `enter` and `leave`: it would keep all blocks for ever. */
  forgetReader(reader: number): void {
    this.leave(reader);
  }

  #advanceEpoch(): void {
    const next = (this.words[epochWord]! + 1) | 0;
    Atomics.store(this.words, epochWord, next === 0 ? 1 : next); // 0 means "not reading"
  }

  /** The oldest epoch in which a reader entered that is inside now; 0 when none is. */
  #oldestEpochInside(): number {
    let oldest = 0;
    for (let reader = 0; reader < readersMax; reader++) {
      const entered = Atomics.load(this.words, firstReaderWord + reader * readerWords);
      if (entered === 0) continue;
      if (oldest === 0 || ((entered - oldest) | 0) < 0) oldest = entered;
    }
    return oldest;
  }

  #release(place: Place, words: number): void {
    const sizeClass = sizeClassOf(words);
    this.#wordsInUse -= sizeOfClass(sizeClass);
    this.words[place] = this.#free[sizeClass] ?? 0;
    this.#free[sizeClass] = place;
  }
}

/** Up to this many words every even size has a class of its own. */
const smallWordsMax = 64;
const smallClasses = smallWordsMax / 2;

/** Above it a class is a quarter of a power of two wide, so that at most a fifth is wasted. */
function sizeClassOf(words: number): number {
  if (words <= smallWordsMax) return Math.max(0, ((words + 1) >> 1) - 1);
  const power = 31 - Math.clz32(words - 1); // 2^power < words <= 2^(power + 1)
  const quarter = (words - 1 - 2 ** power) >> (power - 2);
  return smallClasses + (power - 6) * 4 + quarter;
}

function sizeOfClass(sizeClass: number): number {
  if (sizeClass < smallClasses) return (sizeClass + 1) * 2;
  const power = Math.floor((sizeClass - smallClasses) / 4) + 6;
  const quarter = (sizeClass - smallClasses) % 4;
  return 2 ** power + (quarter + 1) * 2 ** (power - 2);
}
