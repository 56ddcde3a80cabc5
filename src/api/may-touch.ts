/** Whether a caller may do something with a thing: whose it is, and what a token's policy says of it. */

import { allows } from "../core/token-policy.ts";
import type { Subject } from "../core/token-policy.ts";
import type { UserId } from "../core/user.ts";
import type { Person, Program } from "./caller.ts";
import type { Action } from "./contract/route.ts";

export interface Thing extends Subject {
  /** Undefined: it belongs to no account, as a zone does. */
  readonly owner?: UserId | undefined;
}

/** The owner or an administrator, and within the policy where a program calls. Where not, throw `notFound()`: the same octets as for what is not there (T39). */
export function mayTouch(caller: Person | Program, action: Action, thing: Thing): boolean {
  const isTheirs = thing.owner === undefined || thing.owner === caller.user.id;
  if (!isTheirs && !caller.user.isAdmin) return false;
  return caller.kind === "person" || allows(caller.policy, action, thing);
}
