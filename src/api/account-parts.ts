/** What the rooms about accounts need of the service, and what they share. */

import type { Chance } from "../base/chance.ts";
import type { Clock } from "../base/clock.ts";
import { quotaOf } from "../core/accounts/account.ts";
import type { Account, Quota } from "../core/accounts/account.ts";
import { findFault } from "../core/accounts/password-policy.ts";
import { HasherBusy } from "../core/accounts/password-hasher.ts";
import type { PasswordHasher } from "../core/accounts/password-hasher.ts";
import type { Session } from "../core/accounts/session.ts";
import type { NewTicket, Ticket, TicketKind } from "../core/accounts/ticket.ts";
import { parseUserName } from "../core/user.ts";
import type { User, UserId } from "../core/user.ts";
import type { AccountMails } from "./account-mails.ts";
import type { Attempts } from "./attempts.ts";
import type { Audit } from "./audit.ts";
import type { ReplyOf } from "./contract.ts";
import { Refusal, invalid } from "./refusal.ts";

/** An account with what proves who its person is. */
export interface ProvableAccount extends Account {
  readonly passwordHash: string;
  readonly totp: Uint8Array | undefined;
}

type Made<Thing> =
  | { readonly kind: "made"; readonly made: Thing }
  | { readonly kind: "taken" }
  | { readonly kind: "refused"; readonly why: string };
type Changed = "changed" | "not-found" | "last-admin";

/** As the store keeps it; see `AccountStore`. */
export interface AccountsKept {
  findAccount(
    key: { readonly id: UserId } | { readonly name: string } | { readonly mail: string },
  ): Promise<ProvableAccount | undefined>;
  listAccounts(filter: {
    readonly after?: string | undefined;
    readonly limit: number;
    readonly text?: string | undefined;
  }): Promise<readonly Account[]>;
  changeAccount(
    user: UserId,
    change: {
      readonly isAdmin?: boolean | undefined;
      readonly isSuspended?: boolean | undefined;
      readonly quota?: { readonly [Kind in keyof Quota]?: number | null | undefined } | undefined;
    },
  ): Promise<Changed>;
  setPassword(user: UserId, passwordHash: string, keep?: string): Promise<void>;
  rehashPassword(user: UserId, passwordHash: string): Promise<void>;
  setTotp(user: UserId, sealed: Uint8Array | undefined, step: number, keep?: string): Promise<void>;
  useTotpStep(user: UserId, step: number): Promise<boolean>;
  setRecoveryCodes(user: UserId, hashes: readonly string[]): Promise<void>;
  listRecoveryCodes(
    user: UserId,
  ): Promise<readonly { readonly id: number; readonly hash: string }[]>;
  useRecoveryCode(user: UserId, id: number): Promise<boolean>;
  removeSecondFactors(user: UserId): Promise<void>;
  setDeletion(user: UserId, atMs: number | undefined): Promise<Changed>;
  addSession(
    session: Pick<Session, "id" | "user" | "peer" | "userAgent"> & { readonly hash: Uint8Array },
  ): Promise<void>;
  renewSession(id: string, hash: Uint8Array): Promise<void>;
  findSession(
    hash: Uint8Array,
  ): Promise<{ session: Session; user: User; isSuspended: boolean } | undefined>;
  listSessions(user: UserId): Promise<readonly Session[]>;
  touchSession(id: string): Promise<void>;
  endSession(user: UserId, id: string): Promise<"ended" | "not-found">;
  endSessions(user: UserId, keep?: string): Promise<void>;
  addTicket(ticket: NewTicket): Promise<Made<Ticket>>;
  findTicket(kind: TicketKind, hash: Uint8Array): Promise<Ticket | undefined>;
  takeTicket(kind: TicketKind, hash: Uint8Array): Promise<Ticket | undefined>;
  listInvitations(): Promise<readonly Ticket[]>;
  removeInvitation(id: string): Promise<"removed" | "not-found">;
  redeem(
    kind: "setup" | "invitation" | "sign-up",
    hash: Uint8Array,
    account: {
      readonly name: string;
      readonly passwordHash: string;
      readonly mail: string | undefined;
    },
  ): Promise<Made<User>>;
  confirmMail(hash: Uint8Array): Promise<Made<User>>;
}

/** What may change while the service runs. */
export interface AccountSettings {
  signUp(): "closed" | "invitation" | "open";
  usualQuota(): Quota;
  brandName(): string;
  /** Without a slash at the end. */
  publicUrl(): string;
}

export interface AccountParts {
  readonly accounts: AccountsKept;
  readonly hasher: PasswordHasher;
  readonly attempts: Attempts;
  readonly audit: Audit;
  readonly settings: AccountSettings;
  /** Undefined: mail is not set up. */
  readonly mails: AccountMails | undefined;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly pepper: Uint8Array;
  /** Under the key outside the database, bound to a place. */
  seal(secret: Uint8Array, place: string): Promise<Uint8Array>;
  openSealed(sealed: Uint8Array, place: string): Promise<Uint8Array | undefined>;
  /** A name of a user is taken or given, a user is there or gone: what others keep about it. */
  isSetUp(): boolean;
}

export function printTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function accountReply(account: Account, usual: Quota): ReplyOf<"getAccount"> {
  return {
    name: account.name,
    mail: account.mail ?? null,
    isMailConfirmed: account.mailConfirmedAtMs !== undefined,
    role: account.isAdmin ? "admin" : "user",
    hasTotp: account.hasTotp,
    passkeys: account.passkeys,
    recoveryCodesLeft: account.recoveryCodesLeft,
    createdAt: printTime(account.createdAtMs),
    deletesAt: account.deletesAtMs === undefined ? null : printTime(account.deletesAtMs),
    quota: quotaOf(account, usual),
    used: account.used,
  };
}

export function readUserName(text: string): string {
  const name = parseUserName(text);
  if (name !== undefined) return name;
  throw invalid("/name", "1 to 64 letters, digits, -, _ and ., a letter or digit first.");
}

/** One mailbox, at most 254 octets, nothing that a mail header could be made of (T42). */
export function readMail(text: string): string {
  const isOne =
    text.length <= 254 &&
    /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*@[a-z0-9-]+(\.[a-z0-9-]+)*$/i.test(
      text,
    );
  if (isOne && text.indexOf("@") <= 64) return text;
  throw invalid("/mail", "An address as name@example.net.");
}

export function checkNewPassword(
  password: string,
  words: readonly (string | undefined)[],
  pointer: string,
): void {
  const known = words.flatMap((word) => (word === undefined ? [] : word.split(/[@.]/)));
  const fault = findFault(password, known);
  if (fault !== undefined) {
    throw invalid(pointer, fault, "A few words that have nothing to do with you are good.");
  }
}

/** Who waits too long for a processor is told so, and nothing is said about the password. */
export async function hashing<Result>(work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof HasherBusy)) throw error;
    throw new Refusal(503, "busy", "Too many people sign in just now.", {
      hint: "Try again in a few seconds.",
      retryAfterSeconds: 5,
    });
  }
}
