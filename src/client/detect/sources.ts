/** How a source is written in the configuration: a word, and what it needs. To add one, add a row. */

import { parseAddress } from "../../base/address.ts";
import { parseListenAddress } from "../../config/listen-address.ts";
import { parseName } from "../../dns/name.ts";
import { makeAgreement } from "./agreement.ts";
import { makeCommandSource } from "./command.ts";
import { makeDnsSource } from "./dns.ts";
import type { WhoamiServer } from "./dns.ts";
import { makeFixedSource } from "./fixed.ts";
import { makeHttpSource } from "./http.ts";
import { makeInterfaceSource } from "./interface.ts";
import type { Policy } from "./judge.ts";
import { makeNatPmpSource } from "./nat-pmp.ts";
import { makePcpSource } from "./pcp.ts";
import type { Source } from "./source.ts";
import { makeUpnpSource } from "./upnp.ts";

interface SourceRow {
  /** What stands behind the word; empty for nothing. */
  readonly wants: string;
  readonly doc: string;
  /** Undefined: these are not the words that it wants. */
  make(words: readonly string[], policy: Policy): Source | undefined;
}

/** By their words. */
export const sourceRows: Readonly<Record<string, SourceRow>> = {
  fixed: {
    wants: "ADDRESS",
    doc: "This address, always.",
    make: alone((text, policy) => {
      const address = parseAddress(text);
      return address && makeFixedSource(address, policy);
    }),
  },
  interface: {
    wants: "NAME",
    doc: "An address of a network interface of this machine. Temporary and deprecated IPv6 addresses are left out.",
    make: alone((name, policy) => {
      return /^[^\s/:]{1,64}$/.test(name) ? makeInterfaceSource(name, policy) : undefined;
    }),
  },
  "nat-pmp": {
    wants: "[GATEWAY]",
    doc: "The external IPv4 address of the router, by NAT-PMP.",
    make: perhaps(parseIpv4, makeNatPmpSource),
  },
  pcp: {
    wants: "[GATEWAY]",
    doc: "The external address of the router, by PCP: a mapping is made and taken back at once.",
    make: perhaps(parseAddress, (gateway, policy) => makePcpSource(gateway, policy)),
  },
  upnp: {
    wants: "[URL]",
    doc: "The external IPv4 address of the router, by UPnP. URL: where its description lies.",
    make: perhaps((text) => parseUrl(text, ["http:"]), makeUpnpSource),
  },
  dns: {
    wants: "SERVER[:PORT] [NAME]",
    doc: "The address that a name server sees: a Nameward, or one that has NAME as TXT in class CH.",
    make: ([server = "", name = "whoami.nameward", ...more], policy) => {
      const parsed = more.length === 0 ? parseWhoamiServer(server, name) : undefined;
      return parsed && makeDnsSource(parsed, policy);
    },
  },
  http: {
    wants: "URL",
    doc: "The address that a web page tells: alone, as JSON, or as `Current IP Address: …`.",
    make: alone((text, policy) => {
      const url = parseUrl(text, ["http:", "https:"]);
      return url && makeHttpSource(url, policy);
    }),
  },
  command: {
    wants: "PROGRAM [ARGUMENT …]",
    doc: "The address that a program prints. NAMEWARD_FAMILY tells it which family is wanted, 4 or 6. No shell takes part.",
    make: ([program, ...args], policy) => {
      return program === undefined ? undefined : makeCommandSource([program, ...args], policy);
    },
  },
  both: {
    wants: "SOURCE and SOURCE",
    doc: "Two sources that must say the same.",
    make: (words, policy) => {
      const and = words.indexOf("and");
      const one = and === -1 ? undefined : makeSource(words.slice(0, and), policy);
      const other = makeSource(words.slice(and + 1), policy);
      return one && other && makeAgreement(one, other);
    },
  },
};

export type ParsedSource =
  | { readonly kind: "source"; readonly source: Source }
  /** For a mistake in the configuration: what is wrong, and what is wanted in its place. */
  | { readonly kind: "mistake"; readonly what: string; readonly wants: string };

