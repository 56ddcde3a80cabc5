/** Hosts in memory. A million of them live in typed arrays, at a few dozen octets each beside the name. */

import { assert } from "../base/assert.ts";
import type { Host, HostAddresses, HostId } from "./host.ts";
import type { HostName } from "./host-name.ts";
import type { UserId } from "./user.ts";
import type { ZoneId } from "./zone.ts";

const hasV4 = 1;
const hasV6 = 2;
const isBlocked = 4;
const isThere = 8;

export class HostTable {
  readonly #byName = new Map<string, HostId>();
  /** Indexed by id, which the store gives out densely from 1. */
  readonly #names: (HostName | undefined)[] = [];
  #flags = new Uint8Array(0);
  #zones = new Uint32Array(0);
  #users = new Uint32Array(0);
  #v4 = new Uint8Array(0);
  #v6 = new Uint8Array(0);
  #changedAtMs = new Float64Array(0);

  get size(): number {
    return this.#byName.size;
  }

  set(host: Host): void {
    const { id } = host;
    this.#grow(id + 1);
    const before = this.#names[id];
    if (before !== undefined && before !== host.name) this.#byName.delete(before);
    this.#byName.set(host.name, id);
    this.#names[id] = host.name;
    this.#flags[id] = isThere | (host.isBlocked ? isBlocked : 0);
    this.#zones[id] = host.zone;
    this.#users[id] = host.user;
    this.setAddresses(id, host, host.changedAtMs ?? 0);
  }

  setAddresses(id: HostId, addresses: HostAddresses, changedAtMs: number): void {
    const { v4, v6 } = addresses;
    let flags = this.#flags[id]! & ~(hasV4 | hasV6);
    if (v4 !== undefined) {
      this.#v4.set(v4, id * 4);
      flags |= hasV4;
    }
    if (v6 !== undefined) {
      this.#v6.set(v6, id * 16);
      flags |= hasV6;
    }
    this.#flags[id] = flags;
    this.#changedAtMs[id] = changedAtMs;
  }

  remove(id: HostId): void {
    const name = this.#names[id];
    if (name === undefined) return;
    this.#byName.delete(name);
    this.#names[id] = undefined;
    this.#flags[id] = 0;
  }

  find(name: HostName): HostId | undefined {
    return this.#byName.get(name);
  }

  findName(id: HostId): HostName | undefined {
    return this.#names[id];
  }

  getName(id: HostId): HostName {
    const name = this.#names[id];
    assert(name !== undefined, "the host is there");
    return name;
  }

  zone(id: HostId): ZoneId {
    return this.#zones[id]!;
  }

  user(id: HostId): UserId {
    return this.#users[id]!;
  }

  isBlocked(id: HostId): boolean {
    return (this.#flags[id]! & isBlocked) !== 0;
  }

  /** 0 when no address ever changed. */
  changedAtMs(id: HostId): number {
    return this.#changedAtMs[id]!;
  }

  /** Views into the table: to be copied before they are kept. */
  addresses(id: HostId): HostAddresses {
    const flags = this.#flags[id]!;
    return {
      v4: (flags & hasV4) !== 0 ? this.#v4.subarray(id * 4, id * 4 + 4) : undefined,
      v6: (flags & hasV6) !== 0 ? this.#v6.subarray(id * 16, id * 16 + 16) : undefined,
    };
  }

  /** Ids of a user's hosts. Looks at every host: for lists, not for updates. */
  *ofUser(user: UserId): Generator<HostId> {
    for (let id = 1; id < this.#names.length; id++) {
      if (this.#names[id] !== undefined && this.#users[id] === user) yield id;
    }
  }

  /** Every host's id. */
  ids(): IterableIterator<HostId> {
    return this.#byName.values();
  }

  #grow(size: number): void {
    if (size <= this.#flags.length) return;
    const room = Math.max(1024, Math.ceil(size * 1.5));
    this.#flags = grown(new Uint8Array(room), this.#flags);
    this.#zones = grown(new Uint32Array(room), this.#zones);
    this.#users = grown(new Uint32Array(room), this.#users);
    this.#v4 = grown(new Uint8Array(room * 4), this.#v4);
    this.#v6 = grown(new Uint8Array(room * 16), this.#v6);
    this.#changedAtMs = grown(new Float64Array(room), this.#changedAtMs);
  }
}

function grown<Values extends { set(values: Values): void }>(into: Values, from: Values): Values {
  into.set(from);
  return into;
}
