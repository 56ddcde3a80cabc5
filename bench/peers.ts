/** Knot and BIND as child processes: no TSIG, no logging, no zone file written, a journal with room. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { askUntilAnswered } from "./ask.ts";
import { apex, hostsUpdated } from "./names.ts";

export interface Peer extends AsyncDisposable {
  readonly name: PeerName;
  readonly pid: number;
  readonly port: number;
}

export type PeerName = "knotd" | "named";

interface PeerRow {
  command(folder: string): readonly string[];
  printConfig(folder: string, port: number): string;
}

/** Neither writes its zone file during the run, limits updates, or logs them: only the journal is left. */
export const peerRows: Readonly<Record<PeerName, PeerRow>> = {
  knotd: {
    command: (folder) => ["-c", join(folder, "peer.conf")],
    printConfig: (folder, port) => `server:
    rundir: ${folder}
    listen: 127.0.0.1@${port}
log:
  - target: stderr
    any: error
database:
    storage: ${folder}
    journal-db-max-size: 8G
acl:
  - id: local
    address: 127.0.0.1
    action: update
zone:
  - domain: ${apex}
    file: ${folder}/zone
    zonefile-sync: -1
    zonefile-load: difference-no-serial
    journal-content: all
    journal-max-usage: 4G
    journal-max-depth: 100000000
    acl: local
`,
  },
  named: {
    command: (folder) => ["-f", "-c", join(folder, "peer.conf")],
    printConfig: (folder, port) => `options {
  directory "${folder}";
  pid-file none;
  session-keyfile none;
  lock-file none;
  listen-on port ${port} { 127.0.0.1; };
  listen-on-v6 { none; };
  recursion no;
  dnssec-validation no;
  update-quota 4000;
};
controls { };
logging { category default { null; }; };
zone "${apex}" {
  type primary;
  file "${folder}/zone";
  allow-update { 127.0.0.1; };
  notify no;
  max-journal-size 1g;
};
`,
  },
};

export function findPeer(name: PeerName): string | undefined {
  return (
    Bun.which(name, { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin` }) ?? undefined
  );
}

/** Starts it in a folder of its own, and waits until it answers. */
export async function startPeer(name: PeerName, program: string, under: string): Promise<Peer> {
  const folder = join(under, name);
  await mkdir(folder);
  const port = await findFreePort();
  const row = peerRows[name];
  await writeFile(join(folder, "zone"), printZoneFile());
  await writeFile(join(folder, "peer.conf"), row.printConfig(folder, port));
  const child = Bun.spawn([program, ...row.command(folder)], {
    stdout: "ignore",
    stderr: Bun.file(join(folder, "log")),
  });
  const ended = child.exited.then((code) => {
    throw new Error(`${name} ended with ${code} before it answered`);
  });
  await Promise.race([askUntilAnswered(port, `cam0.${apex}`), ended]);
  ended.catch(() => undefined); // it is ended by us from now on
  return {
    name,
    pid: child.pid,
    port,
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.exited;
    },
  };
}

/** The same names that our store is filled with. */
function printZoneFile(): string {
  const lines = [
    `$ORIGIN ${apex}.`,
    "$TTL 60",
    "@ SOA ns1 hostmaster 1 3600 600 1209600 60",
    "@ NS ns1",
    "ns1 A 127.0.0.1",
  ];
  for (let host = 0; host < hostsUpdated; host++) {
    lines.push(`cam${host} A 10.0.${host >> 8}.${host & 255}`);
  }
  return `${lines.join("\n")}\n`;
}

/** Neither takes port 0 for any free one. */
async function findFreePort(): Promise<number> {
  const socket = await Bun.udpSocket({ hostname: "127.0.0.1", port: 0 });
  const { port } = socket;
  socket.close();
  return port;
}
