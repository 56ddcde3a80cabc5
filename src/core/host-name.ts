/** Names of hosts: what a device or a person may call a host, in the one form the program keeps. */

import { Name } from "../dns/name.ts";

/** Canonical host name: lower case, no final dot, letters, digits, `-` and `_`. Only `parseHostName` makes one. */
export type HostName = string & { readonly __brand: "HostName" };

/** RFC 1035 §2.3.4 as text: 255 octets on the wire are 253 characters. */
export const hostNameCharactersMax = 253;
/** Blanks around a name that are forgiven. A line end is not: it never comes from a form field. */
const blanksMax = 64;

/**
 * Reads a full host name: at least two labels, each of letters, digits, `-` and `_` and not beginning
 * or ending with `-` (RFC 1123 §2.1; `_` because ACME and SRV names have it). White space around it,
 * upper case and a final dot are forgiven.
 */
export function parseHostName(text: string): HostName | undefined {
  if (text.length > hostNameCharactersMax + blanksMax) return undefined;
  const name = text.replace(/^[ \t]+|[ \t]+$/g, "").replace(/\.$/, "");
  if (name.length > hostNameCharactersMax || !hostNamePattern.test(name)) return undefined;
  return name.toLowerCase() as HostName; // only ASCII is left, so nothing folds that is no letter
}

// Anchored, without the `m` flag: `$` must not accept a line end inside the name.
const label = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?";
const hostNamePattern = new RegExp(`^${label}(?:\\.${label})+$`, "i");

export function hostDnsName(host: HostName): Name {
  const characters = new Uint8Array(host.length);
  for (let i = 0; i < host.length; i++) characters[i] = host.charCodeAt(i);
  const octets = new Uint8Array(host.length + hostNameWireExtra);
  writeHostName(characters, 0, host.length, octets);
  return Name.fromOctets(octets)!;
}

/** Octets that a host name has on the wire beside its characters: the first length and the root. */
const hostNameWireExtra = 2;

/**
 * Writes the wire form (RFC 1035 §3.1) of the name whose characters lie there, and returns its length.
 * A host name needs no parser: it has no escapes, each dot becomes the length of the label behind it,
 * and no label is too long.
 */
export function writeHostName(
  characters: Uint8Array,
  start: number,
  end: number,
  into: Uint8Array,
): number {
  let lengthAt = 0;
  let at = 1;
  for (let i = start; i < end; i++, at++) {
    const code = characters[i]!;
    into[at] = code;
    if (code !== dot) continue;
    into[lengthAt] = at - lengthAt - 1;
    lengthAt = at;
  }
  into[lengthAt] = at - lengthAt - 1;
  into[at] = 0;
  return at + 1;
}

const dot = 0x2e;
