/** `nameward client …`: words in, text out, an exit code back. Nothing here reads the arguments of the process. */

import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import packageFile from "../../package.json" with { type: "json" };
import { systemChance } from "../base/chance.ts";
import { systemClock } from "../base/clock.ts";
import { readConfigText } from "../config/config-text.ts";
import type { Mistake } from "../config/mistake.ts";
import { printMistake, printMistakeBoxed } from "../config/mistake.ts";
import { readClientConfig } from "./client-config.ts";
import type { ClientConfig } from "./client-config.ts";
import { parseClientLine } from "./command-line.ts";
import type { ClientLine } from "./command-line.ts";
import { inOrder } from "./detect-in-order.ts";
import { watchAddresses } from "./detect/address-events.ts";
import { importConfig } from "./import-config.ts";
import { findConfigFile, memoryFileOf, statusFileOf, statusFiles } from "./places.ts";
import { printClientHelp } from "./print-client-help.ts";
import { lookOnce, startClient } from "./run.ts";
import type { RunGiven } from "./run.ts";
import { serviceUnit, windowsNotes } from "./service-units.ts";
import { askMsDefault } from "./speak/service-row.ts";
import { printStatus, readStatus } from "./status-file.ts";
import { printTold } from "./tell.ts";

/** 0 done, 1 failed and worth another try, 2 wrong usage or configuration, 3 refused by a service. */
export type ClientExitCode = 0 | 1 | 2 | 3;

export interface ClientIo {
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly stdout: { write(text: string): unknown };
  readonly stderr: { write(text: string): unknown };
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Standard error is a terminal. */
  readonly isTerminal: boolean;
}

export interface ClientSignals {
  /** Aborted when the client has to end. */
  readonly stop: AbortSignal;
  /** Calls back when the client should look at once. */
  onPoke(look: () => void): void;
}

/** A secret and its line end. */
const stdinOctetsMax = 65_536;

export async function runClient(
  argv: readonly string[],
  io: ClientIo,
  signals: ClientSignals,
): Promise<ClientExitCode> {
  const line = parseClientLine(argv);
  if (line.kind === "help") {
    io.stdout.write(printClientHelp());
    return 0;
  }
  if (line.kind === "wrong") {
    io.stderr.write(`error: ${line.why}\n${line.fix === "" ? "" : `  ${line.fix}\n`}`);
    return 2;
  }
  switch (line.command) {
    case "import":
      return runImport(line, io);
    case "install":
    case "uninstall":
      return runInstall(line, io);
    case "status":
      return runStatus(line, io);
    case "run":
    case "once":
    case "detect":
      break;
  }
  const config = await readConfig(line, io);
  if (config === undefined) return 2;
  const given = runGiven(config, line, io, signals);
  if (line.command === "detect") return runDetect(config, line, io, signals.stop);
  if (line.command === "once") return runOnce(given, line, io);
  const client = startClient(given);
  signals.onPoke(client.poke);
  using _events = watchAddresses(client.poke);
  await client.ended;
  return 0;
}

function runGiven(
  config: ClientConfig,
  line: ClientLine,
  io: ClientIo,
  { stop }: ClientSignals,
): RunGiven {
  const isJson = line.isJson || !io.isTerminal;
  return {
    config,
    memoryFile: memoryFileOf(config.state, io.env),
    statusFile: statusFileOf(config.state, io.env),
    clock: systemClock,
    fraction,
    tell: (told) => io.stderr.write(printTold(told, systemClock.now(), isJson)),
    stop,
  };
}

/** 32 bits of chance, from 0 to 1. */
function fraction(): number {
  const octets = systemChance.octets(4);
  return new DataView(octets.buffer, octets.byteOffset).getUint32(0) / 2 ** 32;
}

async function readConfig(line: ClientLine, io: ClientIo): Promise<ClientConfig | undefined> {
  const file = line.config ?? (io.env["NAMEWARD_CLIENT_CONFIG"] || undefined);
  const isSaid = Object.keys(line.settings).length > 0;
  const reading = await readClientConfig({
    file: file ?? (isSaid ? undefined : findConfigFile(io.env)),
    flags: line.settings,
    env: io.env,
    readStdin: () => readStdin(io.stdin),
    surroundings: {
      clock: systemClock,
      chance: systemChance,
      userAgent: `Nameward - client - ${packageFile.version}`,
      askMs: askMsDefault,
    },
  });
  if (reading.kind === "mistakes") {
    for (const mistake of reading.mistakes) io.stderr.write(printOne(mistake, io.isTerminal));
    return undefined;
  }
  for (const warning of reading.warnings) io.stderr.write(`warning: ${warning}\n`);
  return reading.config;
}

