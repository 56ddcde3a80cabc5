/** Reads recorded requests and what they get; `test/fixtures/adapters/README.md` says how they are written. */

import { readFileSync } from "node:fs";
import { Glob } from "bun";
import { root } from "../../tools/step.ts";
import { unescapeOctets } from "../fixtures/devices/read-cases.ts";

export const recordedFolder = `${root}test/fixtures/adapters/`;

export interface Recorded {
  readonly file: string;
  readonly title: string;
  /** Id of the rule that must match; undefined: none does. */
  readonly rule: string | undefined;
  /** Nothing can be stored while the request is answered. */
  readonly isStoreHeld: boolean;
  /** The answer is held back, since the client would ask again at once. */
  readonly isAnswerHeld: boolean;
  /** One character an octet, with `{SALT}` and the like where a reply before gave the value. */
  readonly request: string;
  /** Kinds of outcomes that are counted for it, sorted, one for each host; empty: none. */
  readonly outcomes: readonly string[];
  readonly status: number;
  readonly contentType: string;
  /** Lines of the head that are not in every reply, as they come. */
  readonly headers: readonly string[];
  readonly body: string;
  readonly dns: readonly DnsExpectation[];
}

export interface DnsExpectation {
  readonly name: string;
  readonly type: string;
  /** Data of the answer's records, sorted; empty: there is no answer. */
  readonly data: readonly string[];
}

export function readRecordedFiles(): ReadonlyMap<string, readonly Recorded[]> {
  const files = [...new Glob("*.txt").scanSync(recordedFolder)].sort();
  return new Map(
    files.map((file) => [file, parseRecorded(file, readFileSync(recordedFolder + file, "latin1"))]),
  );
}

export function parseRecorded(file: string, text: string): readonly Recorded[] {
  return text
    .split(/^== /m)
    .slice(1)
    .map((part) => parseCase(file, part));
}

function parseCase(file: string, text: string): Recorded {
  const [title, ...lines] = text.split("\n");
  const wrong = (why: string): Error => new Error(`${file}, "${title}": ${why}`);
  let request = "";
  let body = "";
  const said = new Map<string, string[]>();
  for (const line of lines) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const word = line.split(" ", 1)[0]!;
    const rest = line.slice(word.length + 1);
    if (word === ">") request += unescapeOctets(rest);
    else if (word === "<") body += unescapeOctets(rest);
    else if (words.has(word)) said.set(word, [...(said.get(word) ?? []), unescapeOctets(rest)]);
    else throw wrong(`what is "${word}"?`);
  }
  const one = (word: string): string => {
    const found = said.get(word);
    if (found?.length !== 1) throw wrong(`there must be one line "${word}"`);
    return found[0]!;
  };
  const reply = /^(\d{3}) (\S.*)$/.exec(one("reply"));
  if (reply === null || request === "") throw wrong("a request and a reply are needed");
  const rule = one("rule");
  const outcome = one("outcome");
  return {
    file,
    title: title!,
    rule: rule === "none" ? undefined : rule,
    isStoreHeld: said.get("with")?.includes("store held") === true,
    isAnswerHeld: said.get("with")?.includes("answer held") === true,
    request,
    outcomes:
      outcome === "none"
        ? []
        : outcome
            .split(",")
            .map((kind) => kind.trim())
            .sort(),
    status: Number(reply[1]),
    contentType: reply[2]!,
    headers: said.get("reply-header") ?? [],
    body,
    dns: (said.get("dns") ?? []).map(parseDns),
  };
}

const words = new Set(["rule", "with", "outcome", "reply", "reply-header", "dns"]);

/** `NAME TYPE DATA`; texts of TXT in quotes, `-` for no answer. */
function parseDns(text: string): DnsExpectation {
  const [name, type, ...rest] = text.split(" ");
  const data = rest.join(" ");
  if (data === "-") return { name: name!, type: type!, data: [] };
  return { name: name!, type: type!, data: (data.match(/"[^"]*"|\S+/g) ?? []).toSorted() };
}
