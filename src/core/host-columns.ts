/** Many hosts as columns of numbers and octets: how a start tells of a million, with no object for any. */

import { assert } from "../base/assert.ts";
import { hostNameCharactersMax } from "./host-name.ts";
import type { Host, HostAddresses } from "./host.ts";

/** Bits of a host's flags. */
export const hasV4 = 1;
export const hasV6 = 2;
export const isHeld = 4;
export const isFixed = 8;
/** What stays when the addresses change. */
export const lastingFlags = isHeld | isFixed;

export const v4Octets = 4;
export const v6Octets = 16;
/** The time takes 8; id, zone, user and where the name ends 4 each; the flags 1. */
const rowOctets = 8 + 4 * 4 + 1 + v4Octets + v6Octets + hostNameCharactersMax;

/** What memory keeps of a host. */
type KeptHost = Omit<Host, "createdAtMs">;

export class HostColumns {
  /** All of it, so that one thread can give it to another. */
  readonly buffer: ArrayBuffer;
  /** 0 when no address ever changed. */
  readonly changedAtMs: Float64Array;
  readonly ids: Uint32Array;
  readonly zones: Uint32Array;
  readonly users: Uint32Array;
  readonly flags: Uint8Array;
  /** Addresses of every row, also of those whose flags say that there is none. */
  readonly v4: Uint8Array;
  readonly v6: Uint8Array;
  /** Characters, one name right behind the other. */
  readonly names: Uint8Array;
  readonly #nameEnds: Uint32Array;
  #rows: number;

  /** `rows`: so many were written to the buffer elsewhere. */
  constructor(buffer: ArrayBuffer, rows = 0) {
    const room = Math.floor(buffer.byteLength / rowOctets);
    const wordsAt = room * 8;
    const octetsAt = wordsAt + room * 4 * 4;
    const v6At = octetsAt + room * v4Octets;
    const flagsAt = v6At + room * v6Octets;
    this.buffer = buffer;
    this.changedAtMs = new Float64Array(buffer, 0, room);
    this.ids = new Uint32Array(buffer, wordsAt, room);
    this.zones = new Uint32Array(buffer, wordsAt + room * 4, room);
    this.users = new Uint32Array(buffer, wordsAt + room * 8, room);
    this.#nameEnds = new Uint32Array(buffer, wordsAt + room * 12, room);
    this.v4 = new Uint8Array(buffer, octetsAt, room * v4Octets);
    this.v6 = new Uint8Array(buffer, v6At, room * v6Octets);
    this.flags = new Uint8Array(buffer, flagsAt, room);
    this.names = new Uint8Array(buffer, flagsAt + room, room * hostNameCharactersMax);
    this.#rows = rows;
  }

  /** Empty columns with room for so many hosts, whatever their names. */
  static make(room: number): HostColumns {
    return new HostColumns(new ArrayBuffer(room * rowOctets));
  }

  get rows(): number {
    return this.#rows;
  }

  /** So many rows fit. */
  get room(): number {
    return this.ids.length;
  }

  nameStart(row: number): number {
    return row === 0 ? 0 : this.#nameEnds[row - 1]!;
  }

  nameEnd(row: number): number {
    return this.#nameEnds[row]!;
  }

  clear(): void {
    this.#rows = 0;
  }

  add(host: KeptHost): void {
    const { name } = host;
    const row = this.#rows;
    assert(row < this.room && name.length <= hostNameCharactersMax, "there is room for the host");
    this.ids[row] = host.id;
    this.zones[row] = host.zone;
    this.users[row] = host.user;
    this.flags[row] = (host.isBlocked ? isHeld : 0) | (host.isFixed ? isFixed : 0);
    this.setAddresses(row, host, host.changedAtMs ?? 0);
    const start = this.nameStart(row);
    for (let i = 0; i < name.length; i++) this.names[start + i] = name.charCodeAt(i);
    this.#nameEnds[row] = start + name.length;
    this.#rows = row + 1;
  }

  setAddresses(row: number, { v4, v6 }: HostAddresses, changedAtMs: number): void {
    this.flags[row] =
      (this.flags[row]! & lastingFlags) |
      (v4 === undefined ? 0 : hasV4) |
      (v6 === undefined ? 0 : hasV6);
    if (v4 !== undefined) copyOctets(v4, 0, v4Octets, this.v4, row * v4Octets);
    if (v6 !== undefined) copyOctets(v6, 0, v6Octets, this.v6, row * v6Octets);
    this.changedAtMs[row] = changedAtMs;
  }
}

/** So few octets cost less one by one than a call of `set`. */
export function copyOctets(
  from: Uint8Array,
  start: number,
  octets: number,
  into: Uint8Array,
  at: number,
): void {
  for (let i = 0; i < octets; i++) into[at + i] = from[start + i]!;
}
