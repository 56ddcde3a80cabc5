/** What becomes of accounts, each in one transaction with all that goes with it. */

import type { Database } from "bun:sqlite";
import type { NewTicket, Ticket, TicketKind } from "../core/accounts/ticket.ts";
import type { User, UserId } from "../core/user.ts";
import type {
  AccountChange,
  AccountChanged,
  NewAccount,
  NewSession,
} from "../core/accounts/account-store.ts";
import * as rows from "./account-rows.ts";
import { appendEntry } from "./feed.ts";
import { removeHost, removeLogin, unlessTaken } from "./manage.ts";
import type { Edit } from "./manage.ts";
import { deleteSessions, insertSession } from "./session-rows.ts";
import type { Made } from "./store.ts";
import { deleteTicket, deleteTickets, findTicket, insertTicket } from "./ticket-rows.ts";
import { trimTombstones } from "./tombstone-rows.ts";
import { findUserById } from "./user-rows.ts";
import { listHosts } from "./host-rows.ts";
import { deleteReceipts } from "./receipt-rows.ts";
import { listLoginsOf } from "./login-rows.ts";

export function changeAccount(edit: Edit, user: UserId, change: AccountChange): AccountChanged {
  const { database } = edit;
  if (findUserById(database, user) === undefined) return "not-found";
  const isLess = change.isAdmin === false || change.isSuspended === true;
  if (isLess && rows.isLastAdmin(database, user)) return "last-admin";
  rows.updateAccount(database, user, change);
  if (isLess) deleteSessions(database, user, undefined);
  noteUser(edit, user);
  return "changed";
}

export function setPassword(edit: Edit, user: UserId, hash: string, keep?: string): void {
  rows.updatePassword(edit.database, user, hash);
  deleteSessions(edit.database, user, keep);
  deleteTickets(edit.database, "reset", user);
}

export function setTotp(
  { database }: Edit,
  user: UserId,
  sealed: Uint8Array | undefined,
  step: number,
  keep?: string,
): void {
  rows.updateTotp(database, user, sealed, step);
  if (sealed === undefined && !hasPasskey(database, user)) {
    rows.replaceRecoveryCodes(database, user, []);
  }
  deleteSessions(database, user, keep);
}

export function removeSecondFactors({ database }: Edit, user: UserId): void {
  rows.updateTotp(database, user, undefined, 0);
  rows.replaceRecoveryCodes(database, user, []);
  database.query("delete from passkey where user = ?").run(user);
  deleteSessions(database, user, undefined);
}

function hasPasskey(from: Database, user: UserId): boolean {
  return from.query("select 1 from passkey where user = ? limit 1").get(user) !== null;
}

export function setDeletion(edit: Edit, user: UserId, atMs: number | undefined): AccountChanged {
  const { database } = edit;
  if (findUserById(database, user) === undefined) return "not-found";
  if (atMs !== undefined && rows.isLastAdmin(database, user)) return "last-admin";
  rows.updateDeletion(database, user, atMs);
  return "changed";
}

/** Few at a time: each is a transaction's worth of hosts, and updates of devices wait meanwhile. */
const deletionsAtOnce = 5;

export function deleteDueAccounts(edit: Edit): readonly string[] {
  const { database, nowMs } = edit;
  trimTombstones(database, nowMs);
  const due = rows.listDueForDeletion(database, nowMs).slice(0, deletionsAtOnce);
  for (const user of due) deleteAccount(edit, user.id);
  return due.map(({ name }) => name);
}

function deleteAccount(edit: Edit, user: UserId): void {
  const { database } = edit;
  for (const { username } of listLoginsOf(database, user)) removeLogin(edit, username);
  for (;;) {
    const hosts = listHosts(database, { user, limit: 1_000 });
    if (hosts.length === 0) break;
    for (const { id, name } of hosts) {
      deleteReceipts(database, id);
      removeHost(edit, name);
    }
  }
  const zones = database
    .query<{ zone: number }, [number]>("select distinct zone from zone_opening where user = ?")
    .all(user);
  database.query("delete from zone_opening where user = ?").run(user);
  for (const { zone } of zones) appendEntry(database, "zone", zone, edit.nowMs);
  database.query("delete from user where id = ?").run(user);
  noteUser(edit, user);
}

export function addSession({ database, nowMs }: Edit, session: NewSession): void {
  insertSession(database, session, nowMs);
  database.query("update user set seen_at_ms = ? where id = ?").run(nowMs, session.user);
}

export function addTicket({ database, nowMs }: Edit, ticket: NewTicket): Made<Ticket> {
  if (ticket.kind === "setup") {
    if (hasUsers(database)) return refused("There is an account already.");
    deleteTickets(database, "setup");
  }
  return { kind: "made", made: insertTicket(database, ticket, nowMs) };
}

function hasUsers(from: Database): boolean {
  return from.query("select 1 from user limit 1").get() !== null;
}

export function takeTicket(
  { database, nowMs }: Edit,
  kind: TicketKind,
  hash: Uint8Array,
): Ticket | undefined {
  const ticket = findTicket(database, kind, hash, nowMs);
  if (ticket !== undefined) deleteTicket(database, kind, ticket.id);
  return ticket;
}

/** A link is used up only when there is an account: a name that is taken can be chosen anew. */
export function redeem(
  edit: Edit,
  kind: "setup" | "invitation" | "sign-up",
  hash: Uint8Array,
  account: NewAccount,
): Made<User> {
  const { database, nowMs } = edit;
  const ticket = findTicket(database, kind, hash, nowMs);
  if (ticket === undefined || (kind === "setup" && hasUsers(database))) {
    return refused("The link does not hold any more.");
  }
  const mail = account.mail ?? ticket.mail;
  const isConfirmed = mail !== undefined && mail === ticket.mail;
  return unlessTaken(() => {
    const isAdmin = kind === "setup" || ticket.isAdmin;
    const user = rows.insertAccount(database, { ...account, mail }, isAdmin, isConfirmed, nowMs);
    if (kind === "setup") deleteTickets(database, "setup");
    else deleteTicket(database, kind, ticket.id);
    noteUser(edit, user.id);
    return { kind: "made", made: user };
  });
}

export function confirmMail(edit: Edit, hash: Uint8Array): Made<User> {
  const { database, nowMs } = edit;
  const ticket = findTicket(database, "change-mail", hash, nowMs);
  const user = ticket?.user === undefined ? undefined : findUserById(database, ticket.user);
  if (ticket?.mail === undefined || user === undefined) {
    return refused("The link does not hold any more.");
  }
  const { id, mail } = ticket;
  return unlessTaken(() => {
    rows.updateMail(database, user.id, mail, nowMs);
    deleteTicket(database, "change-mail", id);
    // Whoever had the old mailbox may have asked for one.
    deleteTickets(database, "reset", user.id);
    return { kind: "made", made: user };
  });
}

function noteUser({ database, nowMs }: Edit, user: UserId): void {
  appendEntry(database, "user", user, nowMs);
}

function refused(why: string): { readonly kind: "refused"; readonly why: string } {
  return { kind: "refused", why };
}
