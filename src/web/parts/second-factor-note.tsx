/** Above the pages of who must have a second factor and has none yet. */

import type { JSX } from "preact";
import type { Account } from "../account.ts";
import { texts } from "../texts.ts";
import { printDate } from "../time.ts";

/** Nothing but the own account is answered any more. */
export function mustEnrol({ secondFactorDueAt }: Account): boolean {
  return secondFactorDueAt !== null && Date.parse(secondFactorDueAt) <= Date.now();
}

/** Where somebody is told while there is time; later everywhere. */
const calmPlaces: ReadonlySet<string> = new Set(["/account", "/admin"]);

export function SecondFactorNote({
  account,
  path,
}: {
  readonly account: Account;
  readonly path: string;
}): JSX.Element | null {
  const words = texts.secondFactor;
  if (account.secondFactorDueAt === null) return null;
  if (mustEnrol(account)) return <p class="warning">{words.overdue}</p>;
  if (!calmPlaces.has(path)) return null;
  return (
    <p class="warning">
      {words.due(printDate(account.secondFactorDueAt))} <a href="/account">{words.enrol}</a>
    </p>
  );
}
