/**
 * What may happen to a server while it answers DNS. Each disturbance looks whether it took hold, and
 * throws when it did not: queries that are answered beside nothing prove nothing.
 */

import { Database } from "bun:sqlite";
import { join } from "node:path";
import { assert } from "../../src/base/assert.ts";
import { makeQuery, writeMessage } from "../../src/dns/message.ts";
import { types } from "../../src/dns/record-types.ts";
import { tool } from "../debian.ts";
import { openUdpClient } from "../dns/client.ts";
import { parseReply } from "../dns/reply.ts";
import { mustParseName } from "../dns/served-zone.ts";
import { root } from "../../tools/step.ts";
import { nameward } from "../server.ts";
import type { Listener } from "../server.ts";
import type { Stage, StageOptions } from "./stage.ts";

export interface Disturbance {
  readonly what: string;
  /** Programs, for `testWith`; a word that is no program says what else is missing. */
  readonly needs: readonly string[];
  readonly options: StageOptions;
  /** Resolves when it is over. */
  disturb(stage: Stage): Promise<void>;
}

const disturbedMs = 2_500;
/** How long each write takes to become durable on a disk that stalls. */
const stallMs = 1_000;
/** Generous: the machine may be busy. */
const patienceMs = 60_000;
const asRoot = process.getuid?.() === 0 ? [] : ["root rights"];

export const disturbances: readonly Disturbance[] = [
  {
    what: "devices and browsers flood HTTP with updates, requests and idle connections",
    needs: [],
    options: {},
    async disturb(stage) {
      const { server, ledger } = stage;
      const idle = await openIdleConnections([server.devices, server.web]);
      const updates = stage.startUpdates();
      const requests = startRequests(server.web);
      await Bun.sleep(disturbedMs);
      const served = await requests.stop();
      await updates.stop();
      for (const connection of idle) connection.terminate();
      assert(ledger.acknowledged > 100, "updates were taken meanwhile");
      assert(served > 100, "requests were answered meanwhile");
    },
  },
  {
    what: "another process holds the lock of the store",
    needs: [],
    options: {},
    async disturb(stage) {
      const updates = stage.startUpdates();
      await until("an update is acknowledged", () => stage.ledger.acknowledged > 0);
      using other = new Database(join(stage.server.data, "nameward.db"));
      other.run("pragma busy_timeout = 10000");
      other.run("begin immediate");
      await Bun.sleep(disturbedMs / 3); // groups that were being committed are answered
      const before = stage.ledger.acknowledged;
      await Bun.sleep(disturbedMs);
      const after = stage.ledger.acknowledged;
      other.run("rollback");
      await until("updates go on", () => stage.ledger.acknowledged > after);
      await updates.stop();
      assert(after === before, "nothing was acknowledged while the store was locked");
    },
  },
  {
    what: "the disk takes a second for each write to become durable",
    needs: ["strace"],
    options: { command: stalledCommand() },
    async disturb(stage) {
      const updates = stage.startUpdates();
      const startMs = performance.now();
      await until("an update is answered", () => stage.ledger.words.size > 0);
      assert(performance.now() - startMs > stallMs / 2, "updates waited for the disk");
      await Bun.sleep(disturbedMs);
      await updates.stop();
    },
  },
  {
    what: "the disk is full",
    needs: ["mount", "umount", ...asRoot],
    options: { isSmallDisk: true },
    async disturb(stage) {
      const updates = stage.startUpdates();
      const isFull = (): boolean => stage.ledger.count("503 dnserr") > 100;
      await until("updates are refused for want of space", () => {
        if (!isFull()) stage.disk!.fill();
        return isFull();
      });
      await Bun.sleep(disturbedMs);
      stage.disk!.empty();
      await updates.stop();
    },
  },
  {
    what: "a zone of many records is imported",
    needs: [],
    options: {},
    async disturb({ server }) {
      const records = 50_000;
      const text = Array.from({ length: records }, (_, i) => `n${i} A 192.0.2.1`).join("\n");
      const result = await nameward(["zone", "import", "large.test", "-"], {
        data: server.data,
        stdin: `$TTL 60\n@ SOA ns1 hostmaster 1 3600 600 1209600 60\n@ NS ns1\nns1 A 192.0.2.1\n${text}\n`,
      });
      assert(result.code === 0, `the zone was imported: ${result.stderr}`);
      using client = await openUdpClient(server.dns);
      const name = mustParseName(`n${records - 1}.large.test.`);
      const query = writeMessage(makeQuery(name, types.A, { id: 1 }));
      await until("the last record of the zone is served", async () => {
        const reply = await client.ask(query, 1_000);
        return reply !== undefined && parseReply(reply).answer.length === 1;
      });
    },
  },
];

/** The server with a disk that stalls: `strace` looks at no other call, so nothing else is slowed down. */
function stalledCommand(): readonly string[] {
  const calls = "fsync,fdatasync";
  return [
    tool("strace") ?? "strace",
    "-D", // the server is our child, and is stopped by its own id
    "-f",
    "-qq",
    "--seccomp-bpf",
    `--trace=${calls}`,
    `--inject=${calls}:delay_enter=${stallMs * 1_000}`,
    "--output=/dev/null",
    `${root}bin/nameward`,
  ];
}

/** Below what one address may hold open. */
const idleEach = 300;

async function openIdleConnections(listeners: readonly Listener[]) {
  const socket = { data: () => undefined, error: () => undefined };
  const each = listeners.flatMap((listener) => Array.from({ length: idleEach }, () => listener));
  return Promise.all(each.map((listener) => Bun.connect({ ...listener, socket })));
}

const requestLanes = 16;

/** Requests for the status page, one after the other in each lane. `stop` resolves to how many were answered. */
function startRequests(web: Listener): { stop(): Promise<number> } {
  let isStopping = false;
  let served = 0;
  const drive = async (): Promise<void> => {
    while (!isStopping) {
      const reply = await fetch(`http://${web.hostname}:${web.port}/`);
      await reply.arrayBuffer();
      served++;
    }
  };
  const driving = Promise.all(Array.from({ length: requestLanes }, drive));
  return {
    async stop() {
      isStopping = true;
      await driving;
      return served;
    },
  };
}

async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const endMs = performance.now() + patienceMs;
  while (!(await isSo())) {
    if (performance.now() > endMs) throw new Error(`Not within ${patienceMs} ms: ${what}`);
    await Bun.sleep(20);
  }
}
