/** Challenges from an update to an answer of DNS: a real store, the real rules, the real table, and what they say in the end. */

import { expect, test } from "bun:test";
import fc from "fast-check";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseAddress } from "../../src/base/address.ts";
import { systemClock } from "../../src/base/clock.ts";
import { Directory } from "../../src/core/directory.ts";
import { parseHostName } from "../../src/core/host-name.ts";
import type { HostName } from "../../src/core/host-name.ts";
import { Publication } from "../../src/core/publication.ts";
import { Updates } from "../../src/core/take-update.ts";
import type { ChallengeChange, UpdateRequest } from "../../src/core/update.ts";
import { makeVerifier } from "../../src/core/verifier.ts";
import type { ZoneRecord } from "../../src/core/zone.ts";
import { makeQuery, readMessage, writeMessage } from "../../src/dns/message.ts";
import { parseRdataText, printRdata, typeCode, types } from "../../src/dns/record-types.ts";
import { Publisher } from "../../src/nameserver/publish.ts";
import { Responder } from "../../src/nameserver/respond.ts";
import { openStore } from "../../src/store/open-store.ts";
import type { Store } from "../../src/store/store.ts";
import { ZoneReader } from "../../src/zone/zone-reader.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { quietLog } from "../quiet-log.ts";
import { mustParseName } from "./served-zone.ts";

const pepper = new Uint8Array(32).fill(7);
const hosts = ["a.z.test", "b.a.z.test"].map(mustParseHost);
const places = hosts.map((host) => `_acme-challenge.${host}.`);
const values = ["v", "w", "x"];

type Step =
  | { readonly do: "change"; readonly host: number; readonly change: ChallengeChange }
  /** Which of the places have a text of the zone's own (`own` or one of the values), and which an alias. */
  | { readonly do: "replace"; readonly own: readonly (string | undefined)[] }
  | { readonly do: "remove-host"; readonly host: number }
  | { readonly do: "add-host"; readonly host: number }
  | { readonly do: "restart" };

const anyHost = fc.nat(hosts.length - 1);
const anyValue = fc.constantFrom(...values);
const anyChange: fc.Arbitrary<ChallengeChange> = fc.oneof(
  fc.record({ kind: fc.constant("add" as const), value: anyValue }),
  fc.record({ kind: fc.constant("remove" as const), value: anyValue }),
  fc.constant({ kind: "clear" as const }),
);
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constant("change" as const), host: anyHost, change: anyChange }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant("replace" as const),
      own: fc.array(fc.option(fc.constantFrom("own", "v", "CNAME"), { nil: undefined }), {
        minLength: hosts.length,
        maxLength: hosts.length,
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant("remove-host" as const), host: anyHost }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant("add-host" as const), host: anyHost }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant("restart" as const) }) },
);

/** Every sequence has a data folder of its own, so a few seconds; the machine may be loaded. */
const sequences = 40;
const sequencesMs = 120_000;

test(
  "whatever is added, taken away and replaced, DNS says what a simple model says",
  async () => {
    let answers = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 20 }), async (steps) => {
        answers += await play(steps, new Model());
      }),
      { numRuns: sequences },
    );
    expect(answers).toBeGreaterThan(sequences * places.length * 4);
  },
  sequencesMs,
);

const change = (given: ChallengeChange): Step => ({ do: "change", host: 0, change: given });
const faults: readonly (readonly [string, (model: Model) => void, readonly Step[]])[] = [
  [
    "a third text that does not take the place of the oldest",
    (model) => (model.textsMax = 3),
    values.map((value) => change({ kind: "add", value })),
  ],
  [
    "texts that outlive their host",
    (model) => (model.forgetsWithHost = false),
    [change({ kind: "add", value: "v" }), { do: "remove-host", host: 0 }],
  ],
  [
    "texts that new records of the zone take away",
    (model) => (model.replacesAll = true),
    [change({ kind: "add", value: "w" }), { do: "replace", own: ["own", undefined] }],
  ],
];
for (const [what, plant, steps] of faults) {
  test(`the comparison notices ${what}`, async () => {
    await play(steps, new Model());
    const model = new Model();
    plant(model);
    let noticed = "";
    await play(steps, model).catch((error: unknown) => (noticed = String(error)));
    expect(noticed).toContain("instead of");
  });
}

