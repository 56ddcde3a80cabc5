/** CSV as spreadsheets write it (RFC 4180): fields in quotes may hold separators, quotes and line ends. */

export type CsvRecord =
  | { readonly line: number; readonly fields: readonly string[] }
  | { readonly line: number; readonly why: string };

/**
 * Records with the number of their first line, counted from 1; empty lines are passed over. A record that is malformed
 * is told as such, and the next line is read. The separator is a semicolon where the first line has one and no comma.
 */
export function* readCsv(given: string): Generator<CsvRecord> {
  const text = given.startsWith("\ufeff") ? given.slice(1) : given;
  const [first = ""] = text.split(/[\r\n]/, 1);
  const separator = !first.includes(",") && first.includes(";") ? ";" : ",";
  const reader = new CsvReader(text, separator);
  while (!reader.isAtEnd) {
    const record = reader.readRecord();
    if ("why" in record || record.fields.length > 1 || record.fields[0] !== "") yield record;
  }
}

class CsvReader {
  readonly #text: string;
  readonly #separator: string;
  #at = 0;
  #line = 1;

  constructor(text: string, separator: string) {
    this.#text = text;
    this.#separator = separator;
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  readRecord(): CsvRecord {
    const line = this.#line;
    const fields: string[] = [];
    for (;;) {
      const field = this.#text[this.#at] === '"' ? this.#readQuoted() : this.#readPlain();
      if (typeof field !== "string") {
        this.#passLine();
        return { line, why: field.why };
      }
      fields.push(field);
      if (this.#text[this.#at] === this.#separator) {
        this.#at++;
        continue;
      }
      if (this.isAtEnd || this.#passLineEnd()) return { line, fields };
      this.#passLine();
      return { line, why: "Something stands behind the closing quote of a field." };
    }
  }

  #readQuoted(): string | { why: string } {
    const start = this.#at + 1;
    for (let from = start; ;) {
      const end = this.#text.indexOf('"', from);
      if (end === -1) return { why: "A field in quotes has no end." };
      if (this.#text[end + 1] === '"') {
        from = end + 2;
        continue;
      }
      const inside = this.#text.slice(start, end);
      this.#line += inside.match(/\r\n?|\n/g)?.length ?? 0;
      this.#at = end + 1;
      return inside.replaceAll('""', '"');
    }
  }

  #readPlain(): string | { why: string } {
    const start = this.#at;
    for (; this.#at < this.#text.length; this.#at++) {
      const character = this.#text[this.#at];
      if (character === this.#separator || character === "\n" || character === "\r") break;
      if (character === '"')
        return { why: "A quote stands within a field that has none around it." };
    }
    return this.#text.slice(start, this.#at);
  }

  #passLineEnd(): boolean {
    const character = this.#text[this.#at];
    if (character !== "\n" && character !== "\r") return false;
    this.#at += character === "\r" && this.#text[this.#at + 1] === "\n" ? 2 : 1;
    this.#line++;
    return true;
  }

  /** After a fault: to the start of the next line. */
  #passLine(): void {
    while (!this.isAtEnd && !this.#passLineEnd()) this.#at++;
  }
}
