/** Receipts in the database: the newest of them. */

import type { Database } from "bun:sqlite";
import type { HostId } from "../core/host.ts";
import type { HostName } from "../core/host-name.ts";
import type { Receipt } from "../core/receipt.ts";
import { findHostByName } from "./host-rows.ts";

/** Older receipts go: about 50 MB, a week of a small service and a few minutes of a flood. */
export const receiptsMax = 200_000;

interface ReceiptRow {
  readonly at_ms: number;
  readonly host: number | null;
  readonly asked: string;
  readonly username: string | null;
  readonly peer: string;
  readonly adapter: string;
  readonly user_agent: string;
  readonly outcome: string;
  readonly addresses: string;
  readonly note: string;
}

const columns = "at_ms, host, asked, username, peer, adapter, user_agent, outcome, addresses, note";

function receiptFromRow(row: ReceiptRow): Receipt {
  return {
    atMs: row.at_ms,
    host: row.host ?? undefined,
    asked: row.asked,
    username: row.username ?? undefined,
    peer: row.peer,
    adapter: row.adapter,
    userAgent: row.user_agent,
    outcome: row.outcome,
    addresses: row.addresses,
    note: row.note,
  };
}

/** Adds the receipts and takes as many of the oldest away as are too many. */
export function insertReceipts(to: Database, receipts: readonly Receipt[]): void {
  if (receipts.length === 0) return;
  const insert = to.query(`insert into receipt (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  let last = 0;
  for (const receipt of receipts) {
    const { lastInsertRowid } = insert.run(
      receipt.atMs,
      receipt.host ?? null,
      receipt.asked,
      receipt.username ?? null,
      receipt.peer,
      receipt.adapter,
      receipt.userAgent,
      receipt.outcome,
      receipt.addresses,
      receipt.note,
    );
    last = Number(lastInsertRowid);
  }
  to.query("delete from receipt where id <= ?").run(last - receiptsMax);
}

/** With the account that a host was of: they say where its people were. */
export function deleteReceipts(from: Database, host: HostId): void {
  from.query("delete from receipt where host = ?").run(host);
}

/**
 * Newest first. Of a host that is known, all that found it, however they wrote its name; of a name
 * that is not, what was asked by this name.
 */
export function findReceipts(from: Database, name: HostName, limit: number): readonly Receipt[] {
  const host = findHostByName(from, name);
  const rows =
    host === undefined
      ? from
          .query<ReceiptRow, [string, number]>(
            `select ${columns} from receipt where host is null and asked = ? order by id desc limit ?`,
          )
          .all(name, limit)
      : from
          .query<ReceiptRow, [number, number]>(
            `select ${columns} from receipt where host = ? order by id desc limit ?`,
          )
          .all(host.id, limit);
  return rows.map(receiptFromRow);
}

/** Newest first. */
export function listReceipts(from: Database, limit: number): readonly Receipt[] {
  return from
    .query<ReceiptRow, [number]>(`select ${columns} from receipt order by id desc limit ?`)
    .all(limit)
    .map(receiptFromRow);
}

/** Newest first. Without an index: only a person who looks at a rule on trial asks. */
export function findReceiptsOfAdapter(
  from: Database,
  adapter: string,
  limit: number,
): readonly Receipt[] {
  return from
    .query<ReceiptRow, [string, number]>(
      `select ${columns} from receipt where adapter = ? order by id desc limit ?`,
    )
    .all(adapter, limit)
    .map(receiptFromRow);
}
