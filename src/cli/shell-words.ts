/** The words of a command line as a POSIX shell splits them. Nothing is expanded: a `$` is a dollar sign. */

/** `undefined`: a quote is left open. */
export function splitShellWords(line: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let at = 0;
  while (at < line.length) {
    const character = line[at]!;
    if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
      at++;
      continue;
    }
    const piece = readPiece(line, at);
    if (piece === undefined) return undefined;
    // A backslash at the end of a line joins it with the next one, and begins no word.
    if (piece.text !== "" || character !== "\\") word = (word ?? "") + piece.text;
    at = piece.end;
  }
  if (word !== undefined) words.push(word);
  return words;
}

interface Piece {
  readonly text: string;
  readonly end: number;
}

function readPiece(line: string, at: number): Piece | undefined {
  switch (line[at]) {
    case "'":
      return untilQuote(line, at + 1, "'", () => undefined);
    case '"':
      return untilQuote(line, at + 1, '"', escapedInQuotes);
    case "$":
      // What browsers copy: $'…' with the escapes of C.
      if (line[at + 1] !== "'") return { text: "$", end: at + 1 };
      return untilQuote(line, at + 2, "'", escapedAsInC);
    case "\\":
      return line[at + 1] === "\n"
        ? { text: "", end: at + 2 }
        : { text: line[at + 1] ?? "", end: at + 2 };
    default:
      return { text: line[at]!, end: at + 1 };
  }
}

function untilQuote(
  line: string,
  start: number,
  quote: string,
  escaped: (next: string) => string | undefined,
): Piece | undefined {
  let text = "";
  for (let at = start; at < line.length; at++) {
    const character = line[at]!;
    if (character === quote) return { text, end: at + 1 };
    const meant = character === "\\" ? escaped(line[at + 1] ?? "") : undefined;
    text += meant ?? character;
    if (meant !== undefined) at++;
  }
  return undefined;
}

function escapedInQuotes(next: string): string | undefined {
  if (next === "\n") return "";
  return ['"', "\\", "$", "`"].includes(next) ? next : undefined;
}

function escapedAsInC(next: string): string | undefined {
  return { n: "\n", r: "\r", t: "\t", "'": "'", '"': '"', "\\": "\\" }[next];
}
