/** Receipts: what devices asked and what became of it, the newest first, and live. */

import { parseHostName } from "../../core/host-name.ts";
import { reasonOf } from "../../core/receipt-reason.ts";
import type { Receipt } from "../../core/receipt.ts";
import type { Person, Program } from "../caller.ts";
import type { ReplyOf } from "../contract.ts";
import type { Call, Handlers } from "../handler.ts";
import type { HostParts } from "../host-parts.ts";
import { mayTouch } from "../may-touch.ts";
import { invalid } from "../refusal.ts";

export type ReceiptReply = ReplyOf<"sendTest">;

/** Of one host the store is asked; of all there are those in memory. */
const latestMax = 10_000;

export function receiptHandlers(parts: HostParts): Handlers<"listReceipts"> {
  return { listReceipts: (call) => listReceipts(call, parts) };
}

async function listReceipts(
  { caller, query }: Call<"listReceipts">,
  parts: HostParts,
): Promise<ReplyOf<"listReceipts">> {
  const terms = (query.q ?? "")
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const after = query.after === undefined ? undefined : Number(query.after.split(".")[0]);
  if (after !== undefined && !Number.isFinite(after))
    throw invalid("/query/after", "No place in this list.");
  const host = terms.find((term) => term.startsWith("host:"))?.slice(5);
  const found = await readReceipts(host, parts);
  const items: ReceiptReply[] = [];
  for (const receipt of found) {
    if (after !== undefined && receipt.atMs >= after) continue;
    if (!maySee(caller, receipt, parts)) continue;
    const reply = receiptReply(receipt, parts);
    if (!terms.every((term) => fits(reply, term))) continue;
    if (items.length === query.limit) return { items, next: items.at(-1)!.id };
    items.push(reply);
  }
  return { items, next: null };
}

async function readReceipts(
  host: string | undefined,
  parts: HostParts,
): Promise<readonly Receipt[]> {
  const name = host === undefined ? undefined : parseHostName(host);
  if (name === undefined) return parts.receipts.latest(latestMax);
  const stored = await parts.hosts.findReceipts(name, 1_000);
  const id = parts.directory.hosts.find(name);
  const repeats = parts.receipts
    .latest(latestMax)
    .filter((receipt) => receipt.host === id && receipt.outcome === "unchanged");
  return [...stored, ...repeats].toSorted((a, b) => b.atMs - a.atMs);
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

export function receiptReply(receipt: Receipt, { directory }: HostParts): ReceiptReply {
  const { reason, remedy } = reasonOf(receipt);
  const name = receipt.host === undefined ? undefined : directory.hosts.findName(receipt.host);
  return {
    id: `${receipt.atMs}.${receipt.host ?? 0}`,
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

function fits(reply: ReceiptReply, term: string): boolean {
  const colon = term.indexOf(":");
  const text = term.slice(colon + 1);
  switch (colon === -1 ? "" : term.slice(0, colon)) {
    case "host":
      return reply.host === text || reply.asked.toLowerCase() === text;
    case "outcome":
      return reply.outcome === text;
    case "peer":
      return reply.peer.startsWith(text);
    case "adapter":
      return reply.adapter === text;
    case "login":
      return reply.username?.toLowerCase() === text;
    default:
      return [reply.asked, reply.userAgent, reply.reason].some((one) =>
        one.toLowerCase().includes(term),
      );
  }
}
