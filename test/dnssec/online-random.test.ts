/** Names that nobody knew before, asked of a validating resolver with an empty cache: none may fail. */

import { expect } from "bun:test";
import { rcodes } from "../../src/dns/message.ts";
import { nameOctetsMax } from "../../src/dns/name.ts";
import type { Name } from "../../src/dns/name.ts";
import type { Message } from "../../src/dns/message.ts";
import { types } from "../../src/dns/record-types.ts";
import { CommandLine } from "../command-line.ts";
import { testWith } from "../debian.ts";
import { Dice } from "../dns/mutate.ts";
import { mustParseName } from "../dns/served-zone.ts";
import { startServer } from "../server.ts";
import { openBendingProxy } from "./online-proxy.ts";
import { startResolver } from "./online-resolvers.ts";
import type { Resolver } from "./online-resolvers.ts";
import { makeSignedZones, parentApex, servedApexes } from "./online-zones.ts";

const count = Number(process.env["NAMEWARD_TEST_RANDOM_NAMES"] ?? 10_000);
const seed = Number(process.env["NAMEWARD_TEST_SEED"] ?? 7);
const inFlight = 60;

testWith(
  ["unbound"],
  `${count} random names in mixed case are secure for unbound, and none is SERVFAIL`,
  async () => {
    using line = new CommandLine();
    const { anchors } = await makeSignedZones(line);
    await using server = await startServer({ data: line.data, args: ["--dns-rate-limit", "0"] });
    await using resolver = await startResolver("unbound", {
      server: server.dns,
      apexes: servedApexes,
      anchors: [anchors[parentApex]!],
    });
    const startMs = performance.now();
    const { seen, wrong } = await askNames(resolver, count, suffixes);
    const seconds = (performance.now() - startMs) / 1_000;
    process.stderr.write(
      `${count} names, seed ${seed}, in ${seconds.toFixed(1)} s: ${printCounts(seen)}\n`,
    );
    expect(wrong.slice(0, 10)).toEqual([]);
    // All kinds were among them, and all were counted.
    for (const kind of ["secure data", "secure denial"]) {
      expect(seen.get(kind) ?? 0).toBeGreaterThan(count / 20);
    }
    expect([...seen.values()].reduce((sum, each) => sum + each, 0)).toBe(count);
    expect(await resolver.log()).not.toMatch(/validation failure/);
  },
  240_000,
);

testWith(
  ["unbound"],
  "random names whose answers are bent are SERVFAIL, and counted so",
  async () => {
    using line = new CommandLine();
    const { anchors } = await makeSignedZones(line);
    await using server = await startServer({ data: line.data, args: ["--dns-rate-limit", "0"] });
    await using proxy = await openBendingProxy(server.dns);
    await using resolver = await startResolver("unbound", {
      server: proxy,
      apexes: servedApexes,
      anchors: [anchors[parentApex]!],
    });
    // Below the DNAME some are answered without a signature that unbound looks at, or with much patience.
    const places = suffixes.filter((suffix) => !suffix.isSame(dname));
    const { seen, wrong } = await askNames(resolver, inFlight, places);
    expect([...seen]).toEqual([["SERVFAIL", inFlight]]);
    expect(wrong.length).toBe(inFlight);
  },
  120_000,
);

/** Asks for random names. How often each outcome was seen, and what was asked where it was not good. */
async function askNames(
  resolver: Resolver,
  names: number,
  places: readonly Name[],
): Promise<{ readonly seen: ReadonlyMap<string, number>; readonly wrong: readonly string[] }> {
  const dice = new Dice(seed);
  const seen = new Map<string, number>();
  const wrong: string[] = [];
  let left = names;
  const asker = async (): Promise<void> => {
    while (left-- > 0) {
      const name = makeName(dice, places);
      const type = dice.pick(askedTypes);
      const outcome = outcomeOf(name, await resolver.ask(name, type));
      seen.set(outcome, (seen.get(outcome) ?? 0) + 1);
      if (!goodOutcomes.has(outcome)) wrong.push(`${name} ${type}: ${outcome}`);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, asker));
  return { seen, wrong };
}

const askedTypes = [types.A, types.AAAA, types.TXT, types.MX, types.CAA, types.HTTPS, types.DS];

const goodOutcomes = new Set(["secure data", "secure denial", "too long for the DNAME"]);

function outcomeOf(name: Name, reply: Message | undefined): string {
  if (reply === undefined) return "silence";
  if (reply.rcode === rcodes.SERVFAIL) return "SERVFAIL";
  const wouldBe = name.octets.length - dname.octets.length + dnameTarget.octets.length;
  if (name.isWithin(dname) && wouldBe > nameOctetsMax) {
    // RFC 6672 §2.2: the DNAME proves that there can be no such name.
    return reply.rcode === rcodes.YXDOMAIN ? "too long for the DNAME" : `rcode ${reply.rcode}`;
  }
  if (reply.rcode !== 0) return `rcode ${reply.rcode}`;
  if (!reply.flags.has("ad")) return "insecure";
  return reply.answers.length > 0 ? "secure data" : "secure denial";
}

function printCounts(seen: ReadonlyMap<string, number>): string {
  return [...seen].map(([outcome, times]) => `${outcome} ${times}`).join(", ");
}

/** Where the names lie: at the apex, below wildcards, a DNAME, an empty non-terminal, in the signed child. */
const suffixes = ["@", "@", "@", "wild", "bar.wild", "cw", "dn", "ent", "mail", "sec", "w.sec"].map(
  (label) => mustParseName(label === "@" ? `${parentApex}.` : `${label}.${parentApex}.`),
);
const dname = mustParseName(`dn.${parentApex}.`);
const dnameTarget = mustParseName(`target.${parentApex}.`);
const letters = [
  ...Buffer.from("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_"),
];

/** One in eight labels is of any octets, one name in sixteen as long as can be. */
function makeName(dice: Dice, places: readonly Name[]): Name {
  let name: Name = dice.pick(places);
  const labels = dice.roll(16) === 0 ? 127 : 1 + dice.roll(3);
  for (let i = 0; i < labels; i++) {
    const isAny = dice.roll(8) === 0;
    const octets = 1 + dice.roll(labels > 3 ? 63 : 20);
    const label = Uint8Array.from({ length: octets }, () =>
      isAny ? dice.roll(256) : dice.pick(letters),
    );
    name = name.child(label) ?? name; // as it is where it would be too long
  }
  return name;
}
