/** Which hosts each user has, as rings of numbers: twelve octets for a host alone of its user, no object for any. */

import type { HostId } from "./host.ts";
import type { UserId } from "./user.ts";

export class UserHosts {
  /** By user, the host that came first; 0: none. */
  readonly #first = new Words();
  /** By host, its neighbours among the hosts of its user. Behind the last comes the first. */
  readonly #next = new Words();
  readonly #before = new Words();

  /** Behind those that the user has. The host must be nobody's. */
  add(user: UserId, host: HostId): void {
    const first = this.#first.get(user);
    if (first === 0) {
      this.#first.set(user, host);
      this.#join(host, host);
      return;
    }
    this.#join(this.#before.get(first), host);
    this.#join(host, first);
  }

  /** The host must be the user's. */
  remove(user: UserId, host: HostId): void {
    const next = this.#next.get(host);
    if (this.#first.get(user) === host) this.#first.set(user, next === host ? 0 : next);
    this.#join(this.#before.get(host), next);
    this.#next.set(host, 0);
    this.#before.set(host, 0);
  }

  /** In the order in which they came. */
  *of(user: UserId): Generator<HostId> {
    const first = this.#first.get(user);
    if (first === 0) return;
    let host = first;
    do {
      yield host;
      host = this.#next.get(host);
    } while (host !== first && host !== 0);
  }

  #join(host: HostId, next: HostId): void {
    this.#next.set(host, next);
    this.#before.set(next, host);
  }
}

/** Ids are given out densely from 1, so a word for each of them lies in a few pieces. */
const pieceShift = 12;
const pieceWords = 1 << pieceShift;

class Words {
  readonly #pieces: (Uint32Array | undefined)[] = [];

  get(id: number): number {
    return this.#pieces[id >>> pieceShift]?.[id & (pieceWords - 1)] ?? 0;
  }

  set(id: number, word: number): void {
    const piece = (this.#pieces[id >>> pieceShift] ??= new Uint32Array(pieceWords));
    piece[id & (pieceWords - 1)] = word;
  }
}
