/** An account as its person and the operator see it; who it is to the rest of the service is a `User`. */

import type { UserId } from "../user.ts";

export interface Account {
  readonly id: UserId;
  readonly name: string;
  readonly isAdmin: boolean;
  readonly mail: string | undefined;
  readonly mailConfirmedAtMs: number | undefined;
  readonly isSuspended: boolean;
  /** When it goes; until then it can be taken back. */
  readonly deletesAtMs: number | undefined;
  readonly createdAtMs: number;
  readonly seenAtMs: number | undefined;
  readonly hasTotp: boolean;
  readonly passkeys: number;
  readonly recoveryCodesLeft: number;
  /** Of the account itself; undefined where the service's own number holds. */
  readonly quota: { readonly [Kind in QuotaKind]: number | undefined };
  readonly used: { readonly [Kind in QuotaKind]: number };
}

export const quotaKinds = ["hosts", "logins", "tokens"] as const;
export type QuotaKind = (typeof quotaKinds)[number];

export type Quota = { readonly [Kind in QuotaKind]: number };

/** What the service allows who has no number of the own. */
export const usualQuota: Quota = { hosts: 50, logins: 100, tokens: 20 };

/** An administrator has no limit but the one that was set for the account itself. */
export function quotaOf({ isAdmin, quota }: Account, usual: Quota = usualQuota): Quota {
  const of = (kind: QuotaKind): number => quota[kind] ?? (isAdmin ? noLimit : usual[kind]);
  return { hosts: of("hosts"), logins: of("logins"), tokens: of("tokens") };
}

const noLimit = 1_000_000;

export function hasSecondFactor({ hasTotp, passkeys }: Account): boolean {
  return hasTotp || passkeys > 0;
}
