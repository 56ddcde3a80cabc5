/** Whether a second factor is right: codes of the app, each once, and recovery codes, each once. */

import { hashRecoveryCode } from "../core/accounts/recovery-code.ts";
import { findStep, totpPlace } from "../core/accounts/totp.ts";
import type { AccountParts } from "./account-parts.ts";
import type { StoredAccount } from "../core/accounts/account-store.ts";

export async function isTotpRight(
  account: StoredAccount,
  code: string,
  { accounts, openSealed, clock }: AccountParts,
): Promise<boolean> {
  if (account.totp === undefined) return false;
  const secret = await openSealed(account.totp, totpPlace(account.id));
  if (secret === undefined) throw new Error("A secret was sealed under another secrets.key");
  const step = findStep(secret, code, clock.now());
  return step !== undefined && accounts.useTotpStep(account.id, step);
}

export async function isRecoveryCodeRight(
  account: StoredAccount,
  code: string,
  { accounts, pepper }: AccountParts,
): Promise<boolean> {
  const hash = hashRecoveryCode(pepper, account.id, code);
  const kept = await accounts.listRecoveryCodes(account.id);
  const found = kept.find((each) => each.hash === hash);
  return found !== undefined && accounts.useRecoveryCode(account.id, found.id);
}
