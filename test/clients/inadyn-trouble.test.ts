/** inadyn 2.10 as a daemon: what it lives through, what ends it, and what it finds in an answer. */

import { Database } from "bun:sqlite";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { afterAll, beforeAll, expect, setDefaultTimeout } from "bun:test";
import { makeWorld } from "../adapters/world.ts";
import type { World } from "../adapters/world.ts";
import { testWith } from "../debian.ts";
import { ask } from "../scenario/dns-exchange.ts";

setDefaultTimeout(60_000);

const cam1 = "cam1.example.test";

let folder: string;
let world: World;

beforeAll(async () => {
  folder = await mkdtemp(`${tmpdir()}/nameward-inadyn-`);
  world = await makeWorld();
});
afterAll(async () => {
  await world[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

interface Daemon extends AsyncDisposable {
  /** Waits until it has said the text for the so-many-th time, or has ended. */
  said(text: string, times: number): Promise<void>;
  /** What SIGUSR1 asks of it: an update at once, whatever its period. */
  updateNow(): void;
  isAlive(): boolean;
  log(): string;
  /** Its exit code, once it has ended of itself. */
  readonly ended: Promise<number>;
}

async function startDaemon(server: string, secret: string): Promise<Daemon> {
  const config = `period = 60
verify-address = false
custom ddns@local {
  ssl = false
  checkip-server = "${server}"
  checkip-path = "/ipcheck.aspx"
  checkip-ssl = false
  username = cam
  password = "${secret}"
  ddns-server = "${server}"
  ddns-path = "/nic/update?hostname=%h&myip=%i"
  hostname = "${cam1}"
}
`;
  const own = await mkdtemp(`${folder}/`);
  await Bun.write(`${own}/inadyn.conf`, config, { mode: 0o600 });
  const files = [`--cache-dir=${own}`, "-f", `${own}/inadyn.conf`];
  const child = Bun.spawn(["inadyn", "-n", "--no-pidfile", "-l", "info", ...files], {
    env: { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin`, LC_ALL: "C" },
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  let log = "";
  const readLog = async (): Promise<void> => {
    const decoder = new TextDecoder();
    for await (const octets of child.stderr) log += decoder.decode(octets, { stream: true });
  };
  const logEnded = readLog();
  const isAlive = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    isAlive,
    log: () => log,
    ended: logEnded.then(() => child.exited),
    updateNow: () => child.kill("SIGUSR1"),
    async said(text, times) {
      for (let i = 0; i < 1_000 && isAlive(); i++) {
        if (log.split(text).length > times) return;
        await Bun.sleep(10);
      }
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGKILL");
      await child.exited;
    },
  };
}

/** What it says when it goes on: ten minutes later by itself, or when it is asked to. */
const willRetry = "Will retry again in 600 sec";

testWith(["inadyn"], "inadyn lives through our trouble, and updates when it is over", async () => {
  await using server = await world.start();
  const { hostname, port } = server.devices;
  using database = new Database(`${server.data}/nameward.db`);
  database.run("pragma busy_timeout = 10000");
  database.run("begin immediate");
  await using daemon = await startDaemon(`${hostname}:${port}`, "secret");
  for (let times = 1; times <= 3; times++) {
    await daemon.said(willRetry, times);
    if (times < 3) daemon.updateNow();
  }
  expect([daemon.isAlive(), daemon.log().split("[503 Service Unavailable]").length]).toEqual([
    true,
    4,
  ]);
  database.run("rollback");
  daemon.updateNow();
  await daemon.said("Successful alias table update", 1);
  expect([daemon.isAlive(), daemon.log()]).toEqual([true, expect.stringContaining("Successful")]);
  const message = await ask(server.dns, "udp", cam1, "A");
  expect(message.answers.map(({ rdata }) => rdata.join("."))).toEqual(["127.0.0.1"]);
});

// Negative control: what we never say ends it.
testWith(["inadyn"], "inadyn ends where a server asks it for less with 429", async () => {
  await using stub = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: ({ url }) =>
      url.includes("ipcheck") ? new Response("127.0.0.1") : new Response("slower", { status: 429 }),
  });
  await using daemon = await startDaemon(`127.0.0.1:${stub.port}`, "secret");
  expect(await daemon.ended).toBeGreaterThan(0);
  expect(daemon.log()).toContain("[429 Too Many Requests] slower");
});

testWith(["inadyn"], "inadyn ends at a wrong password, and says why", async () => {
  await using server = await world.start();
  const { hostname, port } = server.devices;
  await using daemon = await startDaemon(`${hostname}:${port}`, "wrong");
  expect(await daemon.ended).toBeGreaterThan(0);
  expect(daemon.log()).toContain("[401 Unauthorized] badauth");
  expect(daemon.log()).toMatch(/auth/i);
  expect(daemon.log()).not.toContain("Successful");
});
