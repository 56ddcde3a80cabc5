/** The command line: from words to a command, its arguments and flags, or what is wrong with it. */

import { parseArgs } from "node:util";

import { findNearest } from "../config/nearest.ts";
import { flagOf, optionNames, options } from "../config/options.ts";
import type { OptionName } from "../config/options.ts";
import type { Command, Flag } from "./command.ts";

/** Flags of every command; the settings that each command takes are beside them. */
export const commonFlags = {
  config: { value: "FILE", doc: "Read settings from this YAML file." },
  json: { doc: "Print JSON, with field names that stay as they are." },
  help: { doc: "Print this help." },
} as const satisfies Record<string, Flag>;

/** Settings that every command takes: where the data is. */
export const commonSettings = ["data", "store"] as const satisfies readonly OptionName[];

export type CommandLine =
  | {
      readonly kind: "command";
      readonly command: Command;
      readonly arguments: readonly string[];
      readonly flags: Readonly<Record<string, string | boolean | undefined>>;
      readonly settings: Readonly<Partial<Record<OptionName | "config", string>>>;
      readonly isJson: boolean;
    }
  /** Of one command, of a group (`zone`), or of the program. */
  | { readonly kind: "help"; readonly of: Command | string }
  | {
      readonly kind: "wrong";
      readonly why: string;
      readonly fix: string;
      readonly isJson: boolean;
    };

interface GivenFlag {
  readonly name: string;
  readonly raw: string;
  readonly value: string | undefined;
  readonly isInline: boolean;
}

export function parseCommandLine(
  argv: readonly string[],
  commands: readonly Command[],
): CommandLine {
  const known = knownFlags(commands);
  const words: string[] = [];
  const given: GivenFlag[] = [];
  const valued = { type: "string" } as const;
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      [...known].map(([flag, { row }]) => [
        flag,
        "value" in row ? valued : ({ type: "boolean" } as const),
      ]),
    ),
  });
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const { rawName: raw, value, inlineValue } = token;
    given.push({ name: token.name, raw, value, isInline: inlineValue === true });
  }
  const isJson = given.some((flag) => flag.name === "json");
  const asksHelp = given.some((flag) => flag.raw === "-h" || flag.name === "help");
  const wrong = (why: string, fix: string): CommandLine => ({ kind: "wrong", why, fix, isJson });

  if (words[0] === "help") return helpOf(words.slice(1), commands);
  if (words.length === 0 && given.some((flag) => flag.raw === "--version")) words.push("version");
  const found = findCommand(words, commands);
  if (found === undefined) {
    const isGroup = commands.some((row) => row.words.startsWith(`${words[0]} `));
    if (asksHelp || words.length === 0) return { kind: "help", of: isGroup ? words[0]! : "" };
    return wrong(...unknownCommand(words, isGroup, commands));
  }
  if (asksHelp) return { kind: "help", of: found };

  const flags: Record<string, string | boolean | undefined> = {};
  for (const [name, row] of Object.entries(found.flags)) {
    flags[name] = "value" in row ? undefined : false;
  }
  const settings: Partial<Record<OptionName | "config", string>> = {};
  const seen = new Set<string>();
  const help = `nameward ${found.words} --help lists its flags.`;
  for (const flag of given) {
    const entry = known.get(flag.name);
    if (entry === undefined || !flag.raw.startsWith("--") || !takes(found, entry.name)) {
      if (flag.raw === "--version") continue;
      return wrong(...unknownFlag(flag, found, help));
    }
    if (seen.has(flag.name)) return wrong(`${flag.raw} is given twice.`, "Give it once.");
    seen.add(flag.name);
    const fault = "value" in entry.row ? valueFault(flag, entry.row.value) : switchFault(flag);
    if (fault !== undefined) return wrong(fault, help);
    if (isSetting(entry.name)) settings[entry.name] = flag.value!;
    else flags[entry.name] = "value" in entry.row ? flag.value : true;
  }
  const rest = words.slice(found.words.split(" ").length);
  const required = found.arguments.filter((argument) => !argument.startsWith("[")).length;
  if (rest.length < required || rest.length > found.arguments.length)
    return wrong(...wrongArguments(rest, found));
  return { kind: "command", command: found, arguments: rest, flags, settings, isJson };
}

