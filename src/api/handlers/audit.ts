/** The audit log as people read it, and as a file of it. */

import { checkChain } from "../../core/audit-entry.ts";
import type { AuditEntry, AuditReader } from "../../core/audit-entry.ts";
import type { User } from "../../core/user.ts";
import type { Audit } from "../audit.ts";
import type { Handlers } from "../handler.ts";
import { printAuditFile } from "../print-audit.ts";
import { invalid } from "../refusal.ts";

interface AuditQuestion {
  readonly beforeId: number | undefined;
  readonly limit: number;
  readonly account?: { readonly user: number; readonly name: string };
  readonly actor?: string | undefined;
  readonly action?: string | undefined;
  readonly target?: string | undefined;
  readonly words?: readonly string[];
}

export interface AuditParts extends AuditReader {
  listAudit(question: AuditQuestion): Promise<readonly AuditEntry[]>;
}

export function auditHandlers(
  store: AuditParts,
  audit: Audit,
): Handlers<"listAudit" | "exportAudit" | "checkAudit" | "listOwnAudit"> {
  return {
    async listAudit({ query: { q = "", after, limit } }) {
      const question = { ...readFilter(q), beforeId: readAfter(after), limit };
      return printPage(await store.listAudit(question), limit);
    },
    async exportAudit(call) {
      const { q = "", format } = call.query;
      // Whoever takes the whole log away is in it.
      const entry = { actor: call.caller, action: "audit.export", target: format, detail: q };
      await audit.note({ ...entry, result: "ok" }, call);
      return printAuditFile(readAll(store, readFilter(q)), format);
    },
    async checkAudit() {
      const check = await checkChain(store);
      const brokenAt = check.kind === "broken" ? String(check.at) : null;
      return { isGood: check.kind === "holds", entries: check.entries, brokenAt };
    },
    async listOwnAudit({ caller, query: { after, limit } }) {
      const question = { beforeId: readAfter(after), limit, account: accountOf(caller.user) };
      return printPage(await store.listAudit(question), limit);
    },
  };
}

/** Read at a time, so that a long log is never in memory as a whole. */
const entriesAtOnce = 500;

async function* readAll(
  store: AuditParts,
  filter: Omit<AuditQuestion, "beforeId" | "limit">,
): AsyncGenerator<readonly AuditEntry[]> {
  for (let beforeId: number | undefined; ;) {
    const entries = await store.listAudit({ ...filter, beforeId, limit: entriesAtOnce });
    if (entries.length > 0) yield entries;
    if (entries.length < entriesAtOnce) return;
    beforeId = entries.at(-1)?.id;
  }
}

function accountOf({ id, name }: User) {
  return { user: id, name };
}

const fields = ["actor", "action", "target"] as const;

/** `actor:alice action:token. garage`: of a field what it begins with, of the rest every word. */
function readFilter(q: string): Omit<AuditQuestion, "beforeId" | "limit"> {
  const found: Partial<Record<(typeof fields)[number], string>> = {};
  const words: string[] = [];
  for (const word of q.split(/\s+/).filter((each) => each !== "")) {
    const field = fields.find((name) => word.startsWith(`${name}:`));
    if (field === undefined) words.push(word);
    else found[field] = word.slice(field.length + 1);
  }
  return { ...found, words: words.slice(0, wordsMax) };
}

/** Each word looks through the whole log. */
const wordsMax = 5;

function readAfter(after: string | undefined): number | undefined {
  if (after === undefined) return undefined;
  if (!/^[1-9]\d{0,14}$/.test(after)) throw invalid("/query/after", "It is none of a page.");
  return Number(after);
}

function printPage(entries: readonly AuditEntry[], limit: number) {
  const last = entries.at(-1);
  const next = last !== undefined && entries.length === limit ? String(last.id) : null;
  return { items: entries.map(printEntry), next };
}

function printEntry(entry: AuditEntry) {
  const { id, atMs, actor, action, target, peer, result, requestId, detail } = entry;
  const at = new Date(atMs).toISOString();
  return { id: String(id), at, actor, action, target, from: peer, result, requestId, detail };
}
