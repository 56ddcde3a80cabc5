/** Hosts in memory: rows of numbers and runs of octets, and no object for any of them. */

import { assert } from "../base/assert.ts";
import { hashOctet, spreadHash } from "../base/octet-hash.ts";
import type { Host, HostAddresses, HostId } from "./host.ts";
import type { HostName } from "./host-name.ts";
import { OctetHeap } from "./octet-heap.ts";
import type { Run } from "./octet-heap.ts";
import type { UserId } from "./user.ts";
import type { ZoneId } from "./zone.ts";

/**
 * Words of a row: zone, user, address, run of the name, and when an address changed, in seconds and
 * with the flags in milliseconds. The address of a host with nothing but IPv4 is the word itself; who
 * has IPv6 has a run with both.
 */
const rowZone = 0;
const rowUser = 1;
const rowAddress = 2;
const rowName = 3;
const rowSeconds = 4;
const rowFlags = 5;
const rowWords = 6;

const hasV4 = 1;
const hasV6 = 2;
const isHeld = 4;
const isThere = 8;
/** The milliseconds of the second lie above the flags. */
const millisShift = 8;

/** Rows are numbered by id, which the store gives out densely from 1. */
const chunkShift = 12;
const chunkRows = 1 << chunkShift;

/** Octets of the run of a host with IPv6: IPv4, IPv6. */
const v6At = 4;
const addressOctets = 20;

const slotsMin = 1024;

export class HostTable {
  readonly #hashSeed: number;
  readonly #chunks: (Uint32Array | undefined)[] = [];
  readonly #heap = new OctetHeap();
  /** From names to ids by open addressing, at most two thirds full: hash and id in turns, id 0 is empty. */
  #slots = new Uint32Array(slotsMin * 2);
  #size = 0;

  /** `hashSeed` keeps the owners of names from choosing names that collide. */
  constructor(hashSeed: number) {
    this.#hashSeed = hashSeed;
  }

  get size(): number {
    return this.#size;
  }

