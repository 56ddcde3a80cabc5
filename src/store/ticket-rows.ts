/** One-time links in the database. */

import type { Database } from "bun:sqlite";
import { ticketLifeMs } from "../core/accounts/ticket.ts";
import type { NewTicket, Ticket, TicketKind } from "../core/accounts/ticket.ts";
import type { UserId } from "../core/user.ts";

/** Links that wait to be used, of one kind. The oldest goes first: a flood of sign-ups costs no more than this. */
const ticketsMax = 5_000;

interface TicketRow {
  readonly id: string;
  readonly kind: TicketKind;
  readonly user: number | null;
  readonly mail: string | null;
  readonly is_admin: number;
  readonly created_by: number | null;
  readonly created_at_ms: number;
  readonly expires_at_ms: number;
  readonly wanted_name: string | null;
  readonly wanted_hash: string | null;
}

const columns =
  "id, kind, user, mail, is_admin, created_by, created_at_ms, expires_at_ms, wanted_name, wanted_hash";

function ticketFromRow(row: TicketRow): Ticket {
  return {
    id: row.id,
    kind: row.kind,
    user: row.user ?? undefined,
    mail: row.mail ?? undefined,
    isAdmin: row.is_admin !== 0,
    createdBy: row.created_by ?? undefined,
    createdAtMs: row.created_at_ms,
    expiresAtMs: row.expires_at_ms,
    wanted:
      row.wanted_name === null || row.wanted_hash === null
        ? undefined
        : { name: row.wanted_name, passwordHash: row.wanted_hash },
  };
}

export function insertTicket(to: Database, ticket: NewTicket, nowMs: number): Ticket {
  const { id, hash, kind, user, mail, isAdmin = false, createdBy, wanted } = ticket;
  to.query("delete from ticket where expires_at_ms <= ?").run(nowMs);
  to.query(
    `delete from ticket where id in
       (select id from ticket where kind = ? order by created_at_ms desc, id limit -1 offset ?)`,
  ).run(kind, ticketsMax - 1);
  const expiresAtMs = nowMs + ticketLifeMs[kind];
  to.query(`insert into ticket (${columns}, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`).run(
    id,
    kind,
    user ?? null,
    mail ?? null,
    Number(isAdmin),
    createdBy ?? null,
    nowMs,
    expiresAtMs,
    wanted?.name ?? null,
    wanted?.passwordHash ?? null,
    hash,
  );
  return {
    id,
    kind,
    user,
    mail,
    isAdmin,
    createdBy,
    createdAtMs: nowMs,
    expiresAtMs,
    wanted,
  };
}

export function findTicket(
  from: Database,
  kind: TicketKind,
  hash: Uint8Array,
  nowMs: number,
): Ticket | undefined {
  const row = from
    .query<TicketRow, [string, Uint8Array, number]>(
      `select ${columns} from ticket where kind = ? and hash = ? and expires_at_ms > ?`,
    )
    .get(kind, hash, nowMs);
  return row === null ? undefined : ticketFromRow(row);
}

export function listTickets(from: Database, kind: TicketKind, nowMs: number): readonly Ticket[] {
  return from
    .query<TicketRow, [string, number]>(
      `select ${columns} from ticket where kind = ? and expires_at_ms > ? order by created_at_ms desc, id`,
    )
    .all(kind, nowMs)
    .map(ticketFromRow);
}

export function deleteTicket(to: Database, kind: TicketKind, id: string): boolean {
  return to.query("delete from ticket where kind = ? and id = ?").run(kind, id).changes === 1;
}

/** Of one kind, all of them or those of one person. */
export function deleteTickets(to: Database, kind: TicketKind, user?: UserId): void {
  if (user === undefined) to.query("delete from ticket where kind = ?").run(kind);
  else to.query("delete from ticket where kind = ? and user = ?").run(kind, user);
}
