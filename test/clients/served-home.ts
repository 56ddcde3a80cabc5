/** A server with the hosts of one user, and what its clients and resolvers see of it. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { makeDataFolder, mustRun, program, startServer } from "../server.ts";
import type { CommandResult, TestServer } from "../server.ts";

/** A blank and an at sign: what clients get wrong when they print a password. */
export const password = "p@ss w0rd";
export const ownedHosts = ["cam1.dyn.test", "cam2.dyn.test"] as const;
export const foreignHost = "foreign.dyn.test";

/** A client that hangs fails its test instead of the whole run. */
const clientMs = 40_000;

export interface ServedHome extends AsyncDisposable {
  readonly server: TestServer;
  /** `127.0.0.1:PORT` of the device listener. */
  readonly devices: string;
  /** For configuration files and caches of clients; mode 0700. */
  readonly folder: string;
  /** Runs an unmodified program where it can reach the server. */
  run(command: readonly string[]): Promise<CommandResult>;
  /** What a resolver gets, over UDP by dig and over TCP by kdig; both must say the same. */
  resolve(host: string, type?: "A" | "AAAA"): Promise<string>;
  /** The newest receipt of a host. */
  newestReceipt(host: string): Promise<unknown>;
  countOutcome(outcome: string): Promise<number>;
}

/** Makes the zone, two users and the login `user1`, which may update the owned hosts only. */
export async function makeHome(data: string): Promise<void> {
  const account = { data, stdin: "lantern gravel oboe tuesday" };
  await mustRun(["zone", "add", "dyn.test", "--private"], { data });
  await mustRun(["user", "add", "alice", "--password-stdin"], account);
  await mustRun(["user", "add", "bob", "--password-stdin"], account);
  for (const host of ownedHosts) await mustRun(["host", "add", host, "--user", "alice"], { data });
  await mustRun(["host", "add", foreignHost, "--user", "bob"], { data });
  const login = ["login", "add", "--user", "alice", "--hosts", ownedHosts.join(",")];
  await mustRun([...login, "--username", "user1", "--password-stdin"], { data, stdin: password });
}

/** Needed to give a server and its clients a network of their own. */
export const namespaceTools: readonly string[] = [
  "unshare",
  "nsenter",
  "ip",
  "mount",
  ...(process.getuid?.() === 0 ? [] : ["root rights"]),
];

/** The program in a new network with nothing but loopback, where some names lead to it. */
export function inNamespace(hostsFile: string): readonly string[] {
  const script = `ip link set lo up && mount --bind ${hostsFile} /etc/hosts && exec "$0" "$@"`;
  return ["unshare", "--mount", "--net", "sh", "-c", script, program];
}

export interface HomeOptions {
  readonly args?: readonly string[];
  /**
   * Names that a client has built in. Server and clients then run in a network and a mount namespace
   * of their own, where these are 127.0.0.1 and port 80 is free.
   */
  readonly impersonates?: readonly string[];
  /** How a program is started in the network where the server is to be, instead of ours. */
  readonly enter?: readonly string[];
}

export async function serveHome(options: HomeOptions = {}): Promise<ServedHome> {
  const { args = [], impersonates } = options;
  const data = await makeDataFolder();
  await makeHome(data);
  const folder = await mkdtemp(`${tmpdir()}/nameward-client-`);
  const hosts = `${folder}/hosts`;
  await Bun.write(hosts, `127.0.0.1 localhost ${impersonates?.join(" ") ?? ""}\n`);
  const command =
    impersonates === undefined ? [...(options.enter ?? []), program] : inNamespace(hosts);
  const server = await startServer({ data, args, command });
  const enter =
    impersonates === undefined
      ? (options.enter ?? [])
      : ["nsenter", "--target", `${server.pid}`, "--mount", "--net"];
  return {
    server,
    devices: `127.0.0.1:${server.devices.port}`,
    folder,
    run: (client) => runClient([...enter, ...client]),
    async resolve(host, type = "A") {
      const query = ["@127.0.0.1", "-p", `${server.dns.port}`, "+short", host, type];
      const udp = await runClient([...enter, "dig", ...query]);
      const tcp = await runClient([...enter, "kdig", "+tcp", ...query]);
      if (udp.code !== 0 || tcp.code !== 0 || udp.stdout !== tcp.stdout) {
        throw new Error(`dig says ${udp.stdout}${udp.stderr}, kdig ${tcp.stdout}${tcp.stderr}`);
      }
      return udp.stdout.trim();
    },
    async newestReceipt(host) {
      const shown: { receipts: unknown[] } = JSON.parse(
        await mustRun(["host", "show", host, "--json"], { data }),
      );
      return shown.receipts[0];
    },
    async countOutcome(outcome) {
      const metrics = await fetch(`http://127.0.0.1:${server.web.port}/metrics`);
      const line = `nameward_updates_total{outcome="${outcome}"} `;
      const found = (await metrics.text()).split("\n").find((text) => text.startsWith(line));
      if (found === undefined) throw new Error(`The metrics do not count ${outcome}`);
      return Number(found.slice(line.length));
    },
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await rm(data, { recursive: true, force: true });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs an unmodified program; its exit code and output are passed through. */
export async function runClient(command: readonly string[]): Promise<CommandResult> {
  const path = `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin`;
  const child = Bun.spawn([...command], {
    env: { PATH: path, LC_ALL: "C", HOME: "/nonexistent" },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: clientMs,
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, stdout, stderr };
}