/** `interface eth0`, `http https://ip.example/`, `command "/opt/my tools/address" -4`. */
export function parseSource(text: string, policy: Policy): ParsedSource {
  const words = parseWords(text);
  const [word = ""] = words ?? [];
  if (words === undefined) {
    return { kind: "mistake", what: "a quotation mark is not closed", wants: `…"` };
  }
  if (!Object.hasOwn(sourceRows, word)) {
    const known = Object.keys(sourceRows).join(", ");
    return { kind: "mistake", what: `there is no source "${word.slice(0, 40)}"`, wants: known };
  }
  const source = makeSource(words, policy);
  if (source !== undefined) return { kind: "source", source };
  const wants = `${word} ${sourceRows[word]!.wants}`;
  return { kind: "mistake", what: `this is not what ${word} needs`, wants };
}

function makeSource([word = "", ...rest]: readonly string[], policy: Policy): Source | undefined {
  return Object.hasOwn(sourceRows, word) ? sourceRows[word]!.make(rest, policy) : undefined;
}

/** Words between blanks; in quotation marks of either kind a word may have blanks. Undefined: one is not closed. */
function parseWords(text: string): readonly string[] | undefined {
  const words: string[] = [];
  const pattern = /\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))(?=\s|$)/y;
  const trimmed = text.trim();
  while (pattern.lastIndex < trimmed.length) {
    const found = pattern.exec(trimmed);
    if (found === null) return undefined;
    words.push(found[1] ?? found[2] ?? found[3] ?? "");
  }
  return words;
}

/** For what needs one word and no other. */
function alone(make: (word: string, policy: Policy) => Source | undefined): SourceRow["make"] {
  return ([word, ...more], policy) => {
    return word === undefined || more.length > 0 ? undefined : make(word, policy);
  };
}

/** For what takes one word or none. */
function perhaps<Value>(
  parse: (text: string) => Value | undefined,
  make: (value: Value | undefined, policy: Policy) => Source,
): SourceRow["make"] {
  return ([word, ...more], policy) => {
    if (more.length > 0) return undefined;
    if (word === undefined) return make(undefined, policy);
    const value = parse(word);
    return value && make(value, policy);
  };
}

function parseIpv4(text: string): ReturnType<typeof parseAddress> {
  const address = parseAddress(text);
  return address?.family === 4 ? address : undefined;
}

/** No name and password in it: they would be shown wherever the source is named. */
function parseUrl(text: string, protocols: readonly string[]): URL | undefined {
  const url = URL.parse(text);
  if (url === null || !protocols.includes(url.protocol)) return undefined;
  return url.username === "" && url.password === "" ? url : undefined;
}

const dnsPort = 53;

/** `192.0.2.53`, `[2001:db8::53]:5353`, `ns1.dyn.example` or `ns1.dyn.example:5353`. */
function parseWhoamiServer(server: string, nameText: string): WhoamiServer | undefined {
  const name = parseName(nameText.endsWith(".") ? nameText : `${nameText}.`);
  if (name === undefined) return undefined;
  const isUsual = nameText === "whoami.nameward";
  const rest = { name, text: isUsual ? server : `${server} ${nameText}` };
  const address = parseAddress(server);
  if (address !== undefined) return { ...rest, hostname: address.text, port: dnsPort };
  const listen = parseListenAddress(server);
  if (listen !== undefined) return listen.port === 0 ? undefined : { ...rest, ...pick(listen) };
  const host = /^([a-z0-9](?:[a-z0-9.-]{0,252}))(?::([1-9]\d{0,4}))?$/i.exec(server);
  const port = Number(host?.[2] ?? dnsPort);
  // Digits and dots that are no address are a slip, not a name.
  if (host === null || port > 65_535 || /^[\d.]+$/.test(host[1]!)) return undefined;
  return { ...rest, hostname: host[1]!, port };
}

function pick({ hostname, port }: { hostname: string; port: number }): {
  hostname: string;
  port: number;
} {
  return { hostname, port };
}
