/** Other name servers as child processes, each with a folder and a copy of the zone of its own. */

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { askUntilAnswered } from "./ask.ts";
import { apex } from "./names.ts";
import { peerRows } from "./peer-rows.ts";
import type { PeerName, PeerSetup } from "./peer-rows.ts";
import { pin, pinThreads } from "./processors.ts";
import { runProgram } from "./run-program.ts";

export interface Peer extends AsyncDisposable {
  readonly name: PeerName;
  readonly pid: number;
  readonly port: number;
}

export interface PeerOptions {
  /** The zone as text. */
  readonly zone: string;
  readonly isSigned: boolean;
  readonly processor?: number | undefined;
}

const portTries = 20;

export function findPeer(name: PeerName): string | undefined {
  return (
    Bun.which(name, { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/usr/local/sbin` }) ?? undefined
  );
}

/** Starts it below the folder, and waits until it answers. */
export async function startPeer(
  name: PeerName,
  program: string,
  under: string,
  options: PeerOptions,
): Promise<Peer> {
  const folder = join(under, name);
  await mkdir(folder);
  const { isSigned, processor } = options;
  const setup: PeerSetup = { folder, port: await findFreePort(), isSigned, processor };
  const row = peerRows[name];
  const files = { zone: options.zone, ...row.files(setup) };
  for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text);
  for (const command of row.prepare?.(setup) ?? []) await runProgram(command);
  const child = Bun.spawn(pin(processor, [program, ...row.arguments(setup)]), {
    stdout: "ignore",
    stderr: Bun.file(join(folder, "log")),
  });
  const ended = child.exited.then(async (code) => {
    const log = await readFile(join(folder, "log"), "utf8");
    throw new Error(`${name} ended with ${code} before it answered: ${log.trim()}`);
  });
  await Promise.race([askUntilAnswered(setup.port, `cam0.${apex}`), ended]);
  ended.catch(() => undefined); // it is ended by us from now on
  if (processor !== undefined) await pinThreads(processor, child.pid);
  return {
    name,
    pid: child.pid,
    port: setup.port,
    async [Symbol.asyncDispose]() {
      child.kill();
      await child.exited;
    },
  };
}

/** Not all of them take port 0 for any free one. What is free for TCP may be taken for UDP. */
async function findFreePort(): Promise<number> {
  const hostname = "127.0.0.1";
  for (let tries = 1; ; tries++) {
    using listener = Bun.listen({ hostname, port: 0, socket: { data: () => undefined } });
    try {
      const socket = await Bun.udpSocket({ hostname, port: listener.port });
      socket.close();
      return listener.port;
    } catch (error) {
      if (tries === portTries) throw error;
    }
  }
}
