/** Scenarios: what goes in over HTTP and what comes out of DNS, in plain text. The grammar is in README.md. */

export type Given =
  | { readonly kind: "zone"; readonly apex: string; readonly isPrivate: boolean }
  | { readonly kind: "account"; readonly user: string; readonly hosts: readonly string[] }
  | {
      readonly kind: "login";
      readonly username: string;
      readonly user: string;
      readonly hosts: readonly string[];
      /** Beside user name and password. */
      readonly accepts: readonly string[];
      readonly from: string | undefined;
      readonly defaultHost: string | undefined;
    }
  | { readonly kind: "blocked"; readonly host: string };

export interface HttpRequestLine {
  readonly method: string;
  /** `{alice}` is the password of that login. */
  readonly target: string;
  readonly version: string;
  readonly lineEnd: string;
  readonly hasHost: boolean;
  readonly credential: ScenarioCredential | undefined;
  readonly headers: readonly string[];
  readonly body: string | undefined;
}

/** The runner gives every login a password of its own; a scenario never shows one. */
export interface ScenarioCredential {
  readonly username: string;
  readonly isWrong: boolean;
}

export interface HttpExpected {
  readonly status: number;
  /** Undefined: only what `contains` says of it is looked at. */
  readonly body: string | undefined;
  readonly contains: readonly string[];
  /** `Name: value` exactly as in the reply. */
  readonly headers: readonly string[];
}

/** A record in the words of a zone file. What the scenario leaves out is not compared. */
export interface ExpectedRecord {
  readonly owner: string;
  readonly ttlSeconds: number | undefined;
  readonly type: string;
  readonly data: string | undefined;
}

export interface DnsExpected {
  readonly rcode: string;
  readonly flags: readonly string[];
  readonly answer: readonly ExpectedRecord[];
  /** Undefined: not looked at. */
  readonly authority: readonly ExpectedRecord[] | undefined;
}

export type Step = { readonly line: number; readonly isSoon: boolean } & (
  | { readonly kind: "http"; readonly request: HttpRequestLine; readonly expected: HttpExpected }
  /** Octets as they are, one character an octet. `{alice}` is the Basic credential of that login. */
  | { readonly kind: "raw"; readonly octets: string; readonly expected: HttpExpected }
  | {
      readonly kind: "dns";
      readonly name: string;
      readonly type: string;
      readonly expected: DnsExpected;
    }
  | { readonly kind: "run"; readonly args: readonly string[]; readonly exitCode: number }
  /** From here on another program holds the lock of the database, or lets it go. */
  | { readonly kind: "store"; readonly isHeld: boolean }
);

export interface Scenario {
  readonly file: string;
  readonly given: readonly Given[];
  readonly steps: readonly Step[];
}

/** A scenario is ours, so a line that is not understood is a mistake, and told with its place. */
export class ScenarioMistake extends Error {
  override readonly name = "ScenarioMistake";
}

interface Block {
  readonly line: number;
  readonly keyword: string;
  readonly columns: readonly string[];
  readonly expected: readonly ExpectedLine[];
}

interface ExpectedLine {
  readonly line: number;
  readonly text: string;
}

export function readScenario(file: string, text: string): Scenario {
  const given: Given[] = [];
  const steps: Step[] = [];
  for (const block of readBlocks(file, text)) {
    try {
      if (block.keyword === "given") given.push(...readGiven(block));
      else steps.push(readStep(block));
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      throw new ScenarioMistake(`${file}:${block.line}: ${why}`);
    }
  }
  if (steps.length === 0) throw new ScenarioMistake(`${file}:1: nothing is asked and expected`);
  return { file, given, steps };
}

/** A line that begins with a keyword, and the indented lines below it. */
function readBlocks(file: string, text: string): Block[] {
  const blocks: (Block & { expected: ExpectedLine[] })[] = [];
  for (const [i, line] of text.split("\n").entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const found = /^(given|http|raw|dns|run|store) +(\S.*)$/.exec(line);
    if (found !== null) {
      const [, keyword = "", rest = ""] = found;
      blocks.push({ line: i + 1, keyword, columns: rest.trim().split(/ {2,}/), expected: [] });
    } else if (line.startsWith("       ") && blocks.length > 0) {
      blocks.at(-1)?.expected.push({ line: i + 1, text: line.trim() });
    } else {
      throw new ScenarioMistake(`${file}:${i + 1}: not understood: ${line}`);
    }
  }
  return blocks;
}

