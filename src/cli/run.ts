/** Runs one command: words in, text out, an exit code back. Nothing here reads the process. */

import { systemClock } from "../base/clock.ts";
import { printMistake, printMistakeBoxed } from "../config/mistake.ts";
import type { Mistake } from "../config/mistake.ts";
import { readConfig } from "../config/read-config.ts";
import { cleanText } from "../observe/log-text.ts";
import { makeTextLog } from "../observe/log.ts";
import { findDatabase } from "./find-database.ts";
import { openStore } from "../store/open-store.ts";
import { Refused, refused } from "./command.ts";
import type { Call, Command, Json, Outcome } from "./command.ts";
import { commands } from "./commands.ts";
import type { Io } from "./io.ts";
import { parseCommandLine } from "./parse-command-line.ts";
import type { CommandLine } from "./parse-command-line.ts";
import { describeChange } from "./note-change.ts";
import { printHelp, printOverview } from "./print-help.ts";

/** 0 done, 1 refused or failed, 2 wrong usage or configuration. */
export type ExitCode = 0 | 1 | 2;

/** `added`: commands that need more than this folder may import, `serve` for one. */
export async function run(
  argv: readonly string[],
  io: Io,
  added: readonly Command[] = [],
): Promise<ExitCode> {
  const table = [...added, ...commands];
  const line = parseCommandLine(argv, table);
  switch (line.kind) {
    case "help": {
      const isCommand = typeof line.of !== "string";
      io.stdout.write(isCommand ? printHelp(line.of) : printOverview(table, line.of));
      return 0;
    }
    case "wrong":
      return tell({ kind: "wrong-use", why: line.why, fix: line.fix }, line.isJson, io);
    case "command":
      return runCommand(line, io);
  }
}

async function runCommand(
  line: Extract<CommandLine, { kind: "command" }>,
  io: Io,
): Promise<ExitCode> {
  const { command, isJson } = line;
  const reading = readConfig({ flags: line.settings, env: io.env });
  if (reading.kind === "mistakes") return tellMistakes(reading.mistakes, isJson, io);
  const warn = (sentence: string): void => {
    io.stderr.write(`warning: ${sentence}\n`);
  };
  reading.warnings.forEach(warn);
  const call: Call = {
    arguments: line.arguments,
    flags: line.flags,
    reading,
    io,
    warn,
    async openStore() {
      const { store: url, data } = reading.config;
      if (!command.makesData && findDatabase(url) === undefined) {
        const why = `There is no data in ${data} (no ${url}).`;
        throw new Refused(
          refused(why, "Name the folder with --data, or begin with nameward zone add."),
        );
      }
      const log = makeTextLog("warn", (text) => io.stderr.write(text));
      return openStore({ url, thread: false, clock: systemClock, log });
    },
  };
  let outcome: Outcome;
  try {
    outcome = await command.run(call);
    if (command.changes && outcome.kind === "done") await noteChange(line, call);
  } catch (error) {
    outcome = failure(error);
  }
  return tell(outcome, isJson, io);
}

/** What was done is done: a log that cannot be written does not undo it. */
async function noteChange(
  { command, arguments: given, flags }: Extract<CommandLine, { kind: "command" }>,
  call: Call,
): Promise<void> {
  try {
    await using store = await call.openStore();
    await store.operator.appendAudit(describeChange(command, given, flags));
  } catch (error) {
    call.warn(`It is done, and the audit log could not be written: ${String(error)}`);
  }
}

/** A broken store or a taken port. Our own mistakes are not told as if they were the operator's. */
function failure(error: unknown): Outcome {
  if (error instanceof Refused) return error.refusal;
  const isOurs = error instanceof TypeError || error instanceof RangeError;
  if (!(error instanceof Error) || isOurs || error.name === "AssertionFailed") throw error;
  return refused(error.message);
}

function tell(outcome: Outcome, isJson: boolean, io: Io): ExitCode {
  switch (outcome.kind) {
    case "done":
      io.stdout.write(isJson ? printJson(outcome.json) : outcome.text);
      return 0;
    case "ran":
      return 0;
    case "refused":
    case "wrong-use": {
      const details = "details" in outcome ? (outcome.details ?? []) : [];
      const facts = "json" in outcome ? outcome.json : {};
      const { why, fix = null } = outcome;
      if (isJson) {
        io.stderr.write(printJson({ error: why, fix, details, ...facts }));
      } else {
        for (const detail of details) io.stderr.write(`${detail}\n`);
        io.stderr.write(`error: ${cleanText(why, 1_000)}\n`);
        if (fix !== null) io.stderr.write(`  ${cleanText(fix, 1_000)}\n`);
      }
      return outcome.kind === "refused" ? 1 : 2;
    }
  }
}

function tellMistakes(mistakes: readonly Mistake[], isJson: boolean, io: Io): ExitCode {
  if (isJson) {
    io.stderr.write(
      printJson({ error: "The configuration is wrong.", mistakes: mistakes.map(jsonOf) }),
    );
    return 2;
  }
  for (const mistake of mistakes) {
    io.stderr.write(
      `${io.isTerminal ? `${printMistakeBoxed(mistake)}\n` : printMistake(mistake)}\n`,
    );
  }
  return 2;
}

function jsonOf({ place, what, fix }: Mistake): Json {
  switch (place.kind) {
    case "file":
      return { file: place.file, line: place.line, column: place.column, what, fix: fix ?? null };
    case "flag":
      return { flag: place.flag, what, fix: fix ?? null };
    case "environment":
      return { variable: place.variable, what, fix: fix ?? null };
    case "default":
      return { setting: place.name, what, fix: fix ?? null };
  }
}

function printJson(json: Json): string {
  return `${JSON.stringify(json)}\n`;
}
