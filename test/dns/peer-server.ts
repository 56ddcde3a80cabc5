/** Established name servers, started over the same zone files as ours, each on a port of its own. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { tool } from "../debian.ts";
import { openUdpClient } from "./client.ts";
import type { Server } from "./client.ts";

export interface Peer extends AsyncDisposable {
  readonly address: Server;
}

/** May change every zone by UPDATE; NSD takes none. */
export interface PeerKey {
  readonly name: string;
  readonly algorithm: string;
  readonly secretBase64: string;
}

interface PeerRow {
  readonly arguments: readonly string[];
  configuration(
    folder: string,
    port: number,
    apexes: readonly string[],
    keys: readonly PeerKey[],
  ): readonly string[];
}

/** All answer as briefly as they can, hand out no zone, and limit nothing. */
const peers = {
  named: {
    arguments: ["-g", "-c"],
    configuration: (folder, port, apexes, keys) => [
      "options {",
      `  directory "${folder}";`,
      `  listen-on port ${port} { 127.0.0.1; };`,
      "  listen-on-v6 { none; };",
      `  pid-file "${folder}/pid"; session-keyfile "${folder}/key"; lock-file none;`,
      "  recursion no; minimal-responses yes; minimal-any yes; empty-zones-enable no;",
      "  dnssec-validation no; check-integrity no; answer-cookie no; zero-no-soa-ttl no;",
      "  allow-transfer { none; }; transfers-in 1; tcp-listen-queue 10;",
      "};",
      "controls { };",
      ...keys.map(
        ({ name, algorithm, secretBase64 }) =>
          `key "${name}" { algorithm ${algorithm}; secret "${secretBase64}"; };`,
      ),
      ...apexes.flatMap((apex) => [
        `zone "${apex}" { type primary; file "${apex}.zone"; check-names ignore; notify no;`,
        `  allow-update { ${keys.map(({ name }) => `key "${name}";`).join(" ") || "none;"} }; };`,
      ]),
    ],
  },
  knotd: {
    arguments: ["-c"],
    configuration: (folder, port, apexes, keys) => [
      "server:",
      `    rundir: "${folder}"`,
      `    listen: 127.0.0.1@${port}`,
      "    udp-workers: 1",
      "    tcp-workers: 1",
      "database:",
      `    storage: "${folder}"`,
      ...knotKeys(keys),
      "template:",
      "  - id: default",
      `    storage: "${folder}"`,
      "    zonefile-sync: -1",
      "    journal-content: none",
      "    semantic-checks: off",
      '    file: "%s.zone"',
      ...(keys.length === 0 ? [] : ["    acl: update"]),
      "zone:",
      ...apexes.map((apex) => `  - domain: ${apex}.`),
    ],
  },
  nsd: {
    arguments: ["-d", "-c"],
    configuration: (folder, port, apexes) => [
      "server:",
      `  ip-address: 127.0.0.1@${port}`,
      '  username: ""',
      '  chroot: ""',
      '  database: ""',
      `  zonesdir: "${folder}"`,
      `  pidfile: "${folder}/pid"`,
      `  xfrdfile: "${folder}/xfrd"`,
      `  xfrdir: "${folder}"`,
      `  zonelistfile: "${folder}/zones"`,
      "  server-count: 1",
      "  tcp-query-count: 0",
      "  minimal-responses: yes",
      "  refuse-any: no",
      "  rrl-ratelimit: 0",
      "remote-control:",
      "  control-enable: no",
      ...apexes.flatMap((apex) => ["zone:", `  name: "${apex}"`, `  zonefile: "${apex}.zone"`]),
    ],
  },
} as const satisfies Record<string, PeerRow>;

export type PeerName = keyof typeof peers;

function knotKeys(keys: readonly PeerKey[]): readonly string[] {
  if (keys.length === 0) return [];
  return [
    "key:",
    ...keys.flatMap(({ name, algorithm, secretBase64 }) => [
      `  - id: ${name}`,
      `    algorithm: ${algorithm}`,
      `    secret: ${secretBase64}`,
    ]),
    "acl:",
    "  - id: update",
    `    key: [${keys.map(({ name }) => name).join(", ")}]`,
    "    action: update",
  ];
}

/** Until it answers; a loaded machine takes its time. */
const readyMs = 30_000;
/** NSD ends its children when it is asked to; what does not end is ended. */
const endMs = 5_000;

/** `zones`: the text of each zone file by its apex. */
export async function startPeer(
  name: PeerName,
  zones: Readonly<Record<string, string>>,
  keys: readonly PeerKey[] = [],
): Promise<Peer> {
  const peer: PeerRow = peers[name];
  const folder = await mkdtemp(`${tmpdir()}/nameward-${name}-`);
  for (const [apex, text] of Object.entries(zones)) await Bun.write(`${folder}/${apex}.zone`, text);
  const port = await freePort();
  const configuration = peer.configuration(folder, port, Object.keys(zones), keys);
  await Bun.write(`${folder}/conf`, `${configuration.join("\n")}\n`);
  const child = Bun.spawn([tool(name) ?? name, ...peer.arguments, `${folder}/conf`], {
    cwd: folder,
    stdin: "ignore",
    stdout: Bun.file(`${folder}/log`),
    stderr: Bun.file(`${folder}/log`),
  });
  const end = async (): Promise<void> => {
    child.kill("SIGTERM");
    const deadline = setTimeout(() => child.kill("SIGKILL"), endMs);
    await child.exited;
    clearTimeout(deadline);
    await rm(folder, { recursive: true, force: true });
  };
  const address = { hostname: "127.0.0.1", port };
  if (await hasZones(address, Object.keys(zones), () => child.exitCode !== null)) {
    return { address, [Symbol.asyncDispose]: end };
  }
  const log = await Bun.file(`${folder}/log`).text();
  await end();
  throw new Error(`${name} did not answer for its zones:\n${log}`);
}

/** One that is free over TCP, too: other tests hold ports of one kind. */
async function freePort(): Promise<number> {
  using listener = Bun.listen({
    hostname: "127.0.0.1",
    port: 0,
    socket: { data: () => undefined },
  });
  const { port } = listener;
  try {
    const socket = await Bun.udpSocket({ hostname: "127.0.0.1", port, socket: {} });
    socket.close();
    return port;
  } catch {
    return freePort(); // taken over UDP
  }
}

async function hasZones(
  address: Server,
  apexes: readonly string[],
  hasEnded: () => boolean,
): Promise<boolean> {
  const endMs = performance.now() + readyMs;
  for (const apex of apexes) {
    const labels = apex.split(".").map((label) => [label.length, ...Buffer.from(label)]);
    const header = [0, 9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0];
    const query = Uint8Array.from([...header, ...labels.flat(), 0, 0, 6, 0, 1]);
    for (;;) {
      if (hasEnded() || performance.now() > endMs) return false;
      using client = await openUdpClient(address);
      const reply = await client.ask(query, 500);
      if (reply !== undefined && (reply[3]! & 15) === 0 && reply[7]! > 0) break;
      await Bun.sleep(100);
    }
  }
  return true;
}
