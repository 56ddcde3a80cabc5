/**
 * What every engine of the store promises. `storeContract` registers the whole suite for one engine;
 * `open` opens the same data again when it is called again with the same place.
 */

import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { parseCidr } from "../src/base/address.ts";
import type { Enrolment } from "../src/core/enrolment.ts";
import type { Fact } from "../src/core/fact.ts";
import { parseHostName } from "../src/core/host-name.ts";
import type { HostName } from "../src/core/host-name.ts";
import type { AddressChange, Host } from "../src/core/host.ts";
import type { Receipt } from "../src/core/receipt.ts";
import type { SeenShape } from "../src/core/stored-adapter.ts";
import type { ChallengeChange } from "../src/core/update.ts";
import type { User } from "../src/core/user.ts";
import type { NewZoneKey } from "../src/core/zone-key.ts";
import type { Zone, ZoneRecord } from "../src/core/zone.ts";
import type { Made, Store } from "../src/store/store.ts";
import { keptOf, readColumns } from "./read-columns.ts";
import type { KeptHost } from "./read-columns.ts";

export interface StorePlace extends AsyncDisposable {
  /** The store that a server opens. */
  openServer(): Promise<Store>;
  /** Another one on the same data, as a command opens it beside a running server. */
  openBeside(): Promise<Store>;
}

/** The promise of the feed is a quarter of a second; a loaded machine gets more. */
const feedDeadlineMs = 5_000;

