/** A curl command line as the request that it sends. */

import { splitShellWords } from "./shell-words.ts";

/** Texts hold one character an octet. */
export interface PlainRequest {
  readonly method: string;
  /** With scheme; `http` where none was written. */
  readonly url: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: string;
}

export type CurlReading =
  | { readonly kind: "request"; readonly request: PlainRequest }
  | { readonly kind: "not-understood"; readonly why: string };

interface Given {
  url: string | undefined;
  method: string | undefined;
  user: string | undefined;
  readonly headers: [string, string][];
  readonly data: string[];
  isQuery: boolean;
  isHead: boolean;
  isJson: boolean;
}

/** What changes the request. Each takes a value. */
const valued: Readonly<Record<string, (given: Given, value: string) => void>> = {
  "--url": (given, value) => void (given.url = value),
  "--request": (given, value) => void (given.method = value.toUpperCase()),
  "--user": (given, value) => void (given.user = value),
  "--header": (given, value) => addHeader(given, value),
  "--user-agent": (given, value) => void given.headers.push(["User-Agent", value]),
  "--referer": (given, value) => void given.headers.push(["Referer", value]),
  "--cookie": (given, value) => void given.headers.push(["Cookie", value]),
  "--oauth2-bearer": (given, value) =>
    void given.headers.push(["Authorization", `Bearer ${value}`]),
  "--data": (given, value) => void given.data.push(value),
  "--data-raw": (given, value) => void given.data.push(value),
  "--data-ascii": (given, value) => void given.data.push(value),
  "--data-binary": (given, value) => void given.data.push(value),
  "--data-urlencode": (given, value) => void given.data.push(encodeData(value)),
  "--json": (given, value) => {
    given.data.push(value);
    given.isJson = true;
  },
};

const switches: Readonly<Record<string, (given: Given) => void>> = {
  "--get": (given) => void (given.isQuery = true),
  "--head": (given) => void (given.isHead = true),
};

/** What the service does not see. */
const ignoredSwitches: ReadonlySet<string> = new Set(
  (
    "--silent --show-error --insecure --verbose --include --location --fail --ipv4 --ipv6 " +
    "--basic --compressed --http1.0 --http1.1 --globoff"
  ).split(" "),
);
const ignoredValued: ReadonlySet<string> = new Set(
  (
    "--output --max-time --connect-timeout --retry --interface --cacert --write-out --resolve " +
    "--connect-to"
  ).split(" "),
);

const long: ReadonlyMap<string, string> = new Map(
  (
    "X--request u--user H--header A--user-agent e--referer b--cookie d--data G--get I--head " +
    "s--silent S--show-error k--insecure v--verbose i--include L--location f--fail o--output " +
    "m--max-time w--write-out g--globoff 4--ipv4 6--ipv6 0--http1.0"
  )
    .split(" ")
    .map((pair) => [pair.slice(0, 1), pair.slice(1)]),
);

/** `line` begins with the word `curl`. */
export function readCurlLine(line: string): CurlReading {
  const words = splitShellWords(line);
  if (words === undefined) return { kind: "not-understood", why: "a quote is left open" };
  const given: Given = {
    url: undefined,
    method: undefined,
    user: undefined,
    headers: [],
    data: [],
    isQuery: false,
    isHead: false,
    isJson: false,
  };
  const fault = readOptions(words.slice(1), given);
  if (fault !== undefined) return { kind: "not-understood", why: fault };
  if (given.url === undefined) return { kind: "not-understood", why: "it has no URL" };
  return { kind: "request", request: makeRequest(given, given.url) };
}

/** Returns what is not understood. */
function readOptions(words: readonly string[], given: Given): string | undefined {
  const rest = [...words];
  while (rest.length > 0) {
    const word = rest.shift()!;
    const parts = splitShorts(word);
    if (!word.startsWith("-")) {
      given.url ??= word;
    } else if (parts !== undefined) {
      rest.unshift(...parts);
    } else if (switches[word] !== undefined) {
      switches[word](given);
    } else if (valued[word] !== undefined || ignoredValued.has(word)) {
      const value = rest.shift();
      if (value === undefined) return `${word} has no value`;
      if (/^--(?:data|json)/.test(word) && word !== "--data-raw" && value.startsWith("@")) {
        return `${word} names a file: write the data itself`;
      }
      valued[word]?.(given, value);
    } else if (!ignoredSwitches.has(word)) {
      return `${word} is no option that is known here`;
    }
  }
  return undefined;
}

/** `-sSuNAME:PASS` is three options and a value. Undefined: it is nothing of the kind. */
function splitShorts(word: string): readonly string[] | undefined {
  if (!/^-[^-]/.test(word)) return undefined;
  const found: string[] = [];
  for (let at = 1; at < word.length; at++) {
    const name = long.get(word[at]!);
    if (name === undefined) return undefined;
    found.push(name);
    const takesValue = valued[name] !== undefined || ignoredValued.has(name);
    if (!takesValue) continue;
    if (at + 1 < word.length) found.push(word.slice(at + 1));
    break;
  }
  return found;
}

function addHeader(given: Given, line: string): void {
  const colon = line.indexOf(":");
  if (colon === -1) return; // curl's `Name;` for an empty header, or nothing
  given.headers.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()]);
}

/** `name=content`: the content is encoded; without a name all of it is. */
function encodeData(value: string): string {
  const equals = value.indexOf("=");
  const escaped = value
    .slice(equals + 1)
    .replace(
      /[^A-Za-z0-9._~-]/g,
      (octet) => `%${octet.charCodeAt(0).toString(16).padStart(2, "0")}`,
    );
  return `${value.slice(0, equals + 1)}${escaped}`;
}

function makeRequest(given: Given, url: string): PlainRequest {
  const { headers, isJson, isHead } = given;
  const data = given.data.join(isJson ? "" : "&");
  const isBody = given.data.length > 0 && !given.isQuery;
  const has = (name: string): boolean => headers.some(([one]) => one.toLowerCase() === name);
  const type = isJson ? "application/json" : "application/x-www-form-urlencoded";
  if (isBody && !has("content-type")) headers.push(["Content-Type", type]);
  if (given.user !== undefined) headers.push(["Authorization", basicOf(given.user)]);
  if (!has("user-agent")) headers.push(["User-Agent", "curl"]);
  const join = url.includes("?") ? "&" : "?";
  return {
    method: given.method ?? (isHead ? "HEAD" : isBody ? "POST" : "GET"),
    url: given.isQuery && data !== "" ? `${url}${join}${data}` : url,
    headers,
    body: isBody ? data : "",
  };
}

function basicOf(user: string): string {
  return `Basic ${btoa(user.includes(":") ? user : `${user}:`)}`;
}
