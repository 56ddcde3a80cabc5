import { expect, test } from "bun:test";
import { makeQuery, writeMessage } from "../../src/dns/message.ts";
import { types } from "../../src/dns/record-types.ts";
import { ZoneReader } from "../../src/zone/zone-reader.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import type { Rrset } from "../../src/zone/zone-table.ts";
import type { RaceKind, RaceOrders, RaceReport } from "./race-reader.ts";
import { mustParseName } from "./served-zone.ts";

const hashSeed = 77;
const readers = 2;
/** How long readers and the writer race. */
const raceMs = 3_000;
/** How long a planted fault may take to show itself; it stops as soon as it does. */
const faultMs = 60_000;

const opaque = 65_280;
const hosts = 8;
const bigRrsets = 4;
const flickering = 8;

interface Question {
  readonly name: string;
  readonly type: number;
  readonly kind: RaceKind;
}

/** The index of a question is the index of its published value. */
const questions: readonly Question[] = [
  ...count(hosts, (i) => ({ name: `h${i}.hosts.test.`, type: types.A, kind: "moving" as const })),
  ...count(bigRrsets, (i) => ({ name: `b${i}.big.test.`, type: opaque, kind: "moving" as const })),
  ...count(flickering, (i) => ({
    name: `x.f${i}.hosts.test.`,
    type: types.A,
    kind: "flickering" as const,
  })),
  { name: "x.y.closing.test.", type: types.A, kind: "closing" },
  { name: "deep.and.fixed.hosts.test.", type: types.A, kind: "fixed" },
];
const fixedAt = questions.length - 1;
const fixedValue = 0x0102_0304;

test("readers see whole old or whole new answers while names and zones move, come, go and are re-indexed", async () => {
  const race = startRace(false);
  const writer = new Writer(race.table, race.published);
  await writer.run(raceMs, () => false);
  const reports = await race.stop();
  expect(reports.flatMap(({ faults }) => faults)).toEqual([]);
  for (const { answers } of reports) expect(answers).toBeGreaterThan(1_000);
  expect(writer.rounds).toBeGreaterThan(10);
}, 60_000);

test(
  "the judges notice blocks that are reused under a reader",
  async () => {
    const race = startRace(true);
    await new Writer(race.table, race.published).run(faultMs, race.hasReport);
    const reports = await race.stop();
    expect(reports.flatMap(({ faults }) => faults).length).toBeGreaterThan(0);
  },
  faultMs * 2,
);

test(
  "the judges notice a writer that writes in place",
  async () => {
    const race = startRace(false);
    await writeInPlace(race.table, faultMs, race.hasReport);
    const reports = await race.stop();
    expect(reports.flatMap(({ faults }) => faults).join()).toContain("two values in one answer");
  },
  faultMs * 2,
);

test(
  "the judges notice a value that is published before it is written",
  async () => {
    const race = startRace(false);
    Atomics.store(race.published, 1, 1_000_000);
    await waitFor(race.hasReport, faultMs);
    const reports = await race.stop();
    expect(reports.flatMap(({ faults }) => faults).join()).toContain("after 1000000 was published");
  },
  faultMs * 2,
);

interface Race {
  readonly table: ZoneTable;
  readonly published: Int32Array;
  /** A thread has ended of its own accord: it has seen enough faults. */
  hasReport(): boolean;
  stop(): Promise<readonly RaceReport[]>;
}

function startRace(isSilent: boolean): Race {
  const table = makeTable();
  const published = new Int32Array(new SharedArrayBuffer(4 * (1 + questions.length)));
  Atomics.store(published, 1 + fixedAt, fixedValue);
  let reported = 0;
  const threads = count(readers, (reader) => {
    const worker = new Worker(new URL("./race-reader.ts", import.meta.url).href);
    const orders: RaceOrders = {
      zones: table.buffer,
      hashSeed,
      reader,
      published: published.buffer as SharedArrayBuffer,
      isSilent,
      questions: questions.map(({ name, type, kind }) => ({
        query: writeMessage(makeQuery(mustParseName(name), type, { id: 7, edns: {} })),
        kind,
      })),
    };
    const report = Promise.withResolvers<RaceReport>();
    worker.addEventListener("message", (event: MessageEvent<RaceReport>) => {
      reported++;
      report.resolve(event.data);
    });
    worker.addEventListener("error", (event) => report.reject(new Error(event.message)));
    worker.postMessage(orders);
    return { worker, report: report.promise };
  });
  return {
    table,
    published,
    hasReport: () => reported > 0,
    async stop() {
      Atomics.store(published, 0, 1);
      const reports = await Promise.all(threads.map(({ report }) => report));
      for (const { worker } of threads) worker.terminate();
      return reports;
    },
  };
}

