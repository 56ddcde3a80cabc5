/** An update as the service sees it, whatever dialect it came in, and what can become of it. */

import type { Address } from "../base/address.ts";
import type { Credential } from "./login.ts";

/** RFC-less rule of dyndns2: more names than this in one request are refused whole. */
export const hostsPerUpdateMax = 20;

export interface UpdateRequest {
  /** Undefined when the client sent none; that is a request for a challenge, not a failed login. */
  readonly credential: Credential | undefined;
  /** Host names as sent, decoded and trimmed. Empty: the one host of the login. */
  readonly hosts: readonly string[];
  /** Address texts as sent. Empty: the address the request came from. */
  readonly addresses: readonly string[];
  /** Take the addresses away: those of the families in `addresses`, or all when none was sent. */
  readonly offline: boolean;
  /** Where the request came from, after trusted proxies. */
  readonly peer: Address;
  readonly adapter: string;
  readonly userAgent: string;
}

export type UpdateOutcome =
  | { readonly kind: "no-credentials" }
  | { readonly kind: "bad-credentials" }
  | { readonly kind: "too-many-hosts" }
  /** A passing condition of ours. Nothing may be concluded about the request. */
  | { readonly kind: "try-later" }
  /** One outcome a host, in the order they were asked for. */
  | { readonly kind: "hosts"; readonly hosts: readonly HostOutcome[] };

export type HostOutcome =
  /** `addresses`: as the client wrote them and in its order; the detected one where it wrote none. */
  | { readonly kind: "changed"; readonly addresses: readonly string[] }
  | { readonly kind: "unchanged"; readonly addresses: readonly string[] }
  | { readonly kind: "unknown-host" }
  | { readonly kind: "not-a-full-name" }
  | { readonly kind: "bad-address" }
  | { readonly kind: "blocked" };
