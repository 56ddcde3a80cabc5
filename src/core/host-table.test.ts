import { expect, test } from "bun:test";
import fc from "fast-check";
import { HostColumns } from "./host-columns.ts";
import { HostTable } from "./host-table.ts";
import { hostDnsName, parseHostName } from "./host-name.ts";
import type { HostName } from "./host-name.ts";
import type { Host, HostAddresses, HostId } from "./host.ts";

const hashSeed = 0x1234_5678;

/** The table as a reader would write it: what it says is what `HostTable` has to say. */
class HostModel {
  readonly hosts = new Map<HostId, Host>();

  setMany(hosts: readonly Host[]): void {
    for (const host of hosts) this.set(host);
  }

  set(host: Host): void {
    for (const { id, name } of this.hosts.values()) {
      if (name === host.name && id !== host.id) this.hosts.delete(id);
    }
    this.hosts.set(host.id, host);
  }

  setAddresses(id: HostId, { v4, v6 }: HostAddresses, changedAtMs: number): void {
    const host = this.hosts.get(id);
    if (host !== undefined) this.hosts.set(id, { ...host, v4, v6, changedAtMs });
  }

  remove(id: HostId): void {
    this.hosts.delete(id);
  }
}

type Step =
  | { readonly do: "set"; readonly host: Host }
  | { readonly do: "many"; readonly hosts: readonly Host[] }
  | {
      readonly do: "addresses";
      readonly id: HostId;
      readonly to: HostAddresses;
      readonly atMs: number;
    }
  | { readonly do: "remove"; readonly id: HostId };

/** Few names and ids, so that they meet; lengths that share a size of run and lengths that do not. */
const names = ["a.b", "b.b", "cam.b", "cam1.b", "cam2.dyn.test", `${"x".repeat(63)}.dyn.test`];
/** The last two lie in other chunks of rows. */
const ids = [1, 2, 3, 4, 4_095, 4_096, 1_000_000];

const anyId = fc.constantFrom(...ids);
const anyAddresses = fc.record({
  v4: fc.option(fc.uint8Array({ minLength: 4, maxLength: 4 }), { nil: undefined }),
  v6: fc.option(fc.uint8Array({ minLength: 16, maxLength: 16 }), { nil: undefined }),
});
const anyTime = fc.constantFrom(1, 999, 1_000, 1_790_000_000_123, 4_000_000_000_999);
const anyHost = fc
  .tuple(
    fc.record({
      id: anyId,
      zone: fc.integer({ min: 1, max: 2 ** 32 - 1 }),
      user: fc.constantFrom(1, 2, 4_096),
      name: fc.constantFrom(...names).map(hostName),
      isBlocked: fc.boolean(),
      isFixed: fc.boolean(),
      changedAtMs: fc.option(anyTime, { nil: undefined }),
    }),
    anyAddresses,
  )
  .map(([host, addresses]): Host => ({ ...host, ...addresses, createdAtMs: 0 }));
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("set" as const), host: anyHost }),
  fc.record({ do: fc.constant("many" as const), hosts: fc.array(anyHost, { maxLength: 4 }) }),
  fc.record({ do: fc.constant("addresses" as const), id: anyId, to: anyAddresses, atMs: anyTime }),
  fc.record({ do: fc.constant("remove" as const), id: anyId }),
);

test("after any steps the table says what a plain map of hosts says", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { maxLength: 60 }), (steps) => {
      const table = new HostTable(hashSeed);
      const model = new HostModel();
      for (const step of steps) {
        for (const each of [table, model]) take(each, step);
        compare(table, model, ids, names.map(hostName));
      }
    }),
    { numRuns: 200 },
  );
});

test("the comparison notices an address that is not the host's", () => {
  const host = numbered(1);
  const table = new HostTable(hashSeed);
  const model = new HostModel();
  table.set(host);
  model.set({ ...host, v4: Uint8Array.of(10, 0, 0, 2) });
  expect(() => compare(table, model, [1], [host.name])).toThrow();
});

/** Enough for several doublings of the index, and for runs of names in several chunks. */
const many = 20_000;

test("many hosts come, half of them go, and others take their room", () => {
  const table = new HostTable(hashSeed);
  for (let id = 1; id <= many; id++) table.set(numbered(id));
  for (let id = 1; id <= many; id += 2) table.remove(id);
  expect(table.size).toBe(many / 2);
  for (let id = many + 1; id <= many + many / 2; id++) table.set(numbered(id));
  const there = [...table.ids()];
  expect(there).toHaveLength(many);
  for (let id = 1; id <= many + many / 2; id++) {
    const { name, v4 } = numbered(id);
    const isGone = id <= many && id % 2 === 1;
    expect(table.find(name)).toBe(isGone ? undefined : id);
    expect(table.findName(id)).toBe(isGone ? undefined : name);
    expect(table.addresses(id).v4).toEqual(isGone ? undefined : v4);
  }
});

