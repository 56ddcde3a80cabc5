/**
 * Many datagrams in one system call: what `recvmmsg` fills and `sendmmsg` sends (Linux, 64 bits). All
 * buffers are made once; the fields of a slot are read where the system has put them.
 */

import { constants } from "node:os";
import { ptr } from "bun:ffi";
import type { Pointer } from "bun:ffi";
import { lastErrno, SystemCallFailed } from "./libc.ts";
import type { Libc } from "./libc.ts";
import { udpOctetsMax } from "./edns-reply.ts";
import { sockaddr4Octets, sockaddrOctets } from "./udp-socket.ts";

/** Datagrams a call. Enough to share its cost, few enough that all of it stays in the cache. */
const batchMax = 32;
/** A query that is longer is cut by the system, and is malformed then. */
export const queryOctetsMax = 4_096;

/** Room for an address, rounded up, and for one control message that holds one (struct in6_pktinfo). */
const nameStride = 32;
const controlOctets = 64;
/** struct cmsghdr: a length of 64 bits, level and type. */
const controlHeadOctets = 16;

/** struct mmsghdr in words of 32 bits. */
const headerWords = 16;
const nameWord = 0;
const nameLengthWord = 2;
const vectorWord = 4;
const vectorCountWord = 6;
const controlWord = 8;
const controlLengthWord = 10;
const flagsWord = 12;
const lengthWord = 14;
/** struct iovec: base and length, of 64 bits each. */
const vectorWords = 4;

const MSG_DONTWAIT = 0x40;
const MSG_WAITFORONE = 0x1_0000;

export class Datagrams {
  /** What came, one view a slot. */
  readonly received: readonly Uint8Array[];
  /** Where replies are written, in the order in which they are sent. */
  readonly replies: readonly Uint8Array[];
  /** Socket addresses of the senders, `nameStride` octets a slot. */
  readonly names = new Uint8Array(pinned(batchMax * nameStride));
  readonly controls = new Uint8Array(pinned(batchMax * controlOctets));
  readonly #libc: Libc;
  readonly #in = new Headers(queryOctetsMax, this.names, this.controls);
  readonly #out = new Headers(udpOctetsMax, this.names, this.controls);
  #outgoing = 0;

  constructor(libc: Libc) {
    this.#libc = libc;
    this.received = this.#in.buffers;
    this.replies = this.#out.buffers;
  }

  /**
   * Receives what is there, at most `batchMax`. Returns how many datagrams that were; 0 when none came in
   * the socket's time. Throws `SystemCallFailed` when the socket cannot be read.
   */
  receive(fd: number, waits: boolean, hasControl: boolean): number {
    this.#in.prepare(hasControl);
    const flags = waits ? MSG_WAITFORONE : MSG_DONTWAIT;
    const received = this.#libc.recvmmsg(fd, this.#in.pointer, batchMax, flags, null);
    if (received >= 0) return received;
    const errno = lastErrno(this.#libc);
    if (errno === constants.errno.EAGAIN || errno === constants.errno.EINTR) return 0;
    throw new SystemCallFailed("recvmmsg", errno);
  }

  /** Octets of the datagram in a slot. */
  length(slot: number): number {
    return this.#in.words[slot * headerWords + lengthWord]!;
  }

  /** Octet at which the slot's socket address begins in `names`. */
  nameAt(slot: number): number {
    return slot * nameStride;
  }

  /** The port it came from. */
  port(slot: number): number {
    const at = slot * nameStride + 2;
    return (this.names[at]! << 8) | this.names[at + 1]!;
  }

  controlLength(slot: number): number {
    return this.#in.words[slot * headerWords + controlLengthWord]!;
  }

  get outgoing(): number {
    return this.#outgoing;
  }

  /** The reply in `replies[outgoing]` goes to the sender of the slot, from the address it had sent to. */
  answer(slot: number, octets: number, nameOctets: number, hasControl: boolean): void {
    // struct in_pktinfo begins with an interface: the one that the route says, not the one it came by.
    const interfaceAt = slot * controlOctets + controlHeadOctets;
    if (hasControl && nameOctets === sockaddr4Octets)
      this.controls.fill(0, interfaceAt, interfaceAt + 4);
    const control = hasControl ? this.controlLength(slot) : 0;
    this.#out.address(this.#outgoing, slot, octets, nameOctets, control);
    this.#outgoing++;
  }

  /** Copies the slot's control message. Returns its length. */
  keepControl(slot: number, into: Uint8Array): number {
    const length = this.controlLength(slot);
    for (let i = 0; i < length; i++) into[i] = this.controls[slot * controlOctets + i]!;
    return length;
  }

  /** Puts an address and a control message, kept from before, into a slot. */
  restore(slot: number, name: Uint8Array, control: Uint8Array, controlLength: number): void {
    for (let i = 0; i < nameStride; i++) this.names[slot * nameStride + i] = name[i]!;
    for (let i = 0; i < controlLength; i++) this.controls[slot * controlOctets + i] = control[i]!;
    this.#in.words[slot * headerWords + controlLengthWord] = controlLength;
  }

  /** Sends all that was answered. Returns how many could not be sent: no route, or a full buffer. */
  send(fd: number): number {
    const count = this.#outgoing;
    this.#outgoing = 0;
    let failed = 0;
    for (let sent = 0; sent < count;) {
      const done = this.#libc.sendmmsg(fd, this.#out.pointerAt(sent), count - sent, MSG_DONTWAIT);
      if (done > 0) {
        sent += done;
      } else {
        failed++; // the first of these could not be: its sender's trouble, the others go on
        sent++;
      }
    }
    return failed;
  }
}

/**
 * Memory that stays where it is, as pointers into it have to. A typed array that makes its own keeps it
 * in the heap of the runtime, which moves it when somebody first asks for the array's buffer.
 */
function pinned(octets: number): ArrayBuffer {
  return new ArrayBuffer(octets);
}

/** An array of mmsghdr with a buffer each. */
class Headers {
  readonly words = new Uint32Array(pinned(batchMax * headerWords * 4));
  readonly buffers: readonly Uint8Array[];
  readonly pointer: Pointer;
  readonly #vectors = new Uint32Array(pinned(batchMax * vectorWords * 4));
  /** Both halves of the address of each slot's name and control message. */
  readonly #names: readonly Half[];
  readonly #controls: readonly Half[];
  /** Keeps the memory alive that only pointers lead to. */
  readonly #memory: Uint8Array;

