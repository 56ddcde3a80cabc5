/** The configuration file: YAML text to settings, each text with the place where it stands. */

import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";
import type { Document, ParsedNode, Scalar, YAMLMap, YAMLError } from "yaml";

import type { FilePlace, Mistake, Place } from "./mistake.ts";
import { quote } from "./mistake.ts";
import { findNearest } from "./nearest.ts";
import { listMembersMax, optionNames, options } from "./options.ts";
import type { OptionName } from "./options.ts";
import type { Given, GivenText } from "./given.ts";

export interface YamlSettings {
  readonly given: ReadonlyMap<OptionName, Given>;
  readonly mistakes: readonly Mistake[];
}

/**
 * Reads YAML 1.2 with every scalar as text (the failsafe schema), so that what counts is what the
 * person wrote: `010` is not 8 and `no` is not false. `file` is only for messages.
 */
export function readYamlSettings(file: string, text: string): YamlSettings {
  const mistakes: Mistake[] = [];
  const given = new Map<OptionName, Given>();
  const source = new SourceText(file, text);
  const documents = parseAllDocuments<ParsedNode>(text, {
    schema: "failsafe",
    uniqueKeys: false,
    prettyErrors: false,
    lineCounter: source.lines,
  });
  if (!Array.isArray(documents)) return { given, mistakes };
  const faults = documents.flatMap((document) => document.errors);
  // What the parser says next about the same line only follows from what it said first.
  for (const mistake of faults.map((error) => source.syntaxMistake(error))) {
    const isFirst = mistakes.every(({ place }) => !isSameLine(place, mistake.place));
    if (isFirst) mistakes.push(mistake);
  }
  if (faults.length > 0) return { given, mistakes };
  const second = documents[1];
  if (second !== undefined) {
    const what = "a second document begins here, and only the first would count";
    mistakes.push({ place: source.place(second.range[0], 3), what, fix: "wanted: one document" });
  }
  const contents = topLevel(documents[0], source, mistakes);
  if (contents !== undefined) readPairs(contents, source, given, mistakes);
  return { given, mistakes };
}

function isSameLine(a: Place, b: Place): boolean {
  return a.kind === "file" && b.kind === "file" && a.line === b.line;
}

function topLevel(
  document: Document.Parsed<ParsedNode> | undefined,
  source: SourceText,
  mistakes: Mistake[],
): YAMLMap.Parsed | undefined {
  const contents = document?.contents;
  if (contents === undefined || contents === null) return undefined;
  if (isMap(contents)) return contents as YAMLMap.Parsed;
  if (isScalar(contents) && contents.value === "") return undefined; // only comments
  const what = `found ${describe(contents)} where settings are wanted`;
  mistakes.push({
    place: source.placeOf(contents),
    what,
    fix: "wanted: lines as `web: 127.0.0.1:8080`",
  });
  return undefined;
}

function readPairs(
  map: YAMLMap.Parsed,
  source: SourceText,
  given: Map<OptionName, Given>,
  mistakes: Mistake[],
): void {
  const seen = new Map<string, number>();
  for (const { key, value } of map.items) {
    const place = source.placeOf(key);
    const name = isScalar(key) && typeof key.value === "string" ? key.value : undefined;
    if (name === undefined) {
      mistakes.push({
        place,
        what: `found ${describe(key)} where the name of a setting is wanted`,
        fix: undefined,
      });
      continue;
    }
    const firstLine = seen.get(name);
    if (firstLine !== undefined) {
      mistakes.push({
        place,
        what: `${quote(name)} is set twice`,
        fix: `it was set in line ${firstLine}`,
      });
      continue;
    }
    seen.set(name, place.line);
    if (!isOptionName(name)) {
      mistakes.push({ place, what: `unknown setting ${quote(name)}`, fix: suggest(name) });
      continue;
    }
    const texts = readTexts(name, value, place, source, mistakes);
    if (texts !== undefined) given.set(name, { place, texts });
  }
}

