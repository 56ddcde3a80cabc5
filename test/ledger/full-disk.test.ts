/** A disk that fills up under load: nothing is acknowledged that is not stored, and DNS goes on. */

import { expect } from "bun:test";
import { testWith } from "../debian.ts";
import { startServer } from "../server.ts";
import type { Listener, TestServer } from "../server.ts";
import { fillHosts } from "./fill-hosts.ts";
import { askUpdate, startGenerator } from "./generator.ts";
import { Ledger } from "./ledger.ts";
import { checkHosts, openNameReader } from "./read-hosts.ts";
import { mountSmallDisk } from "./small-disk.ts";
import type { SmallDisk } from "./small-disk.ts";

const hosts = 500;
const loadMs = 1_000;
/** The load goes on for so long on a disk that is full. */
const fullMs = 3_000;
/** From the first byte of ballast to a store that says so; generous, for a loaded machine. */
const fullWithinMs = 45_000;
/** From the end of the ballast to a store that takes changes again; it tries every second. */
const mendsWithinMs = 15_000;
const testMs = 180_000;
/** What `testWith` looks for: a word that is no program says what is missing. */
const needed = ["mount", "umount", ...(process.getuid?.() === 0 ? [] : ["root rights"])];

testWith(
  needed,
  "on a full disk changes are refused, repeats and DNS go on, and it mends itself",
  async () => {
    await using disk = await mountSmallDisk();
    await fillHosts(disk.data, hosts);
    const ledger = new Ledger(hosts);
    let serial = 1;
    {
      await using server = await startServer({ data: disk.data });
      const names = askNames(server.dns);
      expect(await loadUntilFull(server, disk, ledger)).toBe(0);
      expect(ledger.count("503 dnserr")).toBeGreaterThan(0);
      const [changed, repeated] = [0, 1];
      const send = (path: string) => askUpdate(server.devices, changed, ledger.send(changed), path);
      expect(await send("/nic/update")).toBe("503 dnserr");
      expect(await send("/nic/update/default.aspx")).toBe("503 911");
      const again = ledger.lastAcknowledged(repeated);
      expect(again).toBeGreaterThan(0);
      expect(await askUpdate(server.devices, repeated, again)).toBe("nochg");
      expect(await readStoreState(server.web)).toBe("full");

      disk.empty();
      await waitFor("changes are taken again", mendsWithinMs, async () => {
        return (await readStoreState(server.web)) === "ready";
      });
      const before = ledger.acknowledged;
      await load(server, ledger, loadMs);
      expect(ledger.acknowledged).toBeGreaterThan(before);
      expect(await checkHosts(server.dns, ledger, serial)).toEqual([]);
      using reader = await openNameReader(server.dns);
      serial = await reader.readSerial();
      expect(serial).toBeGreaterThan(1);
      expect(await names.stop()).toBeGreaterThan(hosts);
    }
    await using restarted = await startServer({ data: disk.data });
    expect(await checkHosts(restarted.dns, ledger, serial)).toEqual([]);
    process.stderr.write(
      `Full disk: ${ledger.acknowledged} changes acknowledged, 0 lost, ` +
        `${ledger.count("503 dnserr")} refused\n`,
    );
  },
  testMs,
);

testWith(
  needed,
  "a server that starts on a full disk answers DNS, refuses changes and mends itself",
  async () => {
    await using disk = await mountSmallDisk();
    await fillHosts(disk.data, hosts);
    const ledger = new Ledger(hosts);
    {
      await using server = await startServer({ data: disk.data });
      expect(await loadUntilFull(server, disk, ledger)).toBe(0);
    }
    disk.fill();
    await using server = await startServer({ data: disk.data });
    const [host] = [0];
    expect(await askUpdate(server.devices, host, ledger.send(host), "/nic/update")).toBe(
      "503 dnserr",
    );
    expect(await checkHosts(server.dns, ledger, 1)).toEqual([]);
    disk.empty();
    await waitFor("changes are taken", mendsWithinMs, async () => {
      return (await readStoreState(server.web)) === "ready";
    });
    const before = ledger.acknowledged;
    await load(server, ledger, loadMs);
    expect(ledger.acknowledged).toBeGreaterThan(before);
    expect(await checkHosts(server.dns, ledger, 1)).toEqual([]);
  },
  testMs,
);

testWith(
  needed,
  "a server that acknowledges before it stores says good on a full disk, and is found out",
  async () => {
    await using disk = await mountSmallDisk();
    await fillHosts(disk.data, hosts);
    const ledger = new Ledger(hosts);
    const command = [process.execPath, `${import.meta.dir}/early-answer.ts`];
    {
      await using server = await startServer({ data: disk.data, command });
      expect(await loadUntilFull(server, disk, ledger)).toBeGreaterThan(0);
    }
    disk.empty();
    await using restarted = await startServer({ data: disk.data });
    const faults = await checkHosts(restarted.dns, ledger, 1);
    expect(faults.filter((fault) => fault.kind === "lost").length).toBeGreaterThan(0);
  },
  testMs,
);

/** Fills the disk under load. Resolves to how many changes were acknowledged when it was full. */
async function loadUntilFull(server: TestServer, disk: SmallDisk, ledger: Ledger): Promise<number> {
  await load(server, ledger, loadMs);
  const generator = startGenerator(server.devices, ledger);
  try {
    await waitFor("the store says that the disk is full", fullWithinMs, async () => {
      disk.fill();
      return (await readStoreState(server.web)) === "full";
    });
    // What was answered before the store saw the full disk may still be on its way to us.
    disk.fill();
    await Bun.sleep(loadMs);
    const before = ledger.acknowledged;
    await Bun.sleep(fullMs);
    return ledger.acknowledged - before;
  } finally {
    await generator.stop();
  }
}

async function load(server: TestServer, ledger: Ledger, forMs: number): Promise<void> {
  const generator = startGenerator(server.devices, ledger);
  await Bun.sleep(forMs);
  await generator.stop();
}

async function readStoreState(web: Listener): Promise<unknown> {
  const reply = await fetch(`http://${web.hostname}:${web.port}/healthz`);
  const health: unknown = await reply.json();
  return typeof health === "object" && health !== null && "store" in health
    ? health.store
    : undefined;
}

async function waitFor(
  what: string,
  withinMs: number,
  isSo: () => Promise<boolean>,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Not within ${withinMs} ms: ${what}`);
    await Bun.sleep(100);
  }
}

/** Asks for one host after the other; `stop` gives the number of answers, or throws for one that was missing. */
function askNames(dns: Listener): { stop(): Promise<number> } {
  let isStopping = false;
  const ask = async (): Promise<number> => {
    using reader = await openNameReader(dns);
    let answers = 0;
    for (; !isStopping; answers++) await reader.readValue(answers % hosts);
    return answers;
  };
  const asking = ask();
  asking.catch(() => undefined); // told by `stop`
  return {
    stop() {
      isStopping = true;
      return asking;
    },
  };
}
