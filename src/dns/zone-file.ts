/** Zone files: master files by RFC 1035 §5, with what RFC 2308 and BIND added to them. */

import { parseEscapes } from "./character-string.ts";
import { generateEntries } from "./generate.ts";
import { parseName } from "./name.ts";
import type { Name } from "./name.ts";
import { isMetaType, parseRdata, typeCode, typeName, types } from "./record-types.ts";
import type { ResourceRecord } from "./resource-record.ts";
import { parseSeconds, ttlSecondsMax } from "./ttl.ts";
import { WireReader } from "./wire.ts";
import { EntryReader } from "./zone-token.ts";
import type { Entry, Token } from "./zone-token.ts";

export interface ZoneFileRecord extends ResourceRecord {
  readonly file: string;
  readonly line: number;
}

export interface ZoneFileError {
  readonly file: string;
  readonly line: number;
  /** From 1, in octets. */
  readonly column: number;
  readonly found: string;
  readonly wanted: string;
}

export interface ZoneFileOptions {
  /** For messages. */
  readonly file: string;
  /** What relative names are completed with until `$ORIGIN` says otherwise. */
  readonly origin: Name;
  /** A tighter limit than `zoneFileRecordsMax`. */
  readonly recordsMax?: number;
  /** The text of the file that `$INCLUDE` names, or why not. Without it `$INCLUDE` is refused. */
  readonly open?: (file: string) => Uint8Array | string | { readonly refused: string };
}

export interface ParsedZoneFile {
  /** In the order of the file. */
  readonly records: readonly ZoneFileRecord[];
  readonly errors: readonly ZoneFileError[];
}

/** Enough to see what is wrong with a file; after them reading stops. */
export const zoneFileErrorsMax = 20;
/** About 1 GB of memory while it is read. */
export const zoneFileRecordsMax = 5_000_000;
/** Above this a file most likely includes itself. */
export const includeDepthMax = 8;
/** All files together: ten that include each other tenfold would otherwise be ten to the eighth. */
export const includedFilesMax = 1_000;

/**
 * Reads a zone file; a string has one character an octet. Never throws and never stops at the first
 * error: a person wants to mend all of them at once.
 */
export function parseZoneFile(
  input: Uint8Array | string,
  options: ZoneFileOptions,
): ParsedZoneFile {
  const parser = new ZoneFileParser(options);
  parser.parseFile(input, options.file, options.origin, 0);
  return { records: parser.records, errors: parser.errors };
}

/** `file:line:column: found …, wanted …`, as compilers write it. */
export function printZoneFileError(error: ZoneFileError): string {
  return `${error.file}:${error.line}:${error.column}: found ${error.found}, wanted ${error.wanted}`;
}

/** What belongs to one file; an included one has its own (RFC 1035 §5.1). */
interface Place {
  readonly file: string;
  readonly depth: number;
  origin: Name;
  /** `"unreadable"` was told already, and is not told again for each record below it. */
  owner: Name | "unreadable" | undefined;
}

class ZoneFileParser {
  readonly records: ZoneFileRecord[] = [];
  readonly errors: ZoneFileError[] = [];
  readonly #open: ZoneFileOptions["open"];
  readonly #recordsMax: number;
  #isFull = false;
  #filesOpened = 0;
  /** `$TTL` (RFC 2308 §4), and the last TTL that was written (RFC 1035 §5.1). */
  #defaultTtlSeconds: number | undefined;
  #lastTtlSeconds: number | undefined;

  constructor(options: ZoneFileOptions) {
    this.#open = options.open;
    this.#recordsMax = Math.min(options.recordsMax ?? zoneFileRecordsMax, zoneFileRecordsMax);
  }

  parseFile(input: Uint8Array | string, file: string, origin: Name, depth: number): void {
    const place: Place = { file, depth, origin, owner: undefined };
    const text = typeof input === "string" ? input : latin1(input);
    const reader = new EntryReader(text.startsWith(byteOrderMark) ? text.slice(3) : text);
    for (;;) {
      if (this.#hasStopped) return;
      const entry = reader.next();
      if (entry === undefined) return;
      if (entry.kind === "entry") {
        this.#parseEntry(entry, place);
      } else {
        const { line, column, found, wanted } = entry;
        this.errors.push({ file, line, column, found, wanted });
      }
    }
  }

  get #hasStopped(): boolean {
    return this.#isFull || this.errors.length >= zoneFileErrorsMax;
  }

