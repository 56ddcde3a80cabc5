/** Help, from the table of commands and the table of settings. */

import { flagOf, options, variableOf } from "../config/options.ts";
import type { OptionName } from "../config/options.ts";
import type { Command, Flag } from "./command.ts";
import { commonFlags, commonSettings } from "./parse-command-line.ts";
import { printColumns } from "./print-columns.ts";

/** What the exit code says, for every command. */
const exitCodes = [
  ["0", "done"],
  ["1", "refused or failed; the reason is on standard error"],
  ["2", "wrong usage or configuration"],
] as const;

/** Of the program, or of one group of commands. */
export function printOverview(commands: readonly Command[], group: string): string {
  const shown = commands.filter((row) => group === "" || row.words.startsWith(`${group} `));
  const rows = (shown.length > 0 ? shown : commands).map((row) => [usage(row), row.summary]);
  return [
    "Usage: nameward COMMAND …",
    "",
    indent(printColumns(rows)),
    "nameward COMMAND --help says more about one command.",
    "",
  ].join("\n");
}

export function printHelp(command: Command): string {
  const ownFlags = Object.entries(command.flags).map(([name, flag]) => flagRow(name, flag));
  const settings = [...command.settings, ...commonSettings.filter(isMissingIn(command))];
  const everywhere = Object.entries(commonFlags).map(([name, flag]) => flagRow(name, flag));
  const lines = [
    `Usage: nameward ${usage(command)}${ownFlags.length > 0 ? " [FLAGS]" : ""}`,
    "",
    command.summary,
    ...command.notes,
    "",
    "Flags:",
    indent(printColumns([...ownFlags, ...settings.map(settingRow), ...everywhere])),
    "Exit codes:",
    indent(printColumns(exitCodes)),
    "Example:",
    `  ${command.example}`,
    "",
  ];
  return lines.join("\n");
}

function usage(command: Command): string {
  return [command.words, ...command.arguments].join(" ");
}

function isMissingIn(command: Command): (name: OptionName) => boolean {
  return (name) => !command.settings.includes(name);
}

function flagRow(name: string, flag: Flag): readonly string[] {
  return ["value" in flag ? `${flagOf(name)} ${flag.value}` : flagOf(name), flag.doc];
}

function settingRow(name: OptionName): readonly string[] {
  const { placeholder, doc, fallback } = options[name];
  const origin = fallback === "" ? variableOf(name) : `${variableOf(name)}; ${fallback}`;
  return [`${flagOf(name)} ${placeholder}`, `${doc} (${origin})`];
}

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, "  ");
}
