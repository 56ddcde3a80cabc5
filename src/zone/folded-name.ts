/** A name taken apart for look-up: case folded, with the hash of every suffix from one pass. */

import { hashOctet, spreadHash } from "../base/octet-hash.ts";
import { foldOctet, labelOctetsMax, nameOctetsMax } from "../dns/name.ts";

/** RFC 1035 §2.3.4: 255 octets hold at most 127 labels beside the root. */
const labelsMax = 127;

const foldTable = Uint8Array.from({ length: 256 }, (_, octet) => foldOctet(octet));

/**
 * Reused for every query: reading a name into it allocates nothing. Label 0 is the leftmost; suffix
 * `labelCount` is the root.
 */
export class FoldedName {
  /** Wire form, folded, the root's octet included. */
  readonly octets = new Uint8Array(nameOctetsMax + 1);
  /** Where each label's length octet stands. */
  readonly labelAt = new Uint8Array(labelsMax + 1);
  length = 0;
  labelCount = 0;
  /** Hash of the name that begins at each label, not finished. */
  readonly #hashes = new Int32Array(labelsMax + 1);
  readonly #seed: number;

  /** `seed` keeps the owners of names from choosing names that collide. */
  constructor(seed: number) {
    this.#seed = seed | 0;
  }

  /**
   * Reads an uncompressed name from `source`. Returns the octets it takes up, or 0 when there is no
   * well-formed name before `end`: a compression pointer, an unknown label type (RFC 6891 §5), more
   * than 255 octets.
   */
  read(source: Uint8Array, start: number, end: number): number {
    let at = start;
    let count = 0;
    for (;;) {
      if (at >= end) return 0;
      const length = source[at]!;
      const offset = at - start;
      if (length > labelOctetsMax || offset + length >= nameOctetsMax) return 0;
      this.labelAt[count] = offset;
      this.octets[offset] = length;
      at++;
      if (length === 0) break;
      if (at + length > end) return 0;
      for (let i = 1; i <= length; i++) this.octets[offset + i] = foldTable[source[at++]!]!;
      count++;
    }
    this.length = at - start;
    this.labelCount = count;
    this.#hashSuffixes();
    return this.length;
  }

  /** How many labels the last `length` octets hold, the root not counted. */
  labelsWithin(length: number): number {
    const start = this.length - length;
    let label = this.labelCount;
    while (label > 0 && this.labelAt[label - 1]! >= start) label--;
    return this.labelCount - label;
  }

  /** The hash of the name that begins at `label`, in the space of names `space`. */
  hash(label: number, space: number): number {
    return finish(this.#hashes[label]!, space);
  }

  /** The hash of `*` below the name that begins at `label`. */
  wildcardHash(label: number, space: number): number {
    return finish(hashOctet(hashOctet(this.#hashes[label]!, 1), 0x2a), space);
  }

  #hashSuffixes(): void {
    let hash = this.#seed;
    this.#hashes[this.labelCount] = hash;
    for (let label = this.labelCount - 1; label >= 0; label--) {
      const at = this.labelAt[label]!;
      const end = at + this.octets[at]!;
      for (let i = at; i <= end; i++) hash = hashOctet(hash, this.octets[i]!);
      this.#hashes[label] = hash;
    }
  }
}

/**
 * The same name has different hashes in different spaces: whoever finds the hash and the name of an
 * entry right has found the space right too.
 */
function finish(hash: number, space: number): number {
  return spreadHash(hash ^ Math.imul(space, 0x9e37_79b1));
}
