/** Changes of single records against a real store: what may be done, what may not, and that nothing is half done. */

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../base/clock.ts";
import { parseHostName } from "../core/host-name.ts";
import type { HostName } from "../core/host-name.ts";
import type { RecordsChanged } from "../core/record-change.ts";
import type { ZoneRecord } from "../core/zone.ts";
import { keyTag, makeDnskey } from "../dns/key-records.ts";
import { parseName } from "../dns/name.ts";
import { parseRecord } from "../dns/parse-record.ts";
import { printRdata, typeName } from "../dns/record-types.ts";
import { quietLog } from "../../test/quiet-log.ts";
import { openStore } from "./open-store.ts";
import type { Store } from "./store.ts";

const apex = parseName("dyn.test.")!;
const before = `
@ 3600 SOA ns1.dyn.test. hostmaster.dyn.test. 1 3600 600 86400 60
@ 3600 NS ns1.dyn.test.
ns1 3600 A 192.0.2.1
www 300 CNAME cam1.dyn.test.
mail 300 MX 10 mx1.dyn.test.
mail 300 MX 20 mx2.dyn.test.
old 300 DNAME elsewhere.test.
below.sub 300 TXT "here"
`;

let folder: string;
let store: Store;
let zone: number;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "nameward-records-"));
  const url = join(folder, "nameward.db");
  store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
  await store.addUser("ada", true, "");
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  for (const { id } of await store.listZones()) await store.removeZone(id);
  zone = await addZone("dyn.test", before);
  const user = (await store.listUsers())[0]!.id;
  for (const host of ["cam1.dyn.test", "nas.home.dyn.test"]) {
    await store.addHost(named(host), zone, user, true);
  }
});

function named(text: string): HostName {
  return parseHostName(text)!;
}

function lineRecord(line: string): ZoneRecord {
  const [, owner = "", ttl = "", type = "", data = ""] = /^(\S+) (\d+) (\S+) (.*)$/.exec(line)!;
  const parsed = parseRecord({ owner, type, data }, apex);
  if (parsed.kind === "refused") throw new Error(`${line}: ${parsed.why}`);
  return {
    owner: parsed.owner.toString(),
    type: parsed.type,
    ttlSeconds: Number(ttl),
    rdata: parsed.rdata,
  };
}

async function addZone(text: string, lines: string): Promise<number> {
  const records = lines.trim().split("\n").filter(Boolean).map(lineRecord);
  const outcome = await store.addZone(named(text), false, 1, records);
  if (outcome.kind !== "made") throw new Error("not made");
  return outcome.made.id;
}

function print({ owner, ttlSeconds, type, rdata }: ZoneRecord): string {
  return `${owner} ${ttlSeconds} ${typeName(type)} ${printRdata(type, rdata)}`;
}

async function lines(): Promise<readonly string[]> {
  return (await store.listRecords(zone)).map(print).toSorted();
}

async function serial(): Promise<number> {
  return (await store.listZones()).find(({ id }) => id === zone)!.serial;
}

/** `+ www 300 A 192.0.2.1`, `- www CNAME`. */
async function change(texts: readonly string[]): Promise<RecordsChanged> {
  const rows = await store.records.listRecordsAfter(zone, undefined, 100);
  const remove = texts
    .filter((text) => text.startsWith("- "))
    .map((text) => {
      const wanted = text.slice(2);
      const row = rows.find((record) => {
        const [owner = ""] = record.owner.split(".dyn.test.");
        const at = record.owner === "dyn.test." ? "@" : owner;
        return `${at} ${typeName(record.type)} ${printRdata(record.type, record.rdata)}`.startsWith(
          wanted,
        );
      });
      return row?.id ?? 999_999;
    });
  const add = texts
    .filter((text) => text.startsWith("+ "))
    .map((text) => lineRecord(text.slice(2)));
  return store.records.changeRecords(zone, { add, remove });
}