  /** So many hosts are about to come. */
  makeRoom(hosts: number): void {
    while (this.#isFull(this.#size + hosts)) this.#growSlots();
  }

  /** A name is one host's: another that had it is gone. */
  set(host: Host): void {
    const { id, name } = host;
    const chunk = this.#makeChunk(id);
    const at = rowOf(id);
    const isNew = chunk[at + rowName] === 0;
    if (isNew || !this.#isNamed(id, name)) {
      if (!isNew) this.remove(id);
      chunk[at + rowName] = this.#addName(id, name);
    }
    chunk[at + rowZone] = host.zone;
    chunk[at + rowUser] = host.user;
    const flags = chunk[at + rowFlags]! & ~isHeld;
    chunk[at + rowFlags] = flags | isThere | (host.isBlocked ? isHeld : 0);
    this.setAddresses(id, host, host.changedAtMs ?? 0);
  }

  /** A host that is gone stays gone. */
  setAddresses(id: HostId, addresses: HostAddresses, changedAtMs: number): void {
    const chunk = this.#chunks[id >>> chunkShift];
    const at = rowOf(id);
    const { v4, v6 } = addresses;
    const flags = chunk?.[at + rowFlags] ?? 0;
    if (chunk === undefined || (flags & isThere) === 0) return;
    const hadV6 = (flags & hasV6) !== 0;
    if (v6 !== undefined) {
      const run = hadV6 ? chunk[at + rowAddress]! : this.#heap.allocate(addressOctets);
      const octets = this.#heap.chunk(run);
      const start = this.#heap.at(run);
      if (v4 !== undefined) octets.set(v4, start);
      octets.set(v6, start + v6At);
      chunk[at + rowAddress] = run;
    } else {
      if (hadV6) this.#heap.release(chunk[at + rowAddress]!, addressOctets);
      chunk[at + rowAddress] = v4 === undefined ? 0 : readU32(v4);
    }
    const seconds = Math.floor(changedAtMs / 1_000);
    chunk[at + rowSeconds] = seconds;
    chunk[at + rowFlags] =
      (flags & (isThere | isHeld)) |
      (v4 === undefined ? 0 : hasV4) |
      (v6 === undefined ? 0 : hasV6) |
      ((changedAtMs - seconds * 1_000) << millisShift);
  }

  remove(id: HostId): void {
    const chunk = this.#chunks[id >>> chunkShift];
    const at = rowOf(id);
    const flags = chunk?.[at + rowFlags] ?? 0;
    if (chunk === undefined || (flags & isThere) === 0) return;
    const run = chunk[at + rowName]!;
    this.#emptySlot(this.#slotOfId(id));
    this.#heap.release(run, 1 + this.#heap.chunk(run)[this.#heap.at(run)]!);
    if ((flags & hasV6) !== 0) this.#heap.release(chunk[at + rowAddress]!, addressOctets);
    chunk.fill(0, at, at + rowWords);
    this.#size--;
  }

  find(name: HostName): HostId | undefined {
    const id = this.#slots[this.#slotOf(name, this.#hash(name)) + 1]!;
    return id === 0 ? undefined : id;
  }

  findName(id: HostId): HostName | undefined {
    const run = this.#row(id, rowName);
    if (run === 0) return undefined;
    const start = this.#heap.at(run) + 1;
    const octets = this.#heap.chunk(run);
    return octets.toString("latin1", start, start + octets[start - 1]!) as HostName; // only `set` writes it
  }

  getName(id: HostId): HostName {
    const name = this.findName(id);
    assert(name !== undefined, "the host is there");
    return name;
  }

  zone(id: HostId): ZoneId {
    return this.#row(id, rowZone);
  }

  user(id: HostId): UserId {
    return this.#row(id, rowUser);
  }

  isBlocked(id: HostId): boolean {
    return (this.#row(id, rowFlags) & isHeld) !== 0;
  }

  /** 0 when no address ever changed. */
  changedAtMs(id: HostId): number {
    return this.#row(id, rowSeconds) * 1_000 + (this.#row(id, rowFlags) >>> millisShift);
  }

  addresses(id: HostId): HostAddresses {
    const flags = this.#row(id, rowFlags);
    const address = this.#row(id, rowAddress);
    if ((flags & hasV6) === 0) {
      return { v4: (flags & hasV4) === 0 ? undefined : printU32(address), v6: undefined };
    }
    const octets = this.#heap.chunk(address);
    const start = this.#heap.at(address);
    return {
      v4: (flags & hasV4) === 0 ? undefined : Uint8Array.from(octets.subarray(start, start + v6At)),
      v6: Uint8Array.from(octets.subarray(start + v6At, start + addressOctets)),
    };
  }

  /** Ids of a user's hosts. Looks at every host: for lists, not for updates. */
  *ofUser(user: UserId): Generator<HostId> {
    for (const id of this.ids()) if (this.user(id) === user) yield id;
  }

  /** Every host's id, in order. */
  *ids(): Generator<HostId> {
    for (const [number, chunk] of this.#chunks.entries()) {
      if (chunk === undefined) continue;
      for (let row = 0; row < chunkRows; row++) {
        if (chunk[row * rowWords + rowName] !== 0) yield (number << chunkShift) + row;
      }
    }
  }

  /** A word of a row; 0 when there is no such host. */
  #row(id: HostId, word: number): number {
    return this.#chunks[id >>> chunkShift]?.[rowOf(id) + word] ?? 0;
  }

  #makeChunk(id: HostId): Uint32Array {
    return (this.#chunks[id >>> chunkShift] ??= new Uint32Array(chunkRows * rowWords));
  }

  /** Returns the run of the name. */
  #addName(id: HostId, name: HostName): Run {
    if (this.#isFull(this.#size + 1)) this.#growSlots();
    const hash = this.#hash(name);
    let slot = this.#slotOf(name, hash);
    if (this.#slots[slot + 1] !== 0) {
      this.remove(this.#slots[slot + 1]!);
      slot = this.#slotOf(name, hash);
    }
    const run = this.#heap.allocate(1 + name.length);
    const octets = this.#heap.chunk(run);
    const start = this.#heap.at(run);
    octets[start] = name.length;
    for (let i = 0; i < name.length; i++) octets[start + 1 + i] = name.charCodeAt(i);
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = id;
    this.#size++;
    return run;
  }

  /** Where the name is, or the empty slot where it would be. */
  #slotOf(name: HostName, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = firstSlot(hash, mask); ; slot = (slot + 2) & mask) {
      const id = slots[slot + 1]!;
      if (id === 0 || (slots[slot] === hash && this.#isNamed(id, name))) return slot;
    }
  }

  #slotOfId(id: HostId): number {
    const mask = this.#slots.length - 1;
    let slot = firstSlot(this.#hash(this.getName(id)), mask);
    while (this.#slots[slot + 1] !== id) slot = (slot + 2) & mask;
    return slot;
  }

  /** Moves up what would no longer be found behind an empty slot (Knuth, volume 3, 6.4, algorithm R). */
  #emptySlot(emptied: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    let empty = emptied;
    for (let slot = (empty + 2) & mask; slots[slot + 1] !== 0; slot = (slot + 2) & mask) {
      const first = firstSlot(slots[slot]!, mask);
      // It stays where it is when its way from the first slot does not lead over the empty one.
      if (((slot - first) & mask) < ((slot - empty) & mask)) continue;
      slots[empty] = slots[slot]!;
      slots[empty + 1] = slots[slot + 1]!;
      empty = slot;
    }
    slots[empty + 1] = 0;
  }

  #isFull(hosts: number): boolean {
    return hosts * 3 > this.#slots.length; // two numbers a slot
  }

  #growSlots(): void {
    const old = this.#slots;
    const slots = new Uint32Array(old.length * 2);
    const mask = slots.length - 1;
    for (let at = 0; at < old.length; at += 2) {
      if (old[at + 1] === 0) continue;
      let slot = firstSlot(old[at]!, mask);
      while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
      slots[slot] = old[at]!;
      slots[slot + 1] = old[at + 1]!;
    }
    this.#slots = slots;
  }

  #isNamed(id: HostId, name: HostName): boolean {
    const run = this.#row(id, rowName);
    const octets = this.#heap.chunk(run);
    const start = this.#heap.at(run);
    if (octets[start] !== name.length) return false;
    for (let i = 0; i < name.length; i++) {
      if (octets[start + 1 + i] !== name.charCodeAt(i)) return false;
    }
    return true;
  }

  #hash(name: HostName): number {
    let hash = this.#hashSeed;
    for (let i = 0; i < name.length; i++) hash = hashOctet(hash, name.charCodeAt(i));
    return spreadHash(hash) >>> 0;
  }
}

/** The slot where the way of a hash begins; slots are numbered by twos. */
function firstSlot(hash: number, mask: number): number {
  return (hash << 1) & mask;
}

function rowOf(id: HostId): number {
  return (id & (chunkRows - 1)) * rowWords;
}

function readU32(octets: Uint8Array): number {
  return (octets[0]! << 24) | (octets[1]! << 16) | (octets[2]! << 8) | octets[3]!;
}

function printU32(word: number): Uint8Array {
  return Uint8Array.of(word >>> 24, word >>> 16, word >>> 8, word);
}
