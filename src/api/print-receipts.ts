/** Receipts as a file: NDJSON as the API tells them, or CSV for a spreadsheet. */

import type { ReplyOf } from "./contract.ts";
import { printCsvRow } from "./csv-row.ts";

type ReceiptReply = ReplyOf<"sendTest">;

const types = { ndjson: "application/x-ndjson", csv: "text/csv; charset=utf-8" } as const;

const columns = [
  "at",
  "host",
  "asked",
  "outcome",
  "addresses",
  "login",
  "peer",
  "adapter",
  "device",
  "reason",
] as const;

export function printReceiptFile(
  receipts: readonly ReceiptReply[],
  format: keyof typeof types,
): Response {
  const text =
    format === "csv"
      ? [printCsvRow(columns), ...receipts.map(printRow)].join("")
      : receipts.map((receipt) => `${JSON.stringify(receipt)}\n`).join("");
  return new Response(text, {
    headers: {
      "Content-Type": types[format],
      "Content-Disposition": `attachment; filename="receipts.${format}"`,
    },
  });
}

function printRow(receipt: ReceiptReply): string {
  const { at, host, asked, outcome, addresses, username, peer, adapter, userAgent, reason } =
    receipt;
  const fields = [at, host ?? "", asked, outcome, addresses.join(" "), username ?? ""];
  return printCsvRow([...fields, peer, adapter, userAgent, reason]);
}
