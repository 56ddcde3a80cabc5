/** The text of a YAML file: what is wrong with it, and where in it a value stands. */

import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments } from "yaml";
import type { Document, ParsedNode, Scalar, YAMLError } from "yaml";

import type { FilePlace, Mistake, Place } from "./mistake.ts";
import { quote } from "./mistake.ts";

/** What the parser says, in words of the person who wrote the file. */
const syntaxWords: Partial<Record<YAMLError["code"], readonly [what: string, fix: string]>> = {
  TAB_AS_INDENT: ["a tab indents this line", "wanted: spaces"],
  MULTILINE_IMPLICIT_KEY: ["a line without a colon", "wanted: name: value"],
  MISSING_CHAR: ["something is left open or missing", "look for a quote, a bracket or a colon"],
  BAD_INDENT: ["the line is indented unlike its neighbours", "wanted: the same number of spaces"],
};

export class SourceText {
  readonly #lines = new LineCounter();
  readonly #file: string;
  readonly #text: string;

  constructor(file: string, text: string) {
    this.#file = file;
    this.#text = text;
  }

  /**
   * Reads YAML 1.2 with every scalar as text (the failsafe schema), so that what counts is what the
   * person wrote: `010` is not 8 and `no` is not false. `undefined`: there is nothing to read on with.
   */
  parse(mistakes: Mistake[]): Document.Parsed<ParsedNode> | undefined {
    const documents = parseAllDocuments<ParsedNode>(this.#text, {
      schema: "failsafe",
      uniqueKeys: false,
      prettyErrors: false,
      lineCounter: this.#lines,
    });
    if (!Array.isArray(documents)) return undefined;
    const faults = documents.flatMap((document) => document.errors);
    // What the parser says next about the same line only follows from what it said first.
    for (const mistake of faults.map((error) => this.#syntaxMistake(error))) {
      const isFirst = mistakes.every(({ place }) => !isSameLine(place, mistake.place));
      if (isFirst) mistakes.push(mistake);
    }
    if (faults.length > 0) return undefined;
    const second = documents[1];
    if (second !== undefined) {
      const what = "a second document begins here, and only the first would count";
      mistakes.push({ place: this.#place(second.range[0], 3), what, fix: "wanted: one document" });
    }
    return documents[0];
  }

  #place(offset: number, length: number): FilePlace {
    const { line, col } = this.#lines.linePos(Math.min(offset, this.#text.length));
    const start = this.#lines.lineStarts[line - 1] ?? 0;
    const end = this.#text.indexOf("\n", start);
    const lineText = this.#text.slice(start, end === -1 ? undefined : end).replace(/\r$/, "");
    return { kind: "file", file: this.#file, line, column: col, lineText, length };
  }

  placeOf(node: ParsedNode): FilePlace {
    return this.#place(node.range[0], node.range[1] - node.range[0]);
  }

  #syntaxMistake(error: YAMLError): Mistake {
    const words = syntaxWords[error.code];
    const place = this.#place(error.pos[0], Math.max(1, error.pos[1] - error.pos[0]));
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

/** Neither tagged nor anchored: such text would not be what it looks like. */
export function isPlainScalar(node: ParsedNode): node is Scalar.Parsed & { value: string } {
  return isScalar(node) && typeof node.value === "string" && !node.anchor && !node.tag;
}

export function describe(node: ParsedNode): string {
  if (isMap(node)) return "a group of settings";
  if (isSeq(node)) return "a list";
  if (isScalar(node))
    return node.tag || node.anchor ? "a YAML tag or anchor" : quote(String(node.value));
  return "a YAML alias";
}

function isSameLine(a: Place, b: Place): boolean {
  return a.kind === "file" && b.kind === "file" && a.line === b.line;
}