test("the hosts of a user are listed in the order in which they came, and nobody else's", () => {
  const table = new HostTable(hashSeed);
  for (const id of [3, 1, 2]) table.set(numbered(id));
  table.set({ ...numbered(4), user: 2 });
  table.set({ ...numbered(3), v4: undefined }); // it came before
  const of = (user: number): readonly HostId[] => [...table.ofUser(user)];
  expect([of(1), of(2), of(3)]).toEqual([[3, 1, 2], [4], []]);
  table.set({ ...numbered(3), user: 2 });
  table.remove(2);
  expect([of(1), of(2)]).toEqual([[1], [4, 3]]);
});

test("addresses that were given out are not changed by what is set later", () => {
  const table = new HostTable(hashSeed);
  const v6 = new Uint8Array(16).fill(1);
  table.set({ ...numbered(1), v6 });
  const before = table.addresses(1);
  table.setAddresses(1, { v4: Uint8Array.of(9, 9, 9, 9), v6: new Uint8Array(16).fill(9) }, 5);
  expect(before).toEqual({ v4: numbered(1).v4, v6 });
});

function take(table: HostTable | HostModel, step: Step): void {
  switch (step.do) {
    case "set":
      return table.set(step.host);
    case "many":
      return table instanceof HostModel ? table.setMany(step.hosts) : setMany(table, step.hosts);
    case "addresses":
      return table.setAddresses(step.id, step.to, step.atMs);
    case "remove":
      return table.remove(step.id);
  }
}

function setMany(table: HostTable, hosts: readonly Host[]): void {
  const columns = HostColumns.make(hosts.length);
  for (const host of hosts) columns.add(host);
  for (let row = 0; row < hosts.length; row++) table.setRow(columns, row);
}

function compare(
  table: HostTable,
  { hosts }: HostModel,
  allIds: readonly HostId[],
  allNames: readonly HostName[],
): void {
  expect(table.size).toBe(hosts.size);
  expect([...table.ids()]).toEqual([...hosts.keys()].toSorted((a, b) => a - b));
  for (const name of allNames) {
    const found = [...hosts.values()].find((host) => host.name === name);
    expect(table.find(name)).toBe(found?.id);
  }
  for (const id of allIds) {
    const host = hosts.get(id);
    expect(table.findName(id)).toBe(host?.name);
    if (host === undefined) expect(table.writeName(id, new Uint8Array(255))).toBe(0);
    if (host === undefined) continue;
    const { v4, v6, zone, user, isBlocked, isFixed } = host;
    expect(table.addresses(id)).toEqual({ v4, v6 });
    expect(findOctets(4, (into) => table.writeV4(id, into))).toEqual(v4);
    expect(findOctets(16, (into) => table.writeV6(id, into))).toEqual(v6);
    const wire = new Uint8Array(255);
    const length = table.writeName(id, wire);
    expect(Buffer.from(wire.subarray(0, length))).toEqual(
      Buffer.from(hostDnsName(host.name).octets),
    );
    expect({
      zone: table.zone(id),
      user: table.user(id),
      isBlocked: table.isBlocked(id),
      isFixed: table.isFixed(id),
    }).toEqual({
      zone,
      user,
      isBlocked,
      isFixed,
    });
    expect(table.changedAtMs(id)).toBe(host.changedAtMs ?? 0);
    const ofUser = [...hosts.values()].filter((other) => other.user === user);
    expect([...table.ofUser(user)].toSorted((a, b) => a - b)).toEqual(
      ofUser.map((other) => other.id).toSorted((a, b) => a - b),
    );
  }
}

function findOctets(length: number, write: (into: Uint8Array) => boolean): Uint8Array | undefined {
  const octets = new Uint8Array(length);
  return write(octets) ? octets : undefined;
}

function numbered(id: number): Host {
  return {
    id,
    zone: 1,
    user: 1,
    name: hostName(`cam${id}.dyn.test`),
    isBlocked: false,
    isFixed: false,
    createdAtMs: 0,
    changedAtMs: undefined,
    v4: Uint8Array.of(10, id >> 16, id >> 8, id),
    v6: undefined,
  };
}

function hostName(text: string): HostName {
  return parseHostName(text)!;
}
