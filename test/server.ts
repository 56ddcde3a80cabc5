/** A real server in a process of its own, and the command line beside it, for tests of the whole. */

import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { root } from "../tools/step.ts";

export interface Listener {
  readonly hostname: string;
  readonly port: number;
}

export interface TestServer extends AsyncDisposable {
  readonly web: Listener;
  readonly devices: Listener;
  readonly dns: Listener;
  /** Every listener by its word in the line `ready`; of a list the first. */
  readonly listeners: ReadonlyMap<string, Listener>;
  /** The data folder; taken away with the server unless it was given. */
  readonly data: string;
  readonly pid: number;
  /** What it has written to standard error until now. */
  stderr(): string;
  /** What it has written to standard output until now. */
  stdout(): string;
  /** Asks it to stop and waits; SIGTERM unless said otherwise. Returns the exit code or signal. */
  stop(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals>;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
}

export interface TestServerOptions {
  /** An existing data folder. Without one, a temporary folder is made. */
  readonly data?: string;
  /** A listener that is named here is not put on a free port. */
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Generous: the machine may be loaded, and a start with a large store takes its time. */
const readyMs = 60_000;
const stopMs = 30_000;
const commandMs = 60_000;
/** Enough of a log to see what went wrong; a talking server must not fill the test's memory. */
const logCharactersMax = 1_000_000;

export const program = `${root}bin/nameward`;

export async function makeDataFolder(): Promise<string> {
  return mkdtemp(`${tmpdir()}/nameward-test-`);
}

/** Starts the server on free loopback ports and waits until it says that it is ready. */
export async function startServer(options: TestServerOptions = {}): Promise<TestServer> {
  const data = options.data ?? (await makeDataFolder());
  const removeData = async (): Promise<void> => {
    if (options.data === undefined) await rm(data, { recursive: true, force: true });
  };
  const listeners = ["--web", "--devices", "--dns"]
    .filter((flag) => options.args?.includes(flag) !== true)
    .flatMap((flag) => [flag, "127.0.0.1:0"]);
  const command = options.command ?? [program];
  const args = ["serve", "--data", data, ...listeners, ...(options.args ?? [])];
  const child = Bun.spawn([...command, ...args], {
    env: environment(options.env),
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  let log = "";
  const logEnded = readLines(child.stderr, (line) => {
    log = (log + line).slice(-logCharactersMax);
  });
  const stop = async (signal: NodeJS.Signals = "SIGTERM"): Promise<number | NodeJS.Signals> => {
    child.kill(signal);
    const deadline = setTimeout(() => child.kill("SIGKILL"), stopMs);
    await child.exited;
    clearTimeout(deadline);
    await logEnded;
    return child.signalCode ?? child.exitCode ?? -1;
  };
  const kill = async (): Promise<void> => {
    await stop("SIGKILL");
  };

  const ready = Promise.withResolvers<string | undefined>();
  let written = "";
  const outEnded = readLines(child.stdout, (line) => {
    written = (written + line).slice(-logCharactersMax);
    if (line.startsWith("ready")) ready.resolve(line);
  });
  const deadline = setTimeout(() => ready.resolve(undefined), readyMs);
  void outEnded.then(() => ready.resolve(undefined));
  const line = await ready.promise;
  clearTimeout(deadline);
  const found = line === undefined ? undefined : parseReady(line);
  if (found === undefined) {
    await kill();
    await removeData();
    throw new Error(`The server did not become ready; it said ${line ?? "nothing"}\n${log}`);
  }
  return {
    ...found,
    data,
    pid: child.pid,
    stderr: () => log,
    stdout: () => written,
    stop,
    kill,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) await kill();
      await removeData();
    },
  };
}

/** Runs one command of the program on a data folder. */
export async function nameward(
  args: readonly string[],
  given: { data: string; stdin?: string; env?: Readonly<Record<string, string>> },
): Promise<CommandResult> {
  const child = Bun.spawn([program, ...args, "--data", given.data], {
    env: environment(given.env),
    stdin: new TextEncoder().encode(given.stdin ?? ""),
    stdout: "pipe",
    stderr: "pipe",
    timeout: commandMs,
  });
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
  ]);
  return { code: await child.exited, stdout, stderr };
}

/** As `nameward`, for commands that must succeed: anything else throws, with what was said. */
export async function mustRun(
  args: readonly string[],
  given: { data: string; stdin?: string },
): Promise<string> {
  const result = await nameward(args, given);
  if (result.code === 0) return result.stdout;
  throw new Error(`nameward ${args.join(" ")} ended with ${result.code}\n${result.stderr}`);
}

/** `ready web=127.0.0.1:8080 devices=127.0.0.1:8245 dns=[::1]:53`; of a list the first is taken. */
export function parseReady(line: string):
  | {
      web: Listener;
      devices: Listener;
      dns: Listener;
      listeners: ReadonlyMap<string, Listener>;
    }
  | undefined {
  const words = new Map<string, Listener>();
  for (const match of line.matchAll(/ (\w+)=(?:\[([^\]]+)\]|([\d.]+)):(\d+)/g)) {
    const [, name = "", v6, v4, port] = match;
    words.set(name, { hostname: v6 ?? v4 ?? "", port: Number(port) });
  }
  const [web, devices, dns] = [words.get("web"), words.get("devices"), words.get("dns")];
  if (web === undefined || devices === undefined || dns === undefined) return undefined;
  return { web, devices, dns, listeners: words };
}

/** What surrounds the test, without the settings of whoever runs it. */
function environment(
  added: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string | undefined>> {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith("NAMEWARD_"));
  return { ...Object.fromEntries(kept), ...added };
}

async function readLines(
  stream: ReadableStream<Uint8Array>,
  tell: (line: string) => void,
): Promise<void> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const octets of stream) {
    const lines = (rest + decoder.decode(octets, { stream: true })).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) tell(`${line}\n`);
  }
  if (rest !== "") tell(rest);
}