describe("a change that may be made", () => {
  const cases: readonly (readonly [
    string,
    readonly string[],
    readonly string[],
    readonly string[],
  ])[] = [
    ["adds a record", ["+ txt 60 TXT hello"], ['txt.dyn.test. 60 TXT "hello"'], []],
    [
      "adds a type nobody knows",
      ["+ x 60 TYPE65280 \\# 2 0a0b"],
      ["x.dyn.test. 60 TYPE65280 \\# 2 0A0B"],
      [],
    ],
    ["takes one of two away", ["- mail MX 10"], [], ["mail.dyn.test. 300 MX 10 mx1.dyn.test."]],
    [
      "puts an address in the place of an alias",
      ["- www CNAME", "+ www 60 A 192.0.2.7"],
      ["www.dyn.test. 60 A 192.0.2.7"],
      ["www.dyn.test. 300 CNAME cam1.dyn.test."],
    ],
    [
      "gives all of an owner and type the TTL of what is added",
      ["- mail MX 10", "+ mail 900 MX 30 mx3.dyn.test."],
      ["mail.dyn.test. 900 MX 20 mx2.dyn.test.", "mail.dyn.test. 900 MX 30 mx3.dyn.test."],
      ["mail.dyn.test. 300 MX 10 mx1.dyn.test.", "mail.dyn.test. 300 MX 20 mx2.dyn.test."],
    ],
    [
      "gives a record that is there another TTL",
      ["+ ns1 60 A 192.0.2.1"],
      ["ns1.dyn.test. 60 A 192.0.2.1"],
      ["ns1.dyn.test. 3600 A 192.0.2.1"],
    ],
    [
      "puts a text beside a host's address",
      ["+ cam1 60 TXT garage"],
      ['cam1.dyn.test. 60 TXT "garage"'],
      [],
    ],
    [
      "delegates a name without hosts",
      ["+ sub 60 NS ns.elsewhere.test"],
      ["sub.dyn.test. 60 NS ns.elsewhere.test."],
      [],
    ],
    [
      "changes the last name server for another",
      ["- @ NS", "+ @ 60 NS ns9.dyn.test"],
      ["dyn.test. 60 NS ns9.dyn.test."],
      ["dyn.test. 3600 NS ns1.dyn.test."],
    ],
  ];
  for (const [title, texts, comes, goes] of cases) {
    test(title, async () => {
      const there = await lines();
      const [serialBefore, outcome] = [await serial(), await change(texts)];
      expect(outcome).toEqual({ kind: "changed", serial: serialBefore + 1 });
      const wanted = [...there.filter((line) => !goes.includes(line)), ...comes].toSorted();
      expect(await lines()).toEqual(wanted);
      expect(await serial()).toBe(serialBefore + 1);
    });
  }
});

test("a record that is there already is no change, and the serial stays", async () => {
  const serialBefore = await serial();
  expect(await change(["+ NS1 3600 A 192.0.2.1"])).toEqual({
    kind: "changed",
    serial: serialBefore,
  });
  expect(await serial()).toBe(serialBefore);
});

test("an SOA that is replaced sets a serial that is newer, and none that is older", async () => {
  const soa = (own: number): string =>
    `+ @ 3600 SOA ns1.dyn.test. ada.dyn.test. ${own} 3600 600 86400 30`;
  expect(await change(["- @ SOA", soa(2_026_120_100)])).toEqual({
    kind: "changed",
    serial: 2_026_120_100,
  });
  expect(await change(["- @ SOA", soa(7)])).toEqual({ kind: "changed", serial: 2_026_120_101 });
});

