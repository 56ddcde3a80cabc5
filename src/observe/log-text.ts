/** Text from outside, made fit for a log line and for the terminal it is read on. */

/** Characters of one field. What matters about a host name or a user agent stands in front. */
export const logFieldCharactersMax = 256;

/** Characters of a stack: about ten frames. */
const stackCharactersMax = 1_024;

/**
 * Escapes what would begin a line, move a cursor or turn the writing direction, then cuts. A tool
 * that takes a value out of the JSON and prints it gets the escape as text, too.
 */
export function cleanText(text: string, charactersMax: number = logFieldCharactersMax): string {
  const cut = text.length > charactersMax ? `${text.slice(0, charactersMax)}…` : text;
  return cut.replace(unsafe, (character) => {
    const code = character.charCodeAt(0);
    return code <= 0xff
      ? `\\x${code.toString(16).padStart(2, "0")}`
      : `\\u${code.toString(16).padStart(4, "0")}`;
  });
}

/** A failure in one line: what it was, and what caused it. */
export function describeError(error: Error): string {
  const words: string[] = [];
  let at: unknown = error;
  for (let depth = 0; depth < causesMax && at instanceof Error; depth++) {
    words.push(at.name === "Error" ? at.message : `${at.name}: ${at.message}`);
    at = at.cause;
  }
  return cleanText(words.join(", because "));
}

/** Where it was thrown. The message is left out: it may hold what the outside sent. */
export function stackOf(error: Error): string {
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return cleanText(frames.map((line) => line.trim()).join(" | "), stackCharactersMax);
}

/** Causes of causes that are told. A cause can name itself. */
const causesMax = 5;

// C0, DEL and C1 (an escape sequence can begin with either), U+2028 and U+2029 (a line end for some
// readers), marks that turn the writing direction, and halves of surrogate pairs.
const unsafe = /[\p{Cc}\p{Cs}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
