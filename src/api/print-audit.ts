/** The audit log as a file: NDJSON with the hashes, so that the chain can be checked elsewhere, or CSV for a spreadsheet. */

import type { AuditEntry } from "../core/audit-entry.ts";
import { printCsvRow } from "./csv-row.ts";

const types = { ndjson: "application/x-ndjson", csv: "text/csv; charset=utf-8" } as const;

/** Read as fast as it is taken. */
export function printAuditFile(
  pages: AsyncGenerator<readonly AuditEntry[]>,
  format: keyof typeof types,
): Response {
  const encoder = new TextEncoder();
  const printEntry = format === "csv" ? printRow : printLine;
  const body = new ReadableStream<Uint8Array>({
    start(controller) {
      if (format === "csv") controller.enqueue(encoder.encode(printCsvRow(columns)));
    },
    async pull(controller) {
      const next = await pages.next();
      if (next.done === true) controller.close();
      else controller.enqueue(encoder.encode(next.value.map(printEntry).join("")));
    },
    cancel: async () => void (await pages.return(undefined)),
  });
  return new Response(body, {
    headers: {
      "Content-Type": types[format],
      "Content-Disposition": `attachment; filename="audit.${format}"`,
    },
  });
}

/** The fields that `hashEntry` covers, by their names, and the hash. */
function printLine({ atMs, hash, user, ...rest }: AuditEntry): string {
  const at = new Date(atMs).toISOString();
  return `${JSON.stringify({ at, atMs, user: user ?? null, ...rest, hash: Buffer.from(hash).toString("hex") })}\n`;
}

const columns = [
  "id",
  "at",
  "actor",
  "action",
  "target",
  "from",
  "result",
  "request",
  "detail",
] as const;

function printRow(entry: AuditEntry): string {
  const { id, atMs, actor, action, target, peer, result, requestId, detail } = entry;
  const at = new Date(atMs).toISOString();
  const fields = [String(id), at, actor, action, target, peer, result, requestId, detail];
  return printCsvRow(fields);
}
