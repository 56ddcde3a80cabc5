/** Who is signed in, for every page below the shell. */

import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Reply } from "./api.ts";

export type Account = NonNullable<Reply<"GET /greeting">["account"]>;

export interface SignedIn {
  readonly account: Account;
  readonly greeting: Reply<"GET /greeting">;
  /** Reads the account anew, after a change to it. */
  greet(): Promise<void>;
}

export const SignedInContext = createContext<SignedIn | undefined>(undefined);

export function useSignedIn(): SignedIn {
  const found = useContext(SignedInContext);
  if (found === undefined) throw new Error("A page stands outside the shell");
  return found;
}

/** A card of the account page. */
export interface CardProps {
  /** After it changed something of the account. */
  changed(): Promise<void>;
}
