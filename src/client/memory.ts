/** The memory of all profiles while the client runs, and its file. */

import type { Remembered } from "./decide.ts";
import { hasFingerprint, makeFingerprint, readMemory, writeMemory } from "./memory-file.ts";
import type { Entry, Key } from "./memory-file.ts";

export class Memory {
  readonly #path: string;
  readonly #tell: (sentence: string) => void;
  readonly #entries = new Map<string, Entry>();
  /** What it cost to stretch is kept: a thousand refused hosts have one configuration. */
  readonly #fingerprints = new Map<string, string>();
  readonly #isSame = new Map<string, boolean>();
  #isChanged = false;
  #trouble: string | undefined;

  private constructor(path: string, tell: (sentence: string) => void) {
    this.#path = path;
    this.#tell = tell;
  }

  /** Keeps what belongs to `keys`: what left the configuration is forgotten. */
  static open(path: string, keys: readonly Key[], tell: (sentence: string) => void): Memory {
    const memory = new Memory(path, tell);
    const reading = readMemory(path);
    if (reading.kind === "unusable") {
      tell(`The memory ${path} is not used: ${reading.why}. Each host is sent once.`);
    }
    if (reading.kind !== "memory") return memory;
    const known = new Set(keys.map(wordOf));
    for (const entry of reading.entries) {
      if (known.has(wordOf(entry))) memory.#entries.set(wordOf(entry), entry);
    }
    return memory;
  }

  /** A refusal counts only for the configuration that was refused. */
  recall(key: Key, configuration: string): Remembered | undefined {
    const entry = this.#entries.get(wordOf(key));
    if (entry?.halted === undefined) return entry;
    const { fingerprint = "" } = entry;
    const both = JSON.stringify([fingerprint, configuration]);
    const isSame = this.#isSame.get(both) ?? hasFingerprint(configuration, fingerprint);
    this.#isSame.set(both, isSame);
    return isSame ? entry : { ...entry, halted: undefined };
  }

  remember(key: Key, what: Remembered, configuration: string): void {
    const fingerprint = what.halted === undefined ? undefined : this.#fingerprint(configuration);
    this.#entries.set(wordOf(key), { ...key, ...what, fingerprint });
    this.#isChanged = true;
  }

  #fingerprint(configuration: string): string {
    const made = this.#fingerprints.get(configuration) ?? makeFingerprint(configuration);
    this.#fingerprints.set(configuration, made);
    return made;
  }

  /** A disk that cannot be written is told once; the client goes on with what it knows. */
  save(): void {
    if (!this.#isChanged) return;
    const trouble = writeMemory(this.#path, [...this.#entries.values()]);
    if (trouble === undefined) this.#isChanged = false;
    if (trouble !== undefined && trouble !== this.#trouble) {
      const sentence = `The memory ${this.#path} cannot be written: ${trouble}.`;
      this.#tell(`${sentence} After each start every host is sent once.`);
    }
    this.#trouble = trouble;
  }

  /** Whether the file can be written: a single look that forgets what it sent would send each time. */
  findTrouble(): string | undefined {
    return writeMemory(this.#path, [...this.#entries.values()]);
  }
}

function wordOf({ profile, host, family }: Key): string {
  return JSON.stringify([profile, host, family]);
}
