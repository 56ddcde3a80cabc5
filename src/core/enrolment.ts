/** A host and the login that moves it, made together for who signs up by itself. */

import type { HostName } from "./host-name.ts";
import type { Host } from "./host.ts";
import type { Login, NewLogin } from "./login.ts";
import type { OpeningKind, ZoneId } from "./zone.ts";

/** Whose they will be, and how many there may be, is what the zone is open for when they are made. */
export interface Enrolment {
  readonly zone: ZoneId;
  readonly by: OpeningKind;
  readonly name: HostName;
  /** When a login of this name is there, it gives up its hosts for the new one. */
  readonly login: Omit<NewLogin, "user" | "hosts" | "defaultHost">;
}

export type Enrolled =
  | { readonly kind: "made"; readonly host: Host; readonly login: Login }
  /** The zone is not open for this any more. */
  | { readonly kind: "not-open" }
  /** The name is another's, or the login is. */
  | { readonly kind: "taken" }
  /** There can be no host of this name; a sentence for a person. */
  | { readonly kind: "refused"; readonly why: string }
  /** The zone holds as many as it is open for. */
  | { readonly kind: "full" };
