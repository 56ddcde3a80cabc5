import { afterEach, expect, test } from "bun:test";
import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addressFromOctets, parseAddress } from "../base/address.ts";
import { systemChance } from "../base/chance.ts";
import { systemClock } from "../base/clock.ts";
import { openStore } from "../store/open-store.ts";
import type { Made, Store } from "../store/store.ts";
import { quietLog } from "../../test/quiet-log.ts";
import { Directory } from "./directory.ts";
import { parseHostName } from "./host-name.ts";
import { Publication } from "./publication.ts";
import type { Receipt } from "./receipt.ts";
import { networksMax, Registrar, registrationPace } from "./register.ts";
import type { Registration, RegistrationOutcome } from "./registration.ts";
import { Updates } from "./take-update.ts";
import type { Credential } from "./login.ts";
import type { UpdateOutcome, UpdateRequest } from "./update.ts";
import type { OpeningKind } from "./zone.ts";

const pepper = new Uint8Array(32).fill(7);
const key = "m1+/Zk3rQ9xWv0Tt2bE4Yg==";
const peer = parseAddress("203.0.113.9")!;
const from = { peer, adapter: "test", userAgent: "MSIE 9.0" };

const opened: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of opened.splice(0)) await close();
});

/** Real rules on a real store: auto.test is open for devices, auth.test for ACME, inner.auto.test and dyn.test for nobody. */
async function house(hostsMax = 100) {
  const folder = mkdtempSync(join(tmpdir(), "nameward-register-"));
  const url = join(folder, "nameward.db");
  const store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
  opened.push(async () => {
    await store[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });
  const user = made(await store.addUser("recorders", false, "!")).id;
  const zones = new Map<string, number>();
  for (const apex of ["auto.test", "auth.test", "inner.auto.test", "dyn.test"]) {
    zones.set(apex, made(await store.addZone(parseHostName(apex)!, false, 1, [])).id);
  }
  const open = (apex: string, by: OpeningKind) =>
    store.openZone(zones.get(apex)!, { by, user, hostsMax });
  await open("auto.test", "device");
  await open("auth.test", "acme");

  const directory = new Directory(1);
  const position = await store.load((fact) => {
    if (fact.kind === "hosts") throw new Error("no host is there yet");
    directory.apply(fact);
  });
  store.follow(position, (facts) => facts.forEach((fact) => directory.apply(fact)));
  const receipts: Receipt[] = [];
  const keep = (receipt: Receipt): void => void receipts.push(receipt);
  const time = { ms: 0 };
  const clock = { now: () => 1_700_000_000_000, monotonicMs: () => time.ms };
  const updates = new Updates({
    directory,
    publication: new Publication({ burst: 60, refillMs: 10_000 }),
    pepper,
    openSealed: () => Promise.resolve(undefined),
    clock,
    commit: (changes, changeReceipts) => store.commit(changes, changeReceipts),
    changeChallenges: (hosts, change, changeReceipts) =>
      store.changeChallenges(hosts, change, changeReceipts),
    publish: () => undefined,
    keep,
  });
  const parts = {
    directory,
    pepper,
    clock,
    chance: systemChance,
    enrol: (enrolment: Parameters<Store["enrol"]>[0]) => store.enrol(enrolment),
    withdraw: (username: string) => store.withdraw(username),
    takeUpdate: (request: UpdateRequest) => updates.takeUpdate(request),
    keep,
  };
  const registrar = new Registrar(parts);
  const register = (registration: Registration): Promise<RegistrationOutcome> =>
    registrar.register(registration);
  const add = async (host: string, given: { key?: string; addresses?: string[] } = {}) =>
    (await register({ kind: "device", key, addresses: ["203.0.113.1"], from, host, ...given }))
      .kind;
  const addressOf = (name: string): string => {
    const id = directory.hosts.find(parseHostName(name)!);
    const v4 = id === undefined ? undefined : directory.hosts.addresses(id).v4;
    return v4 === undefined ? "" : addressFromOctets(v4).text;
  };
  const update = async (
    credential: Credential,
    given: Partial<UpdateRequest> = {},
  ): Promise<UpdateOutcome> =>
    updates.takeUpdate({
      credential,
      hosts: [],
      naming: "full",
      addresses: [],
      ownAddresses: [],
      prefix: undefined,
      offline: false,
      challenge: undefined,
      isAllOrNothing: false,
      ...from,
      ...given,
    });
  return { store, directory, register, add, addressOf, update, receipts, time, zones, parts };
}

function made<Thing>(outcome: Made<Thing>): Thing {
  if (outcome.kind !== "made") throw new Error(`Not made: ${outcome.kind}`);
  return outcome.made;
}

test("a device makes its host, moves it, says it again, and takes another name", async () => {
  const { add, addressOf, store } = await house();
  expect(await add("CAM1.auto.test")).toBe("created");
  expect(addressOf("cam1.auto.test")).toBe("203.0.113.1");
  expect(await add("cam1.auto.test")).toBe("unchanged");
  expect(await add("cam1.auto.test", { addresses: ["203.0.113.2"] })).toBe("replaced");
  expect(addressOf("cam1.auto.test")).toBe("203.0.113.2");
  expect(await add("cam2.auto.test", { addresses: [] })).toBe("replaced");
  expect([addressOf("cam1.auto.test"), addressOf("cam2.auto.test")]).toEqual(["", "203.0.113.9"]);
  const hosts = await store.listHosts({ limit: 9 });
  const logins = await store.listLogins();
  expect(hosts.map(({ name }) => String(name))).toEqual(["cam2.auto.test"]);
  expect(logins.map((login) => login.hosts)).toEqual([[hosts[0]!.id]]);
});

test("its key is a token from then on, and a device that leaves gives up host and login", async () => {
  const { register, add, addressOf, update, store } = await house();
  await add("cam1.auto.test");
  const token = { kind: "token", secret: key } as const;
  expect(await update(token, { addresses: ["203.0.113.3"] })).toMatchObject({
    kind: "hosts",
    hosts: [{ kind: "changed" }],
  });
  expect(addressOf("cam1.auto.test")).toBe("203.0.113.3");
  expect(await register({ kind: "leave", key: `${key}x`, from })).toEqual({ kind: "unknown" });
  expect(await register({ kind: "leave", key, from })).toEqual({ kind: "left" });
  expect([await store.listHosts({ limit: 9 }), await store.listLogins()]).toEqual([[], []]);
  expect((await update(token)).kind).toBe("bad-credentials");
  expect(await register({ kind: "leave", key, from })).toEqual({ kind: "unknown" });
  expect(await add("cam1.auto.test", { key: "another recorder" })).toBe("created");
});

const refusals: readonly (readonly [
  why: string,
  host: string,
  given: { key?: string; addresses?: string[] },
  kind: RegistrationOutcome["kind"],
])[] = [
  ["a key of 7 octets", "a.auto.test", { key: "1234567" }, "bad-key"],
  ["a key of 129 octets", "a.auto.test", { key: "k".repeat(129) }, "bad-key"],
  ["a key with a line end", "a.auto.test", { key: "12345678\n" }, "bad-key"],
  ["no full name", "a", {}, "bad-host"],
  ["the zone itself", "auto.test", {}, "bad-host"],
  ["two labels below the zone", "x.cam.auto.test", {}, "bad-host"],
  ["a name that people trust", "www.auto.test", {}, "bad-host"],
  ["a name that browsers ask for", "WPAD.auto.test", {}, "bad-host"],
  ["a name server's name", "ns2.auto.test", {}, "bad-host"],
  ["a name of ACME", "_acme-challenge.auto.test", {}, "bad-host"],
  ["the apex of a zone between", "inner.auto.test", {}, "bad-host"],
  ["a zone that is not open", "a.dyn.test", {}, "not-open"],
  ["a zone that is open for others", "a.auth.test", {}, "not-open"],
  ["a name of nobody's", "a.example", {}, "not-open"],
  ["no address", "a.auto.test", { addresses: ["203.0.113.256"] }, "bad-address"],
  ["a name that another device has", "taken.auto.test", {}, "taken"],
];

for (const [why, host, given, kind] of refusals) {
  test(`${why} is ${kind}, and nothing is made`, async () => {
    const { add, store, receipts } = await house();
    await add("taken.auto.test", { key: "another recorder" });
    const before = [await store.listHosts({ limit: 9 }), await store.listLogins()];
    receipts.length = 0;
    expect(await add(host, given)).toBe(kind);
    expect([await store.listHosts({ limit: 9 }), await store.listLogins()]).toEqual(before);
    expect(receipts.map(({ outcome }) => outcome)).toEqual([kind]);
    expect(JSON.stringify(receipts)).not.toContain(given.key ?? key);
  });
}

test("a device keeps its host when the new name is another's", async () => {
  const { add, addressOf } = await house();
  await add("cam1.auto.test");
  await add("cam2.auto.test", { key: "another recorder" });
  expect(await add("cam2.auto.test")).toBe("taken");
  expect(addressOf("cam1.auto.test")).toBe("203.0.113.1");
});

test("a private address is replaced by the caller's, as in any public zone", async () => {
  const { add, addressOf } = await house();
  expect(await add("cam1.auto.test", { addresses: ["192.168.1.7"] })).toBe("created");
  expect(addressOf("cam1.auto.test")).toBe("203.0.113.9");
});

test("a zone takes ten new hosts at once, then ten a minute", async () => {
  const { add, time, receipts } = await house();
  const more = (n: number) => add(`cam${n}.auto.test`, { key: `recorder ${n}` });
  for (let n = 0; n < registrationPace.burst; n++) expect(await more(n)).toBe("created");
  expect(await more(10)).toBe("too-many");
  expect(receipts.at(-1)?.note).toContain("ten new hosts a minute");
  expect(await add("cam0.auto.test", { key: "recorder 0", addresses: [] })).toBe("replaced");
  time.ms += registrationPace.refillMs;
  expect(await more(10)).toBe("created");
  expect(await more(11)).toBe("too-many");
});

test("a zone takes no more hosts than it is open for, and a device that is renamed is none more", async () => {
  const { add, receipts } = await house(2);
  expect(await add("cam1.auto.test")).toBe("created");
  expect(await add("cam2.auto.test", { key: "another recorder" })).toBe("created");
  expect(await add("cam3.auto.test", { key: "a third recorder" })).toBe("too-many");
  expect(receipts.at(-1)?.note).toContain("--hosts-max");
  expect(await add("cam4.auto.test")).toBe("replaced");
});

test("a zone that is closed takes nobody, and who is there stays", async () => {
  const { store, zones, add, register, update } = await house();
  await add("cam1.auto.test");
  await store.closeZone(zones.get("auto.test")!, "device");
  await store.closeZone(zones.get("auth.test")!, "acme");
  expect(await add("cam2.auto.test", { key: "another recorder" })).toBe("not-open");
  expect(await register({ kind: "acme", allowFrom: [], from })).toEqual({ kind: "not-open" });
  expect((await update({ kind: "token", secret: key })).kind).toBe("hosts");
  expect(await register({ kind: "leave", key, from })).toEqual({ kind: "left" });
});

test("an ACME program gets a host and a login that sets no address", async () => {
  const { register, directory, update } = await house();
  const outcome = await register({ kind: "acme", allowFrom: [], from });
  if (outcome.kind !== "acme") throw new Error(outcome.kind);
  const { host, username, password } = outcome;
  const uuid = "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}";
  expect(host).toMatch(new RegExp(`^${uuid}\\.auth\\.test$`));
  expect(username).toMatch(new RegExp(`^${uuid}$`));
  expect(password).toMatch(/^[A-Za-z0-9_-]{40}$/);
  expect(directory.findLogin(username)).toMatchObject({ scope: "challenges", from: [] });
  expect(await update({ kind: "password", username, password })).toMatchObject({
    hosts: [{ kind: "unknown-host" }],
  });
});

const networks: readonly (readonly [allowFrom: readonly string[], kept: string | undefined])[] = [
  [
    ["192.168.100.1/24", "1.2.3.4/32", "2002:c0a8:2a00::0/40"], // as acme-dns has it in its manual
    "192.168.100.0/24 1.2.3.4/32 2002:c0a8:2a00::/40",
  ],
  [["192.0.2.9"], "192.0.2.9/32"],
  [["0.0.0.1/0"], "0.0.0.0/0"],
  [["2001:db8::ffff/127"], "2001:db8::fffe/127"],
  [["192.0.2.0/33"], undefined],
  [["192.0.2.0/x"], undefined],
  [["192.0.2.0/"], undefined],
  [["192.0.2.0/24", "home"], undefined],
  [Array<string>(networksMax + 1).fill("192.0.2.0/24"), undefined],
];

for (const [allowFrom, kept] of networks) {
  test(`a program from ${allowFrom.slice(0, 3).join(", ")} is bound to ${kept}`, async () => {
    const { register, directory } = await house();
    const outcome = await register({ kind: "acme", allowFrom, from });
    if (kept === undefined) expect(outcome).toEqual({ kind: "bad-address" });
    if (outcome.kind !== "acme") return;
    const login = directory.findLogin(outcome.username)!;
    expect<string | undefined>(login.from.map(({ text }) => text).join(" ")).toBe(kept);
  });
}

type Step = { readonly key: number; readonly label: number; readonly leaves: boolean };

const steps = fc.array(fc.record({ key: fc.nat(2), label: fc.nat(2), leaves: fc.boolean() }), {
  minLength: 1,
  maxLength: 20,
});

/** Who has which name, as simple as it can be said. */
function expectStep(names: Map<number, number>, { key: who, label, leaves }: Step): string {
  if (leaves) return names.delete(who) ? "left" : "unknown";
  if (names.get(who) === label) return "unchanged";
  if ([...names.values()].includes(label)) return "taken";
  const kind = names.has(who) ? "replaced" : "created";
  names.set(who, label);
  return kind;
}

/** Thirty services are made one after the other, on a machine that may be loaded. */
const runsMs = 60_000;

test(
  "whoever comes, moves and leaves: each name has one device, and each device one name",
  async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (sequence) => {
        const { add, register, store, time } = await house();
        const names = new Map<number, number>();
        for (const step of sequence) {
          time.ms += registrationPace.refillMs;
          const secret = `recorder ${step.key}`;
          const outcome = step.leaves
            ? (await register({ kind: "leave", key: secret, from })).kind
            : await add(`cam${step.label}.auto.test`, { key: secret });
          expect(outcome).toBe(expectStep(names, step) as typeof outcome);
        }
        const kept = (await store.listHosts({ limit: 9 })).map(({ name }) => String(name));
        expect(kept).toEqual(
          [...names.values()].toSorted((a, b) => a - b).map((label) => `cam${label}.auto.test`),
        );
        expect(await store.listLogins()).toHaveLength(names.size);
      }),
      { numRuns: 30 },
    );
  },
  runsMs,
);

test("a store that fails asks the device to come again", async () => {
  const { parts } = await house();
  const enrol = () => Promise.reject(new Error("disk"));
  const registrar = new Registrar({ ...parts, enrol });
  const device = { kind: "device", key, host: "cam1.auto.test", addresses: [], from } as const;
  expect(await registrar.register(device)).toEqual({ kind: "try-later" });
  expect(await new Registrar(parts).register(device)).toMatchObject({ kind: "created" });
});
