/** What can be asked of the writer about people: one row an operation, all of `AccountStore`. */

import type { NewTicket, TicketKind } from "../core/accounts/ticket.ts";
import type { UserId } from "../core/user.ts";
import type {
  AccountChange,
  AccountFilter,
  AccountKey,
  AccountStore,
  NewAccount,
  NewSession,
} from "../core/accounts/account-store.ts";
import * as rows from "./account-rows.ts";
import * as accounts from "./manage-accounts.ts";
import * as sessions from "./session-rows.ts";
import { deleteTicket, findTicket, listTickets } from "./ticket-rows.ts";
import type { Writer } from "./writer.ts";

export const accountOperations = {
  findAccount: (writer: Writer, key: AccountKey) =>
    writer.read((database) => rows.findAccount(database, key)),
  listAccounts: (
    writer: Writer,
    filter: AccountFilter & { readonly after?: string | undefined; readonly limit: number },
  ) => writer.read((database) => rows.listAccounts(database, filter)),
  changeAccount: (writer: Writer, user: UserId, change: AccountChange) =>
    writer.edit((edit) => accounts.changeAccount(edit, user, change)),
  setPassword: (writer: Writer, user: UserId, hash: string, keep?: string) =>
    writer.edit((edit) => accounts.setPassword(edit, user, hash, keep)),
  rehashPassword: (writer: Writer, user: UserId, hash: string) =>
    writer.edit(({ database }) => rows.updatePassword(database, user, hash)),
  setTotp: (
    writer: Writer,
    user: UserId,
    sealed: Uint8Array | undefined,
    step: number,
    keep?: string,
  ) => writer.edit((edit) => accounts.setTotp(edit, user, sealed, step, keep)),
  useTotpStep: (writer: Writer, user: UserId, step: number) =>
    writer.edit(({ database }) => rows.updateTotpStep(database, user, step)),
  setRecoveryCodes: (writer: Writer, user: UserId, hashes: readonly string[]) =>
    writer.edit(({ database }) => rows.replaceRecoveryCodes(database, user, hashes)),
  listRecoveryCodes: (writer: Writer, user: UserId) =>
    writer.read((database) => rows.listRecoveryCodes(database, user)),
  useRecoveryCode: (writer: Writer, user: UserId, id: number) =>
    writer.edit(({ database }) => rows.deleteRecoveryCode(database, user, id)),
  removeSecondFactors: (writer: Writer, user: UserId) =>
    writer.edit((edit) => accounts.removeSecondFactors(edit, user)),
  setDeletion: (writer: Writer, user: UserId, atMs: number | undefined) =>
    writer.edit((edit) => accounts.setDeletion(edit, user, atMs)),
  deleteDueAccounts: (writer: Writer) => writer.edit((edit) => accounts.deleteDueAccounts(edit)),

  addSession: (writer: Writer, session: NewSession) =>
    writer.edit((edit) => accounts.addSession(edit, session)),
  renewSession: (writer: Writer, id: string, hash: Uint8Array) =>
    writer.edit(({ database, nowMs }) => sessions.renewSession(database, id, hash, nowMs)),
  findSession: (writer: Writer, hash: Uint8Array) =>
    writer.read((database) => sessions.findSession(database, hash)),
  listSessions: (writer: Writer, user: UserId) =>
    writer.read((database) => sessions.listSessions(database, user)),
  touchSession: (writer: Writer, id: string) =>
    writer.edit(({ database, nowMs }) => sessions.touchSession(database, id, nowMs)),
  endSession: (writer: Writer, user: UserId, id: string) =>
    writer.edit(({ database }) =>
      sessions.deleteSession(database, user, id) ? "ended" : "not-found",
    ),
  endSessions: (writer: Writer, user: UserId, keep?: string) =>
    writer.edit(({ database }) => sessions.deleteSessions(database, user, keep)),

  addTicket: (writer: Writer, ticket: NewTicket) =>
    writer.edit((edit) => accounts.addTicket(edit, ticket)),
  findTicket: (writer: Writer, kind: TicketKind, hash: Uint8Array) =>
    writer.read((database) => findTicket(database, kind, hash, writer.nowMs())),
  takeTicket: (writer: Writer, kind: TicketKind, hash: Uint8Array) =>
    writer.edit((edit) => accounts.takeTicket(edit, kind, hash)),
  listInvitations: (writer: Writer) =>
    writer.read((database) => listTickets(database, "invitation", writer.nowMs())),
  removeInvitation: (writer: Writer, id: string) =>
    writer.edit(({ database }) =>
      deleteTicket(database, "invitation", id) ? "removed" : "not-found",
    ),
  redeem: (
    writer: Writer,
    kind: "setup" | "invitation" | "sign-up",
    hash: Uint8Array,
    account: NewAccount,
  ) => writer.edit((edit) => accounts.redeem(edit, kind, hash, account)),
  confirmMail: (writer: Writer, hash: Uint8Array) =>
    writer.edit((edit) => accounts.confirmMail(edit, hash)),
} as const satisfies {
  readonly [Name in keyof AccountStore]: (
    writer: Writer,
    ...values: Parameters<AccountStore[Name]>
  ) => Awaited<ReturnType<AccountStore[Name]>>;
};
