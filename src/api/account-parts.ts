/** What the rooms about accounts need of the service, and what they share. */

import type { Chance } from "../base/chance.ts";
import type { Clock } from "../base/clock.ts";
import { hasSecondFactor, quotaOf } from "../core/accounts/account.ts";
import type { Account, Quota } from "../core/accounts/account.ts";
import type { AccountStore } from "../core/accounts/account-store.ts";
import { secondFactorDueMs } from "../core/accounts/second-factor-rule.ts";
import type { SecondFactorRole } from "../core/accounts/second-factor-rule.ts";
import { findFault } from "../core/accounts/password-policy.ts";
import { HasherBusy } from "../core/accounts/password-hasher.ts";
import type { PasswordHasher } from "../core/accounts/password-hasher.ts";
import { parseUserName } from "../core/user.ts";
import type { AccountMails } from "./account-mails.ts";
import type { Attempts } from "./attempts.ts";
import type { Audit } from "./audit.ts";
import type { ReplyOf } from "./contract.ts";
import { Refusal, invalid } from "./refusal.ts";

/** What may change while the service runs. */
export interface AccountSettings {
  signUp(): "closed" | "invitation" | "open";
  usualQuota(): Quota;
  secondFactorFor(): SecondFactorRole;
  brandName(): string;
  /** Without a slash at the end. */
  publicUrl(): string;
}

export interface AccountParts {
  readonly accounts: AccountStore;
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
  /** Undefined: no address that a mail can be sent to. */
  parseMail(text: string): string | undefined;
  /** There is an account. */
  isSetUp(): boolean;
}

export function printTime(atMs: number): string {
  return new Date(atMs).toISOString();
}

export function accountReply(
  account: Account,
  settings: Pick<AccountSettings, "usualQuota" | "secondFactorFor">,
): ReplyOf<"getAccount"> {
  const { isAdmin, createdAtMs } = account;
  const enrolling = { isAdmin, createdAtMs, hasSecondFactor: hasSecondFactor(account) };
  const dueMs = secondFactorDueMs(enrolling, settings.secondFactorFor());
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
    secondFactorDueAt: dueMs === undefined ? null : printTime(dueMs),
    quota: quotaOf(account, settings.usualQuota()),
    used: account.used,
  };
}

export function readUserName(text: string): string {
  const name = parseUserName(text);
  // Who holds a host is told by name, and by this word where it is not the owner.
  if (name === "operator")
    throw invalid("/name", "This name is kept for whoever runs the service.");
  if (name !== undefined) return name;
  throw invalid("/name", "1 to 64 letters, digits, -, _ and ., a letter or digit first.");
}

export function readMail(text: string, { parseMail }: AccountParts): string {
  const mail = parseMail(text);
  if (mail !== undefined) return mail;
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
