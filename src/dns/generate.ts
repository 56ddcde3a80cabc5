/** `$GENERATE`: many records from one line, as BIND has it. No RFC knows it; real zone files do. */

import { EntryReader } from "./zone-token.ts";
import type { Entry, Token, TokenFault } from "./zone-token.ts";

/** A /16 of reverse names. */
export const generatedEntriesMax = 65_536;

/** RFC 1035 §2.3.4: no more digits than a label holds. */
const widthMax = 63;

export type Generated =
  | { readonly kind: "entries"; readonly entries: Iterable<Entry | TokenFault> }
  | { readonly kind: "refused"; readonly found: Token | undefined; readonly wanted: string };

/**
 * Reads `start-stop[/step] owner [TTL] [class] type rdata` and makes the entries. `$` is the number,
 * `$$` and `\$` a dollar, `${offset,width,base}` the number plus `offset`, filled up with zeros to
 * `width`, in base `d`, `o`, `x`, `X`, or in nibbles `n`, `N`. RDATA in quotes is cut into words after
 * the numbers are put in, so that `"10 mail$"` is an MX.
 */
export function generateEntries(tokens: readonly Token[]): Generated {
  const [range, owner, ...rest] = tokens;
  const numbers = range === undefined ? undefined : parseRange(range.text);
  if (numbers === undefined) {
    return { kind: "refused", found: range, wanted: "a range as start-stop or start-stop/step" };
  }
  if (numbers.count > generatedEntriesMax) {
    return { kind: "refused", found: range, wanted: `at most ${generatedEntriesMax} records` };
  }
  if (owner === undefined || rest.length < 2) {
    return {
      kind: "refused",
      found: undefined,
      wanted: "an owner, a type and RDATA behind the range",
    };
  }
  for (const token of [owner, ...rest]) {
    if (printFor(token.text, numbers.start) === undefined) {
      return {
        kind: "refused",
        found: token,
        wanted: "$, ${offset}, ${offset,width} or ${offset,width,base}",
      };
    }
  }
  return { kind: "entries", entries: makeEntries(numbers, owner, rest) };
}

interface Range {
  readonly start: number;
  readonly step: number;
  readonly count: number;
}

function parseRange(text: string): Range | undefined {
  const parts = /^(\d{1,9})-(\d{1,9})(?:\/(\d{1,9}))?$/.exec(text);
  if (parts === null) return undefined;
  const [start, stop, step] = [Number(parts[1]), Number(parts[2]), Number(parts[3] ?? 1)];
  if (stop < start || step === 0) return undefined;
  return { start, step, count: Math.floor((stop - start) / step) + 1 };
}

function* makeEntries(
  range: Range,
  owner: Token,
  rest: readonly Token[],
): Iterable<Entry | TokenFault> {
  const { line, column } = owner;
  for (let i = 0; i < range.count; i++) {
    const number = range.start + i * range.step;
    const words = [owner, ...rest].map((token) => printFor(token.text, number)!);
    const entry = new EntryReader(words.join(" ")).next();
    if (entry === undefined) return;
    yield entry.kind === "fault"
      ? { ...entry, line, column }
      : { ...entry, tokens: entry.tokens.map((token) => ({ ...token, line, column })) };
  }
}

/** The text with the number put in; `undefined` when what stands behind a `$` cannot be read. */
function printFor(text: string, number: number): string | undefined {
  let isBad = false;
  const printed = text.replaceAll(
    /\\[^]|\$\$|\$(\{[^}]*\})?/g,
    (match, braces: string | undefined) => {
      if (match === "$$" || match === "\\$") return "\\$";
      if (match.startsWith("\\")) return match;
      if (braces === undefined) return String(number);
      const filled = printNumber(braces, number);
      isBad ||= filled === undefined;
      return filled ?? "";
    },
  );
  return isBad ? undefined : printed;
}

function printNumber(braces: string, number: number): string | undefined {
  const parts = /^\{(-?\d{1,9})(?:,(\d{1,2})(?:,([doxXnN]))?)?\}$/.exec(braces);
  if (parts === null) return undefined;
  const value = number + Number(parts[1]);
  const width = Number(parts[2] ?? 0);
  if (value < 0 || width > widthMax) return undefined;
  const base = parts[3] ?? "d";
  if (base === "n" || base === "N") return printNibbles(value, width, base === "N");
  const digits = value.toString(base === "d" ? 10 : base === "o" ? 8 : 16).padStart(width, "0");
  return base === "X" ? digits.toUpperCase() : digits;
}

/** Hexadecimal digits as labels, the lowest first, as in `ip6.arpa`. The width counts digits and dots. */
function printNibbles(value: number, width: number, isUpper: boolean): string {
  const digits = value.toString(16).padStart(Math.ceil(width / 2), "0");
  const nibbles = [...digits].toReversed().join(".");
  return isUpper ? nibbles.toUpperCase() : nibbles;
}
