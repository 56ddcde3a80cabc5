/** Reads an inadyn.conf of version 2: settings, and blocks of `provider` and `custom`. */

import type { ForeignBlock, ForeignFile } from "./foreign-file.ts";
import { pollOf } from "./foreign-file.ts";

type Values = ReadonlyMap<string, readonly string[]>;

/** What needs no counterpart. */
const needless = new Set([
  "verify-address",
  "fake-address",
  "forced-update",
  "secure-ssl",
  "user-agent",
]);
const used = new Set(
  ["username", "password", "hostname", "ssl", "ddns-server", "ddns-path", "ddns-response"].concat([
    "checkip-server",
    "checkip-path",
    "checkip-ssl",
    "checkip-command",
    "iface",
    "period",
  ]),
);

/** By provider, without what stands before the `@`. All of them speak dyndns2. */
const dyndns2Servers: Readonly<Record<string, string>> = {
  "dyndns.org": "members.dyndns.org",
  "no-ip.com": "dynupdate.no-ip.com",
  "dnsomatic.com": "updates.dnsomatic.com",
  "nsupdate.info": "ipv4.nsupdate.info",
};

export function findInadynBlocks(text: string): ForeignFile {
  const left: string[] = [];
  const blocks: ForeignBlock[] = [];
  const globals = new Map<string, readonly string[]>();
  const tokens = tokensOf(text);
  for (let at = 0; at < tokens.length;) {
    const word = tokens[at]!;
    if (word.text === "provider" || word.text === "custom") {
      const name = tokens[at + 1]?.text ?? "";
      const end = readValues(tokens, at + 3);
      noteUnknown(end.values, end.lines, left);
      const values = new Map([...globals, ...end.values]);
      blocks.push({ line: word.line, profile: profileOf(word, name, values, left) });
      at = end.at + 1;
    } else {
      const { values, lines, at: after } = readValues(tokens, at, 1);
      noteUnknown(values, lines, left);
      for (const [key, value] of values) globals.set(key, value);
      at = Math.max(after, at + 1);
    }
  }
  if (blocks.length === 0) left.push("no provider is named");
  return { blocks, poll: pollOf(globals.get("period")?.[0]), left };
}

function profileOf(
  { text: kind, line }: Token,
  name: string,
  values: Values,
  left: string[],
): ForeignBlock["profile"] {
  const get = (key: string): string | undefined => values.get(key)?.[0];
  const hosts = values.get("hostname") ?? [];
  const user = get("username") ?? "";
  const password = get("password") ?? "";
  const source = sourceOf(get);
  const ipv4 = source === undefined ? {} : { ipv4: source };
  if (source === undefined) left.push(`line ${line}: how the address is learnt: say ipv4 or ipv6`);
  const scheme = get("ssl") === "false" ? "http://" : "";
  const provider = name.replace(/^.*@/, "");
  if (kind === "provider") {
    if (provider === "duckdns.org")
      return { service: "duckdns", token: user || password, hosts, ...ipv4 };
    const server = dyndns2Servers[provider];
    if (server !== undefined) {
      return { service: "dyndns2", server: `${scheme}${server}`, user, password, hosts, ...ipv4 };
    }
    left.push(`line ${line}: provider ${name}, with ${hosts.join(", ")}`);
    return undefined;
  }
  const server = get("ddns-server") ?? "";
  const path = get("ddns-path") ?? "/";
  const account = { user, password, hosts, ...ipv4 };
  const [, plain] = /^(\/[^?]*)\?hostname=%h&myip=%i$/.exec(path) ?? [];
  if (plain !== undefined) {
    return { service: "dyndns2", server: `${scheme}${server}`, path: plain, ...account };
  }
  const words = { h: "{host}", i: "{ip4}", u: "{user}", p: "{password}" } as const;
  const filled = path.replace(/%([hiup])/g, (_, letter: keyof typeof words) => words[letter]);
  const success = (values.get("ddns-response") ?? ["good", "nochg", "OK"]).join("|");
  left.push(`line ${line}: the words of success of ${name} are a guess: see success`);
  return {
    service: "template",
    url: `${scheme || "https://"}${server}${filled}`,
    success,
    ...account,
  };
}

function sourceOf(get: (key: string) => string | undefined): string | undefined {
  const [command, iface, server] = [get("checkip-command"), get("iface"), get("checkip-server")];
  if (command !== undefined) return `command ${command}`;
  if (iface !== undefined) return `interface ${iface}`;
  if (server === undefined) return "http http://checkip.dyndns.org/";
  const scheme = get("checkip-ssl") === "false" ? "http" : "https";
  return `http ${scheme}://${server}${get("checkip-path") ?? "/"}`;
}

function noteUnknown(values: Values, lines: ReadonlyMap<string, number>, left: string[]): void {
  for (const key of values.keys()) {
    if (!used.has(key) && !needless.has(key)) left.push(`line ${lines.get(key)}: ${key}`);
  }
}

interface Token {
  readonly text: string;
  readonly line: number;
}

/** `name = value` and `name = { value, value }`, up to a closing brace or so many. */
function readValues(
  tokens: readonly Token[],
  start: number,
  most = Infinity,
): { values: Map<string, readonly string[]>; lines: Map<string, number>; at: number } {
  const values = new Map<string, readonly string[]>();
  const lines = new Map<string, number>();
  let at = start;
  while (at < tokens.length && tokens[at]!.text !== "}" && values.size < most) {
    const { text: key, line } = tokens[at]!;
    if (tokens[at + 1]?.text !== "=") {
      at++;
      continue;
    }
    at += 2;
    const found: string[] = [];
    if (tokens[at]?.text === "{") {
      for (at++; at < tokens.length && tokens[at]!.text !== "}"; at++) {
        if (tokens[at]!.text !== ",") found.push(tokens[at]!.text);
      }
    } else if (tokens[at] !== undefined) {
      found.push(tokens[at]!.text);
    }
    at++;
    values.set(key, found);
    lines.set(key, line);
  }
  return { values, lines, at };
}

function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const [i, line] of text.split(/\r?\n/).entries()) {
    const pattern = /"((?:[^"\\]|\\.)*)"|'([^']*)'|#.*$|\/\/.*$|([{}=,])|([^\s{}=,"'#]+)/g;
    for (const [whole, double, single, mark, word] of line.matchAll(pattern)) {
      if (double === undefined && single === undefined && /^(#|\/\/)/.test(whole)) continue;
      const found = double?.replace(/\\(.)/g, "$1") ?? single ?? mark ?? word;
      if (found !== undefined) tokens.push({ text: found, line: i + 1 });
    }
  }
  return tokens;
}
