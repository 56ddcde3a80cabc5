/** Octets of messages and RDATA, left to right: a reader that cannot leave them and a writer that patches. */

import { Name, labelOctetsMax, nameOctetsMax } from "./name.ts";

/** Thrown by readers only, caught only where octets enter: becomes FORMERR, a refusal or silence. */
export class MalformedMessage extends Error {
  override readonly name = "MalformedMessage";
}

/** Thrown by `WireWriter` when its maximum is reached; what was written before stays valid. */
export class MessageFull extends Error {
  override readonly name = "MessageFull";
}

/** RFC 1035 §4.2.2: a message behind a two-octet length. RDATA has the same bound (§3.2.1). */
export const messageOctetsMax = 65_535;
/**
 * A name of 255 octets has at most 127 labels, so an honest writer never needs more jumps. Without
 * the cap a chain of pointers to pointers costs its length again at every name.
 */
const pointerHopsMax = 127;
/** RFC 1035 §4.1.4: a pointer holds 14 bits. */
const pointerTargetMax = 0x3fff;

/** Reads big-endian fields left to right. Every read advances, or throws; none can leave the message. */
export class WireReader {
  readonly #message: Uint8Array;
  readonly #end: number;
  #at: number;

  constructor(message: Uint8Array, start = 0, end: number = message.length) {
    this.#message = message;
    this.#at = start;
    this.#end = end;
  }

  /** Where the next read begins, counted from the start of the whole message. */
  get at(): number {
    return this.#at;
  }

  /** Octets that are not yet read. */
  get left(): number {
    return this.#end - this.#at;
  }

  u8(): number {
    return this.#message[this.#take(1)]!;
  }

  u16(): number {
    const at = this.#take(2);
    return this.#message[at]! * 0x100 + this.#message[at + 1]!;
  }

  u32(): number {
    return this.u16() * 0x1_0000 + this.u16();
  }

  /** A view into the message: copy it to keep it. */
  octets(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#message.subarray(at, at + count);
  }

  /** Takes the next `length` octets as a reader of their own, whose names may point into the message. */
  sub(length: number): WireReader {
    const start = this.#take(length);
    return new WireReader(this.#message, start, start + length);
  }

  /** A name that may be compressed. RFC 1035 §4.1.4: a pointer leads to a *prior* occurrence. */
  name(): Name {
    return this.#name(pointerHopsMax);
  }

  /** A name that may not be compressed: RFC 3597 §4 forbids it to all types since. */
  plainName(): Name {
    return this.#name(0);
  }

  #name(hopsMax: number): Name {
    const name = new Uint8Array(nameOctetsMax);
    let length = 0;
    let at = this.#at;
    let end = this.#end;
    let runStart = at;
    let hops = 0;
    let after: number | undefined; // behind the first pointer
    for (;;) {
      if (at >= end) throw new MalformedMessage(`The name at ${this.#at} does not end`);
      const octet = this.#message[at]!;
      if (octet >= 0xc0) {
        if (hops === hopsMax) throw new MalformedMessage(`A pointer too many at ${at}`);
        if (at + 1 >= end) throw new MalformedMessage(`Half a pointer at ${at}`);
        const target = (octet & 0x3f) * 0x100 + this.#message[at + 1]!;
        if (target >= runStart) {
          throw new MalformedMessage(
            `The pointer at ${at} does not lead backwards, but to ${target}`,
          );
        }
        after ??= at + 2;
        hops++;
        at = target;
        runStart = target;
        end = this.#message.length;
        continue;
      }
      // RFC 6891 §5 retired label type 0x40; 0x80 was never given out.
      if (octet > labelOctetsMax) throw new MalformedMessage(`Label type ${octet >> 6} at ${at}`);
      if (at + 1 + octet > end) throw new MalformedMessage(`The label at ${at} does not end`);
      if (length + 1 + octet > nameOctetsMax) {
        throw new MalformedMessage(`The name at ${this.#at} is over ${nameOctetsMax} octets`);
      }
      name.set(this.#message.subarray(at, at + 1 + octet), length);
      length += 1 + octet;
      at += 1 + octet;
      if (octet === 0) break;
    }
    this.#at = after ?? at;
    return Name.fromOctets(name.subarray(0, length))!;
  }

  #take(octets: number): number {
    const start = this.#at;
    if (octets > this.#end - start) {
      throw new MalformedMessage(
        `Cannot read ${octets} octets at ${start}: the part ends at ${this.#end}`,
      );
    }
    this.#at = start + octets;
    return start;
  }
}

/** Writes big-endian fields left to right into a buffer that grows up to a maximum. */
export class WireWriter {
  readonly #maxOctets: number;
  #buffer: Uint8Array;
  #at = 0;
  /** Where names stand already, by their exact octets; for `compressedName`. */
  readonly #namesAt = new Map<string, number>();

  constructor(maxOctets: number = messageOctetsMax) {
    this.#maxOctets = maxOctets;
    this.#buffer = new Uint8Array(Math.min(maxOctets, 512));
  }

  get length(): number {
    return this.#at;
  }

  u8(value: number): void {
    const at = this.#make(1); // first: it may put another buffer in place
    this.#buffer[at] = value;
  }

  u16(value: number): void {
    const at = this.#make(2);
    this.#buffer[at] = value >>> 8;
    this.#buffer[at + 1] = value;
  }

  u32(value: number): void {
    const at = this.#make(4);
    this.#buffer[at] = value >>> 24;
    this.#buffer[at + 1] = value >>> 16;
    this.#buffer[at + 2] = value >>> 8;
    this.#buffer[at + 3] = value;
  }

  octets(octets: Uint8Array): void {
    const at = this.#make(octets.length);
    this.#buffer.set(octets, at);
  }

  name(name: Name): void {
    this.octets(name.octets);
  }

  /**
   * RFC 1035 §4.1.4. Only a suffix of the very same octets is pointed at: names match without case,
   * but the reader shall see the case that was written.
   */
  compressedName(name: Name): void {
    for (
      let rest: Name | undefined = name;
      rest !== undefined && !rest.isRoot;
      rest = rest.parent()
    ) {
      const key = exactKey(rest);
      const known = this.#namesAt.get(key);
      if (known !== undefined) {
        this.u16(0xc000 | known);
        return;
      }
      const labelAt = this.#at;
      this.octets(rest.octets.subarray(0, rest.octets[0]! + 1));
      if (labelAt <= pointerTargetMax) this.#namesAt.set(key, labelAt);
    }
    this.u8(0);
  }

  /** Overwrites two octets that were written before, such as a count or a length. */
  patchU16(at: number, value: number): void {
    this.#buffer[at] = value >>> 8;
    this.#buffer[at + 1] = value;
  }

  /** Forgets what was written from `length` on. */
  rewind(length: number): void {
    this.#at = length;
    for (const [key, at] of this.#namesAt) if (at >= length) this.#namesAt.delete(key);
  }

  /** What was written, as a copy. */
  finish(): Uint8Array {
    return this.#buffer.slice(0, this.#at);
  }

  #make(octets: number): number {
    const start = this.#at;
    const end = start + octets;
    if (end > this.#maxOctets) {
      throw new MessageFull(`${end} octets are more than the ${this.#maxOctets} that are allowed`);
    }
    if (end > this.#buffer.length) {
      const grown = new Uint8Array(
        Math.min(this.#maxOctets, Math.max(end, this.#buffer.length * 2)),
      );
      grown.set(this.#buffer);
      this.#buffer = grown;
    }
    this.#at = end;
    return start;
  }
}

function exactKey(name: Name): string {
  return String.fromCharCode(...name.octets);
}
