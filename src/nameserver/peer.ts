/** Who sent a message: an address as octets, one object reused for all. */

import { parseAddress } from "../base/address.ts";

export class Peer {
  /** The first `length` count. */
  readonly octets = new Uint8Array(16);
  /** 4 or 16. */
  length: 4 | 16 = 4;

  /** Copies an address of `length` octets that begins at `at`. */
  set(from: Uint8Array, at: number, length: 4 | 16): void {
    for (let i = 0; i < length; i++) this.octets[i] = from[at + i]!;
    this.length = length;
  }

  /** From the text that a socket of the runtime has for it, perhaps with a zone index. */
  setText(text: string): void {
    const octets = parseAddress(text.replace(/%.*$/, ""))?.octets ?? unknown;
    this.set(octets, 0, octets.length === 4 ? 4 : 16);
  }
}

const unknown = new Uint8Array(4);
