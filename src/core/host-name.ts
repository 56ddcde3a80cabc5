/** Names of hosts: what a device or a person may call a host, in the one form the program keeps. */

import { parseName } from "../dns/name.ts";
import type { Name } from "../dns/name.ts";

/** Canonical host name: lower case, no final dot, letters, digits, `-` and `_`. Only `parseHostName` makes one. */
export type HostName = string & { readonly __brand: "HostName" };

/** RFC 1035 §2.3.4 as text: 255 octets on the wire are 253 characters. */
const hostNameCharactersMax = 253;

/**
 * Reads a full host name: at least two labels, each of letters, digits, `-` and `_` and not beginning
 * or ending with `-` (RFC 1123 §2.1; `_` because ACME and SRV names have it). White space around it,
 * upper case and a final dot are forgiven.
 */
export function parseHostName(text: string): HostName | undefined {
  let name = text.trim().toLowerCase();
  if (name.endsWith(".")) name = name.slice(0, -1);
  if (name.length > hostNameCharactersMax) return undefined;
  return hostNamePattern.test(name) ? (name as HostName) : undefined;
}

// Anchored, without the `m` flag: `$` must not accept a line end inside the name.
const label = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const hostNamePattern = new RegExp(`^${label}(?:\\.${label})+$`);

export function hostDnsName(host: HostName): Name {
  return parseName(`${host}.`)!;
}