function readTexts(
  name: OptionName,
  value: ParsedNode | null,
  keyPlace: FilePlace,
  source: SourceText,
  mistakes: Mistake[],
): readonly GivenText[] | undefined {
  const wants = `wanted: ${options[name].wants}`;
  if (value === null || (isScalar(value) && value.value === "" && value.source === "")) {
    mistakes.push({ place: keyPlace, what: `${name} has no value`, fix: wants });
    return undefined;
  }
  const texts: GivenText[] = [];
  const members = isSeq(value) && options[name].isList ? (value.items as ParsedNode[]) : [value];
  for (const member of members.slice(0, listMembersMax + 1)) {
    const text = isPlainScalar(member) ? member.value : undefined;
    if (text === undefined) {
      mistakes.push({
        place: source.placeOf(member),
        what: `${name} cannot be ${describe(member)}`,
        fix: wants,
      });
      return undefined;
    }
    texts.push({ text, place: source.placeOf(member) });
  }
  return texts;
}

/** Neither tagged nor anchored: such text would not be what it looks like. */
function isPlainScalar(node: ParsedNode): node is Scalar.Parsed & { value: string } {
  return isScalar(node) && typeof node.value === "string" && !node.anchor && !node.tag;
}

function isOptionName(name: string): name is OptionName {
  return Object.hasOwn(options, name);
}

function suggest(name: string): string {
  if (name === "config") return "the file cannot name another one";
  const nearest = findNearest(name, optionNames);
  if (nearest !== undefined) return `did you mean "${nearest}"?`;
  return "the settings are listed in docs/configuration.md and by nameward config print";
}

function describe(node: ParsedNode): string {
  if (isMap(node)) return "a group of settings";
  if (isSeq(node)) return "a list";
  if (isScalar(node))
    return node.tag || node.anchor ? "a YAML tag or anchor" : quote(String(node.value));
  return "a YAML alias";
}

/** What the parser says, in words of the person who wrote the file. */
const syntaxWords: Partial<Record<YAMLError["code"], readonly [what: string, fix: string]>> = {
  TAB_AS_INDENT: ["a tab indents this line", "wanted: spaces"],
  MULTILINE_IMPLICIT_KEY: ["a line without a colon", "wanted: name: value"],
  MISSING_CHAR: ["something is left open or missing", "look for a quote, a bracket or a colon"],
  BAD_INDENT: ["the line is indented unlike its neighbours", "wanted: the same number of spaces"],
};

class SourceText {
  readonly lines = new LineCounter();
  readonly #file: string;
  readonly #text: string;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  place(offset: number, length: number): FilePlace {
    const { line, col } = this.lines.linePos(Math.min(offset, this.#text.length));
    const start = this.lines.lineStarts[line - 1] ?? 0;
    const end = this.#text.indexOf("\n", start);
    const lineText = this.#text.slice(start, end === -1 ? undefined : end).replace(/\r$/, "");
    return { kind: "file", file: this.#file, line, column: col, lineText, length };
  }

  placeOf(node: ParsedNode): FilePlace {
    return this.place(node.range[0], node.range[1] - node.range[0]);
  }

  syntaxMistake(error: YAMLError): Mistake {
    const words = syntaxWords[error.code];
    const place = this.place(error.pos[0], Math.max(1, error.pos[1] - error.pos[0]));
    // An IPv6 listener is the usual reason: YAML takes its bracket for the start of a list.
    if (/:\s*\[[0-9a-fA-F:]*\]:\d/.test(place.lineText)) {
      return {
        place,
        what: "YAML reads the bracket as a list",
        fix: 'put quotes around it: "[::1]:53"',
      };
    }
    const said = error.message.split("\n")[0]!.replace(/\.$/, "");
    if (words === undefined) return { place, what: `not YAML: ${said}`, fix: undefined };
    return { place, what: `not YAML: ${words[0]} (${said})`, fix: words[1] };
  }
}