  constructor(bufferOctets: number, names: Uint8Array, controls: Uint8Array) {
    this.#memory = new Uint8Array(pinned(batchMax * bufferOctets));
    this.buffers = Array.from({ length: batchMax }, (_, i) =>
      this.#memory.subarray(i * bufferOctets, (i + 1) * bufferOctets),
    );
    this.#names = Array.from({ length: batchMax }, (_, i) => halves(ptr(names) + i * nameStride));
    this.#controls = Array.from({ length: batchMax }, (_, i) =>
      halves(ptr(controls) + i * controlOctets),
    );
    this.pointer = ptr(this.words);
    const memory = ptr(this.#memory);
    const vectors = ptr(this.#vectors);
    for (let i = 0; i < batchMax; i++) {
      const base = halves(memory + i * bufferOctets);
      const vector = i * vectorWords;
      this.#vectors[vector] = base.low;
      this.#vectors[vector + 1] = base.high;
      this.#vectors[vector + 2] = bufferOctets;
      const header = i * headerWords;
      const vectorAt = halves(vectors + vector * 4);
      this.words[header + vectorWord] = vectorAt.low;
      this.words[header + vectorWord + 1] = vectorAt.high;
      this.words[header + vectorCountWord] = 1;
      this.words[header + nameWord] = this.#names[i]!.low;
      this.words[header + nameWord + 1] = this.#names[i]!.high;
    }
  }

  pointerAt(index: number): Pointer {
    return (this.pointer + index * headerWords * 4) as Pointer;
  }

  /** The system overwrites the lengths it was given with those it used. */
  prepare(hasControl: boolean): void {
    const { words } = this;
    for (let i = 0; i < batchMax; i++) {
      const header = i * headerWords;
      words[header + nameLengthWord] = sockaddrOctets;
      if (!hasControl) continue;
      words[header + controlWord] = this.#controls[i]!.low;
      words[header + controlWord + 1] = this.#controls[i]!.high;
      words[header + controlLengthWord] = controlOctets;
    }
  }

  address(index: number, slot: number, octets: number, nameOctets: number, control: number): void {
    const { words } = this;
    const header = index * headerWords;
    this.#vectors[index * vectorWords + 2] = octets;
    words[header + nameWord] = this.#names[slot]!.low;
    words[header + nameWord + 1] = this.#names[slot]!.high;
    words[header + nameLengthWord] = nameOctets;
    words[header + controlWord] = this.#controls[slot]!.low;
    words[header + controlWord + 1] = this.#controls[slot]!.high;
    words[header + controlLengthWord] = control;
    words[header + flagsWord] = 0;
  }
}

interface Half {
  readonly low: number;
  readonly high: number;
}

function halves(address: number): Half {
  return { low: address >>> 0, high: Math.floor(address / 2 ** 32) };
}
