/** The program that is run after a change was accepted: without a shell, one after the other. */

import { spawn } from "node:child_process";
import type { Tell } from "./tell.ts";

/** One that hangs must not hold the next. */
const hookMsMax = 60_000;
/** Changes that wait for a slow program; above it the oldest are left out, since the newest says where the host is. */
const waitingMax = 100;

export interface Change {
  readonly profile: string;
  readonly host: string;
  readonly family: 4 | 6;
  readonly address: string;
}

export class ChangeHook {
  readonly #command: readonly string[];
  readonly #tell: Tell;
  readonly #stop: AbortSignal;
  readonly #waiting: Change[] = [];
  #running: Promise<void> | undefined;

  constructor(command: readonly string[], tell: Tell, stop: AbortSignal) {
    this.#command = command;
    this.#tell = tell;
    this.#stop = stop;
  }

  add(change: Change): void {
    if (this.#command.length === 0) return;
    this.#waiting.push(change);
    if (this.#waiting.length > waitingMax) {
      const { profile, host } = this.#waiting.shift()!;
      this.#tell({ event: "hook", profile, host, text: "too many changes wait: one is left out" });
    }
    this.#running ??= this.#runAll();
  }

  /** Resolves when nothing is left to run. */
  async ended(): Promise<void> {
    await this.#running;
  }

  async #runAll(): Promise<void> {
    for (;;) {
      const change = this.#waiting.shift();
      if (change === undefined || this.#stop.aborted) break;
      const trouble = await runHook(this.#command, change, this.#stop);
      const { profile, host } = change;
      const text = trouble === undefined ? `${this.#command[0]} was run` : trouble;
      this.#tell({ event: "hook", profile, host, text });
    }
    this.#running = undefined;
  }
}

function runHook(
  [program = "", ...args]: readonly string[],
  { profile, host, family, address }: Change,
  signal: AbortSignal,
): Promise<string | undefined> {
  const ended = Promise.withResolvers<string | undefined>();
  const env = {
    ...process.env,
    NAMEWARD_PROFILE: profile,
    NAMEWARD_HOST: host,
    NAMEWARD_FAMILY: String(family),
    NAMEWARD_ADDRESS: address,
  };
  const child = spawn(program, args, {
    env,
    signal,
    stdio: "ignore",
    timeout: hookMsMax,
    killSignal: "SIGKILL",
    windowsHide: true,
  });
  child.on("error", (error) => ended.resolve(`${program} cannot be run: ${error.message}`));
  child.on("close", (code, by) => {
    const how = code === null ? by : `exit code ${code}`;
    ended.resolve(code === 0 ? undefined : `${program} ended with ${how}`);
  });
  return ended.promise;
}
