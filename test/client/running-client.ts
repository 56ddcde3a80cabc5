/** `nameward client run` in a process of its own, and what it says. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { program } from "../server.ts";
import type { CommandResult } from "../server.ts";

export interface Told {
  readonly event: string;
  readonly host?: string;
  readonly family?: number;
  readonly address?: string;
  readonly text: string;
}

export interface RunningClient extends AsyncDisposable {
  readonly pid: number;
  /** All that it said until now. */
  readonly told: readonly Told[];
  /** Waits until the event was told so many times. */
  heard(event: string, times?: number): Promise<Told>;
  /** Makes it look at once, and waits until it has: a source that counts says so. */
  signal(name: NodeJS.Signals): void;
  stop(): Promise<number | null>;
}

/** Generous: nothing here is about time. */
const heardMs = 30_000;

/** `enter` leads into another network: a command that runs the words behind it. */
export function startRunning(
  args: readonly string[],
  enter: readonly string[] = [],
): RunningClient {
  const child = Bun.spawn([...enter, program, "client", "run", "--json", ...args], {
    env: environment(),
    stdin: "ignore",
    stdout: "ignore",
    stderr: "pipe",
  });
  const told: Told[] = [];
  const listeners = new Set<() => void>();
  const reading = (async () => {
    const decoder = new TextDecoder();
    let rest = "";
    for await (const octets of child.stderr) {
      const lines = (rest + decoder.decode(octets, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) told.push(parseTold(line));
      for (const listener of listeners) listener();
    }
  })();
  const stop = async (): Promise<number | null> => {
    child.kill("SIGTERM");
    const deadline = setTimeout(() => child.kill("SIGKILL"), heardMs);
    await child.exited;
    clearTimeout(deadline);
    await reading;
    return child.exitCode;
  };
  return {
    pid: child.pid,
    told,
    async heard(event, times = 1) {
      const found = (): Told | undefined => told.filter((one) => one.event === event)[times - 1];
      const arrived = Promise.withResolvers<void>();
      const look = (): void => {
        if (found() !== undefined) arrived.resolve();
      };
      listeners.add(look);
      look();
      const timer = setTimeout(arrived.resolve, heardMs);
      void child.exited.then(() => reading).then(() => arrived.resolve());
      await arrived.promise;
      clearTimeout(timer);
      listeners.delete(look);
      const heard = found();
      if (heard !== undefined) return heard;
      throw new Error(
        `It did not say ${event} ${times} times, but\n${JSON.stringify(told, null, 1)}`,
      );
    },
    signal: (name) => child.kill(name),
    stop,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await stop();
    },
  };
}

/** Runs one command of the client to its end. */
export async function runOnce(args: readonly string[], stdin = ""): Promise<CommandResult> {
  const child = Bun.spawn([program, "client", ...args], {
    env: environment(),
    stdin: new TextEncoder().encode(stdin),
    stdout: "pipe",
    stderr: "pipe",
    timeout: heardMs,
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, stdout, stderr };
}

export interface ClientFolder extends AsyncDisposable {
  readonly path: string;
  /** Of the memory and the status. */
  readonly state: string;
  /** Writes a configuration, readable by its owner alone, and gives back where. */
  config(lines: readonly string[]): Promise<string>;
  /** What the source `address` finds from now on, by family; the looks are counted. */
  move(addresses: { readonly 4?: string; readonly 6?: string }): Promise<void>;
  /** How often the source was asked. */
  looks(): Promise<number>;
  /** The text of the source. */
  readonly source: string;
}

export async function makeClientFolder(): Promise<ClientFolder> {
  const path = await mkdtemp(`${tmpdir()}/nameward-client-`);
  const script = join(path, "address");
  const [counted, state] = [join(path, "looks"), join(path, "state")];
  await Bun.write(script, `#!/bin/sh\necho >> ${counted}\ncat ${path}/v$NAMEWARD_FAMILY\n`);
  await Bun.spawn(["chmod", "755", script]).exited;
  const move: ClientFolder["move"] = async (addresses) => {
    await Bun.write(join(path, "v4"), `${addresses[4] ?? ""}\n`);
    await Bun.write(join(path, "v6"), `${addresses[6] ?? ""}\n`);
  };
  return {
    path,
    state,
    source: `command ${script}`,
    async config(lines) {
      const file = join(path, "client.yaml");
      await Bun.write(file, `${lines.join("\n")}\n`, { mode: 0o600 });
      await Bun.spawn(["chmod", "600", file]).exited;
      return file;
    },
    move,
    async looks() {
      const file = Bun.file(counted);
      return (await file.exists()) ? (await file.text()).length : 0;
    },
    async [Symbol.asyncDispose]() {
      await rm(path, { recursive: true, force: true });
    },
  };
}

function parseTold(line: string): Told {
  return line.startsWith("{") ? (JSON.parse(line) as Told) : { event: "text", text: line };
}

/** Without the settings of whoever runs the test. */
function environment(): Readonly<Record<string, string | undefined>> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("NAMEWARD_"));
  return Object.fromEntries(kept);
}
