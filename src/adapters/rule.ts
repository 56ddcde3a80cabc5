/** Rules: which request means which operation, where in it the values are, and how it is answered. */

import type { AddressDialect, ListDialect, UpdateDialect, UserDialect } from "./dialects.ts";

export type Rule = UpdateRule | CheckUserRule | ListHostsRule | DetectAddressRule;

interface RuleBase {
  /** Goes into receipts and logs. */
  readonly id: string;
  readonly match: Match;
}

export interface UpdateRule extends RuleBase {
  readonly operation: "update";
  readonly mapping: UpdateMapping;
  readonly dialect: UpdateDialect;
}

export interface CheckUserRule extends RuleBase {
  readonly operation: "check-user";
  readonly credential: CredentialMapping;
  readonly dialect: UserDialect;
}

export interface ListHostsRule extends RuleBase {
  readonly operation: "list-hosts";
  readonly credential: CredentialMapping;
  readonly dialect: ListDialect;
}

export interface DetectAddressRule extends RuleBase {
  readonly operation: "detect-address";
  readonly dialect: AddressDialect;
}

/** All that is given must hold. */
export interface Match {
  readonly methods: readonly string[];
  /** Normalised, see `parseTarget`. A script suffix is also tried without. */
  readonly paths: readonly string[];
  /** Lower-case beginnings of the host name; one must fit. */
  readonly hostPrefixes?: readonly string[];
  /** Lower-case keys; all must be there. */
  readonly keys?: readonly string[];
  /** Lower-case keys; none may be there. */
  readonly absentKeys?: readonly string[];
  /** A header and the lower-case text its value must be. */
  readonly header?: { readonly name: string; readonly value: string };
}

/** Parameter names, lower case, by what they hold. */
export interface UpdateMapping {
  /** The first that has a value counts. */
  readonly hosts: readonly string[];
  /** All count; the family is decided by the value, never by the name. */
  readonly addresses: readonly string[];
  readonly offline: readonly string[];
  readonly credential: CredentialMapping;
}

/** Where a credential may come from, the first that is there. A query is logged by proxies: only where a client can do no other. */
export type CredentialMapping =
  | { readonly kind: "basic" }
  | {
      readonly kind: "basic-or-parameters";
      readonly usernames: readonly string[];
      readonly passwords: readonly string[];
    };
