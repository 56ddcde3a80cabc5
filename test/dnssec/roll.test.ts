/** A roll-over and a farewell with a real parent: Knot serves it, faketime moves the clock of each command. */

import { afterAll, expect } from "bun:test";
import { rm } from "node:fs/promises";

import { getParentDs } from "../../src/cli/parent-ds.ts";
import { parseName } from "../../src/dns/name.ts";
import { root } from "../../tools/step.ts";
import { testWith, tool } from "../debian.ts";
import { startPeer } from "../dns/peer-server.ts";
import type { Peer } from "../dns/peer-server.ts";
import { makeDataFolder, mustRun } from "../server.ts";

const needed = ["knotd", "faketime"];
const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** One command on `data`, some hours from now. */
async function inHours(hours: number, data: string, argv: readonly string[]): Promise<Ended> {
  const clock = [tool("faketime")!, "-f", `+${hours}h`];
  const child = Bun.spawn([...clock, `${root}bin/nameward`, ...argv, "--data", data, "--json"], {
    stdout: "pipe",
    stderr: "pipe",
  });
  const stdout = await new Response(child.stdout).text();
  const stderr = await new Response(child.stderr).text();
  return { code: await child.exited, stdout, stderr };
}

async function keysInHours(hours: number, data: string, argv: readonly string[]): Promise<unknown> {
  const { code, stdout, stderr } = await inHours(hours, data, argv);
  expect([argv, code, stderr]).toEqual([argv, 0, ""]);
  const { keys } = JSON.parse(stdout) as { readonly keys: readonly { readonly state: string }[] };
  return keys.map(({ state }) => state);
}

async function refusedInHours(
  hours: number,
  data: string,
  argv: readonly string[],
): Promise<string> {
  const { code, stdout, stderr } = await inHours(hours, data, argv);
  expect([argv, code, stdout]).toEqual([argv, 1, ""]);
  const { error, details } = JSON.parse(stderr) as { error: string; details: readonly string[] };
  return [error, ...details].join(" ");
}

/** The zone `test` with these DS records in it. A `TTL` of ten minutes. */
async function startParent(ds: readonly string[]): Promise<Peer> {
  const head = "@ 600 SOA ns.example. h.example. 1 2 3 4 60\n@ 600 NS ns.example.\n";
  const delegation = "dyn 600 NS ns.example.\n";
  const records = ds.map((line) => `${line.replace(" IN ", " 600 IN ")}\n`);
  return startPeer("knotd", { test: [head, delegation, ...records].join("") });
}

async function dsOf(data: string): Promise<string> {
  const { ds } = JSON.parse(await mustRun(["zone", "ds", "dyn.test", "--json"], { data })) as {
    readonly ds: readonly string[];
  };
  return ds[0]!;
}

testWith(
  needed,
  "a key is replaced and a zone goes unsigned, each step when its parent and the clock allow it",
  async () => {
    const data = await makeDataFolder();
    folders.push(data);
    await mustRun(["zone", "add", "dyn.test", "--ns", "ns.example.net"], { data });
    await mustRun(["zone", "sign", "dyn.test"], { data });
    const before = await dsOf(data);
    const roll = ["zone", "roll", "dyn.test"];
    expect(await keysInHours(0, data, roll)).toEqual(["active", "published"]);
    expect(await refusedInHours(1, data, roll)).toContain("too early");
    expect(await keysInHours(3, data, roll)).toEqual(["retiring", "active"]);
    const after = await dsOf(data);
    expect(after).not.toBe(before);

    {
      await using parent = await startParent([before]);
      const said = await refusedInHours(3, data, [...roll, ...asking(parent)]);
      expect(said).toContain(`It has no DS ${rdataOf(after)}.`);
      expect(said).toContain(`It still has DS ${rdataOf(before)}.`);
    }
    {
      await using parent = await startParent([before, after]);
      const said = await refusedInHours(3, data, [...roll, ...asking(parent)]);
      expect(said).not.toContain("It has no DS");
      expect(said).toContain(`It still has DS ${rdataOf(before)}.`);
    }
    {
      await using parent = await startParent([after]);
      expect(await keysInHours(3, data, [...roll, ...asking(parent)])).toEqual([
        "retired",
        "active",
      ]);
    }
    // The DS is forgotten in ten minutes and an hour, the last signature of the key before in two hours.
    expect(await refusedInHours(4, data, roll)).toContain("too early");
    expect(await keysInHours(6, data, roll)).toEqual(["active"]);

    const unsign = ["zone", "unsign", "dyn.test"];
    expect(await keysInHours(6, data, unsign)).toEqual(["withdrawing"]);
    {
      await using parent = await startParent([after]);
      const said = await refusedInHours(6, data, [...unsign, ...asking(parent)]);
      expect(said).toContain(`It still has DS ${rdataOf(after)}.`);
    }
    {
      await using parent = await startParent([]);
      expect(await keysInHours(6, data, [...unsign, ...asking(parent)])).toEqual(["withdrawn"]);
    }
    // How long the old DS may be kept is not known any more, so a day is waited for.
    expect(await refusedInHours(30, data, unsign)).toContain("too early");
    expect(await keysInHours(32, data, unsign)).toEqual([]);
  },
  120_000,
);

testWith(
  needed,
  "a parent that does not fit into a datagram is asked over TCP, one that refuses is told, one that is silent too",
  async () => {
    const many = Array.from(
      { length: 60 },
      (_, i) => `dyn.test. IN DS ${i} 13 2 ${i.toString(16).padStart(2, "0").repeat(32)}`,
    );
    const apex = parseName("dyn.test.")!;
    let resolver: string;
    {
      await using parent = await startParent(many);
      [, resolver = ""] = asking(parent);
      const there = await getParentDs(resolver, apex);
      expect([there.rdatas.length, there.ttlSeconds]).toEqual([60, 600]);
      await expect(getParentDs(resolver, parseName("dyn.example.")!)).rejects.toThrow("RCODE 5");
      const nothing = await getParentDs(resolver, parseName("no.test.")!);
      expect(nothing.rdatas).toEqual([]);
    }
    await expect(getParentDs(resolver, apex)).rejects.toThrow("does not answer");
  },
  60_000,
);

function asking({ address }: Peer): readonly string[] {
  return ["--resolver", `${address.hostname}:${address.port}`];
}

/** `1 13 2 AB…` of the whole record. */
function rdataOf(ds: string): string {
  return ds.slice(ds.indexOf(" DS ") + " DS ".length);
}
