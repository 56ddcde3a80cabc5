/** What a page needs to know before anybody has signed in. */

import { accountReply } from "../account-parts.ts";
import type { AccountParts } from "../account-parts.ts";
import type { Brand } from "../brand.ts";
import { csrfOf } from "../csrf.ts";
import type { Call, Handlers } from "../handler.ts";
import { sessionCookieOf } from "../identify.ts";

export interface GreetingParts {
  readonly version: string;
  readonly brand: Brand;
  readonly accounts: AccountParts;
}

export function greetingHandlers(parts: GreetingParts): Handlers<"greet"> {
  const { accounts, settings, mails, isSetUp } = parts.accounts;
  const findOwn = async ({ caller }: Call<"greet">) => {
    if (caller.kind !== "person") return null;
    const account = await accounts.findAccount({ id: caller.user.id });
    return account === undefined ? null : accountReply(account, settings);
  };
  return {
    greet: async (call) => {
      const account = await findOwn(call);
      const cookie = sessionCookieOf(call.request);
      return {
        state: isSetUp() ? "ready" : "setup",
        signUp: settings.signUp(),
        canReset: mails !== undefined,
        account,
        csrf: account === null || cookie === undefined ? null : csrfOf(cookie),
        brand: parts.brand.greeting(),
        version: parts.version,
      };
    },
  };
}
