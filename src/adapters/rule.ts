/** Rules: which request means which operation, where in it the values are, and how it is answered. */

import type { Cidr } from "../base/address.ts";
import type { AddressDialect, ListDialect, UpdateDialect, UserDialect } from "./dialects.ts";
import type { FacadeDialect } from "./facade-names.ts";

export type Rule = UpdateRule | CheckUserRule | ListHostsRule | DetectAddressRule | FacadeRule;

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

/** A dialect with operations of its own (Cloudflare's API, acme-dns, GnuDIP's challenge, MintAuto). */
export interface FacadeRule extends RuleBase {
  readonly operation: "facade";
  readonly dialect: FacadeDialect;
}

/** All that is given must hold. Texts are lower case. */
export interface Match {
  readonly methods: readonly string[];
  /**
   * Normalised, see `parseTarget`. A script suffix is also tried without. A segment in braces stands for any
   * one and is a parameter of that name with the braces: `/u/{token}`. `{rest*}` at the end stands for all that follows.
   */
  readonly paths: readonly string[];
  /** Patterns of the host name asked for, `*` for any text; one must fit: `checkip*`, `*no-ip*`. */
  readonly hosts?: readonly string[];
  /** All must be there. */
  readonly keys?: readonly string[];
  /** One must be there. */
  readonly anyKeys?: readonly string[];
  /** None may be there. */
  readonly absentKeys?: readonly string[];
  /** A key whose value, lower case, must be one of these. */
  readonly values?: readonly { readonly key: string; readonly oneOf: readonly string[] }[];
  /** Headers that must be there, or have this value (compared without case). */
  readonly headers?: readonly { readonly name: string; readonly value?: string }[];
  /** Beginnings of the `User-Agent`; one must fit. */
  readonly userAgents?: readonly string[];
  /** Ports of listeners. */
  readonly ports?: readonly number[];
  /** The caller's address lies in one of them. */
  readonly peers?: readonly Cidr[];
}

/** Parameter names, lower case, by what they hold; with braces: a segment of the path. */
export interface UpdateMapping {
  /** The first that has a value counts. */
  readonly hosts: readonly string[];
  /** The rest of the name, where a client sends label and domain apart (Namecheap's `host` and `domain`). */
  readonly domains?: readonly string[];
  /** The key before `[NAME]`, as dnsever's `host[cam1.example.test]=192.0.2.1`. */
  readonly hostInBrackets?: string;
  /** See `UpdateRequest.naming`; `full` when left out. */
  readonly naming?: "full" | "label";
  /** All count; the family is decided by the value, never by the name. `KEY:NAME` is that host's own. */
  readonly addresses: readonly string[];
  readonly prefixes?: readonly string[];
  /**
   * With them the address the request came from counts beside those that were sent, unless one of them is of
   * its family: `ipv4=auto` of dynv6, beside an IPv6 address.
   */
  readonly detected?: readonly Flag[];
  readonly withdrawn?: readonly Withdrawal[];
  /** A key with `yes`, `1` or `true`, or with one of the words given here. */
  readonly offline: readonly Flag[];
  readonly challenge?: ChallengeMapping;
  readonly credential: CredentialMapping;
  readonly isAllOrNothing?: boolean;
}

export interface ChallengeMapping {
  readonly values: readonly string[];
  /** With them the value, or all there is, is taken away. */
  readonly clear: readonly Flag[];
}

/** A word in the place of an address that takes that family away: dynv6's `ipv4=-`. */
export interface Withdrawal {
  readonly key: string;
  readonly word: string;
  readonly family: 4 | 6;
}

export type Flag = string | { readonly key: string; readonly words: readonly string[] };

/** Where a credential may come from; the first that is there counts. A query is logged by proxies: only where a client can do no other. */
export type CredentialMapping = readonly CredentialSource[];

export type CredentialSource =
  /** RFC 7617. */
  | { readonly kind: "basic" }
  /** Basic whose user name is the host: the password stands alone. */
  | { readonly kind: "basic-secret" }
  /** `Authorization: Bearer T` (RFC 6750 §2.1) or `Token T` (deSEC). */
  | { readonly kind: "bearer" }
  | {
      readonly kind: "headers";
      readonly username: string;
      readonly password: string;
    }
  | {
      readonly kind: "parameters";
      readonly usernames: readonly string[];
      readonly passwords: readonly string[];
    }
  /** One parameter that stands alone, as it is or as a hash of it. */
  | {
      readonly kind: "secret";
      readonly form: "token" | "sha1" | "md5";
      readonly parameters: readonly string[];
      /** Its `+` is no space: base64 as a device writes it, without escaping it. */
      readonly isUnescaped?: true;
    }
  /** The first parameter without `=`: FreeDNS' `update.php?TOKEN`. */
  | { readonly kind: "bare-key" };
