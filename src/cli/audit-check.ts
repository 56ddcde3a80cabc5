/** `nameward audit check` */

import { checkChain } from "../core/audit-entry.ts";
import { command } from "./command.ts";

export const auditCheck = command({
  words: "audit check",
  summary: "Say whether an entry of the audit log was changed or taken away.",
  notes: [
    "Each entry holds a hash over itself and the one before. The exit code is 1 when one does not fit.",
  ],
  example: "nameward audit check",
  async run({ openStore }) {
    await using store = await openStore();
    const check = await checkChain(store.operator);
    const { entries } = check;
    if (check.kind === "broken") {
      return {
        kind: "refused",
        why: `Entry ${check.at} is not as it was written, or is gone. The ${entries} before it are good.`,
        fix: "Compare with a backup, and ask who can write to the data folder.",
        json: { entries, brokenAt: check.at },
      };
    }
    return {
      kind: "done",
      text: `All ${entries} entries are as they were written.\n`,
      json: { entries, brokenAt: null },
    };
  },
});
