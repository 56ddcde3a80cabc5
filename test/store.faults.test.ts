/**
 * The store under real faults: I/O errors, a disk that is full or stalls, a killed process. Nothing
 * that was acknowledged may be lost. Every checker here is also shown a writer that lies.
 */

import { expect, test } from "bun:test";
import { mkdtempSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../src/base/clock.ts";
import { parseHostName } from "../src/core/host-name.ts";
import { openStore } from "../src/store/open-store.ts";
import type { Store } from "../src/store/store.ts";
import { testWith, tool } from "./debian.ts";
import { quietLog } from "./quiet-log.ts";

const hostCount = 8;
const testMs = 60_000;

/**
 * strace counts the calls of each thread. Of the writer's thread the first fsync is of the folder, the
 * second of the log; the third is of the folder again, by SQLite, which does not look at its result.
 */
const faults = [
  ["fsync,fdatasync:error=EIO:when=1", "not opened"],
  ["fsync,fdatasync:error=EIO:when=2", "ready"],
  ["fsync,fdatasync:error=EIO:when=4", "ready"],
  ["fsync,fdatasync:error=EIO:when=17", "ready"],
  ["pwrite64:error=EIO:when=7", "not opened"], // the shared index of the log, before the thread starts
  ["pwrite64:error=EIO:when=31", "ready"],
  ["pwrite64:error=EIO:when=60", "ready"],
  ["pwrite64:error=ENOSPC:when=20..24", "ready"],
  ["fsync,fdatasync:error=EIO:when=9+", "failed"], // every one from the 9th: no way back
] as const;

for (const [fault, state] of faults) {
  testWith(
    ["strace"],
    `with ${fault} no acknowledged change is lost, and the store ends ${state}`,
    async () => {
      await using data = await makeData();
      const said = await run(
        data.folder,
        ["400", state === "failed" ? "5" : "30", "honest"],
        fault,
      );
      if (state === "not opened") {
        expect(said).toEqual([]);
        return;
      }
      expect(said.filter(({ kind }) => kind === "f").length).toBeGreaterThan(0); // the fault struck
      expect(said.at(-1)).toMatchObject({ kind: "end", state });
      expect(await findLies(data.folder, said)).toEqual([]);
      if (fault.includes("EIO")) expect(findAnswersOfTheDead(said)).toEqual([]);
    },
    testMs,
  );
}

test("an acknowledgement on a handle that had failed is found out", () => {
  const said = ["a 1 1 0", "f 1 2 0", "a 1 3 1", "a 2 1 0"].map(parseSaid);
  expect(findAnswersOfTheDead(said)).toEqual([said[3]!]);
});

testWith(
  ["strace"],
  "a writer that takes a failed commit for a good one is found out",
  async () => {
    await using data = await makeData();
    const said = await run(
      data.folder,
      ["100", "4", "ignores-failures"],
      "fsync,fdatasync:error=EIO:when=9+",
    );
    expect((await findLies(data.folder, said)).length).toBeGreaterThan(0);
  },
  testMs,
);

testWith(
  ["strace"],
  "a disk that stalls holds nobody for long, and what it wrote late is told",
  async () => {
    await using data = await makeData();
    const said = await run(
      data.folder,
      ["300", "40", "honest"],
      "fsync,fdatasync:delay_enter=6000000:when=9",
    );
    const refused = said.filter((line) => line.kind === "f");
    expect(refused.length).toBeGreaterThan(0);
    // Told after it was refused, with the value that was refused: written late, and memory knows.
    const late = said.filter(
      (line, index) =>
        line.kind === "t" &&
        said
          .slice(0, index)
          .some((f) => f.kind === "f" && f.host === line.host && f.value === line.value),
    );
    expect(late.length).toBeGreaterThan(0);
    expect(said.at(-1)).toMatchObject({ kind: "end", state: "ready" });
    expect(await findLies(data.folder, said)).toEqual([]);
  },
  testMs,
);

const killRounds = 5;

test(
  `of ${killRounds} kills in mid-load none loses an acknowledged change`,
  async () => {
    await using data = await makeData();
    let acknowledged = 0;
    for (let round = 0; round < killRounds; round++) {
      const said = await run(data.folder, ["1000000", "30", "honest"], undefined, 700 + round * 90);
      acknowledged += said.filter(({ kind }) => kind === "a").length;
      expect(await findLies(data.folder, said)).toEqual([]);
    }
    expect(acknowledged).toBeGreaterThan(100);
  },
  testMs,
);

test(
  "a writer that answers before it commits is found out by a kill",
  async () => {
    await using data = await makeData();
    let lies = 0;
    for (let round = 0; round < 10 && lies === 0; round++) {
      const said = await run(data.folder, ["1000000", "30", "answers-first"], undefined, 700);
      lies += (await findLies(data.folder, said)).length;
    }
    expect(lies).toBeGreaterThan(0);
  },
  testMs,
);

testOnSmallDisk(
  "a full disk acknowledges nothing, and work goes on when there is space",
  async (folder) => {
    const errors: string[] = [];
    const log = {
      ...quietLog,
      error: (_fields: object, sentence: string) => errors.push(sentence),
    };
    const url = join(folder, "nameward.db");
    const filler = join(folder, "ballast");
    const acknowledged = new Map<number, number>();
    let refused = 0;
    {
      await using store = await openStore({ url, thread: true, clock: systemClock, log });
      await fill(store);
      const change = async (value: number): Promise<void> => {
        const host = 1 + (value % hostCount);
        const v4 = Uint8Array.from([10, value >> 16, value >> 8, value]);
        const note = "x".repeat(4_000);
        const receipt = { atMs: value, host, asked: "", username: undefined, peer: "" };
        const rest = { adapter: "", userAgent: "", outcome: "", addresses: "", note };
        try {
          await store.commit([{ host, atMs: value, v4, v6: undefined }], [{ ...receipt, ...rest }]);
          acknowledged.set(host, value);
        } catch {
          refused++;
        }
      };
      fillDisk(filler);
      let value = 0;
      while (store.health().state !== "full") await change(++value);
      expect(refused).toBe(1);
      // Nothing gets through while it is full, and nobody waits to hear it.
      const before = new Map(acknowledged);
      for (let again = 0; again < 50; again++) await change(++value);
      expect(acknowledged).toEqual(before);
      await Bun.sleep(2_500); // probes in between find no space
      expect(store.health().state).toBe("full");
      expect(await store.listZones()).toHaveLength(1); // a full disk can be read

      unlinkSync(filler);
      const freedAtMs = performance.now();
      while (store.health().state !== "ready" && performance.now() - freedAtMs < 10_000)
        await Bun.sleep(50);
      expect(store.health()).toMatchObject({ state: "ready", why: undefined });
      for (let again = 0; again < hostCount; again++) await change(++value);
      expect(acknowledged.get(1 + (value % hostCount))).toBe(value);
      expect(errors).toHaveLength(1);
    }
    await using store = await openStore({ url, thread: false, clock: systemClock, log });
    for (const [host, value] of acknowledged) expect(await findValue(store, host)).toBe(value);
  },
);

interface Said {
  readonly kind: string;
  readonly host: number;
  readonly value: number;
  readonly recoveries: number;
  readonly state: string;
}

/** Runs the writer, under strace where a fault is to be injected, killed where a time is given. */
async function run(
  folder: string,
  rest: readonly string[],
  fault: string | undefined,
  killAfterMs?: number,
): Promise<readonly Said[]> {
  const program = [process.execPath, join(import.meta.dir, "store-writer.ts")];
  const strace =
    fault === undefined
      ? []
      : [
          tool("strace")!,
          "-f",
          "-qq",
          "-o",
          "/dev/null",
          "-e",
          `trace=${fault.split(":")[0]}`,
          "-e",
          `inject=${fault}`,
        ];
  const child = Bun.spawn([...strace, ...program, folder, String(hostCount), ...rest], {
    stdout: "pipe",
    stderr: "ignore", // a refusal to open is part of some tests
  });
  if (killAfterMs !== undefined) {
    await Bun.sleep(killAfterMs);
    child.kill(9);
  }
  const lines = (await new Response(child.stdout).text()).split("\n").slice(0, -1);
  await child.exited;
  return lines.map(parseSaid);
}

function parseSaid(line: string): Said {
  const [kind, first, value, recoveries] = line.split(" ");
  return {
    kind: kind!,
    host: Number(first),
    value: Number(value),
    recoveries: Number(recoveries),
    state: first ?? "",
  };
}

/** After an I/O error nothing may be acknowledged before a recovery has put another handle there. */
function findAnswersOfTheDead(said: readonly Said[]): readonly Said[] {
  let dead = -1;
  return said.filter((line) => {
    if (line.kind === "f") dead = Math.max(dead, line.recoveries);
    return line.kind === "a" && line.recoveries <= dead;
  });
}

/** What was acknowledged and is not on the disk, and what is there though nobody sent it. */
async function findLies(folder: string, said: readonly Said[]): Promise<readonly string[]> {
  const lies: string[] = [];
  const url = join(folder, "nameward.db");
  await using store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
  for (let host = 1; host <= hostCount; host++) {
    const mine = said.filter((line) => line.host === host && line.kind !== "t");
    const last = Math.max(0, ...mine.filter(({ kind }) => kind === "a").map(({ value }) => value));
    const sent = Math.max(0, ...mine.map(({ value }) => value)) + 1; // one may be on its way
    const stored = await findValue(store, host);
    if (stored < last) lies.push(`host ${host}: ${last} was acknowledged, ${stored} is stored`);
    if (stored > sent) lies.push(`host ${host}: ${stored} is stored and was never sent`);
  }
  return lies;
}

/** A data folder with hosts that have the ids 1 to `hostCount` and no address. */
async function makeData(): Promise<AsyncDisposable & { readonly folder: string }> {
  const folder = mkdtempSync(join(tmpdir(), "nameward-faults-"));
  const url = join(folder, "nameward.db");
  await using store = await openStore({ url, thread: false, clock: systemClock, log: quietLog });
  await fill(store);
  return {
    folder,
    [Symbol.asyncDispose]: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function fill(store: Store): Promise<void> {
  await store.addUser("alice", false, "hash");
  await store.addZone(parseHostName("dyn.test")!, false, 1, []);
  for (let host = 1; host <= hostCount; host++) {
    await store.addHost(parseHostName(`h${host}.dyn.test`)!, 1, 1);
  }
}

async function findValue(store: Store, host: number): Promise<number> {
  const v4 = (await store.findHost(parseHostName(`h${host}.dyn.test`)!))?.v4;
  return v4 === undefined ? 0 : (v4[1]! << 16) | (v4[2]! << 8) | v4[3]!;
}

/** Until not an octet more goes in. */
function fillDisk(path: string): void {
  for (const piece of [1 << 20, 1 << 16, 1 << 12]) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(piece), { flag: "a" });
    } catch (error) {
      expect((error as NodeJS.ErrnoException).code).toBe("ENOSPC");
    }
  }
}

/** A disk of its own needs the right to mount. */
function testOnSmallDisk(name: string, body: (folder: string) => Promise<void>): void {
  const mayMount = process.getuid?.() === 0 && tool("mount") !== undefined;
  if (!mayMount && !process.env["CI"]) {
    process.stderr.write(`SKIPPED for want of root: ${name}\n`);
    test.skip(name, () => undefined);
    return;
  }
  const onDisk = async (): Promise<void> => {
    const folder = mkdtempSync(join(tmpdir(), "nameward-disk-"));
    Bun.spawnSync([tool("mount")!, "-t", "tmpfs", "-o", "size=8m", "nameward", folder]);
    try {
      await body(folder);
    } finally {
      Bun.spawnSync([tool("umount")!, folder]);
      rmSync(folder, { recursive: true, force: true });
    }
  };
  test(name, onDisk, testMs);
}
