import { Database } from "bun:sqlite";
import { afterEach, beforeEach, expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { quietLog } from "../../test/quiet-log.ts";
import { readColumns } from "../../test/read-columns.ts";
import type { KeptHost } from "../../test/read-columns.ts";
import { systemClock } from "../base/clock.ts";
import type { Fact, ManyHosts } from "../core/fact.ts";
import type { HostName } from "../core/host-name.ts";
import { startHostReaderThread } from "./host-reader-elsewhere.ts";
import { linkHostReaderHere } from "./host-reader-here.ts";
import { hostsPerBatch } from "./host-reader.ts";
import type { HostReaderLink } from "./host-reader.ts";
import { openStore } from "./open-store.ts";
import { SqliteStore } from "./sqlite-store.ts";
import { StoreFailed } from "./store.ts";
import { linkWriterHere } from "./writer-here.ts";
import { Writer } from "./writer.ts";

const parts = { clock: systemClock, log: quietLog };
let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "nameward-hosts-"));
  path = join(folder, "nameward.db");
});
afterEach(() => rmSync(folder, { recursive: true }));

const places = [
  ["here", linkHostReaderHere],
  ["in a thread", startHostReaderThread],
] as const;

/** More than all buffers hold together, and a batch that is not full. */
const many = hostsPerBatch * 10 + 1;
const removed = 5;
/** 253 characters, as long as a name can be. */
const longestName = `${`${"x".repeat(60)}.`.repeat(4)}dyn.test`.padStart(253, "y");

for (const [where, open] of places) {
  test(`read ${where}, hosts come in order, each once and as it is stored`, async () => {
    await makeHosts(many);
    using reader = open(path);
    expect(await reader.begin()).toMatchObject({ hosts: many - 1 });
    const hosts: KeptHost[] = [];
    for (let next = await reader.next(); next !== undefined; next = await reader.next()) {
      expect(next.rows).toBeLessThanOrEqual(hostsPerBatch);
      hosts.push(...readColumns(next));
    }
    const ids = Array.from({ length: many }, (_, index) => index + 1).filter(
      (id) => id !== removed,
    );
    expect(hosts).toEqual(ids.map(stored));
  });

  test(`read ${where}, no hosts are no columns`, async () => {
    await makeHosts(0);
    using reader = open(path);
    expect(await reader.begin()).toMatchObject({ hosts: 0 });
    expect(await reader.next()).toBeUndefined();
  });

  test(`read ${where}, what was written after the beginning is not told until it begins again`, async () => {
    await makeHosts(3);
    using reader = open(path);
    const { position } = await reader.begin();
    await addHost("later.dyn.test");
    expect((await reader.next())?.rows).toBe(3);
    using again = open(path);
    await again.begin();
    const begunAgain = await again.begin();
    expect(begunAgain.hosts).toBe(4);
    expect(begunAgain.position).toBeGreaterThan(position);
    expect((await again.next())?.rows).toBe(4);
  });
}

for (const thread of [true, false]) {
  const where = thread ? "in a thread" : "here";
  test(`a table of hosts that cannot be read ${where} is told with its cause`, async () => {
    await makeHosts(many);
    spoilHosts();
    await using store = await openStore({ url: path, thread, ...parts });
    let told = 0;
    const failure = await store
      .load((fact) => {
        if (fact.kind === "hosts") told += fact.hosts.rows;
      })
      .then(
        () => undefined,
        (error: unknown) => error,
      );
    expect(failure).toBeInstanceOf(StoreFailed);
    expect((failure as StoreFailed).message).toContain(`Cannot read ${path}: `);
    expect((failure as StoreFailed).message).toContain("malformed");
    expect((failure as StoreFailed).cause).toBeInstanceOf(Error);
    expect(told).toBeGreaterThan(0); // it broke in the middle
    expect(told).toBeLessThan(many - 1);
  });
}

test("a thread that cannot open the database says why, to all that was asked", async () => {
  using reader = startHostReaderThread(path);
  const asked = await Promise.allSettled([reader.begin(), reader.next()]);
  for (const each of asked) expect(each).toMatchObject({ status: "rejected" });
  await expect(reader.begin()).rejects.toThrow(`Cannot read ${path}: `);
});

