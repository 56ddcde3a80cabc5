/** Mistakes in the configuration: where, what was found, what is wanted. */

export type Place =
  | { readonly kind: "flag"; readonly flag: string }
  | { readonly kind: "environment"; readonly variable: string }
  | FilePlace
  /** Nobody said anything: the default of a setting. */
  | { readonly kind: "default"; readonly name: string };

export interface FilePlace {
  readonly kind: "file";
  readonly file: string;
  /** From 1, in characters; 0 when the file could not be read at all. */
  readonly line: number;
  readonly column: number;
  /** The whole line, and how many of its characters are meant. */
  readonly lineText: string;
  readonly length: number;
}

export interface Mistake {
  readonly place: Place;
  /** What is wrong, with what was found. No full stop. */
  readonly what: string;
  /** What to do, where there is more to say than `what` does. */
  readonly fix: string | undefined;
}

export function printPlace(place: Place): string {
  switch (place.kind) {
    case "default":
      return `the default of ${place.name}`;
    case "flag":
      return place.flag;
    case "environment":
      return place.variable;
    case "file":
      return place.line === 0 ? place.file : `${place.file}:${place.line}:${place.column}`;
  }
}

/** One line, for logs and editors: `file:line:column: what; fix`. */
export function printMistake(mistake: Mistake): string {
  const fix = mistake.fix === undefined ? "" : `; ${mistake.fix}`;
  return `${printPlace(mistake.place)}: ${mistake.what}${fix}`;
}

/** Columns of a source line that are shown. */
const lineCharactersMax = 100;

/** With the line it stands on and a mark under it, for people. */
export function printMistakeBoxed(mistake: Mistake): string {
  const { place } = mistake;
  const lines = [`error: ${mistake.what}`];
  if (place.kind === "file" && place.line > 0) {
    const number = String(place.line);
    const margin = " ".repeat(number.length);
    const shown = printSourceLine(place.lineText);
    const marks = Math.max(1, Math.min(place.length, shown.length - place.column + 1));
    lines.push(`${margin} ┌─ ${printPlace(place)}`);
    lines.push(`${number} │ ${shown}`);
    lines.push(`${margin} │ ${" ".repeat(place.column - 1)}${"^".repeat(marks)}`);
  } else {
    lines.push(`  in ${printPlace(place)}`);
  }
  if (mistake.fix !== undefined) lines.push(`  ${mistake.fix}`);
  return lines.join("\n");
}

/** Text from outside on a terminal: no control character gets there, so columns stay as counted. */
export function quote(text: string): string {
  const cut = text.length > 80 ? `${text.slice(0, 80)}…` : text;
  return JSON.stringify(cut).replace(unseen, (c) => `\\u${hex(c)}`);
}

function printSourceLine(line: string): string {
  return line.slice(0, lineCharactersMax).replace(unseen, "·");
}

// Control characters, line and paragraph separators, and marks that turn the writing direction.
const unseen = /[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;

function hex(character: string): string {
  return character.charCodeAt(0).toString(16).padStart(4, "0");
}