interface KnownFlag {
  readonly name: string;
  readonly row: Flag;
}

/** By flag without the dashes. */
function knownFlags(commands: readonly Command[]): ReadonlyMap<string, KnownFlag> {
  const rows: [string, Flag][] = [
    ...Object.entries(commonFlags),
    ...optionNames.map((name): [string, Flag] => [
      name,
      { value: options[name].placeholder, doc: options[name].doc },
    ]),
    ...commands.flatMap((row) => Object.entries(row.flags)),
  ];
  return new Map(rows.map(([name, row]) => [flagOf(name).slice(2), { name, row }]));
}

/** The flags of a command by name: its own, its settings, and those of every command. */
export function flagNames(command: Command): readonly string[] {
  return [
    ...Object.keys(command.flags),
    ...command.settings,
    ...commonSettings.filter((name) => !command.settings.includes(name)),
    ...Object.keys(commonFlags),
  ];
}

function takes(command: Command, name: string): boolean {
  return flagNames(command).includes(name);
}

function isSetting(name: string): name is OptionName | "config" {
  return name === "config" || Object.hasOwn(options, name);
}

function findCommand(words: readonly string[], commands: readonly Command[]): Command | undefined {
  const two = words.slice(0, 2).join(" ");
  return (
    commands.find((row) => row.words === two) ?? commands.find((row) => row.words === words[0])
  );
}

function helpOf(words: readonly string[], commands: readonly Command[]): CommandLine {
  return { kind: "help", of: findCommand(words, commands) ?? words[0] ?? "" };
}

function unknownCommand(
  words: readonly string[],
  isGroup: boolean,
  commands: readonly Command[],
): [why: string, fix: string] {
  const group = commands.filter((row) => row.words.startsWith(`${words[0]} `));
  const asked = words.slice(0, 2).join(" ");
  if (isGroup && words.length === 1) {
    const known = group.map((row) => row.words.slice(words[0]!.length + 1));
    return [`nameward ${asked} needs one word more.`, `Say one of: ${known.join(", ")}.`];
  }
  const known = (isGroup ? group : commands).map((row) => row.words);
  const nearest = findNearest(asked, known) ?? findNearest(words[0]!, known);
  const why = `There is no command ${JSON.stringify(asked)}.`;
  if (nearest !== undefined) return [why, `Did you mean nameward ${nearest}?`];
  return [why, "nameward --help lists the commands."];
}

function unknownFlag(flag: GivenFlag, command: Command, help: string): [why: string, fix: string] {
  const nearest = findNearest(
    flag.name,
    flagNames(command).map((name) => flagOf(name).slice(2)),
  );
  const why = `nameward ${command.words} has no flag ${flag.raw}.`;
  return [why, nearest === undefined ? help : `Did you mean --${nearest}?`];
}

function valueFault(flag: GivenFlag, placeholder: string): string | undefined {
  if (flag.value === undefined) return `${flag.raw} needs a value: ${flag.raw} ${placeholder}.`;
  // `--data --json` is a forgotten value; who means one that begins with a dash writes `--data=-x`.
  if (flag.isInline || !/^-./.test(flag.value)) return undefined;
  return `${flag.raw} needs a value, and ${flag.value} looks like a flag: write ${flag.raw}=${flag.value} if it is meant.`;
}

function switchFault(flag: GivenFlag): string | undefined {
  return flag.isInline ? `${flag.raw} takes no value.` : undefined;
}

function wrongArguments(rest: readonly string[], command: Command): [why: string, fix: string] {
  const usage = ["nameward", command.words, ...command.arguments].join(" ");
  if (rest.length > command.arguments.length) {
    const extra = rest[command.arguments.length]!;
    return [
      `nameward ${command.words} does not know what to do with ${JSON.stringify(extra)}.`,
      `Usage: ${usage}`,
    ];
  }
  const missing = command.arguments[rest.length]!;
  return [`nameward ${command.words} needs ${missing}.`, `Usage: ${usage}`];
}
