/** An update as the service sees it, whatever dialect it came in, and what can become of it. */

import type { Address } from "../base/address.ts";
import type { HostName } from "./host-name.ts";
import type { HostAddresses } from "./host.ts";
import type { Credential } from "./login.ts";

/** RFC-less rule of dyndns2: more names than this in one request are refused whole. */
export const hostsPerUpdateMax = 20;

/** Hosts of a login that may follow a prefix: what one request moves is one transaction. */
export const prefixHostsMax = 1_000;

export interface UpdateRequest {
  /** Undefined when the client sent none; that is a request for a challenge, not a failed login. */
  readonly credential: Credential | undefined;
  /** Host names as sent, decoded and trimmed. Empty: the one host of the login. */
  readonly hosts: readonly string[];
  /**
   * How hosts may be named. `label`: also by their first label alone (`cam1`), looked for among the hosts of
   * the login; DuckDNS, and ids of services that number their hosts.
   */
  readonly naming: "full" | "label";
  /** Address texts as sent. Empty: the address the request came from. */
  readonly addresses: readonly string[];
  /** Of one host each, as `myipv6:NAME=…`; they count before `addresses`. */
  readonly ownAddresses: readonly { readonly host: string; readonly address: string }[];
  /**
   * IPv6 prefix as sent, `2001:db8:1:2::/64`. Hosts of the login that have an interface identifier move to it,
   * named or not; a named one without keeps the low bits of the address it has.
   */
  readonly prefix: string | undefined;
  /** Take the addresses away: those of the families in `addresses`, or all when none was sent. */
  readonly offline: boolean;
  /** Families to take away while another is set (dynv6's `ipv4=-`). With no address sent the caller's does not count. */
  readonly withdrawn?: readonly (4 | 6)[] | undefined;
  /** Sets or clears what stands at `_acme-challenge` of the hosts; addresses are left alone then. */
  readonly challenge: ChallengeChange | undefined;
  /** One refused host refuses the whole request: for dialects that have one word for all (DuckDNS). */
  readonly isAllOrNothing: boolean;
  /** Where the request came from, after trusted proxies. */
  readonly peer: Address;
  readonly adapter: string;
  readonly userAgent: string;
}

/** RFC 8555 §8.4: the text of a TXT record. A certificate for a name and its wildcard needs two at once. */
export type ChallengeChange =
  | { readonly kind: "add"; readonly value: string }
  | { readonly kind: "remove"; readonly value: string }
  | { readonly kind: "clear" };

export type UpdateOutcome =
  | { readonly kind: "no-credentials" }
  | { readonly kind: "bad-credentials" }
  | { readonly kind: "too-many-hosts" }
  /** A passing condition of ours. Nothing may be concluded about the request. */
  | { readonly kind: "try-later" }
  /** One outcome a host, in the order they were asked for. */
  | { readonly kind: "hosts"; readonly hosts: readonly HostOutcome[] };

export type HostOutcome =
  | Reached
  | { readonly kind: "unknown-host" }
  | { readonly kind: "not-a-full-name" }
  | { readonly kind: "bad-address" }
  | { readonly kind: "blocked" };

/** The host is as it was asked to be. */
export interface Reached {
  readonly kind: "changed" | "unchanged";
  readonly name: HostName;
  /** As the client wrote them and in its order; the detected one where it wrote none. None of a challenge. */
  readonly addresses: readonly string[];
  /** What it had before. */
  readonly before: HostAddresses;
}