  #parseEntry(entry: Entry, place: Place): void {
    const first = entry.tokens[0]!;
    if (entry.isBlankOwner || first.isQuoted || !first.text.startsWith("$")) {
      this.#parseRecord(entry, place);
      return;
    }
    const rest = entry.tokens.slice(1);
    switch (first.text.toUpperCase()) {
      case "$ORIGIN":
        return this.#parseOrigin(first, rest, place);
      case "$TTL":
        return this.#parseTtl(first, rest, place);
      case "$INCLUDE":
        return this.#parseInclude(first, rest, place);
      case "$GENERATE":
        return this.#parseGenerate(first, rest, place);
      default:
        return this.#refuse(place, first, "$ORIGIN, $TTL, $INCLUDE or $GENERATE");
    }
  }

  #parseOrigin(directive: Token, tokens: readonly Token[], place: Place): void {
    const origin = this.#parseName(tokens[0], place);
    if (origin === undefined) return this.#refuse(place, tokens[0], "a domain name", directive);
    if (tokens.length > 1) return this.#refuse(place, tokens[1], "nothing behind the name");
    place.origin = origin;
  }

  #parseTtl(directive: Token, tokens: readonly Token[], place: Place): void {
    const ttlSeconds = parseTtl(tokens[0]);
    if (ttlSeconds === undefined) return this.#refuse(place, tokens[0], ttlWanted, directive);
    if (tokens.length > 1) return this.#refuse(place, tokens[1], "nothing behind the TTL");
    this.#defaultTtlSeconds = ttlSeconds;
  }

  #parseInclude(directive: Token, tokens: readonly Token[], place: Place): void {
    const [fileToken, originToken] = tokens;
    const octets = fileToken === undefined ? undefined : parseEscapes(fileToken.text);
    if (octets === undefined) return this.#refuse(place, fileToken, "a file name", directive);
    const origin = originToken === undefined ? place.origin : this.#parseName(originToken, place);
    if (origin === undefined) return this.#refuse(place, originToken, "a domain name");
    if (tokens.length > 2) return this.#refuse(place, tokens[2], "nothing behind the origin");
    if (this.#open === undefined) {
      return this.#refuse(
        place,
        directive,
        "the records themselves: other files are not read here",
      );
    }
    this.#filesOpened++;
    if (place.depth >= includeDepthMax || this.#filesOpened > includedFilesMax) {
      const wanted = `at most ${includeDepthMax} files inside each other, and ${includedFilesMax} in all`;
      return this.#refuse(place, directive, wanted);
    }
    const file = latin1(octets);
    const opened = this.#open(file);
    if (typeof opened !== "string" && "refused" in opened) {
      return this.#refuse(place, fileToken, `a file that can be read: ${opened.refused}`);
    }
    this.parseFile(opened, file, origin, place.depth + 1);
  }

  #parseGenerate(directive: Token, tokens: readonly Token[], place: Place): void {
    const generated = generateEntries(tokens);
    if (generated.kind === "refused") {
      return this.#refuse(place, generated.found, generated.wanted, directive);
    }
    for (const entry of generated.entries) {
      if (this.#hasStopped) return;
      if (entry.kind === "entry") this.#parseRecord(entry, place);
      else return this.#refuse(place, directive, entry.wanted);
    }
  }

  #parseRecord(entry: Entry, place: Place): void {
    const { tokens } = entry;
    const first = tokens[0]!;
    if (!entry.isBlankOwner) {
      place.owner = this.#parseName(first, place) ?? "unreadable";
      if (place.owner === "unreadable") return this.#refuse(place, first, "a domain name as owner");
    }
    const { owner } = place;
    if (owner === "unreadable") return;
    if (owner === undefined) return this.#refuse(place, first, "an owner: there is none before it");

    const head = parseHead(tokens.slice(entry.isBlankOwner ? 0 : 1));
    if (head.kind === "refused") return this.#refuse(place, head.found, head.wanted, tokens.at(-1));
    const rdata = parseRdata(head.type, head.rest, place.origin);
    if (rdata.kind === "refused") {
      const wanted = `${rdata.wanted} for ${typeName(head.type)}`;
      return this.#refuse(place, rdata.found, wanted, tokens.at(-1));
    }
    const ttlSeconds = this.#ttlFor(head.ttlSeconds, head.type, rdata.rdata);
    if (ttlSeconds === undefined) {
      return this.#refuse(place, first, "a TTL: none was written so far, nor a $TTL");
    }
    if (this.records.length === this.#recordsMax) {
      this.#isFull = true;
      return this.#refuse(place, first, `at most ${this.#recordsMax} records`);
    }
    const { type } = head;
    const { file } = place;
    this.records.push({ owner, type, ttlSeconds, rdata: rdata.rdata, file, line: first.line });
  }

  /** Written, else `$TTL`, else the last one written; an SOA that comes first stands in with its MINIMUM, as in BIND. */
  #ttlFor(written: number | undefined, type: number, rdata: Uint8Array): number | undefined {
    if (written !== undefined) {
      this.#lastTtlSeconds = written;
      return written;
    }
    if (this.#defaultTtlSeconds !== undefined) return this.#defaultTtlSeconds;
    if (this.#lastTtlSeconds === undefined && type === types.SOA) {
      const minimumSeconds = new WireReader(rdata, rdata.length - 4).u32();
      this.#lastTtlSeconds = Math.min(minimumSeconds, ttlSecondsMax);
    }
    return this.#lastTtlSeconds;
  }

  #parseName(token: Token | undefined, place: Place): Name | undefined {
    return token === undefined || token.isQuoted ? undefined : parseName(token.text, place.origin);
  }

  /** `found` is undefined where something is missing; `near` then says where. */
  #refuse(place: Place, found: Token | undefined, wanted: string, near?: Token): void {
    const at = found ?? near;
    this.errors.push({
      file: place.file,
      line: at?.line ?? 0,
      column:
        found === undefined && at !== undefined ? at.column + at.text.length : (at?.column ?? 0),
      found:
        found === undefined ? "the end of the line" : `"${found.text.slice(0, foundShownMax)}"`,
      wanted,
    });
  }
}

