/** Hosts in memory: rows of numbers and runs of octets, and no object for any of them. */

import { assert } from "../base/assert.ts";
import { hashOctet, spreadHash } from "../base/octet-hash.ts";
import {
  copyOctets,
  HostColumns,
  hasV4,
  hasV6,
  isFixed,
  isHeld,
  lastingFlags,
  v4Octets,
  v6Octets,
} from "./host-columns.ts";
import { hostNameCharactersMax, writeHostName } from "./host-name.ts";
import type { HostName } from "./host-name.ts";
import type { Host, HostAddresses, HostId } from "./host.ts";
import { OctetHeap } from "./octet-heap.ts";
import type { Run } from "./octet-heap.ts";
import type { UserId } from "./user.ts";
import { UserHosts } from "./user-hosts.ts";
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

/** A flag of the row alone, beside those of `HostColumns`. */
const isThere = 16;
/** The milliseconds of the second lie above the flags. */
const millisShift = 8;

/** Rows are numbered by id, which the store gives out densely from 1. */
const chunkShift = 12;
const chunkRows = 1 << chunkShift;

/** Octets of the run of a host with IPv6: IPv4, IPv6. */
const v6At = v4Octets;
const addressOctets = v4Octets + v6Octets;

const slotsMin = 1024;

export class HostTable {
  readonly #hashSeed: number;
  readonly #chunks: (Uint32Array | undefined)[] = [];
  readonly #heap = new OctetHeap();
  /** From names to ids by open addressing, at most two thirds full: hash and id in turns, id 0 is empty. */
  #slots = new Uint32Array(slotsMin * 2);
  #size = 0;
  readonly #ofUsers = new UserHosts();
  /** A host alone goes the way of many. */
  readonly #alone = HostColumns.make(1);
  /** Characters of a name that is looked for. */
  readonly #wanted = new Uint8Array(hostNameCharactersMax);

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

  set(host: Host): void {
    this.#alone.clear();
    this.#alone.add(host);
    this.setRow(this.#alone, 0);
  }

  /** A name is one host's: another that had it is gone. */
  setRow(hosts: HostColumns, row: number): void {
    const id = hosts.ids[row]!;
    const { names } = hosts;
    const start = hosts.nameStart(row);
    const end = hosts.nameEnd(row);
    const chunk = this.#makeChunk(id);
    const at = rowOf(id);
    const isNew = chunk[at + rowName] === 0;
    if (isNew || !this.#isNamed(id, names, start, end)) {
      if (!isNew) this.remove(id);
      chunk[at + rowName] = this.#addName(id, names, start, end);
    }
    chunk[at + rowZone] = hosts.zones[row]!;
    this.#giveTo(hosts.users[row]!, id, chunk, at);
    const flags = hosts.flags[row]!;
    const had = chunk[at + rowFlags]! & hasV6;
    chunk[at + rowFlags] = isThere | (flags & lastingFlags) | had;
    this.#setAddresses(chunk, at, hosts, row);
  }

  #giveTo(user: UserId, id: HostId, chunk: Uint32Array, at: number): void {
    const before = chunk[at + rowUser]!;
    if (before === user) return;
    if (before !== 0) this.#ofUsers.remove(before, id);
    this.#ofUsers.add(user, id);
    chunk[at + rowUser] = user;
  }

  /** A host that is gone stays gone. */
  setAddresses(id: HostId, addresses: HostAddresses, changedAtMs: number): void {
    const chunk = this.#chunks[id >>> chunkShift];
    const at = rowOf(id);
    if (chunk === undefined || (chunk[at + rowFlags]! & isThere) === 0) return;
    this.#alone.setAddresses(0, addresses, changedAtMs);
    this.#setAddresses(chunk, at, this.#alone, 0);
  }

