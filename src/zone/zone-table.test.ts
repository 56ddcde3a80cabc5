import { expect, test } from "bun:test";
import fc from "fast-check";
import { Name, parseName } from "../dns/name.ts";
import { typeName, types } from "../dns/record-types.ts";
import { printRrset, ZoneModel } from "../../test/dns/zone-model.ts";
import type { Found } from "../../test/dns/zone-model.ts";
import { readRrset } from "./block.ts";
import { ZoneReader } from "./zone-reader.ts";
import { ZoneTable } from "./zone-table.ts";
import type { Rrset } from "./zone-table.ts";

const hashSeed = 0x1234_5678;

/** Labels that make every kind of node meet every other one within a few records. */
const labels = ["a", "b", "*"];
const depthMax = 4;
const apexTexts = ["z.", "a.z.", "b.a.z.", "*.z."];
const universe = [...namesBelow("z.", depthMax), "z.", "y.", "."].map(name);
const queryTypes = [
  types.A,
  types.AAAA,
  types.NS,
  types.SOA,
  types.CNAME,
  types.DNAME,
  types.DS,
  types.TXT,
  types.ANY,
];

type Step =
  | { readonly do: "open"; readonly apex: string; readonly records: readonly Drawn[] }
  | { readonly do: "replace"; readonly apex: string; readonly records: readonly Drawn[] }
  | { readonly do: "close"; readonly apex: string }
  | { readonly do: "serial"; readonly apex: string; readonly serial: number }
  | { readonly do: "host"; readonly owner: string; readonly v4: boolean; readonly v6: boolean }
  | { readonly do: "remove-host"; readonly owner: string }
  /** Texts by their one octet. */
  | { readonly do: "challenge"; readonly owner: string; readonly values: readonly number[] };

/** An RRset whose owner and type are drawn; what makes no sense together is served all the same. */
interface Drawn {
  readonly owner: string;
  readonly type: number;
  readonly value: number;
}

/** Two seconds of work, on a machine that may be loaded. */
const loadedMs = 60_000;
/** Tables that are built from random steps and compared in every name and type. */
const comparedTables = 150;

const anyOwner = fc.constantFrom(...namesBelow("z.", depthMax));
const anyApex = fc.constantFrom(...apexTexts);
const anyRecord = fc.record({
  owner: anyOwner,
  type: fc.constantFrom(types.A, types.NS, types.CNAME, types.DNAME, types.DS, types.TXT, 65_280),
  // Small ones meet the texts of challenges.
  value: fc.oneof(fc.integer({ min: 0, max: 3 }), fc.integer({ min: 0, max: 255 })),
});
const anyRecords = fc.array(anyRecord, { maxLength: 8 });
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant("open" as const), apex: anyApex, records: anyRecords }),
  fc.record({ do: fc.constant("replace" as const), apex: anyApex, records: anyRecords }),
  fc.record({ do: fc.constant("close" as const), apex: anyApex }),
  fc.record({ do: fc.constant("serial" as const), apex: anyApex, serial: fc.nat() }),
  fc.record({
    do: fc.constant("host" as const),
    owner: anyOwner,
    v4: fc.boolean(),
    v6: fc.boolean(),
  }),
  fc.record({ do: fc.constant("remove-host" as const), owner: anyOwner }),
  fc.record({
    do: fc.constant("challenge" as const),
    owner: anyOwner,
    values: fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
  }),
);

test(
  "the table finds what RFC 1034 §4.3.2 finds over a list of records",
  findsAsTheModel,
  loadedMs,
);

function findsAsTheModel(): void {
  let compared = 0;
  const seen = new Set<string>();
  const steps = fc.array(anyStep, { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(steps, (taken) => {
      const { table, model } = play(taken);
      compared += compare(table, model, seen);
    }),
    { numRuns: comparedTables },
  );
  expect(compared).toBe(comparedTables * universe.length * queryTypes.length);
  expect([...seen].sort()).toEqual(
    ["alias", "data", "dname", "no-data", "no-such-name", "not-ours", "referral"].sort(),
  );
}

test("what is removed leaves nothing behind, in names and in memory", () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 1, maxLength: 12 }), (taken) => {
      const { table } = play(taken);
      for (const apex of apexTexts) table.closeZone(name(apex));
      expect(table.names).toBe(0);
      expect(table.bytesInUse).toBe(emptyTable().bytesInUse);
    }),
    { numRuns: 200 },
  );
});

