/** The text of a file that a command names, or of standard input. */

import { readConfigText } from "../config/config-text.ts";
import { printMistake } from "../config/mistake.ts";
import type { Mistake } from "../config/mistake.ts";
import { Refused, refused } from "./command.ts";
import type { Io } from "./io.ts";
import { readInput } from "./read-input.ts";

const inputOctetsMax = 1_048_576;

/** UTF-8. Ends the command where there is none. */
export async function readTextInput(file: string, io: Io): Promise<string> {
  if (file !== "-") {
    const mistakes: Mistake[] = [];
    const text = readConfigText(file, mistakes);
    if (text !== undefined) return text;
    throw new Refused(refused(`${mistakes.map(printMistake).join(", ")}.`));
  }
  const input = await readInput(io.stdin, inputOctetsMax);
  if (input === undefined) {
    throw new Refused(refused(`The input is larger than ${inputOctetsMax} octets.`));
  }
  return input.toString("utf8");
}
