/**
 * Signatures that were made, in memory that threads share: the signer writes, DNS threads read without
 * locks. Each stands for one version of an RRset, so a change needs no invalidation: nobody asks for the
 * old version again, and its place is taken by and by. Of fixed size; what was pushed out is signed anew.
 */

import { assert } from "../base/assert.ts";

/** RFC 6605 §4: r and s of P-256, 32 octets each. */
export const signatureOctets = 64;

/** What a signature is of. Reused for every look-up. */
export class SignatureKey {
  /** Of the block that holds the RRset; 0 when the records are made up for the answer. */
  version = 0;
  type = 0;
  keyTag = 0;
  /** A hash of what the version does not tell: an expanded owner, or all of a made-up record. */
  hashLow = 0;
  hashHigh = 0;

  set(version: number, type: number, keyTag: number, hashLow: number, hashHigh: number): void {
    this.version = version;
    this.type = type;
    this.keyTag = keyTag;
    this.hashLow = hashLow;
    this.hashHigh = hashHigh;
  }

  /** Where to look for it first. */
  get hash(): number {
    let mixed = Math.imul(this.version ^ this.hashLow, 0x85eb_ca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 15) ^ this.hashHigh, 0xc2b2_ae35);
    mixed = Math.imul(mixed ^ (mixed >>> 13) ^ ((this.type << 16) | this.keyTag), 0x9e37_79b1);
    return mixed ^ (mixed >>> 16);
  }
}

/** Times in seconds since the epoch, as they stand in an RRSIG (RFC 4034 §3.1.5). */
export interface SignedTimes {
  readonly inception: number;
  readonly expiration: number;
  /** From when on a new one is wanted, while this one still counts. */
  readonly refreshAt: number;
}

export type Found = "missing" | "good" | "due";

/** Words of an entry: a number that is odd while it is written, the key, the times, the signature. */
const sequenceWord = 0;
const versionWord = 1;
const typeAndTagWord = 2;
const hashLowWord = 3;
const hashHighWord = 4;
const refreshWord = 5;
const expirationWord = 6;
const inceptionWord = 7;
const signatureWord = 8;
const entryWords = signatureWord + signatureOctets / 4;
/** Entries that a key can stand in. */
const ways = 4;
const setOctets = ways * entryWords * 4;

/** A signature that ends so soon is not given out: clocks of validators differ. */
const leftSecondsMin = 3_600;

/** As many as fit into so many octets: address space until they are written. */
export function makeSignatureMemory(octetsMax: number): SharedArrayBuffer {
  const sets = 2 ** Math.floor(Math.log2(octetsMax / setOctets));
  assert(sets >= 1, "there is room for one set");
  return new SharedArrayBuffer(sets * setOctets);
}

export class SignatureTable {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #setMask: number;

  constructor(memory: SharedArrayBuffer) {
    this.#words = new Int32Array(memory);
    this.#bytes = new Uint8Array(memory);
    this.#setMask = memory.byteLength / setOctets - 1;
  }

  /**
   * Copies expiration and inception (RFC 4034 §3.1: four octets each) to `timesAt` and the signature
   * to `signatureAt`. What is written there counts only when it was found.
   */
  read(
    key: SignatureKey,
    nowSeconds: number,
    into: Uint8Array,
    timesAt: number,
    signatureAt: number,
  ): Found {
    const words = this.#words;
    const first = (key.hash & this.#setMask) * ways * entryWords;
    for (let at = first; at < first + ways * entryWords; at += entryWords) {
      if (!this.#isOf(at, key)) continue;
      const sequence = Atomics.load(words, at + sequenceWord);
      const expiration = words[at + expirationWord]!;
      const refreshAt = words[at + refreshWord]!;
      putU32(into, timesAt, expiration);
      const inception = words[at + inceptionWord]!;
      putU32(into, timesAt + 4, inception);
      const from = (at + signatureWord) * 4;
      for (let i = 0; i < signatureOctets; i++) into[signatureAt + i] = this.#bytes[from + i]!;
      const isWhole = (sequence & 1) === 0 && this.#isOf(at, key);
      if (!isWhole || Atomics.load(words, at + sequenceWord) !== sequence) return "missing";
      // RFC 4034 §3.1.5: serial arithmetic, so differences count.
      if (((expiration - nowSeconds) | 0) < leftSecondsMin) return "missing";
      if (((nowSeconds - inception) | 0) < 0) return "missing"; // made while the clock was ahead
      return ((refreshAt - nowSeconds) | 0) <= 0 ? "due" : "good";
    }
    return "missing";
  }

  /** For the signer, the only writer. */
  write(key: SignatureKey, times: SignedTimes, signature: Uint8Array): void {
    const words = this.#words;
    const at = this.#placeFor(key);
    const sequence = words[at + sequenceWord]!;
    Atomics.store(words, at + sequenceWord, (sequence + 1) | 0);
    words[at + versionWord] = key.version;
    words[at + typeAndTagWord] = (key.type << 16) | key.keyTag;
    words[at + hashLowWord] = key.hashLow;
    words[at + hashHighWord] = key.hashHigh;
    words[at + refreshWord] = times.refreshAt;
    words[at + expirationWord] = times.expiration;
    words[at + inceptionWord] = times.inception;
    this.#bytes.set(signature, (at + signatureWord) * 4);
    Atomics.store(words, at + sequenceWord, (sequence + 2) | 0);
  }

  /** Forgets everything: a key tag means another key than before. */
  clear(): void {
    const words = this.#words;
    for (let at = 0; at < words.length; at += entryWords) {
      const sequence = words[at + sequenceWord]!;
      if (sequence === 0) continue;
      Atomics.store(words, at + sequenceWord, (sequence + 1) | 0);
      words.fill(0, at + versionWord, at + entryWords);
      Atomics.store(words, at + sequenceWord, (sequence + 2) | 0);
    }
  }

  /** Where the key stands already; or else an empty place, since they are filled in order; or the oldest of its set. */
  #placeFor(key: SignatureKey): number {
    const words = this.#words;
    const first = (key.hash & this.#setMask) * ways * entryWords;
    let oldest = first;
    for (let at = first; at < first + ways * entryWords; at += entryWords) {
      if (this.#isOf(at, key) || words[at + sequenceWord] === 0) return at;
      // RFC 4034 §3.1.5: from 2038 on the times are negative here, and from 2106 on they begin anew.
      if (((words[at + inceptionWord]! - words[oldest + inceptionWord]!) | 0) < 0) oldest = at;
    }
    return oldest;
  }

  #isOf(at: number, key: SignatureKey): boolean {
    const words = this.#words;
    return (
      words[at + versionWord] === key.version &&
      words[at + typeAndTagWord] === ((key.type << 16) | key.keyTag) &&
      words[at + hashLowWord] === key.hashLow &&
      words[at + hashHighWord] === key.hashHigh
    );
  }
}

function putU32(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 24;
  into[at + 1] = value >>> 16;
  into[at + 2] = value >>> 8;
  into[at + 3] = value;
}
