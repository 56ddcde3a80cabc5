/**
 * What a DNS thread wants signed, on its way to the signer: a ring in shared memory with one writer and
 * one reader, bounded, so that a flood of questions that need signatures costs neither memory nor the
 * answers to others.
 */

import { SignatureKey } from "./signature-table.ts";

/** Room for some hundred requests, and for the largest RRset with room left. */
const ringWords = 65_536;
/** Words in front of the ring: where the next request is written, and where the next is read. */
const writtenWord = 0;
const readWord = 1;
const firstWord = 2;

/** Words of a request: its length, the key, sizes, TTL, octets of records; then the owner and the records. */
const lengthWord = 0;
const versionWord = 1;
const typeAndTagWord = 2;
const hashLowWord = 3;
const hashHighWord = 4;
const sizesWord = 5;
const ttlWord = 6;
const recordOctetsWord = 7;
const headWords = 8;
/** In the place of a length: the rest of the ring is empty, go on at its beginning. */
const wrapped = -1;

/** One signature that is wanted. */
export interface SigningRequest {
  readonly key: SignatureKey;
  /** Canonical (lower case), wire form. */
  readonly owner: Uint8Array;
  /** How many octets at the end of the owner are the apex of the zone that signs. */
  readonly apexLength: number;
  /** Original TTL (RFC 4034 §3.1.4). */
  readonly ttlSeconds: number;
  /** Records as they stand in a message, each with an owner of two octets. */
  readonly records: Uint8Array;
}

export function makeRequestMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer((firstWord + ringWords) * 4);
}

/** The bell of the signer: a word that changes with every request of any thread. */
export function makeSigningBell(): SharedArrayBuffer {
  return new SharedArrayBuffer(4);
}

/** A request that was made is not repeated for this long. */
const againMs = 200;
const recentMax = 256;

export class SigningRequests {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #bell: Int32Array;
  /** What was asked for lately: three words of the key, and when. */
  readonly #recentKeys = new Int32Array(recentMax * 3);
  readonly #recentMs = new Float64Array(recentMax).fill(-againMs);

  constructor(ring: SharedArrayBuffer, bell: SharedArrayBuffer) {
    this.#words = new Int32Array(ring);
    this.#bytes = new Uint8Array(ring);
    this.#bell = new Int32Array(bell);
  }

  /**
   * Asks for a signature, unless that was done just now. The owner and the records are copied. False
   * when too much waits already.
   */
  ask(
    key: SignatureKey,
    nowMs: number,
    owner: Uint8Array,
    ownerAt: number,
    ownerLength: number,
    apexLength: number,
    ttlSeconds: number,
    records: Uint8Array,
    recordsAt: number,
    recordsLength: number,
  ): boolean {
    const slot = key.hash & (recentMax - 1);
    if (this.#isRecent(slot, key, nowMs)) return true;
    const words = headWords + ((ownerLength + recordsLength + 3) >> 2);
    const at = this.#findRoom(words);
    if (at === 0) return false;
    const ring = this.#words;
    ring[at + versionWord] = key.version;
    ring[at + typeAndTagWord] = (key.type << 16) | key.keyTag;
    ring[at + hashLowWord] = key.hashLow;
    ring[at + hashHighWord] = key.hashHigh;
    ring[at + sizesWord] = (apexLength << 8) | ownerLength;
    ring[at + ttlWord] = ttlSeconds;
    ring[at + recordOctetsWord] = recordsLength;
    let octet = (at + headWords) * 4;
    for (let i = 0; i < ownerLength; i++) this.#bytes[octet++] = owner[ownerAt + i]!;
    for (let i = 0; i < recordsLength; i++) this.#bytes[octet++] = records[recordsAt + i]!;
    ring[at + lengthWord] = words;
    Atomics.store(ring, writtenWord, at - firstWord + words);
    Atomics.add(this.#bell, 0, 1);
    Atomics.notify(this.#bell, 0);
    this.#recentKeys.set([key.version, key.hashLow, (key.type << 16) | key.keyTag], slot * 3);
    this.#recentMs[slot] = nowMs;
    return true;
  }

  #isRecent(slot: number, key: SignatureKey, nowMs: number): boolean {
    const keys = this.#recentKeys;
    return (
      nowMs - this.#recentMs[slot]! < againMs &&
      keys[slot * 3] === key.version &&
      keys[slot * 3 + 1] === key.hashLow &&
      keys[slot * 3 + 2] === ((key.type << 16) | key.keyTag)
    );
  }

  /** Where `words` in a row are free; 0 when they are not. One word stays free, so that full is not empty. */
  #findRoom(words: number): number {
    const ring = this.#words;
    const written = ring[writtenWord]!;
    const read = Atomics.load(ring, readWord);
    if (written >= read) {
      if (written + words < ringWords) return firstWord + written;
      if (words >= read) return 0;
      if (written < ringWords) ring[firstWord + written] = wrapped;
      return firstWord;
    }
    return written + words < read ? firstWord + written : 0;
  }
}

/** The signer's end of a ring. */
export class SigningInbox {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #key = new SignatureKey();

  constructor(ring: SharedArrayBuffer) {
    this.#words = new Int32Array(ring);
    this.#bytes = new Uint8Array(ring);
  }

  /** The next request, copied out of the ring; its key is reused by the next call. */
  take(): SigningRequest | undefined {
    const ring = this.#words;
    const written = Atomics.load(ring, writtenWord);
    let read = ring[readWord]!;
    if (read === written) return undefined;
    if (read >= ringWords || (read > written && ring[firstWord + read] === wrapped)) {
      read = 0;
      if (written === 0) return undefined;
    }
    const at = firstWord + read;
    const typeAndTag = ring[at + typeAndTagWord]!;
    this.#key.set(
      ring[at + versionWord]!,
      typeAndTag >>> 16,
      typeAndTag & 0xffff,
      ring[at + hashLowWord]!,
      ring[at + hashHighWord]!,
    );
    const sizes = ring[at + sizesWord]!;
    const ownerAt = (at + headWords) * 4;
    const recordsAt = ownerAt + (sizes & 0xff);
    const request: SigningRequest = {
      key: this.#key,
      owner: this.#bytes.slice(ownerAt, recordsAt),
      apexLength: sizes >>> 8,
      ttlSeconds: ring[at + ttlWord]! >>> 0,
      records: this.#bytes.slice(recordsAt, recordsAt + ring[at + recordOctetsWord]!),
    };
    Atomics.store(ring, readWord, read + ring[at + lengthWord]!);
    return request;
  }
}
