/** What a command is: one row says its words, flags and help, and what it does. */

import type { OptionName } from "../config/options.ts";
import type { ConfigReading } from "../config/read-config.ts";
import type { Store } from "../store/store.ts";
import type { Io } from "./io.ts";

interface Switch {
  readonly doc: string;
}
interface Valued {
  readonly doc: string;
  /** Stands for the value in help. */
  readonly value: string;
}
export type Flag = Switch | Valued;
/** By name: `passwordStdin` is `--password-stdin`. A name means the same in every command. */
export type FlagTable = Readonly<Record<string, Flag>>;

type ValueOf<F extends Flag> = F extends Valued ? string | undefined : boolean;
export type FlagValues<Flags extends FlagTable> = {
  readonly [Name in keyof Flags]: ValueOf<Flags[Name]>;
};

export type Json =
  | string
  | number
  | boolean
  | null
  | readonly Json[]
  | { readonly [key: string]: Json };

/** How a command ends. */
export type Outcome =
  /** Exit code 0. `text` for people, `json` for programs; its field names stay as they are. */
  | { readonly kind: "done"; readonly text: string; readonly json: Json }
  /** Exit code 0. The command has written what there was to write. */
  | { readonly kind: "ran" }
  /** Exit code 1: it was understood, and could not be done. */
  | Refusal
  /** Exit code 2: it was not understood. */
  | { readonly kind: "wrong-use"; readonly why: string; readonly fix: string };

export interface Refusal {
  readonly kind: "refused";
  /** What, where and why, as a sentence. */
  readonly why: string;
  /** What to do. */
  readonly fix?: string;
  /** One line each, in front of the sentence: the errors of a file. */
  readonly details?: readonly string[];
  /** What programs get beside the sentence. */
  readonly json?: Readonly<Record<string, Json>>;
}

export interface Call<Flags extends FlagTable = FlagTable> {
  readonly arguments: readonly string[];
  readonly flags: FlagValues<Flags>;
  readonly reading: Extract<ConfigReading, { kind: "config" }>;
  readonly io: Io;
  /** A sentence on standard error that does not change how the command ends. */
  warn(sentence: string): void;
  /** Throws `Refused` when there is no data yet, unless the command makes it. */
  openStore(): Promise<Store>;
}

export interface Command<Flags extends FlagTable = FlagTable> {
  /** `zone add` */
  readonly words: string;
  readonly summary: string;
  /** In order; those in brackets may be left out, and stand last: `[N]`. */
  readonly arguments: readonly string[];
  readonly flags: Flags;
  /** Settings that are flags of this command and shown in its help, beside those of every command. */
  readonly settings: readonly OptionName[];
  /** What help says beyond the summary. */
  readonly notes: readonly string[];
  readonly example: string;
  /** Whether it may begin a new data folder; the others refuse to, so that a slip makes no folder. */
  readonly makesData: boolean;
  /** It changes what is stored, and stands in the audit log when it is done. */
  readonly changes: boolean;
  run(call: Call<Flags>): Promise<Outcome> | Outcome;
}

type Given = "words" | "summary" | "example" | "run";

/** A row with what most commands leave out filled in. */
export function command<const Flags extends FlagTable = Record<never, never>>(
  row: Pick<Command<Flags>, Given> & Partial<Omit<Command<Flags>, Given>>,
): Command<Flags> {
  const none = { arguments: [], settings: [], notes: [], makesData: false, changes: false };
  return { ...none, flags: row.flags ?? noFlags<Flags>(), ...row };
}

/** A command without flags has the empty table for its `Flags`. */
function noFlags<Flags extends FlagTable>(): Flags {
  return {} as Flags;
}

export function refused(why: string, fix?: string): Refusal {
  return fix === undefined ? { kind: "refused", why } : { kind: "refused", why, fix };
}

/** Ends a command from inside a function that has something else to return. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.why);
    this.refusal = refusal;
  }
}