function readGiven(block: Block): Given[] {
  if (block.expected.length > 0) throw new Error("a given expects nothing");
  return block.columns.join(" ").split(/, */).map(readGivenItem);
}

const hostList = String.raw`(\S+(?: and \S+)*)`;
const givenForms: readonly { form: RegExp; read: (words: readonly string[]) => Given }[] = [
  {
    form: /^(private )?zone (\S+)$/,
    read: ([isPrivate, apex = ""]) => ({ kind: "zone", apex, isPrivate: isPrivate !== undefined }),
  },
  {
    form: new RegExp(`^account (\\S+)(?: with hosts? ${hostList})?$`),
    read: ([user = "", hosts]) => ({ kind: "account", user, hosts: hosts?.split(" and ") ?? [] }),
  },
  {
    form: new RegExp(
      `^login (\\S+) of (\\S+) for ${hostList}(?: accepting (\\S+(?: and \\S+)*))?(?: from (\\S+))?(?: with default (\\S+))?$`,
    ),
    read: ([username = "", user = "", hosts = "", accepts, from, defaultHost]) => ({
      kind: "login",
      username,
      user,
      hosts: hosts.split(" and "),
      accepts: accepts?.split(" and ") ?? [],
      from,
      defaultHost,
    }),
  },
  { form: /^blocked host (\S+)$/, read: ([host = ""]) => ({ kind: "blocked", host }) },
];

function readGivenItem(item: string): Given {
  for (const { form, read } of givenForms) {
    const words = form.exec(item);
    if (words !== null) return read(words.slice(1));
  }
  throw new Error(`not understood: ${item}`);
}

function readStep(block: Block): Step {
  if (block.keyword === "store") return readStoreStep(block);
  if (block.expected.length === 0) throw new Error("nothing is expected of this");
  const isSoon = block.columns.includes("soon");
  const [what = "", ...options] = block.columns.filter((column) => column !== "soon");
  const place = { line: block.line, isSoon };
  switch (block.keyword) {
    case "http": {
      const request = readRequestLine(what, options);
      return { kind: "http", ...place, request, expected: readHttpExpected(block.expected) };
    }
    case "raw": {
      refuseOptions(options);
      const quoted = /^"(.*)"$/.exec(what)?.[1];
      if (quoted === undefined) throw new Error("wanted octets between quotes");
      const octets = unescape(quoted);
      return { kind: "raw", ...place, octets, expected: readHttpExpected(block.expected) };
    }
    case "dns": {
      refuseOptions(options);
      const [name, type, ...rest] = what.split(" ");
      if (name === undefined || type === undefined || rest.length > 0) {
        throw new Error("wanted a name and a type");
      }
      return { kind: "dns", ...place, name, type, expected: readDnsExpected(block.expected) };
    }
    default: {
      refuseOptions(options);
      const [expected, ...more] = block.expected;
      const code = /^exit ([012])$/.exec(expected?.text ?? "")?.[1];
      if (code === undefined || more.length > 0) throw new Error("wanted exit 0, 1 or 2");
      return { kind: "run", ...place, args: what.split(" "), exitCode: Number(code) };
    }
  }
}

function readStoreStep({ line, columns, expected }: Block): Step {
  if (expected.length > 0) throw new Error("a store line expects nothing");
  const [state, ...rest] = columns;
  if (rest.length > 0 || (state !== "held" && state !== "free")) {
    throw new Error("wanted held or free");
  }
  return { kind: "store", line, isSoon: false, isHeld: state === "held" };
}

function refuseOptions(options: readonly string[]): void {
  if (options.length > 0) throw new Error(`not understood: ${options.join(", ")}`);
}