  #setAddresses(chunk: Uint32Array, at: number, hosts: HostColumns, row: number): void {
    const flags = hosts.flags[row]! & (hasV4 | hasV6);
    const had = chunk[at + rowFlags]!;
    if ((flags & hasV6) !== 0) {
      const run =
        (had & hasV6) !== 0 ? chunk[at + rowAddress]! : this.#heap.allocate(addressOctets);
      const octets = this.#heap.chunk(run);
      const start = this.#heap.at(run);
      copyOctets(hosts.v4, row * v4Octets, v4Octets, octets, start);
      copyOctets(hosts.v6, row * v6Octets, v6Octets, octets, start + v6At);
      chunk[at + rowAddress] = run;
    } else {
      if ((had & hasV6) !== 0) this.#heap.release(chunk[at + rowAddress]!, addressOctets);
      chunk[at + rowAddress] = (flags & hasV4) === 0 ? 0 : readU32(hosts.v4, row * v4Octets);
    }
    const changedAtMs = hosts.changedAtMs[row]!;
    const seconds = Math.floor(changedAtMs / 1_000);
    chunk[at + rowSeconds] = seconds;
    chunk[at + rowFlags] =
      (had & (isThere | lastingFlags)) | flags | ((changedAtMs - seconds * 1_000) << millisShift);
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
    this.#ofUsers.remove(chunk[at + rowUser]!, id);
    chunk.fill(0, at, at + rowWords);
    this.#size--;
  }

  find(name: HostName): HostId | undefined {
    const wanted = this.#wanted;
    const end = name.length;
    for (let i = 0; i < end; i++) wanted[i] = name.charCodeAt(i);
    const hash = this.#hash(wanted, 0, end);
    const id = this.#slots[this.#slotOf(wanted, 0, end, hash) + 1]!;
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

  isFixed(id: HostId): boolean {
    return (this.#row(id, rowFlags) & isFixed) !== 0;
  }

  /** 0 when no address ever changed. */
  changedAtMs(id: HostId): number {
    return this.#row(id, rowSeconds) * 1_000 + (this.#row(id, rowFlags) >>> millisShift);
  }

  /** The name in wire form; 0 octets when there is no such host. */
  writeName(id: HostId, into: Uint8Array): number {
    const run = this.#row(id, rowName);
    if (run === 0) return 0;
    const octets = this.#heap.chunk(run);
    const start = this.#heap.at(run);
    return writeHostName(octets, start + 1, start + 1 + octets[start]!, into);
  }

  /** Writes 4 octets; false when the host has no IPv4 address. */
  writeV4(id: HostId, into: Uint8Array): boolean {
    const flags = this.#row(id, rowFlags);
    if ((flags & hasV4) === 0) return false;
    const address = this.#row(id, rowAddress);
    if ((flags & hasV6) === 0) writeU32(address, into);
    else copyOctets(this.#heap.chunk(address), this.#heap.at(address), v4Octets, into, 0);
    return true;
  }

  /** Writes 16 octets; false when the host has no IPv6 address. */
  writeV6(id: HostId, into: Uint8Array): boolean {
    if ((this.#row(id, rowFlags) & hasV6) === 0) return false;
    const address = this.#row(id, rowAddress);
    copyOctets(this.#heap.chunk(address), this.#heap.at(address) + v6At, v6Octets, into, 0);
    return true;
  }

  addresses(id: HostId): HostAddresses {
    const flags = this.#row(id, rowFlags);
    const v4 = (flags & hasV4) === 0 ? undefined : new Uint8Array(v4Octets);
    const v6 = (flags & hasV6) === 0 ? undefined : new Uint8Array(v6Octets);
    if (v4 !== undefined) this.writeV4(id, v4);
    if (v6 !== undefined) this.writeV6(id, v6);
    return { v4, v6 };
  }

  /** Ids of a user's hosts, in the order in which they came. */
  ofUser(user: UserId): Generator<HostId> {
    return this.#ofUsers.of(user);
  }

  /** Every host's id behind `after`, in order. */
  *ids(after: HostId = 0): Generator<HostId> {
    for (let number = after >>> chunkShift; number < this.#chunks.length; number++) {
      const chunk = this.#chunks[number];
      if (chunk === undefined) continue;
      for (let row = 0; row < chunkRows; row++) {
        const id = (number << chunkShift) + row;
        if (id > after && chunk[row * rowWords + rowName] !== 0) yield id;
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
  #addName(id: HostId, names: Uint8Array, start: number, end: number): Run {
    if (this.#isFull(this.#size + 1)) this.#growSlots();
    const hash = this.#hash(names, start, end);
    let slot = this.#slotOf(names, start, end, hash);
    if (this.#slots[slot + 1] !== 0) {
      this.remove(this.#slots[slot + 1]!);
      slot = this.#slotOf(names, start, end, hash);
    }
    const length = end - start;
    const run = this.#heap.allocate(1 + length);
    const octets = this.#heap.chunk(run);
    const at = this.#heap.at(run);
    octets[at] = length;
    copyOctets(names, start, length, octets, at + 1);
    this.#slots[slot] = hash;
    this.#slots[slot + 1] = id;
    this.#size++;
    return run;
  }

  /** Where the name is, or the empty slot where it would be. */
  #slotOf(names: Uint8Array, start: number, end: number, hash: number): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = firstSlot(hash, mask); ; slot = (slot + 2) & mask) {
      const id = slots[slot + 1]!;
      if (id === 0 || (slots[slot] === hash && this.#isNamed(id, names, start, end))) return slot;
    }
  }

  #slotOfId(id: HostId): number {
    const run = this.#row(id, rowName);
    const octets = this.#heap.chunk(run);
    const start = this.#heap.at(run) + 1;
    const mask = this.#slots.length - 1;
    let slot = firstSlot(this.#hash(octets, start, start + octets[start - 1]!), mask);
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

  #isNamed(id: HostId, names: Uint8Array, start: number, end: number): boolean {
    const run = this.#row(id, rowName);
    const octets = this.#heap.chunk(run);
    let at = this.#heap.at(run);
    if (octets[at] !== end - start) return false;
    for (let i = start; i < end; i++) if (octets[++at] !== names[i]) return false;
    return true;
  }

  #hash(names: Uint8Array, start: number, end: number): number {
    let hash = this.#hashSeed;
    for (let i = start; i < end; i++) hash = hashOctet(hash, names[i]!);
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

function readU32(octets: Uint8Array, at: number): number {
  return (octets[at]! << 24) | (octets[at + 1]! << 16) | (octets[at + 2]! << 8) | octets[at + 3]!;
}

function writeU32(word: number, into: Uint8Array): void {
  into[0] = word >>> 24;
  into[1] = word >>> 16;
  into[2] = word >>> 8;
  into[3] = word;
}
