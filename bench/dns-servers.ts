/** The contestants of `npm run bench:dns`, each with the zone as it is and with the zone signed. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ServerName } from "./dns-arguments.ts";
import { hosts } from "./dns-cases.ts";
import type { ZoneKind } from "./dns-cases.ts";
import { fillStore } from "./fill-store.ts";
import type { LoadOrder } from "./load.ts";
import { apex } from "./names.ts";
import { peerRows } from "./peer-rows.ts";
import { findPeer, startPeer } from "./peers.ts";
import { runProgram } from "./run-program.ts";
import { nameward, startServer } from "./server.ts";
import { printZoneFile, signingPrograms, signZoneFile } from "./zone-file.ts";

export interface DnsServer {
  readonly pid: number;
  readonly port: number;
  /** How its records are changed from outside, or why they cannot be. */
  readonly updates: Pick<LoadOrder, "how" | "port" | "window"> | string;
}

/** A server, or why there is none. */
export type Contestant = DnsServer | string;

/** Updates under way at once, whatever their protocol. */
const updateWindow = 256;

/** Makes the zones once, and starts servers on them. What it started ends with `running`. */
export class DnsServers {
  readonly #folder: string;
  readonly #processor: number;
  readonly #running: AsyncDisposableStack;
  readonly #zones = new Map<ZoneKind, Promise<string>>();

  constructor(folder: string, processor: number, running: AsyncDisposableStack) {
    this.#folder = folder;
    this.#processor = processor;
    this.#running = running;
  }

  async start(name: ServerName, kind: ZoneKind): Promise<Contestant> {
    if (name === "nameward") return this.#startOurs(kind);
    const program = findPeer(name);
    const { packages, takesNoUpdates } = peerRows[name];
    if (program === undefined) return `not installed (Debian: ${packages})`;
    const isSigned = kind === "signed";
    const missing = isSigned ? signingPrograms.filter((tool) => Bun.which(tool) === null) : [];
    if (missing.length > 0) return `${missing.join(" and ")} not installed (Debian: bind9-utils)`;
    const under = join(this.#folder, kind);
    await mkdir(under, { recursive: true });
    const options = { zone: await this.#getZone(kind), isSigned, processor: this.#processor };
    const { pid, port } = this.#running.use(await startPeer(name, program, under, options));
    const updates = takesNoUpdates ?? ({ how: "tcp-update", port, window: updateWindow } as const);
    return { pid, port, updates };
  }

  async #startOurs(kind: ZoneKind): Promise<Contestant> {
    const data = join(this.#folder, `ours-${kind}`);
    await mkdir(data);
    await fillStore(data, hosts);
    if (kind === "signed") {
      try {
        await runProgram([nameward, "zone", "sign", apex, "--data", data]);
      } catch (error) {
        return `it did not sign: ${String(error).split("\n")[0]}`;
      }
    }
    const server = this.#running.use(await startServer(data, `cam0.${apex}`, this.#processor));
    const { pid, dnsPort, devicePort } = server;
    const updates = { how: "http-change", port: devicePort, window: updateWindow } as const;
    return { pid, port: dnsPort, updates };
  }

  #getZone(kind: ZoneKind): Promise<string> {
    const known = this.#zones.get(kind) ?? this.#makeZone(kind);
    this.#zones.set(kind, known);
    return known;
  }

  async #makeZone(kind: ZoneKind): Promise<string> {
    if (kind === "plain") return printZoneFile(hosts);
    const file = join(this.#folder, "zone");
    await writeFile(file, await this.#getZone("plain"));
    return readFile(await signZoneFile(file, this.#folder), "utf8");
  }
}
