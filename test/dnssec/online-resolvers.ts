/** Validating resolvers of other people, told where our zones are and whom to believe. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { makeQuery, readMessage, writeMessage } from "../../src/dns/message.ts";
import type { Message } from "../../src/dns/message.ts";
import type { Name } from "../../src/dns/name.ts";
import { types } from "../../src/dns/record-types.ts";
import { tool } from "../debian.ts";
import { openUdpClient } from "../dns/client.ts";
import type { Server } from "../dns/client.ts";
import { mustParseName } from "../dns/served-zone.ts";

export type ResolverName = "unbound" | "named";

export interface ResolverOptions {
  /** Where the zones are. */
  readonly server: Server;
  readonly apexes: readonly string[];
  /** DNSKEY lines. */
  readonly anchors: readonly string[];
  /** Nothing is remembered, so that each question reaches the server. */
  readonly isForgetful?: boolean;
}

export interface Resolver extends AsyncDisposable {
  /** Where it answers. */
  readonly address: Server;
  /** `undefined` when it did not answer. */
  ask(name: Name, type: number): Promise<Message | undefined>;
  /** What it has said until now. */
  log(): Promise<string>;
}

/** Until it answers; a loaded machine takes its time. */
const readyMs = 30_000;
/** Longer than a resolver itself waits for a server. */
const replyMs = 20_000;

/** Between the choice of a port and its use somebody else may have taken it. */
const portTries = 5;

export async function startResolver(
  which: ResolverName,
  options: ResolverOptions,
): Promise<Resolver> {
  for (let tries = 1; ; tries++) {
    try {
      return await start(which, options);
    } catch (error) {
      if (tries === portTries || !/address already in use|address in use/i.test(`${error}`))
        throw error;
    }
  }
}

async function start(which: ResolverName, options: ResolverOptions): Promise<Resolver> {
  const folder = await mkdtemp(`${tmpdir()}/nameward-${which}-`);
  const port = await freePort();
  await Bun.write(`${folder}/anchors`, `${options.anchors.join("\n")}\n`);
  const configure = which === "unbound" ? unboundConfiguration : bindConfiguration;
  await Bun.write(`${folder}/conf`, configure(folder, port, options));
  const flags = which === "unbound" ? ["-d", "-p", "-c"] : ["-g", "-c"];
  const child = Bun.spawn([tool(which) ?? which, ...flags, `${folder}/conf`], {
    cwd: folder,
    stdin: "ignore",
    stdout: Bun.file(`${folder}/out`),
    stderr: Bun.file(`${folder}/log`),
  });
  const client = await openUdpClient({ hostname: "127.0.0.1", port });
  const end = async (): Promise<void> => {
    client[Symbol.dispose]();
    child.kill("SIGKILL"); // it keeps nothing that could be lost
    await child.exited;
    await rm(folder, { recursive: true, force: true });
  };
  let id = 0;
  const ask = async (name: Name, type: number): Promise<Message | undefined> => {
    id = (id % 0xffff) + 1;
    const edns = { isDnssecOk: true, udpOctets: 4_096 };
    const query = writeMessage(makeQuery(name, type, { id, flags: ["rd"], edns }));
    const reply = await client.ask(query, replyMs);
    return reply === undefined ? undefined : readMessage(reply);
  };
  const resolver: Resolver = {
    address: { hostname: "127.0.0.1", port },
    ask,
    log: () => Bun.file(`${folder}/log`).text(),
    [Symbol.asyncDispose]: end,
  };
  if (await isUp(client, () => child.exitCode !== null)) return resolver;
  const log = await resolver.log();
  await end();
  throw new Error(`${which} did not answer:\n${log}`);
}

/** It speaks of itself without asking anybody. */
async function isUp(
  client: { ask(message: Uint8Array, waitMs: number): Promise<Uint8Array | undefined> },
  hasEnded: () => boolean,
): Promise<boolean> {
  const name = mustParseName("version.bind.");
  const query = writeMessage(makeQuery(name, types.TXT, { id: 0xffff, class: 3 }));
  const endMs = performance.now() + readyMs;
  while (!hasEnded() && performance.now() < endMs) {
    if ((await client.ask(query, 200)) !== undefined) return true;
    await Bun.sleep(50);
  }
  return false;
}

/**
 * It sends from loopback alone, so that none of the addresses that the zones name is ever asked. What is
 * not in our zones is asked for at our server too, which refuses.
 */
function unboundConfiguration(folder: string, port: number, options: ResolverOptions): string {
  const { server, apexes, isForgetful = false } = options;
  const stub = (apex: string): string =>
    `stub-zone:\n  name: "${apex}"\n  stub-addr: ${server.hostname}@${server.port}\n`;
  return `server:
  directory: "${folder}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  logfile: ""
  verbosity: 1
  val-log-level: 2
  interface: 127.0.0.1
  port: ${port}
  outgoing-interface: 127.0.0.1
  do-ip6: no
  do-not-query-localhost: no
  local-zone: "test." nodefault
  module-config: "validator iterator"
  trust-anchor-file: "${folder}/anchors"
  trust-anchor-signaling: no
  use-caps-for-id: yes
  target-fetch-policy: "0 0 0 0 0"
  num-threads: 1
  num-queries-per-thread: 4096
  jostle-timeout: 20000
  infra-cache-min-rtt: 400
  ${isForgetful ? "cache-max-ttl: 0\n  cache-max-negative-ttl: 0\n  msg-cache-size: 0\n  rrset-cache-size: 0" : ""}
remote-control:
  control-enable: no
${[".", ...apexes.map((apex) => `${apex}.`)].map(stub).join("")}`;
}

/** As a forwarder: what it gets comes from our server, and it validates that itself. */
function bindConfiguration(folder: string, port: number, options: ResolverOptions): string {
  const { server, anchors, isForgetful = false } = options;
  const anchor = (line: string): string => {
    const [owner = "", rest = ""] = line.split(/\s+DNSKEY\s+/);
    const [flags, protocol, algorithm, ...key] = rest.trim().split(/\s+/);
    const apex = owner.split(/\s/)[0];
    return `"${apex}" static-key ${flags} ${protocol} ${algorithm} "${key.join("")}";`;
  };
  return [
    "options {",
    `  directory "${folder}";`,
    `  listen-on port ${port} { 127.0.0.1; };`,
    "  listen-on-v6 { none; };",
    `  pid-file "${folder}/pid"; session-keyfile "${folder}/key"; lock-file none;`,
    "  recursion yes; allow-recursion { any; }; dnssec-validation yes; empty-zones-enable no;",
    `  forward only; forwarders { ${server.hostname} port ${server.port}; };`,
    "  query-source address 127.0.0.1;",
    isForgetful ? "  max-cache-ttl 0; max-ncache-ttl 0;" : "",
    "};",
    "controls { };",
    `trust-anchors { ${anchors.map(anchor).join("\n")} };`,
  ].join("\n");
}

async function freePort(): Promise<number> {
  const socket = await Bun.udpSocket({ hostname: "127.0.0.1", port: 0, socket: {} });
  const { port } = socket;
  socket.close();
  return port;
}