for (const [where, open] of places) {
  test(`what another process writes while hosts begin to be read ${where} is told with all it belongs to`, async () => {
    await makeHosts(3);
    let begun = 0;
    const interrupted = (from: string): HostReaderLink => {
      const reader = open(from);
      return {
        ...reader,
        begin: async () => {
          const position = await reader.begin();
          if (++begun === 1) await addHost("later.dyn.test", "later");
          return position;
        },
        [Symbol.dispose]: () => reader[Symbol.dispose](),
      };
    };
    await using store = new SqliteStore({
      path,
      link: linkWriterHere(
        new Writer(path, 1, systemClock, quietLog, {
          tell: () => undefined,
          report: () => undefined,
        }),
      ),
      openHostReader: interrupted,
      ...parts,
      held: { [Symbol.asyncDispose]: async () => undefined },
    });
    const names: string[] = [];
    const named: number[] = [];
    const ids: number[] = [];
    const take = (fact: Fact | ManyHosts): void => {
      if (fact.kind === "hosts") {
        for (const host of readColumns(fact.hosts)) {
          ids.push(host.id);
          names.push(host.name);
        }
      } else if (fact.kind === "login" && fact.login?.hosts !== "all-of-user") {
        named.push(...(fact.login?.hosts ?? []));
      }
    };
    await store.load(take);
    expect(begun).toBe(2);
    expect(names).toContain("later.dyn.test");
    expect(named).toHaveLength(1);
    expect(ids).toContain(named[0]!);
  });
}

/** So many hosts of all kinds, but for one that was removed again. */
async function makeHosts(count: number): Promise<void> {
  {
    await using store = await openStore({ url: path, thread: false, ...parts });
    await store.addUser("alice", false, "");
    await store.addZone("dyn.test" as HostName, false, 1, []);
  }
  using database = new Database(path);
  const insert = database.query(
    `insert into host (zone, user, name, is_blocked, is_fixed, created_at_ms, changed_at_ms, v4, v6)
     values (1, 1, ?, ?, ?, 7, ?, ?, ?)`,
  );
  database.transaction(() => {
    for (let id = 1; id <= count; id++) {
      const { name, isBlocked, isFixed, changedAtMs, v4, v6 } = stored(id);
      insert.run(
        name,
        Number(isBlocked),
        Number(isFixed),
        changedAtMs ?? null,
        v4 ?? null,
        v6 ?? null,
      );
    }
    database.run("delete from host where id = ?", [removed]);
  })();
}

/** What a host with this id is: with an address of either family, of both, of none. */
function stored(id: number): KeptHost {
  const name = id === 3 ? longestName : `cam${id}.dyn.test`;
  const v4 = (id & 1) === 0 ? undefined : Uint8Array.of(10, id >> 16, id >> 8, id);
  const v6 = (id & 2) === 0 ? undefined : new Uint8Array(16).fill(id);
  const changedAtMs = (id & 3) === 0 ? undefined : 1_790_000_000_123 + id;
  return {
    id,
    zone: 1,
    user: 1,
    name: name as HostName,
    isBlocked: id % 7 === 0,
    isFixed: id % 11 === 0,
    changedAtMs,
    v4,
    v6,
  };
}

async function addHost(name: string, username?: string): Promise<void> {
  await using store = await openStore({ url: path, thread: false, ...parts });
  const added = await store.addHost(name as HostName, 1, 1);
  if (added.kind !== "made") throw new Error(`The host was not made: ${added.kind}`);
  if (username === undefined) return;
  const hosts = [added.made.id];
  await store.addLogin({ user: 1, username, verifier: new Uint8Array(32), hosts });
}

/** Makes a page in the middle of the table unreadable. */
function spoilHosts(): void {
  const octets = ((): { at: number; length: number } => {
    using database = new Database(path);
    const leaves = database
      .query<{ pgoffset: number; pgsize: number }, []>(
        "select pgoffset, pgsize from dbstat where name = 'host' and pagetype = 'leaf' order by path",
      )
      .all();
    const { pgoffset, pgsize } = leaves[Math.floor(leaves.length / 2)]!;
    return { at: pgoffset, length: pgsize };
  })();
  const file = openSync(path, "r+");
  writeSync(file, Buffer.alloc(octets.length, 0xff), 0, octets.length, octets.at);
  closeSync(file);
}