export function storeContract(engine: string, makePlace: () => Promise<StorePlace>): void {
  describe(`the store contract on ${engine}`, () => {
    let place: StorePlace;
    let store: Store;
    const opened: Store[] = [];

    const open = async (which: "openServer" | "openBeside"): Promise<Store> => {
      const another = await place[which]();
      opened.push(another);
      return another;
    };
    const reopen = async (): Promise<void> => {
      await store[Symbol.asyncDispose]();
      store = await open("openServer");
    };

    beforeEach(async () => {
      place = await makePlace();
      store = await open("openServer");
    });
    afterEach(async () => {
      for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    describe("users", () => {
      test("an added user is listed, also after reopening", async () => {
        const user = made(await store.addUser("alice", true, "hash"));
        expect(user).toEqual({ id: user.id, name: "alice", isAdmin: true });
        await reopen();
        expect(await store.listUsers()).toEqual([user]);
      });

      test("a name is taken once", async () => {
        await store.addUser("alice", false, "hash");
        expect(await store.addUser("alice", true, "other")).toEqual({ kind: "taken" });
        expect(await store.listUsers()).toHaveLength(1);
      });
    });

    describe("zones", () => {
      test("a zone keeps its serial, its privacy and its records in their order", async () => {
        const zone = made(await store.addZone(name("dyn.test"), true, 4_294_967_295, apexRecords));
        await reopen();
        expect(await store.listZones()).toEqual([
          { id: zone.id, apex: name("dyn.test"), isPrivate: true, serial: 4_294_967_295 },
        ]);
        expect(await store.listRecords(zone.id)).toEqual(apexRecords);
      });

      test("an apex is taken once", async () => {
        await store.addZone(name("dyn.test"), false, 1, []);
        expect(await store.addZone(name("dyn.test"), false, 1, [])).toEqual({ kind: "taken" });
      });

      test("replaced records are gone, and the serial is the one that was given", async () => {
        const zone = made(await store.addZone(name("dyn.test"), false, 7, apexRecords));
        await store.replaceRecords(zone.id, 2024, [record("www.dyn.test.", 16)]);
        expect(await store.listRecords(zone.id)).toEqual([record("www.dyn.test.", 16)]);
        expect((await store.listZones())[0]!.serial).toBe(2024);
      });

      test("a removed zone takes its records and hosts along", async () => {
        const { zone, hosts } = await fleet(store, 3);
        await store.addLogin(login({ user: hosts[0]!.user, hosts: [hosts[0]!.id] }));
        expect(await store.removeZone(zone.id)).toBe("removed");
        expect(await store.listZones()).toEqual([]);
        expect(await store.listRecords(zone.id)).toEqual([]);
        expect(await store.findHost(hosts[0]!.name)).toBeUndefined();
        expect((await store.listLogins())[0]!.hosts).toEqual([]);
        expect(await store.removeZone(zone.id)).toBe("not-found");
      });
    });

    describe("keys of zones", () => {
      test("a key is kept with its secret as it was sealed, and the serial goes on", async () => {
        const { zone } = await fleet(store, 0);
        const key = made(await store.addKey(zone.id, keyOf(1), "active", 99));
        expect(key).toMatchObject({
          ...keyOf(1),
          zone: zone.id,
          state: "active",
          waitsUntilMs: 99,
        });
        await reopen();
        expect(await store.listKeys(zone.id)).toEqual([key]);
        expect((await store.listZones())[0]!.serial).toBe(zone.serial + 1);
      });

      const places = [
        ["active", "active", "taken"],
        ["withdrawing", "active", "taken"],
        ["withdrawn", "active", "taken"],
        ["published", "published", "taken"],
        ["active", "published", "made"],
        ["retiring", "active", "made"],
      ] as const;
      for (const [there, state, outcome] of places) {
        test(`beside a key that is ${there}, one that is ${state} is ${outcome}`, async () => {
          const { zone } = await fleet(store, 0);
          await store.addKey(zone.id, keyOf(1), there, 0);
          expect((await store.addKey(zone.id, keyOf(2), state, 0)).kind).toBe(outcome);
        });
      }

      test("a key tag is taken once a zone, and a key needs its zone", async () => {
        const { zone } = await fleet(store, 0);
        const other = made(await store.addZone(name("other.test"), false, 1, []));
        await store.addKey(zone.id, keyOf(1), "active", 0);
        expect((await store.addKey(zone.id, keyOf(1), "published", 0)).kind).toBe("taken");
        expect((await store.addKey(other.id, keyOf(1), "active", 0)).kind).toBe("made");
        expect((await store.addKey(999, keyOf(1), "active", 0)).kind).toBe("refused");
      });

      test("states change together and are told with the new serial, behind the zone", async () => {
        const { zone } = await fleet(store, 0);
        const old = made(await store.addKey(zone.id, keyOf(1), "active", 0));
        const next = made(await store.addKey(zone.id, keyOf(2), "published", 0));
        const told = await followFromNow(store);
        const beside = await open("openBeside");
        const changes = [
          { key: old.id, from: "active", to: "retiring", waitsUntilMs: 5 },
          { key: next.id, from: "published", to: "active", waitsUntilMs: 6 },
        ] as const;
        expect(await beside.setKeyStates(zone.id, changes)).toBe("set");
        await until(() => told.length >= 2);
        const keys = await store.listKeys(zone.id);
        expect(keys).toMatchObject([
          { id: old.id, state: "retiring", waitsUntilMs: 5 },
          { id: next.id, state: "active", waitsUntilMs: 6 },
        ]);
        expect(told).toEqual([
          { kind: "zone", id: zone.id, zone: { ...zone, serial: zone.serial + 3 } },
          { kind: "keys", zone: zone.id, keys },
        ]);
      });

      test("nothing changes when a key is not in the state it was thought to be in", async () => {
        const { zone } = await fleet(store, 0);
        const old = made(await store.addKey(zone.id, keyOf(1), "retired", 0));
        const next = made(await store.addKey(zone.id, keyOf(2), "active", 0));
        const before = [await store.listKeys(zone.id), await store.listZones()];
        const changes = [
          { key: old.id, from: "retired", to: "removed", waitsUntilMs: 0 },
          { key: next.id, from: "published", to: "active", waitsUntilMs: 0 },
        ] as const;
        expect(await store.setKeyStates(zone.id, changes)).toBe("changed-meanwhile");
        expect([await store.listKeys(zone.id), await store.listZones()]).toEqual(before);
        expect(await store.setKeyStates(zone.id, changes.slice(0, 1))).toBe("set");
        expect(await store.listKeys(zone.id)).toEqual([next]);
      });

      test("a removed zone takes its keys along, and that is told", async () => {
        const { zone } = await fleet(store, 0);
        await store.addKey(zone.id, keyOf(1), "active", 0);
        const told = await followFromNow(store);
        await store.removeZone(zone.id);
        await until(() => told.some((fact) => fact.kind === "zone"));
        expect(told).toContainEqual({ kind: "keys", zone: zone.id, keys: [] });
        expect(await store.listKeys(zone.id)).toEqual([]);
      });
    });

    describe("hosts", () => {
      test("a new host has no address, and its name is taken", async () => {
        const { zone, user, hosts } = await fleet(store, 1);
        const [host] = hosts;
        await reopen();
        expect(await store.findHost(host!.name)).toEqual(host);
        expect(host).toMatchObject({ v4: undefined, v6: undefined, changedAtMs: undefined });
        expect(await store.addHost(host!.name, zone.id, user.id)).toEqual({ kind: "taken" });
        expect(await store.findHost(name("nobody.dyn.test"))).toBeUndefined();
      });

      const places = [
        ["dyn.test", "made"], // the apex, with no address of its own
        ["free.dyn.test", "made"],
        ["below.text.dyn.test", "made"], // a TXT record above is no obstacle
        ["text.dyn.test", "made"], // nor at the name itself
        ["www.dyn.test", "refused"], // the zone's own address, RFC 1035 §3.2.2
        ["six.dyn.test", "refused"], // RFC 3596 §2.1
        ["alias.dyn.test", "refused"], // RFC 1034 §3.6.2: nothing beside a CNAME
        ["below.alias.dyn.test", "made"], // below a CNAME there may be names
        ["cut.dyn.test", "refused"], // RFC 1034 §4.2.1: delegated
        ["deep.below.cut.dyn.test", "refused"],
        ["below.tree.dyn.test", "refused"], // RFC 6672 §2.4: nothing below a DNAME
        ["tree.dyn.test", "made"], // beside it there may be
        ["inner.dyn.test", "refused"], // another zone of ours
        ["host.inner.dyn.test", "refused"],
        ["dyn.example", "refused"], // outside
        ["otherdyn.test", "refused"], // ends like the apex, is not below it
      ] as const;
      for (const [at, kind] of places) {
        test(`a host at ${at} is ${kind}`, async () => {
          const user = made(await store.addUser("alice", false, "hash"));
          const zone = made(await store.addZone(name("dyn.test"), false, 1, obstacles));
          await store.addZone(name("inner.dyn.test"), false, 1, []);
          const result = await store.addHost(name(at), zone.id, user.id);
          expect(result.kind).toBe(kind);
          if (result.kind === "refused") expect(result.why).toMatch(/^.+\.$/);
        });
      }

      test("a host of an unknown user or zone is refused", async () => {
        const { zone, user } = await fleet(store, 0);
        expect((await store.addHost(name("a.dyn.test"), zone.id, 999)).kind).toBe("refused");
        expect((await store.addHost(name("a.dyn.test"), 999, user.id)).kind).toBe("refused");
      });

      test("hosts are listed by name, page by page, by user and by zone", async () => {
        const { zone, user, hosts } = await fleet(store, 5);
        const bob = made(await store.addUser("bob", false, "hash"));
        const other = made(await store.addZone(name("other.test"), false, 1, []));
        const last = made(await store.addHost(name("z.other.test"), other.id, bob.id));
        const page = await store.listHosts({ limit: 2 });
        expect(page).toEqual(hosts.slice(0, 2));
        const after = page[1]!.name;
        expect(await store.listHosts({ after, limit: 99 })).toEqual([...hosts.slice(2), last]);
        expect(await store.listHosts({ user: bob.id, limit: 99 })).toEqual([last]);
        expect(await store.listHosts({ zone: zone.id, limit: 99 })).toEqual(hosts);
        expect(await store.listHosts({ user: user.id, zone: other.id, limit: 99 })).toEqual([]);
      });

      test("a removed host is gone from its logins, and its id is never given again", async () => {
        const { zone, user, hosts } = await fleet(store, 2);
        await store.addLogin(login({ user: user.id, hosts: hosts.map((host) => host.id) }));
        expect(await store.removeHost(hosts[1]!.name)).toBe("removed");
        expect(await store.removeHost(hosts[1]!.name)).toBe("not-found");
        expect((await store.listLogins())[0]!.hosts).toEqual([hosts[0]!.id]);
        const again = made(await store.addHost(hosts[1]!.name, zone.id, user.id));
        expect(again.id).toBeGreaterThan(hosts[1]!.id);
      });
    });

    describe("rules of the operator", () => {
      const reg = { name: "reg", rule: "{}", requests: '["x"]', state: "shadow" } as const;

      test("a rule is kept as text, told at a start, and its name is taken once", async () => {
        const adapter = made(await store.addAdapter(reg));
        expect(adapter).toMatchObject(reg);
        expect(await store.addAdapter(reg)).toEqual({ kind: "taken" });
        await reopen();
        expect(await store.listAdapters()).toEqual([adapter]);
        expect(await loadAll(store)).toContainEqual({ kind: "adapter", id: adapter.id, adapter });
      });

      test("what a command does to a rule is told to the server", async () => {
        const told = await followFromNow(store);
        const beside = await open("openBeside");
        const { id } = made(await beside.addAdapter(reg));
        expect(await beside.setAdapterState("reg", "enabled")).toBe("set");
        const stateOf = (fact: Fact): string | undefined =>
          fact.kind === "adapter" ? fact.adapter?.state : undefined;
        await until(() => told.some((fact) => stateOf(fact) === "enabled"));
        expect(await beside.removeAdapter("reg")).toBe("removed");
        await until(() => told.at(-1)?.kind === "adapter" && stateOf(told.at(-1)!) === undefined);
        expect(told.at(-1)).toEqual({ kind: "adapter", id, adapter: undefined });
        expect(await beside.setAdapterState("reg", "enabled")).toBe("not-found");
        expect(await beside.removeAdapter("reg")).toBe("not-found");
      });
    });

    describe("requests that no rule matched", () => {
      const seen = (shape: string, lastAtMs: number): SeenShape => {
        return { shape, sample: `sample of ${lastAtMs}`, requests: 2, lastAtMs };
      };

      test("a shape is counted, with the latest sample; the latest shape stands first", async () => {
        await store.noteUnmatched([seen("GET /a", 1_000)]);
        await store.noteUnmatched([seen("GET /b", 2_000), seen("GET /a", 3_000)]);
        const [a, b, ...rest] = await store.listUnmatched();
        const sums = { requests: 4, firstAtMs: 1_000, lastAtMs: 3_000, sample: "sample of 3000" };
        expect(a).toMatchObject({ shape: "GET /a", ...sums });
        expect(b).toMatchObject({ shape: "GET /b", requests: 2 });
        expect(rest).toEqual([]);
        expect(await store.forgetUnmatched(a!.id)).toBe(1);
        expect(await store.forgetUnmatched(a!.id)).toBe(0);
        expect(await store.forgetUnmatched("all")).toBe(1);
        expect(await store.listUnmatched()).toEqual([]);
      });

      test("of more shapes than are kept, those seen longest ago go", async () => {
        const many = Array.from({ length: 250 }, (_, at) => seen(`GET /${at}`, 1_000 + at));
        await store.noteUnmatched(many.slice(0, 200));
        expect(await store.listUnmatched()).toHaveLength(200);
        await store.noteUnmatched([seen("GET /0", 5_000), ...many.slice(200)]);
        const kept = await store.listUnmatched();
        expect(kept).toHaveLength(200);
        expect(kept[0]!.shape).toBe("GET /0");
        expect(kept.some(({ shape }) => shape === "GET /1")).toBe(false);
      });
    });

    describe("challenges", () => {
      test("the two newest texts of a host are kept in their order, also after reopening", async () => {
        const { hosts } = await fleet(store, 2);
        const [cam, other] = hosts.map((host) => host.id);
        for (const value of ["one", "two", "three"]) {
          expect(await store.changeChallenges([cam!], add(value), [])).toEqual([changed]);
        }
        expect(await store.changeChallenges([cam!], add("two"), [])).toEqual([unchanged]);
        await reopen();
        expect(await store.listChallenges(cam!)).toEqual(["two", "three"]);
        expect(await store.listChallenges(other!)).toEqual([]);
      });

      test("one is taken away, or all, and what is not there is no change", async () => {
        const { hosts } = await fleet(store, 1);
        const cam = [hosts[0]!.id];
        for (const value of ["a", "A"]) await store.changeChallenges(cam, add(value), []);
        const remove: ChallengeChange = { kind: "remove", value: "a" };
        expect(await store.changeChallenges(cam, remove, [])).toEqual([changed]);
        expect(await store.changeChallenges(cam, remove, [])).toEqual([unchanged]);
        expect(await store.listChallenges(cam[0]!)).toEqual(["A"]);
        expect(await store.changeChallenges(cam, { kind: "clear" }, [])).toEqual([changed]);
        expect(await store.changeChallenges(cam, { kind: "clear" }, [])).toEqual([unchanged]);
        expect(await store.listChallenges(cam[0]!)).toEqual([]);
      });

      test("every change is told before it resolves, with a new serial; no change is not", async () => {
        const { zone, hosts } = await fleet(store, 2);
        const told = await followFromNow(store);
        const [first, second] = hosts.map((host) => host.id);
        await store.changeChallenges([first!, second!], add("v"), []);
        expect(told).toEqual([
          { kind: "challenges", host: first!, challenges: ["v"] },
          { kind: "challenges", host: second!, challenges: ["v"] },
          { kind: "zone", id: zone.id, zone: { ...zone, serial: zone.serial + 3 } },
        ]);
        await store.changeChallenges([first!], add("v"), []);
        expect(told).toHaveLength(3);
        const beside = await open("openBeside");
        await beside.changeChallenges([second!], { kind: "clear" }, []);
        await until(() => told.length === 5);
        expect(told[3]).toEqual({ kind: "challenges", host: second!, challenges: [] });
      });

      test("changes that come at once all count", async () => {
        const { hosts } = await fleet(store, 1);
        const cam = hosts[0]!.id;
        const results = await Promise.all(
          ["a", "b", "c", "d"].map((value) => store.changeChallenges([cam], add(value), [])),
        );
        expect(results).toEqual(Array(4).fill([changed]));
        expect(await store.listChallenges(cam)).toEqual(["c", "d"]);
      });

      const places = [
        ["cam.dyn.test", undefined], // a TXT record at the name is no obstacle, nor is an address
        ["aliased.dyn.test", "alias"], // RFC 1034 §3.6.2
        ["delegated.dyn.test", "delegated"], // RFC 1034 §4.2.1
        ["tree.dyn.test", "DNAME"], // RFC 6672 §2.4
        ["zoned.dyn.test", "belongs to the zone"],
        [`${`${"a".repeat(57)}.`.repeat(4)}dyn.test`, "too long"], // 240 characters and 16 more
      ] as const;
      for (const [at, obstacle] of places) {
        test(`below ${at.slice(0, 20)} ${obstacle ?? "nothing"} is in the way of a challenge`, async () => {
          const user = made(await store.addUser("alice", false, ""));
          const records = [
            record("_acme-challenge.cam.dyn.test.", 16),
            record("_acme-challenge.cam.dyn.test.", 1),
            record("_ACME-challenge.aliased.dyn.test.", 5),
            record("_acme-challenge.delegated.dyn.test.", 2),
            record("tree.dyn.test.", 39),
          ];
          const zone = made(await store.addZone(name("dyn.test"), false, 1, records));
          const host = made(await store.addHost(name(at), zone.id, user.id));
          await store.addZone(name("_acme-challenge.zoned.dyn.test"), false, 1, []);
          const [result] = await store.changeChallenges([host.id], add("v"), []);
          if (obstacle === undefined) expect(result).toEqual(changed);
          else expect(result).toEqual({ kind: "refused", why: expect.stringContaining(obstacle) });
          expect(await store.listChallenges(host.id)).toEqual(obstacle === undefined ? ["v"] : []);
          // What was there before the obstacle came can be taken away.
          const [cleared] = await store.changeChallenges([host.id], { kind: "clear" }, []);
          expect(cleared).toEqual(obstacle === undefined ? changed : unchanged);
        });
      }

      test("they go with their host, and receipts are kept of what changed", async () => {
        const { zone, user, hosts } = await fleet(store, 2);
        const [cam, other] = hosts;
        await store.removeHost(other!.name);
        const ids = [cam!.id, other!.id];
        const receipts = [receiptOf(cam!, 1), receiptOf(other!, 2)];
        expect(await store.changeChallenges(ids, add("v"), receipts)).toEqual([
          changed,
          { kind: "gone" },
        ]);
        await store.changeChallenges([cam!.id], add("v"), [receiptOf(cam!, 3)]);
        expect(await store.findReceipts(cam!.name, 9)).toEqual([receiptOf(cam!, 1)]);
        await store.removeHost(cam!.name);
        expect(await store.listChallenges(cam!.id)).toEqual([]);
        const again = made(await store.addHost(cam!.name, zone.id, user.id));
        expect(await store.listChallenges(again.id)).toEqual([]);
      });
    });

    describe("interface identifiers", () => {
      test("an identifier is kept, told and taken away, and goes with its host", async () => {
        const { hosts } = await fleet(store, 2);
        const [cam, other] = hosts.map((host) => host.id);
        const told = await followFromNow(store);
        expect(await store.setInterface(cam!, octets(16, 7))).toBe("set");
        expect(await store.setInterface(cam!, octets(16, 8))).toBe("set");
        expect(await store.setInterface(cam!, octets(16, 8))).toBe("unchanged");
        expect(told).toEqual([
          { kind: "interface", host: cam!, identifier: octets(16, 7) },
          { kind: "interface", host: cam!, identifier: octets(16, 8) },
        ]);
        await reopen();
        expect(await store.findInterface(cam!)).toEqual(octets(16, 8));
        expect(await store.findInterface(other!)).toBeUndefined();
        expect(await store.setInterface(cam!, undefined)).toBe("set");
        expect(await store.setInterface(cam!, undefined)).toBe("unchanged");
        await store.setInterface(other!, octets(16, 9));
        await store.removeHost(hosts[1]!.name);
        expect(await store.findInterface(other!)).toBeUndefined();
        expect(await store.setInterface(other!, octets(16, 9))).toBe("not-found");
      });
    });

    describe("logins", () => {
      test("a login keeps its octets and its hosts", async () => {
        const { user, hosts } = await fleet(store, 2);
        const narrow = made(await store.addLogin(login({ user: user.id, hosts: [hosts[1]!.id] })));
        const wide = made(
          await store.addLogin(login({ user: user.id, username: "Cam: é", hosts: "all-of-user" })),
        );
        await reopen();
        expect(await store.listLogins(user.id)).toEqual([narrow, wide]);
        expect(await store.listLogins(user.id + 1)).toEqual([]);
        expect(narrow.verifier).toEqual(verifier);
      });

      test("a login keeps what it accepts, where it may be used, and its default host", async () => {
        const { user, hosts } = await fleet(store, 2);
        const [first, second] = hosts.map((host) => host.id);
        const limits = {
          proofs: [
            { kind: "gnudip", sealed: octets(16, 3) },
            { kind: "token", verifier: octets(16, 4) },
          ],
          scope: "challenges",
          from: [parseCidr("192.0.2.0/24")!, parseCidr("2001:db8::/32")!],
          defaultHost: second!,
        } as const;
        const narrow = { ...login({ user: user.id, hosts: [first!, second!] }), ...limits };
        const wide = {
          ...login({ user: user.id, username: "wide", hosts: "all-of-user" }),
          ...limits,
        };
        const kept = [made(await store.addLogin(narrow)), made(await store.addLogin(wide))];
        expect(kept).toMatchObject([narrow, wide]);
        await reopen();
        expect(await store.listLogins()).toEqual(kept);
        expect(await store.listLogins(user.id)).toEqual(kept);
        expect(await store.findLoginAccepting("gnudip")).toEqual(kept[0]!);
        expect(await store.findLoginAccepting("md5")).toBeUndefined();
        expect((await store.addLogin({ ...wide, defaultHost: 999 })).kind).toBe("refused");
      });

      test("a default host that is removed is none any more, and that is told", async () => {
        const { user, hosts } = await fleet(store, 2);
        const wide = login({ user: user.id, hosts: "all-of-user" });
        const kept = made(await store.addLogin({ ...wide, defaultHost: hosts[0]!.id }));
        expect(kept.defaultHost).toBe(hosts[0]!.id);
        const told = await followFromNow(store);
        await store.removeHost(hosts[0]!.name);
        const { defaultHost: _gone, ...left } = kept;
        expect(told).toContainEqual({ kind: "login", id: kept.id, login: left });
        expect(await store.listLogins()).toEqual([left]);
      });

      test("user names differ by case, and each is taken once", async () => {
        const { user } = await fleet(store, 0);
        const cam = login({ user: user.id, hosts: "all-of-user" });
        expect((await store.addLogin({ ...cam, username: "Cam" })).kind).toBe("made");
        expect((await store.addLogin({ ...cam, username: "cam" })).kind).toBe("made");
        expect((await store.addLogin({ ...cam, username: "cam" })).kind).toBe("taken");
      });

      test("a login of an unknown user or host is refused", async () => {
        const { user } = await fleet(store, 0);
        const unknown = login({ user: user.id, hosts: [999] });
        expect((await store.addLogin(unknown)).kind).toBe("refused");
        expect((await store.addLogin({ ...unknown, user: 999 })).kind).toBe("refused");
        expect(await store.listLogins()).toEqual([]);
      });

      test("a removed login is gone", async () => {
        const { user } = await fleet(store, 0);
        await store.addLogin(login({ user: user.id, hosts: "all-of-user" }));
        expect(await store.removeLogin("cam")).toBe("removed");
        expect(await store.removeLogin("cam")).toBe("not-found");
        expect(await store.listLogins()).toEqual([]);
      });
    });

    describe("zones that are open", () => {
      test("an opening is kept and told with its zone, and closed again", async () => {
        const { user, zone } = await fleet(store, 0);
        const told = await followFromNow(store);
        const opening = { by: "device", user: user.id, hostsMax: 3 } as const;
        expect(made(await store.openZone(zone.id, opening))).toEqual({
          ...zone,
          openings: [opening],
        });
        await store.openZone(zone.id, { ...opening, hostsMax: 5 });
        await store.openZone(zone.id, { ...opening, by: "acme" });
        const openings = [
          { ...opening, by: "acme" },
          { ...opening, hostsMax: 5 },
        ] as const;
        expect(told.at(-1)).toEqual({ kind: "zone", id: zone.id, zone: { ...zone, openings } });
        await reopen();
        expect(await store.listZones()).toEqual([{ ...zone, openings }]);
        expect(await store.closeZone(zone.id, "acme")).toBe("removed");
        expect(await store.closeZone(zone.id, "acme")).toBe("not-found");
        expect(await store.closeZone(zone.id, "device")).toBe("removed");
        expect(await store.listZones()).toEqual([zone]);
      });

      test("a zone is open for one user, and one zone for ACME programs", async () => {
        const { user, zone } = await fleet(store, 0);
        const bob = made(await store.addUser("bob", false, "hash"));
        const other = made(await store.addZone(name("other.test"), false, 1, []));
        const opening = { by: "acme", user: user.id, hostsMax: 3 } as const;
        await store.openZone(zone.id, opening);
        expect((await store.openZone(zone.id, { ...opening, user: bob.id })).kind).toBe("taken");
        expect((await store.openZone(other.id, opening)).kind).toBe("refused");
        expect((await store.openZone(other.id, { ...opening, by: "device" })).kind).toBe("made");
        expect((await store.openZone(999, opening)).kind).toBe("refused");
        expect((await store.openZone(zone.id, { ...opening, user: 999 })).kind).toBe("refused");
      });

      test("a host and its login are made together, as the zone is open", async () => {
        const { user, zone, hosts } = await fleet(store, 1);
        const cam = enrolmentOf("cam", "new.dyn.test", zone);
        expect(await store.enrol(cam)).toEqual({ kind: "not-open" });
        await store.openZone(zone.id, { by: "device", user: user.id, hostsMax: 2 });
        const told = await followFromNow(store);
        const enrolled = await store.enrol(cam);
        if (enrolled.kind !== "made") throw new Error(enrolled.kind);
        const { host, login: kept } = enrolled;
        expect(host).toMatchObject({ name: name("new.dyn.test"), user: user.id });
        expect(kept).toMatchObject({ ...cam.login, user: user.id, hosts: [host.id] });
        expect(told).toContainEqual({ kind: "host", id: host.id, host });
        expect(told).toContainEqual({ kind: "login", id: kept.id, login: kept });
        expect(await store.enrol(cam)).toEqual(enrolled); // twice at once
        const full = await store.enrol(enrolmentOf("other", "more.dyn.test", zone));
        expect(full).toEqual({ kind: "full" });
        const taken = await store.enrol({ ...cam, name: hosts[0]!.name });
        expect(taken).toEqual({ kind: "taken" });
        expect(await store.findHost(host.name)).toEqual(host);
      });

      test("who signs up under another name gives up the first, and leaves with host and login", async () => {
        const { user, zone } = await fleet(store, 0);
        await store.openZone(zone.id, { by: "device", user: user.id, hostsMax: 1 });
        await store.enrol(enrolmentOf("cam", "one.dyn.test", zone));
        expect((await store.enrol(enrolmentOf("cam", "two.dyn.test", zone))).kind).toBe("made");
        const names = async (): Promise<readonly string[]> =>
          (await store.listHosts({ limit: 9 })).map((host) => host.name);
        expect(await names()).toEqual(["two.dyn.test"]);
        expect(await store.listLogins()).toHaveLength(1);
        expect(await store.withdraw("cam")).toBe("withdrawn");
        expect(await store.withdraw("cam")).toBe("not-found");
        expect([await names(), await store.listLogins()]).toEqual([[], []]);
      });

      test("nothing is made where there is an obstacle or the login is another's", async () => {
        const bob = made(await store.addUser("bob", false, "hash"));
        const alice = made(await store.addUser("alice", false, "hash"));
        const zone = made(await store.addZone(name("dyn.test"), false, 1, obstacles));
        await store.openZone(zone.id, { by: "device", user: alice.id, hostsMax: 9 });
        await store.addLogin(login({ user: bob.id, hosts: "all-of-user" }));
        const refused = await store.enrol(enrolmentOf("new", "www.dyn.test", zone));
        expect(refused.kind).toBe("refused");
        const taken = await store.enrol(enrolmentOf("cam", "free.dyn.test", zone));
        expect(taken.kind).toBe("taken");
        expect(await store.listHosts({ limit: 9 })).toEqual([]);
        expect(await store.listLogins()).toHaveLength(1);
      });
    });

    describe("changes of addresses", () => {
      test("a committed change is there after reopening", async () => {
        const { hosts } = await fleet(store, 1);
        const change = {
          host: hosts[0]!.id,
          atMs: 1_790_000_000_123,
          v4: octets(4, 9),
          v6: octets(16, 9),
        };
        expect(await store.commit([change], [])).toEqual(["applied"]);
        await reopen();
        const { v4, v6, atMs: changedAtMs } = change;
        expect(await store.findHost(hosts[0]!.name)).toEqual({ ...hosts[0]!, v4, v6, changedAtMs });
      });

      test("a family that is left out is taken away", async () => {
        const { hosts } = await fleet(store, 1);
        await store.commit([changeOf(hosts[0]!, 1)], []);
        await store.commit([{ host: hosts[0]!.id, atMs: 2, v4: undefined, v6: undefined }], []);
        expect(await store.findHost(hosts[0]!.name)).toMatchObject({
          v4: undefined,
          v6: undefined,
        });
      });

      test("a host that was removed meanwhile is gone, and the others are applied", async () => {
        const { hosts } = await fleet(store, 2);
        await store.removeHost(hosts[0]!.name);
        const changes = [changeOf(hosts[1]!, 1), changeOf(hosts[0]!, 1), changeOf(hosts[1]!, 2)];
        expect(await store.commit(changes, [])).toEqual(["applied", "gone", "applied"]);
      });

      test("of many changes at once every caller gets its own answer, and the last one stays", async () => {
        const { hosts } = await fleet(store, 20);
        const rounds = Array.from({ length: 50 }, (_, round) => round + 1);
        const answers = await Promise.all(
          rounds.flatMap((round) =>
            hosts.map((host, index) =>
              store.commit(
                index === 7
                  ? [changeOf(host, round), { ...changeOf(host, round), host: 999 }]
                  : [changeOf(host, round)],
                [],
              ),
            ),
          ),
        );
        for (const [index, answer] of answers.entries()) {
          expect(answer).toEqual(index % 20 === 7 ? ["applied", "gone"] : ["applied"]);
        }
        await reopen();
        for (const host of hosts) {
          expect(await store.findHost(host.name)).toMatchObject({ v4: octets(4, 50) });
        }
      });

      test("callers of one moment share groups, and the counts say so", async () => {
        const { hosts } = await fleet(store, 1);
        await Promise.all(
          Array.from({ length: 500 }, (_, round) => store.commit([changeOf(hosts[0]!, round)], [])),
        );
        const { counts, waiting, state } = store.health();
        expect({ state, waiting }).toEqual({ state: "ready", waiting: 0 });
        expect(counts.changes).toBe(500);
        expect(counts.groups).toBeLessThan(100);
        expect(counts.groupSizes.sum).toBe(500);
        expect(counts.commitSeconds.counts.reduce((sum, n) => sum + n)).toBe(counts.groups);
      });
    });

    describe("loading", () => {
      test("how many hosts there are is said before the first fact", async () => {
        await fleet(store, 3);
        const heard: (number | string)[] = [];
        await store.load(
          (fact) => heard.push(fact.kind),
          (hosts) => heard.push(hosts),
        );
        expect(heard).toEqual([3, "user", "zone", "records", "keys", "hosts"]);
      });

      test("everything is told, things before what refers to them", async () => {
        const { user, zone, hosts } = await fleet(store, 4);
        const cam = made(await store.addLogin(login({ user: user.id, hosts: [hosts[0]!.id] })));
        const changes = [
          changeOf(hosts[1]!, 3),
          { ...changeOf(hosts[2]!, 4), v4: undefined, v6: octets(16, 4) },
          { ...changeOf(hosts[3]!, 5), v6: octets(16, 5) },
        ];
        await store.commit(changes, []);
        await store.changeChallenges([hosts[1]!.id], add("v"), []);
        await store.setInterface(hosts[0]!.id, octets(16, 6));
        await reopen();
        const facts = await loadAll(store);
        const [current] = await store.listZones();
        const stored = await store.listHosts({ limit: 9 });
        expect(stored.slice(1)).toMatchObject(changes.map(({ v4, v6 }) => ({ v4, v6 })));
        expect(facts).toEqual([
          { kind: "user", id: user.id, user },
          { kind: "zone", id: zone.id, zone: current },
          { kind: "records", zone: zone.id, records: apexRecords },
          { kind: "keys", zone: zone.id, keys: [] },
          { kind: "hosts", hosts: stored.map(keptOf) },
          { kind: "interface", host: hosts[0]!.id, identifier: octets(16, 6) },
          { kind: "challenges", host: hosts[1]!.id, challenges: ["v"] },
          { kind: "login", id: cam.id, login: cam },
        ]);
      });
    });

    describe("the feed", () => {
      test("a zone that is made, filled and signed at once is told before what is in it", async () => {
        const user = made(await store.addUser("alice", false, "hash"));
        const told: Fact[] = [];
        const position = await store.load(() => undefined);
        const beside = await open("openBeside");
        const zone = made(await beside.addZone(name("dyn.test"), false, 1, apexRecords));
        await beside.addKey(zone.id, keyOf(1), "active", 0);
        await beside.addHost(name("a.dyn.test"), zone.id, user.id);
        store.follow(position, (facts) => told.push(...facts));
        await until(() => told.length >= 4);
        expect(told.map((fact) => fact.kind)).toEqual(["zone", "records", "keys", "host"]);
        await beside.removeZone(zone.id);
        await until(() => told.length >= 8);
        expect(told.slice(4).map((fact) => fact.kind)).toEqual(["host", "keys", "records", "zone"]);
      });

      test("what another does is told in its order, and own changes are not told again", async () => {
        const { user, zone, hosts } = await fleet(store, 1);
        const told = await followFromNow(store);
        const beside = await open("openBeside");
        const added = made(await beside.addHost(name("new.dyn.test"), zone.id, user.id));
        const cam = made(await beside.addLogin(login({ user: user.id, hosts: [added.id] })));
        await until(() => told.some((fact) => fact.kind === "login"));
        const kinds = told.map((fact) => fact.kind);
        expect(kinds).toEqual(["host", "zone", "login"]);
        expect(told[0]).toEqual({ kind: "host", id: added.id, host: added });
        expect(told[2]).toEqual({ kind: "login", id: cam.id, login: cam });

        told.length = 0;
        await store.commit([changeOf(hosts[0]!, 1)], []);
        await beside.removeLogin("cam");
        await until(() => told.some((fact) => fact.kind === "login"));
        expect(told.filter((fact) => fact.kind === "host")).toEqual([]);
        expect(told.at(-1)).toEqual({ kind: "login", id: cam.id, login: undefined });
      });

      test("what was written before a commit is told before it resolves", async () => {
        const { user, zone, hosts } = await fleet(store, 1);
        const told = await followFromNow(store);
        const beside = await open("openBeside");
        for (let round = 0; round < 10; round++) {
          const added = made(await beside.addHost(name(`n${round}.dyn.test`), zone.id, user.id));
          await store.commit([changeOf(hosts[0]!, round)], []);
          expect(told.some((fact) => fact.kind === "host" && fact.id === added.id)).toBe(true);
        }
      });

      test("another's change of an address is told with its value", async () => {
        const { hosts } = await fleet(store, 1);
        const told = await followFromNow(store);
        const beside = await open("openBeside");
        await beside.commit([changeOf(hosts[0]!, 77)], []);
        await until(() => told.some((fact) => fact.kind === "host"));
        expect(told.find((fact) => fact.kind === "host")).toMatchObject({
          host: { v4: octets(4, 77) },
        });
      });

      test("own management is told before it resolves", async () => {
        const { user, zone } = await fleet(store, 0);
        const told = await followFromNow(store);
        const host = made(await store.addHost(name("x.dyn.test"), zone.id, user.id));
        expect(told[0]).toEqual({ kind: "host", id: host.id, host });
        await store.removeZone(zone.id);
        expect(told.at(-1)).toEqual({ kind: "zone", id: zone.id, zone: undefined });
        expect(told).toContainEqual({ kind: "host", id: host.id, host: undefined });
      });

      test("what happens between loading and following is told", async () => {
        const { user, zone } = await fleet(store, 0);
        const position = await store.load(() => undefined);
        const beside = await open("openBeside");
        const host = made(await beside.addHost(name("x.dyn.test"), zone.id, user.id));
        const told: Fact[] = [];
        store.follow(position, (facts) => told.push(...facts));
        await until(() => told.length > 0);
        expect(told[0]).toEqual({ kind: "host", id: host.id, host });
      });
    });

    describe("serials", () => {
      test("changes raise a serial soon, rarely, and every raise is told and stored", async () => {
        const { zone, hosts } = await fleet(store, 1);
        const told = await followFromNow(store);
        const before = (await store.listZones())[0]!.serial;
        for (let round = 0; round < 200; round++) {
          await store.commit([changeOf(hosts[0]!, round)], []);
        }
        // The last raise comes with no group, by time alone.
        const raises = (): number[] =>
          told.flatMap((fact) => (fact.kind === "zone" && fact.zone ? [fact.zone.serial] : []));
        await Bun.sleep(600);
        const serials = raises();
        expect(serials.length).toBeGreaterThan(0);
        expect(serials.length).toBeLessThan(100);
        expect(serials).toEqual(serials.map((_, index) => before + 1 + index));
        expect(await store.listZones()).toEqual([{ ...zone, serial: serials.at(-1)! }]);
      });

      test("after 4294967295 comes 1", async () => {
        const user = made(await store.addUser("alice", false, "hash"));
        const zone = made(await store.addZone(name("dyn.test"), false, 4_294_967_295, []));
        await store.addHost(name("a.dyn.test"), zone.id, user.id);
        expect((await store.listZones())[0]!.serial).toBe(1);
      });

      test("a serial never goes back over reopening, and closing leaves none behind", async () => {
        const { hosts } = await fleet(store, 1);
        let last = (await store.listZones())[0]!.serial;
        for (let round = 0; round < 5; round++) {
          await store.commit([changeOf(hosts[0]!, round)], []);
          await store.commit([changeOf(hosts[0]!, round + 100)], []);
          await reopen();
          const [zone] = await store.listZones();
          expect(zone!.serial).toBeGreaterThan(last);
          last = zone!.serial;
        }
      });
    });

    describe("receipts", () => {
      test("receipts of changes are found by host, newest first", async () => {
        const { hosts } = await fleet(store, 2);
        for (let round = 1; round <= 3; round++) {
          await store.commit([changeOf(hosts[0]!, round)], [receiptOf(hosts[0]!, round)]);
        }
        await store.commit([changeOf(hosts[1]!, 1)], [receiptOf(hosts[1]!, 9)]);
        await reopen();
        expect(await store.findReceipts(hosts[0]!.name, 2)).toEqual([
          receiptOf(hosts[0]!, 3),
          receiptOf(hosts[0]!, 2),
        ]);
        expect(await store.listReceipts(2)).toEqual([
          receiptOf(hosts[1]!, 9),
          receiptOf(hosts[0]!, 3),
        ]);
      });

      test("uses of logins are kept, the last of each, and none of one that is gone", async () => {
        const user = made(await store.addUser("ada", false, "hash"));
        const login = made(
          await store.addLogin({
            user: user.id,
            username: "cellar",
            verifier: new Uint8Array(32),
            hosts: "all-of-user",
          }),
        );
        const use = { login: login.id, atMs: 1_000, device: "camera" };
        await store.hostNotes.writeLoginUses([use, { ...use, login: login.id + 99 }]);
        await store.hostNotes.writeLoginUses([{ ...use, atMs: 2_000 }]);
        await reopen();
        expect(await store.hostNotes.listLoginUses(0, 9)).toEqual([{ ...use, atMs: 2_000 }]);
        expect(await store.hostNotes.listLoginUses(login.id, 9)).toEqual([]);
        await store.removeLogin("cellar");
        expect(await store.hostNotes.listLoginUses(0, 9)).toEqual([]);
      });

      test("noted receipts are kept soon, and closing keeps them at once", async () => {
        const { hosts } = await fleet(store, 1);
        const strange = { ...receiptOf(hosts[0]!, 1), host: undefined, asked: "No.dyn.test" };
        store.note([strange]);
        await untilAsync(
          async () => (await store.findReceipts(name("no.dyn.test"), 9)).length === 1,
        );
        store.note([receiptOf(hosts[0]!, 2)]);
        await reopen();
        expect(await store.findReceipts(name("no.dyn.test"), 9)).toEqual([strange]);
        expect(await store.findReceipts(hosts[0]!.name, 9)).toEqual([receiptOf(hosts[0]!, 2)]);
      });
    });

    test("a closed store refuses", async () => {
      await store[Symbol.asyncDispose]();
      const refusals = await Promise.allSettled([store.commit([], []), store.listUsers()]);
      for (const refusal of refusals) expect(refusal).toMatchObject({ status: "rejected" });
      await store[Symbol.asyncDispose]();
    });
  });
}

const verifier = Uint8Array.from({ length: 32 }, (_, index) => index * 8);

const apexRecords: readonly ZoneRecord[] = [
  record("dyn.test.", 2),
  record("Mixed\\.Case.dyn.test.", 16),
];

const obstacles: readonly ZoneRecord[] = [
  record("dyn.test.", 2),
  record("text.dyn.test.", 16),
  record("WWW.dyn.test.", 1), // RFC 4343 §3: case is no difference
  record("six.dyn.test.", 28),
  record("alias.dyn.test.", 5),
  record("cut.dyn.test.", 2),
  record("tree.dyn.test.", 39),
];

const changed = { kind: "changed" } as const;
const unchanged = { kind: "unchanged" } as const;

function add(value: string): ChallengeChange {
  return { kind: "add", value };
}

/** A user, a zone and so many hosts, in order of name. */
async function fleet(
  store: Store,
  hostCount: number,
): Promise<{ user: User; zone: Zone; hosts: readonly Host[] }> {
  const user = made(await store.addUser("alice", false, "hash"));
  const zone = made(await store.addZone(name("dyn.test"), false, 100, apexRecords));
  const hosts: Host[] = [];
  for (let index = 0; index < hostCount; index++) {
    hosts.push(made(await store.addHost(name(`cam${10 + index}.dyn.test`), zone.id, user.id)));
  }
  return { user, zone, hosts };
}

/** What was told, with a copy of what was in columns. */
async function loadAll(store: Store): Promise<readonly unknown[]> {
  const facts: (Fact | { kind: "hosts"; hosts: readonly KeptHost[] })[] = [];
  await store.load((fact) => {
    facts.push(fact.kind === "hosts" ? { kind: "hosts", hosts: readColumns(fact.hosts) } : fact);
  });
  return facts;
}

async function followFromNow(store: Store): Promise<Fact[]> {
  const told: Fact[] = [];
  store.follow(await store.load(() => undefined), (facts) => told.push(...facts));
  return told;
}

function made<Thing>(result: Made<Thing>): Thing {
  if (result.kind !== "made") throw new Error(`Not made: ${JSON.stringify(result)}`);
  return result.made;
}

function name(text: string): HostName {
  return parseHostName(text)!;
}

function record(owner: string, type: number): ZoneRecord {
  return { owner, type, ttlSeconds: 300, rdata: Uint8Array.from([0, 255, type]) };
}

function login(of: { user: number; username?: string; hosts: readonly number[] | "all-of-user" }): {
  user: number;
  username: string;
  verifier: Uint8Array;
  hosts: readonly number[] | "all-of-user";
} {
  return { username: "cam", verifier, ...of };
}

function enrolmentOf(username: string, host: string, zone: Zone): Enrolment {
  const proofs = [{ kind: "token", verifier }] as const;
  return { zone: zone.id, by: "device", name: name(host), login: { username, verifier, proofs } };
}

/** `value` is told apart in the last two octets. */
function octets(length: 4 | 16, value: number): Uint8Array {
  const made = new Uint8Array(length);
  made[0] = 10;
  made[length - 2] = value >> 8;
  made[length - 1] = value & 0xff;
  return made;
}

function keyOf(value: number): NewZoneKey {
  const dnskey = octets(16, value);
  return { algorithm: 13, dnskey, keyTag: value, sealed: octets(16, value + 100) };
}

function changeOf(host: Host, value: number): AddressChange {
  return { host: host.id, atMs: 1_790_000_000_000 + value, v4: octets(4, value), v6: undefined };
}

function receiptOf(host: Host, value: number): Receipt {
  return {
    atMs: 1_790_000_000_000 + value,
    host: host.id,
    asked: host.name.toUpperCase(),
    username: value === 2 ? undefined : "cam",
    peer: "192.0.2.1",
    adapter: "dyndns2",
    userAgent: "Acme - Cam - 1.0",
    outcome: "changed",
    addresses: "10.0.0.1",
    note: "",
  };
}

function until(holds: () => boolean): Promise<void> {
  return untilAsync(() => Promise.resolve(holds()));
}

async function untilAsync(holds: () => Promise<boolean>): Promise<void> {
  for (const start = performance.now(); !(await holds()); await Bun.sleep(10)) {
    if (performance.now() - start > feedDeadlineMs)
      throw new Error("It did not come to pass in time");
  }
}
