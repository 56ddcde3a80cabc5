/** Receipts: what devices asked and what became of it, the newest first, and live. */

import { parseHostName } from "../../core/host-name.ts";
import { reasonOf } from "../../core/receipt-reason.ts";
import type { Receipt } from "../../core/receipt.ts";
import type { Person, Program } from "../caller.ts";
import type { ReplyOf } from "../contract.ts";
import type { Handlers } from "../handler.ts";
import type { HostParts } from "../host-parts.ts";
import { mayTouch } from "../may-touch.ts";
import { printReceiptFile } from "../print-receipts.ts";
import { isReceiptWanted, parseReceiptFilter } from "../receipt-filter.ts";
import { invalid } from "../refusal.ts";

export type ReceiptReply = ReplyOf<"sendTest">;

/** Of one host the store is asked; of all there are those in memory. */
const latestMax = 10_000;
const storedMax = 1_000;

export function receiptHandlers(parts: HostParts): Handlers<"listReceipts" | "exportReceipts"> {
  return {
    async listReceipts({ caller, query }) {
      const found = await findSeen(caller, query.q ?? "", parts);
      const start = query.after === undefined ? 0 : findStart(found, query.after);
      const items = found.slice(start, start + query.limit);
      const isAll = start + items.length === found.length;
      return { items, next: isAll ? null : printPlace(found, start + items.length) };
    },
    async exportReceipts({ caller, query }) {
      return printReceiptFile(await findSeen(caller, query.q ?? "", parts), query.format);
    },
  };
}

/** All that the caller may see and the filter wants, newest first. */
async function findSeen(
  caller: Person | Program,
  q: string,
  parts: HostParts,
): Promise<readonly ReceiptReply[]> {
  const terms = parseReceiptFilter(q);
  const host = terms.find(({ key, isNot }) => key === "host" && !isNot)?.text;
  return (await readReceipts(host, parts))
    .filter((receipt) => maySee(caller, receipt, parts))
    .map((receipt) => receiptReply(receipt, parts))
    .filter((reply) => isReceiptWanted(reply, terms));
}

/** A place in the list: a time, and how many of that very time were given. New receipts come before it and change nothing. */
function printPlace(found: readonly ReceiptReply[], end: number): string {
  const { at } = found[end - 1]!;
  const given = found.slice(0, end).filter((one) => one.at === at).length;
  return `${Date.parse(at)}.${given}`;
}

function findStart(found: readonly ReceiptReply[], after: string): number {
  const [, atMs, given] = /^(\d{1,15})\.(\d{1,6})$/.exec(after) ?? [];
  if (atMs === undefined) throw invalid("/query/after", "No place in this list.");
  const first = found.findIndex(({ at }) => Date.parse(at) <= Number(atMs));
  if (first === -1) return found.length;
  let start = first;
  while (start - first < Number(given) && Date.parse(found[start]?.at ?? "") === Number(atMs))
    start++;
  return start;
}

async function readReceipts(
  host: string | undefined,
  parts: HostParts,
): Promise<readonly Receipt[]> {
  const name = host === undefined ? undefined : parseHostName(host);
  if (name === undefined) return parts.receipts.latest(latestMax);
  const id = parts.directory.hosts.find(name);
  // Repeats are in memory alone, what was refused a moment ago is not stored yet, and a wrong password found no host.
  const latest = parts.receipts
    .latest(latestMax)
    .filter((one) =>
      one.host === undefined ? parseHostName(one.asked) === name : one.host === id,
    );
  const known = new Set(latest.map(idOf));
  const stored = await parts.hosts.findReceipts(name, storedMax);
  return [...latest, ...stored.filter((one) => !known.has(idOf(one)))].toSorted(
    (a, b) => b.atMs - a.atMs,
  );
}

/** Of the own hosts; an administrator sees those of nobody too. */
export function maySee(caller: Person | Program, receipt: Receipt, parts: HostParts): boolean {
  const { hosts } = parts.directory;
  const name = parseHostName(receipt.asked);
  const id = receipt.host ?? (name === undefined ? undefined : hosts.find(name));
  if (id === undefined || hosts.findName(id) === undefined) {
    return caller.user.isAdmin && mayTouch(caller, "receipts:read", {});
  }
  const zone = parts.directory.findZone(hosts.zone(id))?.apex ?? "";
  return mayTouch(caller, "receipts:read", {
    owner: hosts.user(id),
    zone,
    name: hosts.getName(id),
  });
}

/** A receipt has no number: its time, and a hash of what tells it from others of the same millisecond. */
function idOf({ atMs, host = 0, asked, username = "", peer, outcome }: Receipt): string {
  const rest = [host, asked, username, peer, outcome].join("\n");
  return `${atMs}.${Bun.hash.crc32(rest).toString(36)}`;
}

export function receiptReply(receipt: Receipt, { directory }: HostParts): ReceiptReply {
  const { reason, remedy } = reasonOf(receipt);
  // Of a wrong password no host is known but the one that was named.
  const asked = parseHostName(receipt.asked);
  const id = receipt.host ?? (asked === undefined ? undefined : directory.hosts.find(asked));
  const name = id === undefined ? undefined : directory.hosts.findName(id);
  return {
    id: idOf(receipt),
    at: new Date(receipt.atMs).toISOString(),
    host: name ?? null,
    asked: receipt.asked,
    username: receipt.username ?? null,
    peer: receipt.peer,
    adapter: receipt.adapter,
    userAgent: receipt.userAgent,
    outcome: receipt.outcome,
    addresses: receipt.addresses === "" ? [] : receipt.addresses.split(","),
    note: receipt.note,
    reason,
    remedy: remedy ?? null,
    repeats: 0,
  };
}
