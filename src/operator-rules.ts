/** Rules of the operator: those of files, and those the store tells of, before the built-in ones. */

import { LiveRules } from "./adapters/live-rules.ts";
import { rules } from "./adapters/rules.ts";
import { readAdapterFiles } from "./cli/adapter-document.ts";
import { Refused } from "./cli/command.ts";
import { printMistake } from "./config/mistake.ts";
import type { Fact } from "./core/fact.ts";
import type { Log } from "./observe/log.ts";

/** A rule that has mistakes is not left out in silence: nothing starts then. */
export function openOperatorRules(files: readonly string[]): LiveRules {
  const read = readAdapterFiles(files);
  if ("rules" in read) return new LiveRules(rules, read.rules);
  throw new Refused({
    kind: "refused",
    why: "A file with a rule has mistakes.",
    fix: "nameward config check shows them without starting anything.",
    details: read.mistakes.map(printMistake),
  });
}

export function applyAdapter(
  live: LiveRules,
  fact: Extract<Fact, { kind: "adapter" }>,
  log: Log,
): void {
  if (live.apply(fact.id, fact.adapter) === "applied") return;
  log.warn({ adapter: fact.adapter?.name }, "A rule of another version is not in force");
}
