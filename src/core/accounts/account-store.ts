/** What the store promises about people: accounts, sessions, one-time links. Part of its contract. */

import type { Account, QuotaKind } from "./account.ts";
import type { Session } from "./session.ts";
import type { NewTicket, Ticket, TicketKind } from "./ticket.ts";
import type { User, UserId } from "../user.ts";

export type AccountKey =
  | { readonly id: UserId }
  | { readonly name: string }
  | { readonly mail: string };

type Made<Thing> =
  | { readonly kind: "made"; readonly made: Thing }
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly why: string };

/** With what only proving needs. */
export interface StoredAccount extends Account {
  readonly passwordHash: string;
  /** Sealed; see `totpPlace`. */
  readonly totp: Uint8Array | undefined;
}

export interface NewAccount {
  readonly name: string;
  readonly passwordHash: string;
  readonly mail: string | undefined;
}

/** `hash`: of what the browser holds. */
export type NewSession = Pick<Session, "id" | "user" | "peer" | "userAgent"> & {
  readonly hash: Uint8Array;
};

export interface AccountChange {
  readonly isAdmin?: boolean | undefined;
  readonly isSuspended?: boolean | undefined;
  /** null: the service's own number holds again. */
  readonly quota?: { readonly [Kind in QuotaKind]?: number | null | undefined } | undefined;
}

export const accountStates = ["active", "suspended", "deleting"] as const;

/** All that is given must hold. */
export interface AccountFilter {
  /** In name or mail address. */
  readonly text?: string | undefined;
  readonly state?: (typeof accountStates)[number] | undefined;
  readonly isAdmin?: boolean | undefined;
}

/** `last-admin`: nobody would be left who manages the service. */
export type AccountChanged = "changed" | "not-found" | "last-admin";

export interface FoundSession {
  readonly session: Session;
  readonly user: User;
  readonly isSuspended: boolean;
  readonly hasSecondFactor: boolean;
  readonly accountMadeAtMs: number;
}

export interface AccountStore {
  findAccount(key: AccountKey): Promise<StoredAccount | undefined>;
  /** In order of name, after `after`. */
  listAccounts(
    filter: AccountFilter & { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly Account[]>;
  /** Sessions of who is suspended, or is no administrator any more, end. */
  changeAccount(user: UserId, change: AccountChange): Promise<AccountChanged>;
  /** All sessions end but the one that is named; so do links to reset the password. */
  setPassword(user: UserId, passwordHash: string, keep?: string): Promise<void>;
  /** The same password under other parameters: nothing ends. */
  rehashPassword(user: UserId, passwordHash: string): Promise<void>;
  /** All sessions end but the one that is named. Undefined: without an authenticator app, and codes that nothing guards any more go too. */
  setTotp(user: UserId, sealed: Uint8Array | undefined, step: number, keep?: string): Promise<void>;
  /** False: a code of this step or a later one was used already. */
  useTotpStep(user: UserId, step: number): Promise<boolean>;
  setRecoveryCodes(user: UserId, hashes: readonly string[]): Promise<void>;
  listRecoveryCodes(
    user: UserId,
  ): Promise<readonly { readonly id: number; readonly hash: string }[]>;
  /** False: it was used meanwhile. */
  useRecoveryCode(user: UserId, id: number): Promise<boolean>;
  /** App, passkeys and recovery codes; all sessions end. */
  removeSecondFactors(user: UserId): Promise<void>;
  /** Undefined: it is to be kept. */
  setDeletion(user: UserId, atMs: number | undefined): Promise<AccountChanged>;
  /** Takes away the accounts whose time is over, with all that is theirs. Returns their names. */
  deleteDueAccounts(): Promise<readonly string[]>;

  /** The ones of this person that are over, or are too many, go. */
  addSession(session: NewSession): Promise<void>;
  /** The same session goes on under another secret, its person proved just now. */
  renewSession(id: string, hash: Uint8Array): Promise<void>;
  findSession(hash: Uint8Array): Promise<FoundSession | undefined>;
  /** The latest seen first. */
  listSessions(user: UserId): Promise<readonly Session[]>;
  touchSession(id: string): Promise<void>;
  endSession(user: UserId, id: string): Promise<"ended" | "not-found">;
  endSessions(user: UserId, keep?: string): Promise<void>;

  /** Of set-up there is one at a time, and none once there is an account: refused. */
  addTicket(ticket: NewTicket): Promise<Made<Ticket>>;
  findTicket(kind: TicketKind, hash: Uint8Array): Promise<Ticket | undefined>;
  /** It is there once. */
  takeTicket(kind: TicketKind, hash: Uint8Array): Promise<Ticket | undefined>;
  /** That still hold, the newest first. */
  listInvitations(): Promise<readonly Ticket[]>;
  removeInvitation(id: string): Promise<"removed" | "not-found">;
  /** Makes the account that a link is for, and ends the link. Refused: it holds no longer. Taken: the name or the mail address is. */
  redeem(
    kind: "setup" | "invitation" | "sign-up",
    hash: Uint8Array,
    account: NewAccount,
  ): Promise<Made<User>>;
  /** Sets the confirmed mail address that a link is for. Taken: it is another's. */
  confirmMail(hash: Uint8Array): Promise<Made<User>>;
}