/** What there should be, by the words of the feature. */
class Model {
  textsMax = 2;
  forgetsWithHost = true;
  replacesAll = false;
  readonly #isThere = hosts.map(() => true);
  readonly #texts: string[][] = hosts.map(() => []);
  #own: readonly (string | undefined)[] = hosts.map(() => undefined);

  change(host: number, change: ChallengeChange): string {
    const there = this.#texts[host]!;
    if (!this.#isThere[host]) return "unknown-host";
    if (change.kind === "add") {
      if (there.includes(change.value)) return "unchanged";
      if (this.#own[host] === "CNAME") return "bad-address";
      this.#texts[host] = [...there, change.value].slice(-this.textsMax);
      return "changed";
    }
    const left = change.kind === "clear" ? [] : there.filter((text) => text !== change.value);
    this.#texts[host] = left;
    return left.length === there.length ? "unchanged" : "changed";
  }

  replace(own: readonly (string | undefined)[]): void {
    this.#own = own;
    if (this.replacesAll) this.#texts.fill([]);
  }

  setHost(host: number, isThere: boolean): void {
    this.#isThere[host] = isThere;
    if (!isThere && this.forgetsWithHost) this.#texts[host] = [];
  }

  answer(host: number): string {
    const own = this.#own[host];
    if (own === "CNAME") return "CNAME";
    const texts = new Set([...(own === undefined ? [] : [own]), ...this.#texts[host]!]);
    return texts.size === 0 ? "NXDOMAIN" : [...texts].toSorted().join(" ");
  }
}

/** Plays the steps on the real parts and on the model; throws where they differ. Returns how many answers were compared. */
async function play(steps: readonly Step[], model: Model): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "nameward-challenges-"));
  const url = join(folder, "nameward.db");
  let compared = 0;
  let house = await open(url);
  try {
    await furnish(house.store);
    for (const step of steps) {
      const serial = house.serial();
      const before = places.map((at) => house.ask(at)).join();
      if (step.do === "restart") {
        await house.store[Symbol.asyncDispose]();
        house = await open(url);
      } else {
        await take(step, house, model);
      }
      for (const [host, at] of places.entries()) {
        same(`${at} after ${JSON.stringify(step)}`, house.ask(at), model.answer(host));
        compared++;
      }
      const isOther = places.map((at) => house.ask(at)).join() !== before;
      if (isOther) expect(house.serial()).toBeGreaterThan(serial);
    }
  } finally {
    await house.store[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true });
  }
  return compared;
}

async function take(
  step: Exclude<Step, { do: "restart" }>,
  { store, update, serial }: House,
  model: Model,
): Promise<void> {
  switch (step.do) {
    case "change": {
      const found = await update(hosts[step.host]!, step.change);
      same(`the outcome of ${JSON.stringify(step)}`, found, model.change(step.host, step.change));
      break;
    }
    case "replace":
      await store.replaceRecords(1, serial() + 1, zoneRecords(step.own));
      model.replace(step.own);
      break;
    case "remove-host":
      await store.removeHost(hosts[step.host]!);
      model.setHost(step.host, false);
      break;
    case "add-host":
      await store.addHost(hosts[step.host]!, 1, 1);
      model.setHost(step.host, true);
      break;
  }
}

function same(what: string, found: string, wanted: string): void {
  if (found !== wanted) throw new Error(`${what}: ${found} instead of ${wanted}`);
}

