/** Who calls: nobody, a person with a session, or a program with a token. */

import type { Policy } from "../core/token-policy.ts";
import type { User } from "../core/user.ts";
import type { Action } from "./contract/route.ts";

export type Caller = Nobody | Person | Program;

export interface Nobody {
  readonly kind: "nobody";
}

export interface Person {
  readonly kind: "person";
  readonly user: User;
  /** The session's public id, not what the cookie holds. */
  readonly session: string;
  /** When the person last proved who it is. */
  readonly provedAtMs: number;
  /** Nothing but the own account until there is a second factor. */
  readonly mustEnrol?: true;
}

export interface Program {
  readonly kind: "program";
  readonly user: User;
  /** The token's public id. */
  readonly token: string;
  readonly policy: TokenPolicy;
}

export type TokenPolicy = Policy<Action>;
