/** Octets that wait on a connection: put in behind, taken out in front. */

const nothing = new Uint8Array(0);

export class OctetQueue {
  #buffer: Uint8Array = nothing;
  #start = 0;
  #end = 0;

  get length(): number {
    return this.#end - this.#start;
  }

  /** What waits now; the view is good until the next call. */
  get octets(): Uint8Array {
    return this.#buffer.subarray(this.#start, this.#end);
  }

  append(octets: Uint8Array): void {
    if (this.#end + octets.length > this.#buffer.length) this.#makeRoom(octets.length);
    this.#buffer.set(octets, this.#end);
    this.#end += octets.length;
  }

  drop(octets: number): void {
    this.#start += octets;
    if (this.#start < this.#end) return;
    this.#buffer = nothing; // an idle connection holds no memory
    this.#start = 0;
    this.#end = 0;
  }

  /** Doubling makes single octets as cheap as large pieces. */
  #makeRoom(octets: number): void {
    const waiting = this.octets;
    const needed = waiting.length + octets;
    const buffer = needed * 2 > this.#buffer.length ? new Uint8Array(needed * 2) : this.#buffer;
    buffer.set(waiting);
    this.#buffer = buffer;
    this.#start = 0;
    this.#end = waiting.length;
  }
}