interface House {
  readonly store: Store;
  update(host: string, challenge: ChallengeChange): Promise<string>;
  ask(owner: string): string;
  serial(): number;
}

async function open(url: string): Promise<House> {
  const store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
  const directory = new Directory(1);
  const table = new ZoneTable({ bytesMax: 1 << 20, hashSeed: 2 });
  const setKeys = (): void => undefined;
  const publisher = new Publisher({ table, directory, hostTtlSeconds: 60, setKeys });
  const position = await store.load((fact) => publisher.apply(fact));
  store.follow(position, (facts) => facts.forEach((fact) => publisher.apply(fact)));
  const updates = new Updates({
    directory,
    publication: new Publication({ burst: 60, refillMs: 10_000 }),
    pepper,
    openSealed: () => Promise.resolve(undefined),
    clock: systemClock,
    commit: (changes, receipts) => store.commit(changes, receipts),
    changeChallenges: (ids, change, receipts) => store.changeChallenges(ids, change, receipts),
    publish: (id) => publisher.publishHost(id),
    keep: () => undefined,
  });
  const responder = new Responder(new ZoneReader(table.buffer, table.hashSeed, 0));
  const query = (owner: string, type: number) => {
    const octets = writeMessage(makeQuery(mustParseName(owner), type, { id: 1 }));
    return readMessage(responder.reply.slice(0, responder.respond(octets, octets.length, "udp")));
  };
  return {
    store,
    async update(host, challenge) {
      const outcome = await updates.takeUpdate({ ...plainRequest, hosts: [host], challenge });
      return outcome.kind === "hosts" ? outcome.hosts.map(({ kind }) => kind).join() : outcome.kind;
    },
    ask(owner) {
      const { rcode, answers } = query(owner, types.TXT);
      if (rcode === 3) return "NXDOMAIN";
      if (answers.some(({ type }) => type === types.CNAME)) return "CNAME";
      const texts = answers.map(({ type, rdata }) => printRdata(type, rdata).slice(1, -1));
      return texts.toSorted().join(" ");
    },
    serial: () => directory.findZone(1)?.serial ?? 0,
  };
}

async function furnish(store: Store): Promise<void> {
  await store.addUser("alice", false, "!");
  await store.addZone(mustParseHost("z.test"), false, 1, zoneRecords(hosts.map(() => undefined)));
  for (const host of hosts) await store.addHost(host, 1, 1);
  const verifier = makeVerifier(pepper, "cam", "secret");
  await store.addLogin({ user: 1, username: "cam", verifier, hosts: "all-of-user" });
}

function zoneRecords(own: readonly (string | undefined)[]): readonly ZoneRecord[] {
  const lines = own.flatMap((text, index) => {
    if (text === undefined) return [];
    return text === "CNAME"
      ? [`${places[index]} CNAME elsewhere.test.`]
      : [`${places[index]} TXT ${text}`];
  });
  const soa = "z.test. SOA ns.z.test. hostmaster.z.test. 1 3600 600 86400 60";
  return [soa, "z.test. NS ns.z.test.", ...lines].map((line) => {
    const [owner = "", typeText = "", ...rdata] = line.split(" ");
    const type = typeCode(typeText)!;
    const parsed = parseRdataText(type, rdata.join(" "));
    if (!("rdata" in parsed)) throw new Error(`Not RDATA: ${line}`);
    return { owner, type, ttlSeconds: 300, rdata: parsed.rdata };
  });
}

const plainRequest: Omit<UpdateRequest, "hosts" | "challenge"> = {
  credential: { kind: "password", username: "cam", password: "secret" },
  naming: "full",
  addresses: [],
  ownAddresses: [],
  prefix: undefined,
  offline: false,
  isAllOrNothing: false,
  peer: parseAddress("198.51.100.9")!,
  adapter: "test",
  userAgent: "",
};

function mustParseHost(text: string): HostName {
  return parseHostName(text)!;
}
