/**
 * The key of a child is replaced under a validating resolver. A cache may hold what was true one stage
 * before, and no more: the waits between stages see to that. So each resolver lives for two stages.
 */

import { Database } from "bun:sqlite";
import { expect } from "bun:test";
import { makeQuery, readMessage, writeMessage } from "../../src/dns/message.ts";
import type { MessageRecord } from "../../src/dns/message.ts";
import { types } from "../../src/dns/record-types.ts";
import { keyTag } from "../../src/dns/key-records.ts";
import { CommandLine } from "../command-line.ts";
import { testWith } from "../debian.ts";
import { openUdpClient } from "../dns/client.ts";
import type { UdpClient } from "../dns/client.ts";
import { mustParseName } from "../dns/served-zone.ts";
import { startServer } from "../server.ts";
import { startResolver } from "./online-resolvers.ts";
import type { Resolver } from "./online-resolvers.ts";
import { childApex, makeSignedZones, parentApex, servedApexes } from "./online-zones.ts";

/** A running server follows a command within a second; a loaded machine takes longer. */
const followMs = 30_000;
const replyMs = 10_000;
const servfail = 2;

interface Keys {
  readonly keys: readonly { readonly tag: number; readonly state: string }[];
}

testWith(
  ["unbound"],
  "unbound validates at every stage of a roll-over, cold and with what it has kept from the stage before",
  async () => {
    using line = new CommandLine();
    const { anchors } = await makeSignedZones(line);
    await using server = await startServer({ data: line.data, args: ["--dns-rate-limit", "0"] });
    using client = await openUdpClient(server.dns);
    await using stack = new AsyncDisposableStack();
    const resolvers: Resolver[] = [];
    const roll = (...flags: string[]) => line.json(["zone", "roll", childApex, ...flags]);
    const stages: readonly [string, step: () => Promise<unknown>][] = [
      ["signed", async () => undefined],
      ["introducing", () => roll()],
      ["handing over", () => roll("--continue")],
      ["the parent names the successor", () => moveDs(line)],
      ["finishing", () => roll("--ds-seen")],
      ["signed by the successor", () => roll("--continue")],
    ];
    const tags: number[] = [];
    for (const [stage, [what, step]] of stages.entries()) {
      letTimePass(line.data);
      await step();
      const { keys } = await line.json<Keys>(["zone", "keys", childApex]);
      const active = keys.find(({ state }) => state === "active")!.tag;
      tags.push(active);
      await waitUntilServed(client, new Set(keys.map(({ tag }) => tag)), active, stage >= 3);
      const cold = stack.use(
        await startResolver("unbound", {
          server: server.dns,
          apexes: servedApexes,
          anchors: [anchors[parentApex]!],
        }),
      );
      resolvers.push(cold);
      for (const [age, resolver] of [cold, resolvers.at(-2)].entries()) {
        if (resolver === undefined) continue;
        for (const label of ["www", `new${stage}`, `x${stage}.w`]) {
          const name = mustParseName(`${label}.${childApex}.`);
          const reply = await resolver.ask(name, types.A);
          expect([what, age, label, reply?.rcode, reply?.flags.has("ad")]).toEqual([
            what,
            age,
            label,
            0,
            true,
          ]);
        }
        for (const type of [types.SOA, types.DNSKEY, types.CDS, types.CDNSKEY, types.DS]) {
          const reply = await resolver.ask(mustParseName(`${childApex}.`), type);
          expect([what, age, type, reply?.flags.has("ad")]).toEqual([what, age, type, true]);
        }
      }
    }
    expect(new Set(tags).size).toBe(2);
    expect(tags.map((tag) => tag === tags[0])).toEqual([true, true, false, false, false, false]);

    // A resolver that has slept through the waits cannot follow: so they are needed, and this would be seen.
    const late = await resolvers[0]!.ask(mustParseName(`late.${childApex}.`), types.A);
    expect(late?.rcode).toBe(servfail);
  },
  120_000,
);

/** The waits of a roll-over are over. */
function letTimePass(data: string): void {
  using database = new Database(`${data}/nameward.db`);
  database.run("pragma busy_timeout = 10000");
  database.run("update zone_key set waits_until_ms = 0");
}

/** The parent takes the DS that the child asks for. */
async function moveDs(line: CommandLine): Promise<void> {
  const { ds } = await line.json<{ ds: readonly string[] }>(["zone", "ds", childApex]);
  const exported = await line.run(["zone", "export", parentApex]);
  expect(exported.code).toBe(0);
  const lines = exported.stdout.split("\n");
  const isDs = (text: string): boolean => /\sDS\s/.test(text);
  expect(lines.filter(isDs).length).toBe(1);
  const zone = lines.map((text) => (isDs(text) ? ds.join("\n") : text)).join("\n");
  await line.json(["zone", "import", parentApex, "-"], zone);
}

/** Until the server shows these keys, signs with the active one, and names it at the parent if it shall. */
async function waitUntilServed(
  client: UdpClient,
  tags: ReadonlySet<number>,
  active: number,
  isNamed: boolean,
): Promise<void> {
  let id = 0;
  const ask = async (type: number): Promise<readonly MessageRecord[]> => {
    const name = mustParseName(`${childApex}.`);
    const edns = { isDnssecOk: true };
    const query = writeMessage(makeQuery(name, type, { id: ++id, edns }));
    const reply = await client.ask(query, replyMs);
    return reply === undefined ? [] : readMessage(reply).answers;
  };
  const endMs = performance.now() + followMs;
  for (;;) {
    const shown = new Set(
      (await ask(types.DNSKEY))
        .filter(({ type }) => type === types.DNSKEY)
        .map(({ rdata }) => keyTag(rdata)),
    );
    const signer = (await ask(types.SOA)).find(({ type }) => type === types.RRSIG)?.rdata;
    const ds = (await ask(types.DS)).find(({ type }) => type === types.DS)?.rdata;
    const signs = signer !== undefined && ((signer[16]! << 8) | signer[17]!) === active;
    const names = ds !== undefined && ((ds[0]! << 8) | ds[1]!) === active;
    const shows = shown.size === tags.size && [...tags].every((tag) => shown.has(tag));
    if (shows && signs && (names || !isNamed)) return;
    if (performance.now() > endMs) throw new Error("The server does not follow the command");
    await Bun.sleep(50);
  }
}
