/** Whether an account may have more of something. Asked where a person or a token makes it; the command line is the operator's. */

import { quotaOf } from "./account.ts";
import type { Account, Quota, QuotaKind } from "./account.ts";

/** Why not, as a sentence; undefined: so many more may be made. */
export function findQuotaFault(
  account: Account,
  kind: QuotaKind,
  usual: Quota,
  more = 1,
): string | undefined {
  const most = quotaOf(account, usual)[kind];
  const used = account.used[kind];
  if (used + more <= most) return undefined;
  return `The account may have ${most} ${kind}, and has ${used}.`;
}