function printOne(mistake: Mistake, isTerminal: boolean): string {
  return isTerminal ? `${printMistakeBoxed(mistake)}\n\n` : `${printMistake(mistake)}\n`;
}

async function readStdin(stdin: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let octets = 0;
  for await (const chunk of stdin) {
    octets += chunk.length;
    if (octets > stdinOctetsMax) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

async function runOnce(given: RunGiven, line: ClientLine, io: ClientIo): Promise<ClientExitCode> {
  const looked = await lookOnce(given, line.isForced);
  if (looked.kind === "no-memory") {
    io.stderr.write(
      `error: The memory ${given.memoryFile} cannot be written (${looked.why}), and without it each run would send.\n` +
        "  Name a folder with --state, or send once with --force.\n",
    );
    return 1;
  }
  const { hosts } = looked;
  if (line.isJson) io.stdout.write(`${JSON.stringify({ hosts })}\n`);
  if (hosts.some((host) => host.state === "halted")) return 3;
  const isDone = hosts.every((host) => host.state === "watching" && host.detected === host.address);
  return isDone ? 0 : 1;
}

async function runDetect(
  config: ClientConfig,
  line: ClientLine,
  io: ClientIo,
  stop: AbortSignal,
): Promise<ClientExitCode> {
  let isComplete = true;
  for (const profile of config.profiles) {
    for (const family of [4, 6] as const) {
      const source = inOrder(profile.sources[family]);
      if (source === undefined) continue;
      const detected = await source.detect(family, stop);
      const isAddress = detected.kind === "address";
      isComplete &&= isAddress;
      const found = isAddress ? detected.address.text : detected.why;
      io.stdout.write(
        line.isJson
          ? `${JSON.stringify({ profile: profile.name, family, source: source.name, [isAddress ? "address" : "why"]: found })}\n`
          : `${profile.name} IPv${family}: ${isAddress ? found : `none: ${found}`} (${source.name})\n`,
      );
    }
  }
  return isComplete ? 0 : 1;
}

function runStatus(line: ClientLine, io: ClientIo): ClientExitCode {
  const state = line.settings["state"] ?? (io.env["NAMEWARD_CLIENT_STATE"] || undefined);
  const files = statusFiles(state, io.env);
  const status = files.map(readStatus).find((found) => found !== undefined);
  if (status === undefined) {
    io.stderr.write(`error: No client has left its status in ${files.join(" or ")}.\n`);
    return 1;
  }
  const isRunning = isAlive(status.pid);
  io.stdout.write(
    line.isJson
      ? `${JSON.stringify({ isRunning, ...status })}\n`
      : printStatus(status, isRunning, systemClock.now()),
  );
  return isRunning ? 0 : 1;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

function runImport(line: ClientLine, io: ClientIo): ClientExitCode {
  const mistakes: Mistake[] = [];
  const text = readConfigText(line.file ?? "", mistakes);
  if (text === undefined) {
    for (const mistake of mistakes) io.stderr.write(printOne(mistake, false));
    return 2;
  }
  const imported = importConfig(text);
  for (const sentence of imported.left) io.stderr.write(`not taken over: ${sentence}\n`);
  if (imported.profiles === 0) return 1;
  io.stdout.write(imported.text);
  return 0;
}

/** Starts and stops nothing: what the system has to be told is printed. */
function runInstall(line: ClientLine, io: ClientIo): ClientExitCode {
  const configFile = resolve(line.config ?? "/etc/nameward/client.yaml");
  const given = { program: programFile(), configFile };
  const unit = serviceUnit(process.platform, given);
  if (unit === undefined) {
    io.stdout.write(`${windowsNotes(given).join("\n")}\n`);
    return process.platform === "win32" ? 0 : 1;
  }
  if (line.isPrinted) {
    io.stdout.write(unit.text);
    return 0;
  }
  const path = join(line.root ?? "/", unit.path);
  const isInstall = line.command === "install";
  try {
    if (isInstall) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, unit.text, { mode: 0o644 });
    } else {
      rmSync(path);
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    io.stderr.write(`error: Cannot ${isInstall ? "write" : "remove"} ${path}: ${why}.\n`);
    return 1;
  }
  const [told, next] = isInstall ? ["Written", unit.after] : ["Removed", unit.before];
  io.stdout.write(`${told}: ${path}\nNow type:\n${next.map((word) => `  ${word}\n`).join("")}`);
  return 0;
}

/** The one-file download is its own program; a checkout has a small one that finds the runtime. */
function programFile(): string {
  const isOneFile =
    import.meta.dir.startsWith("/$bunfs") || /^[A-Z]:[\\/]~BUN/i.test(import.meta.dir);
  return isOneFile ? process.execPath : resolve(import.meta.dir, "../../bin/nameward");
}