/** RFC 3629 §6, in octets. Editors put it in front; no owner begins with it. */
const byteOrderMark = "\u00ef\u00bb\u00bf";

/** Characters of a wrong token that a message repeats. */
const foundShownMax = 80;
const ttlWanted = `a TTL from 0 to ${ttlSecondsMax}, such as 3600 or 1h`;

type Head =
  | {
      readonly kind: "head";
      readonly ttlSeconds: number | undefined;
      readonly type: number;
      readonly rest: readonly Token[];
    }
  | { readonly kind: "refused"; readonly found: Token | undefined; readonly wanted: string };

/** `[TTL] [class] type`, or `[class] [TTL] type` (RFC 1035 §5.1). No name of a type begins with a digit. */
function parseHead(tokens: readonly Token[]): Head {
  let ttlSeconds: number | undefined;
  let hasClass = false;
  for (const [i, token] of tokens.entries()) {
    if (token.isQuoted) return { kind: "refused", found: token, wanted: "a record type" };
    if (/^\d/.test(token.text) && ttlSeconds === undefined) {
      ttlSeconds = parseTtl(token);
      if (ttlSeconds === undefined) return { kind: "refused", found: token, wanted: ttlWanted };
      continue;
    }
    if (
      !hasClass &&
      /^(?:IN|CH|HS|CS|NONE|ANY|CLASS\d+)$/i.test(token.text) &&
      i < tokens.length - 1
    ) {
      hasClass = /^(?:IN|CLASS0*1)$/i.test(token.text);
      if (!hasClass) return { kind: "refused", found: token, wanted: "IN, the only class served" };
      continue;
    }
    const type = typeCode(token.text);
    if (type === undefined) return { kind: "refused", found: token, wanted: "a record type" };
    if (isMetaType(type)) {
      return { kind: "refused", found: token, wanted: "a type that may be in a zone" };
    }
    return { kind: "head", ttlSeconds, type, rest: tokens.slice(i + 1) };
  }
  return { kind: "refused", found: undefined, wanted: "a record type" };
}

function parseTtl(token: Token | undefined): number | undefined {
  const value = token === undefined || token.isQuoted ? undefined : parseSeconds(token.text);
  return value !== undefined && value <= ttlSecondsMax ? value : undefined;
}

function latin1(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.byteLength).toString("latin1");
}
