/** `nameward audit list` */

import type { AuditEntry } from "../core/audit-entry.ts";
import { cleanText } from "../observe/log-text.ts";
import { command } from "./command.ts";
import { printColumns } from "./print-columns.ts";
import { printTime } from "./print-host.ts";

const entriesShown = 50;
const entriesMax = 10_000;

export const auditList = command({
  words: "audit list",
  summary: "List what people did, newest first.",
  flags: {
    limit: { value: "N", doc: `So many entries; ${entriesShown} when left out.` },
  },
  example: "nameward audit list --limit 1000 --json",
  async run({ flags, openStore }) {
    const wanted = flags.limit ?? String(entriesShown);
    const limit = /^\d{1,9}$/.test(wanted) ? Math.min(Number(wanted), entriesMax) : 0;
    if (limit === 0) {
      const why = `--limit ${JSON.stringify(wanted)} is no number of entries.`;
      return { kind: "wrong-use", why, fix: `Wanted: 1 to ${entriesMax}.` };
    }
    await using store = await openStore();
    const entries = await store.operator.listAudit({ limit });
    const rows = entries.map(({ id, atMs, actor, action, target, result, peer, detail }) =>
      [String(id), printTime(atMs) ?? "-", actor, action, target, result, peer, detail].map(
        (text) => cleanText(text) || "-",
      ),
    );
    const head = ["N", "AT", "WHO", "WHAT", "WITH", "RESULT", "FROM", "DETAIL"];
    return { kind: "done", text: printColumns([head, ...rows]), json: entries.map(jsonOf) };
  },
});

function jsonOf({ id, atMs, actor, action, target, peer, result, requestId, detail }: AuditEntry) {
  const at = printTime(atMs) ?? null;
  return { number: id, at, actor, action, target, from: peer, result, requestId, detail };
}
