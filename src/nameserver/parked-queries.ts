/**
 * Queries that wait for a signature, kept as they came, in slots that were made once. The signer works in
 * the order in which it was asked, so mostly the oldest can be answered first.
 */

/** One more is answered with TC: its client comes again over TCP, which waits. */
const parkedMax = 256;
/** A longer query is not kept; one that asks for a signature seldom has more than 100 octets. */
const parkedOctetsMax = 512;
/** A signer that has not answered by then will not. */
const parkedMs = 1_000;
/** While the oldest still waits the others are looked at this often: its signature may never come. */
const lookAtAllMs = 20;

/** What leads back to a sender: a socket address and perhaps a control message. */
const nameOctetsMax = 32;
const controlOctetsMax = 64;

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
  /** The first `count` wait, the oldest first; behind them are slots to be used again. */
  readonly #slots: Parked[] = [];
  #count = 0;
  #lookedAtAllMs = 0;

  get count(): number {
    return this.#count;
  }

  /** A slot to fill in; undefined when there is none for a message so long. */
  add(message: Uint8Array, length: number, nowMs: number): Parked | undefined {
    if (this.#count === parkedMax || length > parkedOctetsMax) return undefined;
    const slot = (this.#slots[this.#count] ??= makeSlot());
    this.#count++;
    for (let i = 0; i < length; i++) slot.message[i] = message[i]!;
    slot.length = length;
    slot.untilMs = nowMs + parkedMs;
    return slot;
  }

  /**
   * Tries to answer those that wait. `answer` says whether one is done with; `isLast`: its time is over.
   * Those that are done make room.
   */
  answer(nowMs: number, answer: (parked: Parked, isLast: boolean) => boolean): void {
    const looksAtAll = nowMs - this.#lookedAtAllMs >= lookAtAllMs;
    if (looksAtAll) this.#lookedAtAllMs = nowMs;
    const slots = this.#slots;
    const count = this.#count;
    let kept = 0;
    let hasStopped = false;
    for (let i = 0; i < count; i++) {
      const slot = slots[i]!;
      if (!hasStopped && answer(slot, nowMs >= slot.untilMs)) continue;
      hasStopped = !looksAtAll;
      // Swapped, so that the slots that are free end up behind.
      slots[i] = slots[kept]!;
      slots[kept++] = slot;
    }
    this.#count = kept;
  }
}

function makeSlot(): Parked {
  return {
    message: new Uint8Array(parkedOctetsMax),
    length: 0,
    name: new Uint8Array(nameOctetsMax),
    control: new Uint8Array(controlOctetsMax),
    controlLength: 0,
    socket: 0,
    untilMs: 0,
  };
}
