/** `nameward adapter list` */

import { parseWrittenRule } from "../adapters/rule-schema.ts";
import { rules } from "../adapters/rules.ts";
import type { Rule } from "../adapters/rule.ts";
import { command } from "./command.ts";
import { printColumns } from "./print-columns.ts";
import { printTime } from "./print-host.ts";

export const adapterList = command({
  words: "adapter list",
  summary: "List the rules of yours, in the order in which they are tried.",
  flags: { builtIn: { doc: "The built-in rules, too." } },
  example: "nameward adapter list",
  async run({ flags, openStore }) {
    await using store = await openStore();
    const own = (await store.listAdapters()).map(({ name, state, rule, changedAtMs }) => ({
      id: name,
      state: state as string,
      changedAt: printTime(changedAtMs) ?? null,
      ...factsOf(parseWrittenRule(rule)),
    }));
    const builtIn = rules.map((rule) => ({
      id: rule.id,
      state: "built-in",
      changedAt: null,
      ...factsOf(rule),
    }));
    const json = flags.builtIn ? [...own, ...builtIn] : own;
    const rows = json.map(({ id, state, dialect, paths, changedAt }) => {
      return [id, state, dialect, paths.join(" "), changedAt ?? "-"];
    });
    const text = printColumns([["ID", "STATE", "DIALECT", "PATHS", "CHANGED"], ...rows]);
    return { kind: "done", text, json };
  },
});

/** A rule of another version cannot be read, and is not in force. */
function factsOf(rule: Rule | undefined) {
  return { dialect: rule?.dialect ?? "(not readable)", paths: rule?.match.paths ?? [] };
}
