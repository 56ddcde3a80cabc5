/** The words behind `nameward client`: a command, its flags, or what is wrong with them. */

import { parseArgs } from "node:util";
import { findNearest } from "../config/nearest.ts";
import { isFlagName, knownNames } from "./client-config.ts";

/** By their words; the text is for help. */
export const clientCommands = {
  run: "Keep the hosts up to date until told to stop.",
  once: "Look once, send what changed, and end.",
  detect: "Say which addresses are detected, and send nothing.",
  status: "Say what the running client knows: last address, last reply, next check.",
  install: "Write the file that makes the system run the client.",
  uninstall: "Take that file away.",
  import: "Turn a ddclient.conf or inadyn.conf into a configuration.",
} as const;

export type ClientCommand = keyof typeof clientCommands;

export interface ClientLine {
  readonly kind: "line";
  readonly command: ClientCommand;
  /** Settings by name. */
  readonly settings: Readonly<Record<string, string>>;
  readonly config: string | undefined;
  readonly isJson: boolean;
  readonly isForced: boolean;
  readonly isPrinted: boolean;
  readonly root: string | undefined;
  readonly file: string | undefined;
}

export type ClientLineReading =
  | ClientLine
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly why: string; readonly fix: string };

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

/** Flags beside the settings, and the commands that have them. */
const ownFlags = {
  config: text,
  json: flag,
  help: { type: "boolean", short: "h" },
  force: flag,
  print: flag,
  root: text,
} as const;

const only: Readonly<Record<string, readonly ClientCommand[]>> = {
  force: ["once"],
  print: ["install"],
  root: ["install", "uninstall"],
};

export function parseClientLine(argv: readonly string[]): ClientLineReading {
  const wrong = (why: string, fix: string): ClientLineReading => ({ kind: "wrong", why, fix });
  const names = knownNames();
  const flags = names.filter(isFlagName);
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: { ...Object.fromEntries(names.map((name) => [name, text])), ...ownFlags },
  });
  const words: string[] = [];
  const given = new Map<string, string>();
  for (const token of tokens) {
    if (token.kind === "positional") words.push(token.value);
    if (token.kind !== "option") continue;
    const { name, rawName, value } = token;
    if (names.includes(name) && !flags.includes(name)) {
      const why = `${rawName} would show a secret to every user of this machine.`;
      return wrong(why, `Say ${rawName}-file FILE (- is standard input) or ${rawName}-env NAME.`);
    }
    const isOwn = Object.hasOwn(ownFlags, name);
    if (!isOwn && !flags.includes(name)) {
      const nearest = findNearest(name, [...flags, ...Object.keys(ownFlags)]);
      const fix =
        nearest === undefined ? "nameward client --help lists them." : `Did you mean --${nearest}?`;
      return wrong(`There is no flag ${rawName}.`, fix);
    }
    if (given.has(name)) return wrong(`${rawName} is given twice.`, "Give it once.");
    const takesValue = !isOwn || ownFlags[name as keyof typeof ownFlags].type === "string";
    // `--hosts --json` is a forgotten value; standard input is a dash alone.
    const isForgotten = value === undefined || (!token.inlineValue && /^-./.test(value));
    if (takesValue && isForgotten)
      return wrong(`${rawName} needs a value.`, "nameward client --help");
    if (!takesValue && token.inlineValue === true) return wrong(`${rawName} takes no value.`, "");
    given.set(name, value ?? "");
  }
  const [word, file, ...more] = words;
  if (given.has("help") || word === undefined || word === "help") return { kind: "help" };
  if (!isClientCommand(word)) {
    const nearest = findNearest(word, Object.keys(clientCommands));
    const fix =
      nearest === undefined
        ? "nameward client --help lists them."
        : `Did you mean nameward client ${nearest}?`;
    return wrong(`There is no command client ${JSON.stringify(word)}.`, fix);
  }
  if (word === "import" && file === undefined) {
    return wrong("nameward client import needs a file.", "Usage: nameward client import FILE");
  }
  if (more.length > 0 || (word !== "import" && file !== undefined)) {
    return wrong(`nameward client ${word} does not know ${JSON.stringify(more[0] ?? file)}.`, "");
  }
  for (const [name, commands] of Object.entries(only)) {
    if (given.has(name) && !commands.includes(word)) {
      return wrong(
        `nameward client ${word} has no flag --${name}.`,
        `It is of ${commands.join(", ")}.`,
      );
    }
  }
  const settings = Object.fromEntries([...given].filter(([name]) => flags.includes(name)));
  return {
    kind: "line",
    command: word,
    settings,
    config: given.get("config"),
    isJson: given.has("json"),
    isForced: given.has("force"),
    isPrinted: given.has("print"),
    root: given.get("root"),
    file,
  };
}

function isClientCommand(word: string): word is ClientCommand {
  return Object.hasOwn(clientCommands, word);
}
