/** Reads a ddclient.conf as versions 3 and 4 do: settings hold for the hosts that follow, or for those of their line. */

import type { ForeignBlock, ForeignFile } from "./foreign-file.ts";
import { pollOf } from "./foreign-file.ts";

type Values = ReadonlyMap<string, string>;

/** What needs no counterpart: our client finds it out, or the system does it. */
const needless = new Set(
  [
    "pid",
    "syslog",
    "cache",
    "foreground",
    "quiet",
    "verbose",
    "debug",
    "timeout",
    "min-interval",
  ].concat([
    "min-error-interval",
    "max-interval",
    "wildcard",
    "web-skip",
    "webv4-skip",
    "webv6-skip",
    "daemon",
  ]),
);

const used = new Set(
  [
    "protocol",
    "server",
    "script",
    "login",
    "password",
    "ssl",
    "use",
    "usev4",
    "usev6",
    "ip",
    "ipv4",
    "ipv6",
  ].concat(["if", "ifv4", "ifv6", "web", "webv4", "webv6", "cmd", "cmdv4", "cmdv6"]),
);

/** By protocol: the server that ddclient has built in. All of them speak dyndns2. */
const dyndns2Servers: Readonly<Record<string, string>> = {
  dyndns2: "members.dyndns.org",
  noip: "dynupdate.no-ip.com",
};

export function findDdclientBlocks(text: string): ForeignFile {
  const left: string[] = [];
  const blocks: ForeignBlock[] = [];
  let globals: Values = new Map();
  for (const { line, words } of logicalLines(text)) {
    const own = new Map(globals);
    const hosts: string[] = [];
    for (const word of words) {
      const [, name, value = ""] = /^([a-z0-9_-]+)=(.*)$/s.exec(word) ?? [];
      if (name === undefined) hosts.push(word);
      else own.set(name.toLowerCase(), value);
      if (name !== undefined && !used.has(name) && !needless.has(name)) {
        left.push(`line ${line}: ${name}`);
      }
    }
    if (hosts.length === 0) globals = own;
    else blocks.push({ line, profile: profileOf(own, hosts, line, left) });
  }
  if (blocks.length === 0) left.push("no line names a host");
  return { blocks, poll: pollOf(globals.get("daemon")), left };
}

function profileOf(
  values: Values,
  hosts: readonly string[],
  line: number,
  left: string[],
): ForeignBlock["profile"] {
  const protocol = values.get("protocol") ?? "dyndns2";
  const sources = { ...sourceOf("ipv4", values), ...sourceOf("ipv6", values) };
  if (Object.keys(sources).length === 0) {
    left.push(
      `line ${line}: how the address is learnt (use=${values.get("use") ?? "ip"}): say ipv4 or ipv6`,
    );
  }
  const password = values.get("password") ?? "";
  if (protocol === "duckdns") return { service: "duckdns", token: password, hosts, ...sources };
  const usual = dyndns2Servers[protocol];
  if (usual === undefined) {
    left.push(`line ${line}: protocol ${protocol}, with ${hosts.join(", ")}`);
    return undefined;
  }
  const server = (values.get("server") ?? usual).replace(/^https?:\/\//, "");
  // 3.x sends in the clear unless told otherwise; a password goes in the clear only where the file says so.
  const isClear = values.get("ssl") === "no" || /:(80|8245)$/.test(server);
  const script = values.get("script");
  return {
    service: "dyndns2",
    server: isClear ? `http://${server}` : server,
    ...(script === undefined ? {} : { path: script }),
    user: values.get("login") ?? "",
    password,
    hosts,
    ...sources,
  };
}

/** `usev4=ifv4, ifv4=eth0` of version 4, or `use=if, if=eth0` of version 3, which knows IPv4 alone. */
function sourceOf(family: "ipv4" | "ipv6", values: Values): Record<string, string> {
  const short = family.slice(2);
  const use = values.get(`use${short}`) ?? (family === "ipv4" ? (values.get("use") ?? "ip") : "");
  const get = (name: string): string | undefined =>
    values.get(`${name}${short}`) ?? (family === "ipv4" ? values.get(name) : undefined);
  const source = ((): string | undefined => {
    switch (use.replace(/v[46]$/, "")) {
      case "ip": {
        const address = values.get(family) ?? (family === "ipv4" ? values.get("ip") : undefined);
        return address && `fixed ${address}`;
      }
      case "if":
        return get("if") && `interface ${get("if")}`;
      case "web": {
        const web = get("web") ?? "checkip.dyndns.org";
        // A word without a dot is one of ddclient's built-in pages.
        if (!web.includes(".")) return undefined;
        return `http ${/^https?:\/\//.test(web) ? web : `http://${web}`}`;
      }
      case "cmd":
        return get("cmd") && `command ${get("cmd")}`;
      default:
        return undefined;
    }
  })();
  return source === undefined ? {} : { [family]: source };
}

/** Lines put together where one ends with a backslash; comments left out. */
function logicalLines(text: string): readonly { line: number; words: readonly string[] }[] {
  const lines: { line: number; words: readonly string[] }[] = [];
  let open = "";
  let first = 0;
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    if (open === "") first = i + 1;
    if (/\\\s*$/.test(raw)) {
      open += raw.replace(/\\\s*$/, " ");
      continue;
    }
    const words = splitWords(open + raw);
    open = "";
    if (words.length > 0) lines.push({ line: first, words });
  }
  return lines;
}

/** Words between blanks and commas; a value may be in quotation marks of either kind. */
function splitWords(line: string): readonly string[] {
  const spaced = line.replace(/^((?:[^'"#]|'[^']*'|"[^"]*")*)#.*$/, "$1").replace(/\s*=\s*/g, "=");
  const found = spaced.matchAll(/(?:[^\s,'"]|'[^']*'|"[^"]*")+/g);
  return [...found].map(([word]) => word.replace(/=(['"])(.*)\1$/s, "=$2"));
}
