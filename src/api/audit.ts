/** What people did, as the rooms of the API tell it. The log that keeps it is a chain of hashes. */

import type { Address } from "../base/address.ts";
import type { Caller } from "./caller.ts";

export interface Audit {
  /** Resolves when it is kept. Never a password, a token or another secret in it. */
  note(
    entry: {
      /** Somebody who is known, or the word for somebody who is not: a name that was tried, `command line`. */
      readonly actor: Caller | string;
      /** `session.begin`, `token.add`: the thing, then what was done. */
      readonly action: string;
      readonly target: string;
      readonly result: "ok" | "refused";
      readonly detail?: string;
    },
    call: { readonly peer: Address; readonly requestId: string },
  ): Promise<void>;
}
