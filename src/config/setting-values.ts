/** Readers of single values in the configuration. Each gives `undefined` for what is not one. */

import { parseCidr } from "../base/address.ts";
import type { Cidr } from "../base/address.ts";

/** Linux: PATH_MAX, its end included. */
const pathOctetsMax = 4_095;

/** A reader of whole numbers from `least` to `most`, written plainly: no sign, no leading zero. */
export function wholeNumber(least: number, most: number): (text: string) => number | undefined {
  return (text) => {
    if (!/^(0|[1-9]\d{0,9})$/.test(text)) return undefined;
    const value = Number(text);
    return value >= least && value <= most ? value : undefined;
  };
}

/** A reader of one of the words, and nothing else. */
export function oneOf<const Word extends string>(
  ...words: readonly Word[]
): (text: string) => Word | undefined {
  return (text) => words.find((word) => word === text);
}

export function parsePath(text: string): string | undefined {
  if (text === "" || text.includes("\0")) return undefined;
  return Buffer.byteLength(text) <= pathOctetsMax ? text : undefined;
}

/** Scheme, host, and where needed a port and who we are; nothing that would be an option of the client. */
export function parseSmtpUrl(text: string): string | undefined {
  if (text === "") return "";
  if (text.length > 500 || !URL.canParse(text)) return undefined;
  const { protocol, hostname, pathname, search, hash } = new URL(text);
  const isPlain = ["", "/"].includes(pathname) && search === "" && hash === "";
  return ["smtp:", "smtps:"].includes(protocol) && hostname !== "" && isPlain ? text : undefined;
}

export function parseMailFrom(text: string): string | undefined {
  if (text === "") return "";
  return /^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+$/.test(text)
    ? text
    : undefined;
}

/** A path, or `sqlite:PATH`. Another scheme is not taken for the name of a file. */
export function parseStoreUrl(text: string): string | undefined {
  const path = text.startsWith("sqlite:") ? text.slice("sqlite:".length) : text;
  if (/^[a-z][a-z0-9+.-]*:/i.test(path)) return undefined;
  return parsePath(path) === undefined ? undefined : text;
}

/** A network whose every address would be trusted is a mistake: then anybody could say who they are. */
export function parseNetwork(text: string): Cidr | undefined {
  const cidr = parseCidr(text);
  return cidr === undefined || cidr.prefixLength === 0 ? undefined : cidr;
}

/** RFC 1035 §2.3.4 as text: 253 characters without the final dot. */
const hostNameCharactersMax = 253;

/** Canonical name of a host (RFC 1123 §2.1): lower case, no final dot, two labels or more. */
export function parseServerName(text: string): string | undefined {
  const name = text.toLowerCase().replace(/\.$/, "");
  if (name.length > hostNameCharactersMax) return undefined;
  const label = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
  return new RegExp(`^${label}(?:\\.${label})+$`).test(name) ? name : undefined;
}

/** RFC 5001 and a character-string would bear 255; so many leave room for an answer beside it. */
export const serverNameCharactersMax = 64;

/** What a name server says of itself: printable ASCII. */
export function parseServerText(text: string): string | undefined {
  return text.length <= serverNameCharactersMax && /^[\x20-\x7e]*$/.test(text) ? text : undefined;
}

/** An origin: `https://names.example.net`, without path, query or user. Empty: none. */
export function parsePublicUrl(text: string): string | undefined {
  if (text === "") return "";
  if (!/^https?:\/\/[a-z0-9.:[\]-]+\/?$/i.test(text) || !URL.canParse(text)) return undefined;
  return new URL(text).origin;
}
