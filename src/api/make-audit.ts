/** Makes what a handler tells of into an entry of the audit log. */

import type { NewAuditEntry } from "../core/audit-entry.ts";
import type { Log } from "../observe/log.ts";
import { cleanText } from "../observe/log-text.ts";
import type { Audit } from "./audit.ts";
import type { Caller } from "./caller.ts";

/** `append` resolves when the entry is durable. */
export function makeAudit(append: (entry: NewAuditEntry) => Promise<unknown>, log: Log): Audit {
  return {
    async note({ actor, action, target, result, detail }, { peer, requestId }) {
      const user = typeof actor === "object" && actor.kind !== "nobody" ? actor.user.id : undefined;
      const entry: NewAuditEntry = {
        actor: cleanText(nameOf(actor)),
        user,
        action: cleanText(action),
        target: cleanText(target),
        peer: peer.text,
        result,
        requestId,
        detail: cleanText(detail ?? "", detailCharactersMax),
      };
      try {
        await append(entry);
      } catch (error) {
        // What was done is done: whoever asked gets the answer, and the log of the program has the entry.
        log.error({ error: error as Error, ...entry }, "An entry of the audit log cannot be kept");
      }
    },
  };
}

const detailCharactersMax = 1_000;

function nameOf(actor: Caller | string): string {
  if (typeof actor === "string") return actor;
  switch (actor.kind) {
    case "nobody":
      return "nobody";
    case "person":
      return actor.user.name;
    case "program":
      return `${actor.user.name} by token ${actor.token}`;
  }
}
