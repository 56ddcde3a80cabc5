/**
 * SipHash-2-4: a keyed hash that somebody without the key can neither predict nor make collide. As
 * RFC 9018 §4.4 wants it for cookies: a key of 16 octets, a hash of 8. Numbers of 64 bits are pairs of
 * 32-bit halves, so that nothing is allocated.
 */

import { assert } from "./assert.ts";

export const sipKeyOctets = 16;

export class SipHash {
  /** The last hash, octets 0 to 3 (little-endian) and 4 to 7. */
  low = 0;
  high = 0;
  readonly #key = new Int32Array(4);

  constructor(key: Uint8Array) {
    this.setKey(key);
  }

  setKey(key: Uint8Array): void {
    assert(key.length === sipKeyOctets, "a SipHash key has 16 octets");
    for (let word = 0; word < 4; word++) this.#key[word] = word32(key, word * 4);
  }

  /** Hashes `octets[start]` up to `octets[end - 1]` into `low` and `high`. */
  hash(octets: Uint8Array, start: number, end: number): void {
    const k0l = this.#key[0]!;
    const k0h = this.#key[1]!;
    const k1l = this.#key[2]!;
    const k1h = this.#key[3]!;
    let v0l = k0l ^ 0x70736575;
    let v0h = k0h ^ 0x736f6d65;
    let v1l = k1l ^ 0x6e646f6d;
    let v1h = k1h ^ 0x646f7261;
    let v2l = k0l ^ 0x6e657261;
    let v2h = k0h ^ 0x6c796765;
    let v3l = k1l ^ 0x79746573;
    let v3h = k1h ^ 0x74656462;
    const length = end - start;
    const whole = start + (length & ~7);
    let at = start;
    let isLast = false;
    // Blocks of eight octets with two rounds each; the last has the length on top; then four rounds.
    for (;;) {
      let ml = 0;
      let mh = 0;
      let rounds = 2;
      if (at < whole) {
        ml = word32(octets, at);
        mh = word32(octets, at + 4);
        at += 8;
        v3l ^= ml;
        v3h ^= mh;
      } else if (!isLast) {
        mh = length << 24;
        for (let shift = 0; at < end; at++, shift += 8) {
          if (shift < 32) ml |= octets[at]! << shift;
          else mh |= octets[at]! << (shift - 32);
        }
        v3l ^= ml;
        v3h ^= mh;
        isLast = true;
      } else {
        v2l ^= 0xff;
        rounds = 4;
      }
      for (let round = 0; round < rounds; round++) {
        let sum = (v0l >>> 0) + (v1l >>> 0);
        v0h = (v0h + v1h + (sum > 0xffff_ffff ? 1 : 0)) | 0;
        v0l = sum | 0;
        let swap = (v1l << 13) | (v1h >>> 19);
        v1h = ((v1h << 13) | (v1l >>> 19)) ^ v0h;
        v1l = swap ^ v0l;
        swap = v0l;
        v0l = v0h;
        v0h = swap;
        sum = (v2l >>> 0) + (v3l >>> 0);
        v2h = (v2h + v3h + (sum > 0xffff_ffff ? 1 : 0)) | 0;
        v2l = sum | 0;
        swap = (v3l << 16) | (v3h >>> 16);
        v3h = ((v3h << 16) | (v3l >>> 16)) ^ v2h;
        v3l = swap ^ v2l;
        sum = (v0l >>> 0) + (v3l >>> 0);
        v0h = (v0h + v3h + (sum > 0xffff_ffff ? 1 : 0)) | 0;
        v0l = sum | 0;
        swap = (v3l << 21) | (v3h >>> 11);
        v3h = ((v3h << 21) | (v3l >>> 11)) ^ v0h;
        v3l = swap ^ v0l;
        sum = (v2l >>> 0) + (v1l >>> 0);
        v2h = (v2h + v1h + (sum > 0xffff_ffff ? 1 : 0)) | 0;
        v2l = sum | 0;
        swap = (v1l << 17) | (v1h >>> 15);
        v1h = ((v1h << 17) | (v1l >>> 15)) ^ v2h;
        v1l = swap ^ v2l;
        swap = v2l;
        v2l = v2h;
        v2h = swap;
      }
      if (rounds === 4) break;
      v0l ^= ml;
      v0h ^= mh;
    }
    this.low = v0l ^ v1l ^ v2l ^ v3l;
    this.high = v0h ^ v1h ^ v2h ^ v3h;
  }
}

function word32(octets: Uint8Array, at: number): number {
  return octets[at]! | (octets[at + 1]! << 8) | (octets[at + 2]! << 16) | (octets[at + 3]! << 24);
}