/** Each fault is one the model must notice, else agreement with it would say nothing. */
const faults: readonly [string, (model: ZoneModel) => void][] = [
  ["wildcards that match one label only", (model) => (model.fault = "short-wildcards")],
  ["empty non-terminals that do not exist", (model) => (model.fault = "no-empty-non-terminals")],
  ["names below a cut that are answered", (model) => (model.fault = "no-cuts")],
  ["challenges that are not answered", (model) => (model.fault = "no-challenges")],
];
for (const [what, plant] of faults) {
  test(`the comparison notices ${what}`, () => {
    const { table, model } = play([
      {
        do: "open",
        apex: "z.",
        records: [
          { owner: "*.b.z.", type: types.A, value: 1 },
          { owner: "a.b.z.", type: types.TXT, value: 2 },
          { owner: "a.z.", type: types.NS, value: 3 },
          { owner: "b.a.z.", type: types.A, value: 4 },
        ],
      },
      { do: "challenge", owner: "a.b.z.", values: [9] },
    ]);
    compare(table, model, new Set());
    plant(model);
    expect(() => compare(table, model, new Set())).toThrow();
  });
}

test("a full table refuses, keeps what it has, and takes more when something goes", () => {
  const table = new ZoneTable({ bytesMax: 1 << 16, hashSeed });
  table.openZone(name("z."));
  table.replaceRecords(name("z."), [soaOf("z.", 1)]);
  let made = 0;
  const host = (i: number): Name => name(`h${i}.e${i}.z.`);
  expect(() => {
    for (; made < 10_000; made++) table.setHost(host(made), 60, v4(made), undefined);
  }).toThrow("maximum");
  expect(made).toBeGreaterThan(50);
  expect(table.listRrsets(host(made))).toEqual([]);
  expect(table.listRrsets(host(made - 1))[0]!.rdatas).toEqual([v4(made - 1)]);
  for (let i = 0; i < 20; i++) table.removeHost(host(i));
  for (let i = 0; i < 10; i++) table.setHost(host(i), 60, v4(i), undefined);
  expect(table.listRrsets(host(9))[0]!.rdatas).toEqual([v4(9)]);
});

test("room that is made for names is not made again when they come", () => {
  const names = 5_000;
  const table = new ZoneTable({ bytesMax: 1 << 20, hashSeed });
  table.openZone(name("z."));
  table.makeRoom(names);
  const before = table.bytesInUse;
  for (let i = 0; i < names; i++) table.setHost(name(`h${1_000 + i}.z.`), 60, undefined, undefined);
  expect(table.names).toBe(names + 1);
  // A node of eight words each, and nothing else.
  expect(table.bytesInUse - before).toBe(names * 8 * 4);
});

function play(steps: readonly Step[]): { table: ZoneTable; model: ZoneModel } {
  const table = emptyTable();
  const model = new ZoneModel();
  for (const step of steps) take(step, table, model);
  return { table, model };
}

function take(step: Step, table: ZoneTable, model: ZoneModel): void {
  switch (step.do) {
    case "open": {
      if (model.isOpen(step.apex)) return;
      const rrsets = makeZone(step.apex, step.records);
      table.openZone(name(step.apex));
      table.replaceRecords(name(step.apex), rrsets);
      model.open(step.apex, rrsets);
      break;
    }
    case "replace": {
      if (!model.isOpen(step.apex)) return;
      const rrsets = makeZone(step.apex, step.records);
      table.replaceRecords(name(step.apex), rrsets);
      model.replace(step.apex, rrsets);
      break;
    }
    case "close":
      table.closeZone(name(step.apex));
      model.close(step.apex);
      break;
    case "serial":
      expect(table.setSerial(name(step.apex), step.serial)).toBe(model.isOpen(step.apex));
      if (model.isOpen(step.apex)) model.setSoa(step.apex, soaOf(step.apex, step.serial));
      break;
    case "host": {
      if (!model.isServed(step.owner)) return;
      const addresses = {
        v4: step.v4 ? v4(step.owner.length) : undefined,
        v6: step.v6 ? new Uint8Array(16).fill(step.owner.length) : undefined,
      };
      table.setHost(name(step.owner), 60, addresses.v4, addresses.v6);
      model.setHost(step.owner, addresses);
      break;
    }
    case "remove-host":
      table.removeHost(name(step.owner));
      model.removeHost(step.owner);
      break;
    case "challenge": {
      const rdatas = step.values.map((value) => makeRdata(types.TXT, value));
      table.setChallenges(name(step.owner), 60, rdatas);
      if (model.isServed(step.owner)) model.setChallenges(step.owner, rdatas);
      break;
    }
  }
}

