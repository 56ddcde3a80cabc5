/** Tokens of master files: RFC 1035 §5.1, cut into entries, escapes still in them. */

/** One word or quoted string. */
export interface Token {
  /** As written, without the quotes around it; escapes are kept, since their meaning depends on the field. */
  readonly text: string;
  readonly isQuoted: boolean;
  readonly line: number;
  readonly column: number;
}

/** One line, or several held together by parentheses. Never without tokens. */
export interface Entry {
  readonly kind: "entry";
  readonly tokens: readonly Token[];
  /** White space stands before the first token: the owner is the one before. */
  readonly isBlankOwner: boolean;
}

/** What cannot be cut into tokens. The rest of its line is skipped. */
export interface TokenFault {
  readonly kind: "fault";
  readonly line: number;
  readonly column: number;
  readonly found: string;
  readonly wanted: string;
}

/** RDATA of 65,535 octets, each written as `\DDD`, and as much again for layout and comments. */
export const entryCharactersMax = 512 * 1024;

/** Cuts a text of one character an octet. */
export class EntryReader {
  readonly #text: string;
  #at = 0;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** `undefined` at the end of the text. */
  next(): Entry | TokenFault | undefined {
    const tokens: Token[] = [];
    let isBlankOwner = false;
    let opened: { line: number; column: number }[] = [];
    let start = this.#at;
    for (;;) {
      if (this.#at - start > entryCharactersMax) {
        return this.#fault("a longer one", `an entry of at most ${entryCharactersMax} characters`);
      }
      const character = this.#text[this.#at];
      switch (character) {
        case undefined:
          if (opened.length > 0) return this.#unclosed(opened[0]!);
          return tokens.length > 0 ? { kind: "entry", tokens, isBlankOwner } : undefined;
        case "\n":
          this.#endLine();
          if (opened.length > 0) break;
          if (tokens.length > 0) return { kind: "entry", tokens, isBlankOwner };
          isBlankOwner = false;
          start = this.#at;
          break;
        case " ":
        case "\t":
        case "\r":
          if (tokens.length === 0 && this.#at === this.#lineStart)
            isBlankOwner = character !== "\r";
          this.#at++;
          break;
        case ";":
          this.#skipLine();
          break;
        case "(":
          if (opened.length === parenthesesMax) {
            return this.#fault("(", `at most ${parenthesesMax} parentheses inside each other`);
          }
          opened = [...opened, { line: this.#line, column: this.#column() }];
          this.#at++;
          break;
        case ")":
          if (opened.length === 0) return this.#fault(")", "a ( before it");
          opened = opened.slice(0, -1);
          this.#at++;
          break;
        default: {
          const token = character === '"' ? this.#quoted() : this.#word();
          if ("kind" in token) return token;
          tokens.push(token);
        }
      }
    }
  }

  #quoted(): Token | TokenFault {
    const line = this.#line;
    const column = this.#column();
    const start = this.#at + 1;
    const end = this.#endOfQuotes(start);
    if (end === undefined) return this.#fault('"', 'a " that closes it on the same line');
    this.#at = end + 1;
    return { text: this.#text.slice(start, end), isQuoted: true, line, column };
  }

  #word(): Token | TokenFault {
    const start = this.#at;
    const column = this.#column();
    for (;;) {
      const character = this.#text[this.#at];
      if (character === undefined || wordEnds.includes(character)) break;
      if (character === "\\") {
        const next = this.#text[this.#at + 1];
        if (next === undefined || next === "\n" || next === "\r") {
          return this.#fault("\\ at the end of the line", "a character after it");
        }
        this.#at += 2;
      } else if (character === '"' && this.#text[this.#at - 1] === "=" && this.#at > start) {
        // RFC 9460 §2.1: `key="value"` is one word; the quotes stay in it.
        const end = this.#endOfQuotes(this.#at + 1);
        if (end === undefined) return this.#fault('"', 'a " that closes it on the same line');
        this.#at = end + 1;
      } else {
        this.#at++;
      }
    }
    const text = this.#text.slice(start, this.#at);
    return { text, isQuoted: false, line: this.#line, column };
  }

  /** Where the closing quote stands. Strings do not go over line ends: a forgotten quote would eat the file. */
  #endOfQuotes(start: number): number | undefined {
    for (let at = start; at < this.#text.length; at++) {
      const character = this.#text[at];
      if (character === '"') return at;
      if (character === "\n") return undefined;
      if (character === "\\") {
        if (this.#text[at + 1] === "\n") return undefined;
        at++;
      }
    }
    return undefined;
  }

  #fault(found: string, wanted: string): TokenFault {
    const fault: TokenFault = {
      kind: "fault",
      line: this.#line,
      column: this.#column(),
      found,
      wanted,
    };
    this.#skipLine();
    return fault;
  }

  #unclosed(opened: { line: number; column: number }): TokenFault {
    return { kind: "fault", ...opened, found: "(", wanted: "a ) before the end of the file" };
  }

  #column(): number {
    return this.#at - this.#lineStart + 1;
  }

  /** Leaves the line end itself to be read. */
  #skipLine(): void {
    const end = this.#text.indexOf("\n", this.#at);
    this.#at = end === -1 ? this.#text.length : end;
  }

  #endLine(): void {
    this.#at++;
    this.#line++;
    this.#lineStart = this.#at;
  }
}

/** The tokens of one entry; `undefined` when the text is not exactly one, or none. */
export function parseTokens(text: string): readonly Token[] | undefined {
  const reader = new EntryReader(text);
  const entry = reader.next();
  if (entry === undefined) return [];
  if (entry.kind === "fault" || reader.next() !== undefined) return undefined;
  return entry.tokens;
}

/** RFC 1035 knows one level; nested ones are read as BIND reads them. */
const parenthesesMax = 16;
const wordEnds = " \t\r\n;()";
