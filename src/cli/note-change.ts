/** What a command changed, in the audit log beside what people did by the pages (ASVS 16.3.3). */

import type { NewAuditEntry } from "../core/audit-entry.ts";
import { cleanText } from "../observe/log-text.ts";
import type { Command } from "./command.ts";

const commandLineActor = "command line";
const detailCharactersMax = 1_000;

/** `user set bob --role admin` is `user.set` of bob. No flag holds a secret: those come by standard input. */
export function describeChange(
  { words, flags: own }: Pick<Command, "words" | "flags">,
  given: readonly string[],
  flags: Readonly<Record<string, string | boolean | undefined>>,
): NewAuditEntry {
  const [target = "", ...rest] = given;
  const options = Object.entries(flags)
    .filter(([name, value]) => name in own && value !== undefined && value !== false)
    .map(([name, value]) => (value === true ? name : `${name}=${value}`));
  return {
    actor: commandLineActor,
    user: undefined,
    action: words.replace(" ", "."),
    target: cleanText(target),
    peer: "",
    result: "ok",
    requestId: "",
    detail: cleanText([...rest, ...options].join(" "), detailCharactersMax),
  };
}
