/** A password from standard input: never from the command line, where every user of the machine sees it. */

import { Refused, refused } from "./command.ts";
import type { Io } from "./io.ts";
import { readInput } from "./read-input.ts";

/** More than any password that is accepted, line end included. */
const inputOctetsMax = 4_096;

/** The text without the line end that `echo` and editors put behind it. Throws `Refused`. */
export async function readPassword(io: Io): Promise<string> {
  const input = await readInput(io.stdin, inputOctetsMax);
  if (input === undefined) {
    throw new Refused(refused(`The password is longer than ${inputOctetsMax} octets.`));
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(input);
  } catch {
    throw new Refused(refused("The password is not UTF-8 text."));
  }
  const password = text.replace(/\r?\n$/, "");
  if (password === "") {
    const fix = 'Send it through standard input: printf %s "$PASSWORD" | nameward …';
    throw new Refused(refused("The password is empty.", fix));
  }
  if (/\p{Cc}/u.test(password)) {
    throw new Refused(refused("The password holds a control character or more than one line."));
  }
  return password;
}