function makeTable(): ZoneTable {
  const table = new ZoneTable({ bytesMax: 64 * 1024 * 1024, hashSeed });
  for (const apex of ["hosts.test.", "big.test."]) table.openZone(mustParseName(apex));
  const wildcard = rrset("*.hosts.test.", types.A, [u32(7)]);
  table.replaceRecords(mustParseName("hosts.test."), [soa("hosts.test."), wildcard]);
  table.replaceRecords(mustParseName("big.test."), bigZone(0));
  for (let i = 0; i < hosts; i++) setHost(table, `h${i}.hosts.test.`, 0);
  setHost(table, questions[fixedAt]!.name, fixedValue);
  return table;
}

/** Changes everything that may change, round after round. */
class Writer {
  rounds = 0;
  readonly #table: ZoneTable;
  readonly #published: Int32Array;

  constructor(table: ZoneTable, published: Int32Array) {
    this.#table = table;
    this.#published = published;
  }

  async run(ms: number, isEnough: () => boolean): Promise<void> {
    const endMs = performance.now() + ms;
    for (let value = 1; performance.now() < endMs && !isEnough(); value++) {
      for (let again = 0; again < 50; again++) this.#move(value * 50 + again);
      this.#flicker(value);
      this.#crowd(value);
      for (let again = 0; again < 20; again++) this.#reopen(value);
      this.rounds++;
      await Bun.sleep(0); // reports come in
    }
  }

  #move(value: number): void {
    for (let i = 0; i < hosts; i++) {
      setHost(this.#table, `h${i}.hosts.test.`, value);
      Atomics.store(this.#published, 1 + i, value);
    }
    this.#table.replaceRecords(mustParseName("big.test."), bigZone(value));
    for (let i = 0; i < bigRrsets; i++) Atomics.store(this.#published, 1 + hosts + i, value);
  }

  #flicker(value: number): void {
    for (let i = 0; i < flickering; i++) {
      const name = `x.f${i}.hosts.test.`;
      if ((value + i) % 2 === 0) setHost(this.#table, name, value);
      else this.#table.removeHost(mustParseName(name));
    }
  }

  #reopen(value: number): void {
    const apex = mustParseName("closing.test.");
    this.#table.closeZone(apex);
    this.#table.openZone(apex);
    const records = [rrset("x.y.closing.test.", types.A, [u32(value)]), soa("closing.test.")];
    this.#table.replaceRecords(apex, records);
  }

  /** Names that nobody asks for, enough of them that the index is built anew. */
  #crowd(value: number): void {
    const names = count(400, (i) => mustParseName(`c${i}.r${value % 3}.hosts.test.`));
    if (value % 2 === 0) for (const name of names) this.#table.removeHost(name);
    else for (const name of names) this.#table.setHost(name, 60, u32(value), undefined);
  }
}

/** What `ZoneTable` must not do: change octets that a reader may be copying. */
async function writeInPlace(table: ZoneTable, ms: number, isEnough: () => boolean): Promise<void> {
  const { view, lookUp, name } = new ZoneReader(table.buffer, hashSeed, readers);
  const owner = mustParseName("b0.big.test.");
  name.read(owner.octets, 0, owner.octets.length);
  expect(lookUp.find(name, opaque)).toBe("data");
  const first = (lookUp.rrset + 2) * 4 + 12;
  const endMs = performance.now() + ms;
  for (let value = 1; performance.now() < endMs && !isEnough(); value++) {
    for (let again = 0; again < 1_000; again++) {
      for (let at = 0; at < bigOctets; at++) view.bytes[first + at] = value;
    }
    await Bun.sleep(0);
  }
}

/** Long enough that copying it takes a moment. */
const bigOctets = 1_200;

function bigZone(value: number): readonly Rrset[] {
  const rdata = Buffer.alloc(bigOctets, u32(value));
  const rrsets = count(bigRrsets, (i) => rrset(`b${i}.big.test.`, opaque, [rdata, rdata]));
  return [soa("big.test."), ...rrsets];
}

function setHost(table: ZoneTable, name: string, value: number): void {
  table.setHost(mustParseName(name), 60, u32(value), undefined);
}

function soa(apex: string): Rrset {
  return rrset(apex, types.SOA, [Uint8Array.from([0, 0, ...new Uint8Array(20)])]);
}

function rrset(owner: string, type: number, rdatas: readonly Uint8Array[]): Rrset {
  return { owner: mustParseName(owner), type, ttlSeconds: 60, rdatas };
}

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >> 24, value >> 16, value >> 8, value);
}

function count<Thing>(n: number, make: (i: number) => Thing): Thing[] {
  return Array.from({ length: n }, (_, i) => make(i));
}

async function waitFor(holds: () => boolean, ms: number): Promise<void> {
  const endMs = performance.now() + ms;
  while (!holds() && performance.now() < endMs) await Bun.sleep(10);
}