describe("a change that may not be made says which record and why, and changes nothing", () => {
  const cases: readonly (readonly [string, readonly string[], "add" | "remove", number, RegExp])[] =
    [
      [
        "an alias beside other records",
        ["+ a 60 TXT b", "+ mail 60 CNAME a.test"],
        "add",
        1,
        /CNAME alone/,
      ],
      ["a record beside an alias", ["+ www 60 TXT b"], "add", 0, /CNAME alone/],
      ["a second alias", ["+ www 300 CNAME nas.dyn.test"], "add", 0, /only one at a name/],
      ["a second SOA", ["+ @ 60 SOA a.test b.test 1 2 3 4 5"], "add", 0, /only one/],
      [
        "an SOA below the apex",
        ["+ sub 60 SOA a.test b.test 1 2 3 4 5"],
        "add",
        0,
        /only at dyn\.test/,
      ],
      ["no SOA any more", ["- mail MX 10", "- @ SOA"], "remove", 1, /an SOA record/],
      ["no name server any more", ["- @ NS"], "remove", 0, /at least one NS/],
      ["a name below a DNAME", ["+ a.old 60 TXT b"], "add", 0, /no names below the DNAME/],
      ["a DNAME above a name", ["+ sub 60 DNAME a.test"], "add", 0, /no names below the DNAME/],
      ["the address of a host", ["+ cam1 60 A 192.0.2.9"], "add", 0, /cam1\.dyn\.test is a host/],
      ["an alias at a host", ["+ CAM1 60 CNAME a.test"], "add", 0, /cam1\.dyn\.test is a host/],
      ["a delegation of a host", ["+ cam1 60 NS a.test"], "add", 0, /hides the host cam1/],
      ["a delegation above a host", ["+ home 60 NS a.test"], "add", 0, /hides the host nas\.home/],
      ["a DNAME above a host", ["+ home 60 DNAME a.test"], "add", 0, /hides the host nas\.home/],
      ["a record that is gone", ["- nowhere TXT"], "remove", 0, /changed or taken away/],
    ];
  for (const [title, texts, list, index, why] of cases) {
    test(title, async () => {
      const [linesBefore, serialBefore] = [await lines(), await serial()];
      const outcome = await change(texts);
      if (outcome.kind !== "refused") throw new Error(`it was ${outcome.kind}`);
      const [fault] = outcome.faults;
      expect([fault!.list, fault!.index]).toEqual([list, index]);
      expect(fault!.wanted).toMatch(why);
      expect(await lines()).toEqual(linesBefore);
      expect(await serial()).toBe(serialBefore);
    });
  }

  test("a record of a signer in a zone that is signed here", async () => {
    const dnskey = makeDnskey(new Uint8Array(64).fill(7));
    const key = {
      algorithm: 13 as const,
      dnskey,
      keyTag: keyTag(dnskey),
      sealed: Uint8Array.of(1),
    };
    const text = "+ @ 60 CDS 1 13 2 " + "ab".repeat(32);
    expect(await change([text])).toMatchObject({ kind: "changed" });
    await store.addKey(zone, key, "active", 0);
    expect(await change([text])).toMatchObject({
      kind: "refused",
      faults: [{ list: "add", index: 0, wanted: expect.stringContaining("signed here") }],
    });
  });

  test("a name of another zone that is served here; its delegation and glue may stand", async () => {
    await addZone("child.dyn.test", "");
    for (const text of ["+ www.child 60 TXT a", "+ child 60 TXT a", "+ www.child 60 NS a.test"]) {
      expect(await change([text])).toMatchObject({
        kind: "refused",
        faults: [{ wanted: expect.stringContaining("the zone child.dyn.test") }],
      });
    }
    const cut = ["+ child 60 NS ns.child.dyn.test", "+ ns.child 60 A 192.0.2.3"];
    expect(await change(cut)).toMatchObject({ kind: "changed" });
  });

  test("an alias where a challenge of a host stands", async () => {
    const host = (await store.findHost(named("cam1.dyn.test")))!;
    const alias = "+ _acme-challenge.cam1 60 CNAME a.test";
    await store.changeChallenges([host.id], { kind: "add", value: "v" }, []);
    expect(await change([alias])).toMatchObject({
      kind: "refused",
      faults: [{ wanted: expect.stringContaining("a challenge of cam1.dyn.test") }],
    });
    await store.changeChallenges([host.id], { kind: "clear" }, []);
    expect(await change([alias])).toMatchObject({ kind: "changed" });
  });

  test("more records of an owner and type than there may be", async () => {
    const many = Array.from({ length: 101 }, (_, index) => `+ many 60 TXT t${index}`);
    expect(await change(many)).toMatchObject({ kind: "refused", faults: [{ index: 100 }] });
    expect(await change(many.slice(1))).toMatchObject({ kind: "changed" });
  });

  test("a zone that is gone", async () => {
    await store.removeZone(zone);
    expect(await store.records.changeRecords(zone, { add: [], remove: [] })).toEqual({
      kind: "not-found",
    });
  });
});

test("changes that come at once all count", async () => {
  const each = Array.from({ length: 20 }, (_, index) => change([`+ t${index} 60 TXT a`]));
  expect((await Promise.all(each)).every(({ kind }) => kind === "changed")).toBe(true);
  expect((await lines()).filter((line) => line.endsWith('60 TXT "a"'))).toHaveLength(20);
});

test("the apex is listed first, then owners in order, page by page, also when the last of a page is gone", async () => {
  const all = await store.records.listRecordsAfter(zone, undefined, 100);
  expect(all.map(print).toSorted()).toEqual([...(await lines())]);
  expect([...new Set(all.map(({ owner }) => owner.replace(/\.?dyn\.test\.$/, "")))]).toEqual([
    "",
    "below.sub",
    "mail",
    "ns1",
    "old",
    "www",
  ]);
  for (const size of [1, 2, 3, 5]) {
    const seen = [];
    for (let place; seen.length < all.length; place = seen.at(-1)) {
      seen.push(...(await store.records.listRecordsAfter(zone, place, size)));
    }
    expect(seen).toEqual([...all]);
  }
  const first = await store.records.listRecordsAfter(zone, undefined, 3);
  const last = first.at(-1)!;
  await store.records.changeRecords(zone, { add: [], remove: [last.id] });
  const rest = await store.records.listRecordsAfter(zone, last, 100);
  expect([...first, ...rest]).toEqual([...all]);
});
