/**
 * Facts: what the store says is so now. The whole state is told as facts when the program starts, and
 * every later change, whoever made it, is one more fact. Facts can be told twice without harm.
 */

import type { HostColumns } from "./host-columns.ts";
import type { Host, HostId } from "./host.ts";
import type { InterfaceIdentifier } from "./interface-identifier.ts";
import type { Login, LoginId } from "./login.ts";
import type { AdapterId, StoredAdapter } from "./stored-adapter.ts";
import type { User, UserId } from "./user.ts";
import type { Zone, ZoneId, ZoneRecord } from "./zone.ts";
import type { ZoneKey } from "./zone-key.ts";

/** `undefined` in place of the thing: it is gone. */
export type Fact =
  | { readonly kind: "user"; readonly id: UserId; readonly user: User | undefined }
  | { readonly kind: "zone"; readonly id: ZoneId; readonly zone: Zone | undefined }
  /** All records of a zone, replacing what was there. Never holds the address of a host. */
  | { readonly kind: "records"; readonly zone: ZoneId; readonly records: readonly ZoneRecord[] }
  /** All keys of a zone, replacing what was there; none: it is not signed. */
  | { readonly kind: "keys"; readonly zone: ZoneId; readonly keys: readonly ZoneKey[] }
  | { readonly kind: "host"; readonly id: HostId; readonly host: Host | undefined }
  | { readonly kind: "login"; readonly id: LoginId; readonly login: Login | undefined }
  /** A rule of the operator; what it says is text until adapters read it. */
  | {
      readonly kind: "adapter";
      readonly id: AdapterId;
      readonly adapter: StoredAdapter | undefined;
    }
  | {
      readonly kind: "interface";
      readonly host: HostId;
      readonly identifier: InterfaceIdentifier | undefined;
    }
  /** All texts at the host's `_acme-challenge`, the oldest first, replacing what was there. */
  | { readonly kind: "challenges"; readonly host: HostId; readonly challenges: readonly string[] };

/**
 * Many hosts that are there: what a start says in place of a fact for each. The columns are filled
 * again with others when these have been told.
 */
export interface ManyHosts {
  readonly kind: "hosts";
  readonly hosts: HostColumns;
}
