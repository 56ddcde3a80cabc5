/** Established name servers, started over the same zone files as ours, each on a port of its own. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { tool } from "../debian.ts";
import { openUdpClient } from "./client.ts";
import type { Server } from "./client.ts";

export interface Peer extends AsyncDisposable {
  readonly address: Server;
}

export type PeerName = "named" | "knotd";

/** Until it answers; a loaded machine takes its time. */
const readyMs = 30_000;

/** `zones`: the text of each zone file by its apex. */
export async function startPeer(
  peer: PeerName,
  zones: Readonly<Record<string, string>>,
): Promise<Peer> {
  const folder = await mkdtemp(`${tmpdir()}/nameward-${peer}-`);
  for (const [apex, text] of Object.entries(zones)) await Bun.write(`${folder}/${apex}.zone`, text);
  const port = await freePort();
  const configuration = peer === "named" ? bindConfiguration : knotConfiguration;
  await Bun.write(`${folder}/conf`, configuration(folder, port, Object.keys(zones)));
  const arguments_ = peer === "named" ? ["-g", "-c"] : ["-c"];
  const child = Bun.spawn([tool(peer) ?? peer, ...arguments_, `${folder}/conf`], {
    cwd: folder,
    stdin: "ignore",
    stdout: Bun.file(`${folder}/log`),
    stderr: Bun.file(`${folder}/log`),
  });
  const end = async (): Promise<void> => {
    child.kill("SIGKILL"); // its zones are a copy: nothing is lost
    await child.exited;
    await rm(folder, { recursive: true, force: true });
  };
  const address = { hostname: "127.0.0.1", port };
  if (await hasZones(address, Object.keys(zones), () => child.exitCode !== null)) {
    return { address, [Symbol.asyncDispose]: end };
  }
  const log = await Bun.file(`${folder}/log`).text();
  await end();
  throw new Error(`${peer} did not answer for its zones:\n${log}`);
}

function bindConfiguration(folder: string, port: number, apexes: readonly string[]): string {
  const zones = apexes.map(
    (apex) =>
      `zone "${apex}" { type primary; file "${apex}.zone"; check-names ignore; notify no; };`,
  );
  return [
    "options {",
    `  directory "${folder}";`,
    `  listen-on port ${port} { 127.0.0.1; };`,
    "  listen-on-v6 { none; };",
    `  pid-file "${folder}/pid"; session-keyfile "${folder}/key"; lock-file none;`,
    "  recursion no; minimal-responses yes; minimal-any yes; empty-zones-enable no;",
    "  dnssec-validation no; check-integrity no; answer-cookie no; zero-no-soa-ttl no;",
    "  transfers-in 1; tcp-listen-queue 10;",
    "};",
    "controls { };",
    ...zones,
  ].join("\n");
}

function knotConfiguration(folder: string, port: number, apexes: readonly string[]): string {
  return [
    "server:",
    `    rundir: "${folder}"`,
    `    listen: 127.0.0.1@${port}`,
    "    udp-workers: 1",
    "    tcp-workers: 1",
    "database:",
    `    storage: "${folder}"`,
    "template:",
    "  - id: default",
    `    storage: "${folder}"`,
    "    zonefile-sync: -1",
    "    journal-content: none",
    "    semantic-checks: off",
    '    file: "%s.zone"',
    "zone:",
    ...apexes.map((apex) => `  - domain: ${apex}.`),
  ].join("\n");
}

async function freePort(): Promise<number> {
  const socket = await Bun.udpSocket({ hostname: "127.0.0.1", port: 0, socket: {} });
  const { port } = socket;
  socket.close();
  return port;
}

async function hasZones(
  address: Server,
  apexes: readonly string[],
  hasEnded: () => boolean,
): Promise<boolean> {
  const endMs = performance.now() + readyMs;
  for (const apex of apexes) {
    const labels = apex.split(".").map((label) => [label.length, ...Buffer.from(label)]);
    const query = Uint8Array.from([
      0,
      9,
      0,
      0,
      0,
      1,
      0,
      0,
      0,
      0,
      0,
      0,
      ...labels.flat(),
      0,
      0,
      6,
      0,
      1,
    ]);
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
