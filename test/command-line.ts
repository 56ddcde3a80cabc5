/** Runs commands in this process on a data folder of their own, for tests of the command line. */

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Command } from "../src/cli/command.ts";
import { run } from "../src/cli/run.ts";

export interface Ended {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class CommandLine implements Disposable {
  readonly data = mkdtempSync(join(tmpdir(), "nameward-command-"));
  readonly #added: readonly Command[];

  constructor(added: readonly Command[] = []) {
    this.#added = added;
  }

  /** Runs one command on the data folder; `stdin` is all there is to read. */
  async run(argv: readonly string[], stdin = "", env: Record<string, string> = {}): Promise<Ended> {
    const written = { stdout: "", stderr: "" };
    const io = {
      stdin: new Blob([stdin]).stream(),
      stdout: { write: (text: string) => (written.stdout += text) },
      stderr: { write: (text: string) => (written.stderr += text) },
      env: { NAMEWARD_DATA: this.data, ...env },
      isTerminal: false,
    };
    const code = await run(argv, io, this.#added);
    return { code, ...written };
  }

  /** For commands that must succeed: gives back what they print with --json. */
  async json<Printed>(argv: readonly string[], stdin = ""): Promise<Printed> {
    const ended = await this.run([...argv, "--json"], stdin);
    if (ended.code !== 0)
      throw new Error(`${argv.join(" ")} ended with ${ended.code}: ${ended.stderr}`);
    return JSON.parse(ended.stdout) as Printed;
  }

  [Symbol.dispose](): void {
    rmSync(this.data, { recursive: true, force: true });
  }
}