/** Asks both for every name and type. Returns how many questions that were. */
function compare(table: ZoneTable, model: ZoneModel, seen: Set<string>): number {
  const reader = new ZoneReader(table.buffer, hashSeed, 0);
  let compared = 0;
  for (const owner of universe) {
    for (const type of queryTypes) {
      const found = find(reader, owner, type);
      const wanted = model.find(owner.toString(), type);
      seen.add(found.finding);
      if (!isAsWanted(found, wanted)) {
        throw new Error(
          `${owner} ${typeName(type)}: found ${print(found)}, wanted ${wanted.map(print).join(" or ")}`,
        );
      }
      compared++;
    }
  }
  return compared;
}

function find({ view, lookUp, name: folded }: ZoneReader, owner: Name, type: number): Found {
  folded.read(owner.octets, 0, owner.octets.length);
  const finding = lookUp.find(folded, type);
  if (finding === "not-ours") return { finding, rrset: "", owner: "", soa: "" };
  const hasRrset = finding !== "no-data" && finding !== "no-such-name";
  const at = owner.octets.length - lookUp.ownerLength;
  const isAbove = finding === "dname" || finding === "referral";
  return {
    finding,
    // RFC 8482 §4.1 leaves it to us which RRset answers ANY, so the model does not say.
    rrset:
      finding === "data" && type === types.ANY
        ? "any of them"
        : hasRrset
          ? printRrset(readRrset(view, lookUp.rrset))
          : "",
    owner: isAbove ? String(Name.fromOctets(owner.octets.slice(at))) : "",
    soa: printRrset(readRrset(view, lookUp.soa)),
  };
}

function isAsWanted(found: Found, wanted: readonly Found[]): boolean {
  return wanted.some((one) => print(one) === print(found));
}

function print(found: Found): string {
  return JSON.stringify(found);
}

function emptyTable(): ZoneTable {
  return new ZoneTable({ bytesMax: 1 << 18, hashSeed });
}

/** SOA, NS and the drawn records that lie in the zone; a name and type drawn twice count once. */
function makeZone(apex: string, records: readonly Drawn[]): readonly Rrset[] {
  const rrsets = new Map<string, Rrset>();
  for (const { owner, type, value } of records) {
    if (owner === apex || !name(owner).isWithin(name(apex))) continue;
    const rdatas = [makeRdata(type, value), makeRdata(type, value + 1)];
    rrsets.set(`${owner} ${type}`, { owner: name(owner), type, ttlSeconds: value, rdatas });
  }
  const ns = { owner: name(apex), type: types.NS, ttlSeconds: 5, rdatas: [makeRdata(2, 1)] };
  return [...rrsets.values(), ns, soaOf(apex, apex.length)];
}

function soaOf(apex: string, serial: number): Rrset {
  const numbers = new Uint8Array(20);
  new DataView(numbers.buffer).setUint32(0, serial);
  const rdata = Uint8Array.from([...name(apex).octets, 0, ...numbers]);
  return { owner: name(apex), type: types.SOA, ttlSeconds: 7, rdatas: [rdata] };
}

function makeRdata(type: number, value: number): Uint8Array {
  if (type === types.A) return v4(value);
  const hasName = type === types.NS || type === types.CNAME || type === types.DNAME;
  return hasName ? name(`t${value}.z.`).octets : Uint8Array.of(value & 255);
}

function v4(value: number): Uint8Array {
  return Uint8Array.of(192, 0, 2, value);
}

function namesBelow(apex: string, depth: number): string[] {
  if (depth === 0) return [];
  const children = labels.map((label) => `${label}.${apex}`);
  return children.flatMap((child) => [child, ...namesBelow(child, depth - 1)]);
}

function name(text: string): Name {
  const parsed = parseName(text);
  if (parsed === undefined) throw new Error(`Not a name: ${text}`);
  return parsed;
}