/** The request, then options in columns of their own, two spaces apart. */
function readRequestLine(what: string, options: readonly string[]): HttpRequestLine {
  const found = /^(\S+) (\S.*)$/.exec(what);
  if (found === null) throw new Error("wanted a method and a target");
  const [, method = "", target = ""] = found;
  const request = {
    method,
    target,
    version: "HTTP/1.1",
    lineEnd: "\r\n",
    hasHost: true,
    credential: undefined as ScenarioCredential | undefined,
    headers: [] as string[],
    body: undefined as string | undefined,
  };
  for (const option of options) {
    const as = /^as (\S+)( with a wrong password)?$/.exec(option);
    const header = /^header (\S+: .*)$/.exec(option)?.[1];
    const from = /^from ([0-9A-Fa-f.:]+)$/.exec(option)?.[1];
    const body = /^body (.*)$/.exec(option)?.[1];
    if (as !== null) request.credential = { username: as[1] ?? "", isWrong: as[2] !== undefined };
    else if (header !== undefined) request.headers.push(header);
    else if (from !== undefined) request.headers.push(`X-Forwarded-For: ${from}`);
    else if (body !== undefined) request.body = body;
    else if (/^HTTP\/1\.[012]$/.test(option)) request.version = option;
    else if (option === "LF only") request.lineEnd = "\n";
    else if (option === "without Host") request.hasHost = false;
    else throw new Error(`not understood: ${option}`);
  }
  return request;
}

function readHttpExpected(lines: readonly ExpectedLine[]): HttpExpected {
  const [first, ...rest] = lines.map((line) => line.text);
  const found = /^(\d{3})(?: (.*))?$/.exec(first ?? "");
  if (found === null) throw new Error(`wanted a status and a body, found: ${first}`);
  const bodyLines = found[2] === undefined ? [] : [found[2]];
  const contains: string[] = [];
  const headers: string[] = [];
  for (const text of rest) {
    const body = /^\|(?: (.*))?$/.exec(text);
    const part = /^has (.+)$/.exec(text)?.[1];
    const header = /^header (\S+: .*)$/.exec(text)?.[1];
    if (body !== null) bodyLines.push(body[1] ?? "");
    else if (part !== undefined) contains.push(part);
    else if (header !== undefined) headers.push(header);
    else throw new Error(`not understood: ${text}`);
  }
  const isOpen = bodyLines.length === 0 && contains.length > 0;
  const body = isOpen ? undefined : bodyLines.join("\n");
  return { status: Number(found[1]), body, contains, headers };
}

/** `NOERROR aa`, then records in columns or lines of their own; `authority:` before those of that section. */
function readDnsExpected(lines: readonly ExpectedLine[]): DnsExpected {
  const [head = "", ...records] = lines.flatMap((line) => line.text.split(/ {2,}/));
  const [rcode = "", ...flags] = head.split(" ");
  if (!/^[A-Z]+$/.test(rcode) || flags.some((flag) => !/^(aa|tc|ra|ad)$/.test(flag))) {
    throw new Error(`wanted an rcode and flags, found: ${head}`);
  }
  const answer: ExpectedRecord[] = [];
  let authority: ExpectedRecord[] | undefined;
  for (const text of records) {
    const inAuthority = /^authority: (.*)$/.exec(text)?.[1];
    if (inAuthority === undefined) answer.push(readRecord(text));
    else (authority ??= []).push(readRecord(inAuthority));
  }
  return { rcode, flags, answer, authority };
}

function readRecord(text: string): ExpectedRecord {
  const found = /^(\S+\.)(?: (\d+))? ([A-Z][A-Z0-9]*)(?: (.*))?$/.exec(text);
  if (found === null) throw new Error(`wanted owner, TTL, type and data, found: ${text}`);
  const [, owner = "", ttl, type = "", data] = found;
  return { owner, ttlSeconds: ttl === undefined ? undefined : Number(ttl), type, data };
}

/** `\r`, `\n`, `\t`, `\\`, `\"` and `\xHH`. */
function unescape(text: string): string {
  const named: Readonly<Record<string, string>> = {
    r: "\r",
    n: "\n",
    t: "\t",
    "\\": "\\",
    '"': '"',
  };
  return text.replace(/\\(x([0-9a-fA-F]{2})|.)/g, (_, what: string, hex: string | undefined) => {
    if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
    const plain = named[what];
    if (plain === undefined) throw new Error(`no such escape: \\${what}`);
    return plain;
  });
}
