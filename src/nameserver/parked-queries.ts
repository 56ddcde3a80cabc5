/** Queries that wait for a signature: kept as they came, in slots that were made once. */

/** One more is answered with TC: its client comes again over TCP, which waits. */
const parkedMax = 256;
/** A longer query is not kept; one that asks for a signature seldom has more than 100 octets. */
const parkedOctetsMax = 512;
/** A signer that has not answered by then will not. */
const parkedMs = 1_000;

/** What leads back to a sender: a socket address and perhaps a control message. */
const returnOctetsMax = 96;

export interface Parked {
  readonly message: Uint8Array;
  length: number;
  readonly name: Uint8Array;
  readonly control: Uint8Array;
  controlLength: number;
  socket: number;
  untilMs: number;
}

export class ParkedQueries {
  readonly #slots: Parked[] = [];
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** A slot to fill in; undefined when there is none for a message so long. */
  add(length: number, nowMs: number): Parked | undefined {
    if (this.#count === parkedMax || length > parkedOctetsMax) return undefined;
    const slot = (this.#slots[this.#count] ??= {
      message: new Uint8Array(parkedOctetsMax),
      length: 0,
      name: new Uint8Array(32),
      control: new Uint8Array(returnOctetsMax),
      controlLength: 0,
      socket: 0,
      untilMs: 0,
    });
    this.#count++;
    slot.length = length;
    slot.untilMs = nowMs + parkedMs;
    return slot;
  }

  get(index: number): Parked {
    return this.#slots[index]!;
  }

  /** Gives the slot back; the last one takes its place. */
  remove(index: number): void {
    this.#count--;
    const gone = this.#slots[index]!;
    this.#slots[index] = this.#slots[this.#count]!;
    this.#slots[this.#count] = gone;
  }
}
