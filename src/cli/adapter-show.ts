/** `nameward adapter show` */

import { printYaml } from "../config/print-yaml.ts";
import type { Receipt } from "../core/receipt.ts";
import type { StoredAdapter } from "../core/stored-adapter.ts";
import { cleanText } from "../observe/log-text.ts";
import { command } from "./command.ts";
import type { Json } from "./command.ts";
import { getAdapter } from "./find-adapter.ts";
import { printTime } from "./print-host.ts";

const receiptsShown = 10;

export const adapterShow = command({
  words: "adapter show",
  summary: "Show a rule of yours as YAML, and what it did or would have done lately.",
  arguments: ["ID"],
  notes: ["What is printed can be given to nameward adapter add again."],
  example: "nameward adapter show my-cameras > my-cameras.yaml",
  async run({ arguments: [id = ""], openStore }) {
    await using store = await openStore();
    const adapter = await getAdapter(store, id);
    const receipts = await store.findReceiptsOfAdapter(id, receiptsShown);
    const document = parseDocument(adapter);
    const lines = [`# ${adapter.state} since ${printTime(adapter.changedAtMs) ?? "-"}`];
    for (const receipt of receipts) lines.push(`# ${printReceipt(receipt)}`);
    return {
      kind: "done",
      text: `${lines.join("\n")}\n${printYaml(document)}`,
      json: { ...document, state: adapter.state, receipts: receipts.map(jsonOf) },
    };
  },
});

function parseDocument({ rule, requests }: StoredAdapter): Readonly<Record<string, Json>> {
  const written = JSON.parse(rule) as Record<string, Json>; // only `adapter add` writes it
  return { ...written, requests: JSON.parse(requests) as Json };
}

function printReceipt({ atMs, peer, outcome, asked, note }: Receipt): string {
  const what = outcome === "shadow" ? `would ${note}` : `${asked} ${outcome} ${note}`;
  return cleanText(`${printTime(atMs) ?? ""} ${peer}: ${what}`.trim());
}

function jsonOf({ atMs, peer, outcome, asked, note, userAgent }: Receipt): Json {
  return { at: printTime(atMs) ?? null, peer, outcome, asked, note, userAgent };
}
