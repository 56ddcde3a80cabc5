/** The chain of what people did: each entry's hash covers the entry and the hash before it. */

import { createHash } from "node:crypto";
import type { UserId } from "./user.ts";

export interface NewAuditEntry {
  /** A name, or a word for who has none. */
  readonly actor: string;
  /** Whose account it was done with. */
  readonly user: UserId | undefined;
  /** `token.add`: the thing, then what was done. */
  readonly action: string;
  readonly target: string;
  /** Address of the caller; empty on the command line. */
  readonly peer: string;
  readonly result: string;
  readonly requestId: string;
  readonly detail: string;
}

export interface AuditEntry extends NewAuditEntry {
  /** Counted from 1, without a gap. */
  readonly id: number;
  readonly atMs: number;
  readonly hash: Uint8Array;
}

/** What stands before the first entry. */
export const noHash = new Uint8Array(32);

/** SHA-256 over the hash before and the fields as a JSON list: no field can run into the next. */
export function hashEntry(before: Uint8Array, entry: Omit<AuditEntry, "hash">): Uint8Array {
  const { id, atMs, actor, user, action, target, peer, result, requestId, detail } = entry;
  const fields = [id, atMs, actor, user ?? null, action, target, peer, result, requestId, detail];
  return new Uint8Array(
    createHash("sha256").update(before).update(JSON.stringify(fields)).digest(),
  );
}

export type ChainCheck =
  | { readonly kind: "holds"; readonly entries: number }
  /** The first entry that is not as it was written, or that is missing. */
  | { readonly kind: "broken"; readonly entries: number; readonly at: number };

export interface AuditReader {
  /** In order of id. */
  readAudit(afterId: number, limit: number): Promise<readonly AuditEntry[]>;
  /** The id of the entry that was written last, also when it is gone. */
  findAuditEnd(): Promise<number>;
}

/** Entries are read so many at a time, so that whoever else asks the store has a turn between. */
const entriesAtOnce = 1_000;

export async function checkChain(reader: AuditReader): Promise<ChainCheck> {
  let before: Uint8Array = noHash;
  let entries = 0;
  const end = await reader.findAuditEnd();
  for (;;) {
    const read = await reader.readAudit(entries, entriesAtOnce);
    for (const entry of read) {
      if (entry.id !== entries + 1 || !isSame(hashEntry(before, entry), entry.hash)) {
        return { kind: "broken", entries, at: entries + 1 };
      }
      before = entry.hash;
      entries++;
    }
    if (read.length < entriesAtOnce) break;
  }
  return entries < end ? { kind: "broken", entries, at: entries + 1 } : { kind: "holds", entries };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
