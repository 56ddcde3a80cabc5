/** Fields that RDATA is made of: each one reads the wire, reads text and prints text. */

import { addressFromOctets, parseAddress } from "../base/address.ts";
import { parseBase32, parseBase64, parseHex } from "./binary-text.ts";
import { printBase32, printBase64, printHex } from "./binary-text.ts";
import { characterStringOctetsMax, parseEscapes, printQuoted } from "./character-string.ts";
import { parseName } from "./name.ts";
import type { Name } from "./name.ts";
import { parseSeconds } from "./ttl.ts";
import { MalformedMessage } from "./wire.ts";
import type { WireReader, WireWriter } from "./wire.ts";
import type { Token } from "./zone-token.ts";

export interface RdataField {
  /** Checks one field and copies it with its names uncompressed. Throws `MalformedMessage`. */
  read(from: WireReader, to: WireWriter): void;
  /** Reads its tokens. Gives back what was wanted instead, or `undefined` when all is well. */
  parse(tokens: TokenReader, to: WireWriter): string | undefined;
  /** Reads what `read` has written. `undefined` when it has no text of its own (RFC 3597 §5 has one for all). */
  print(from: WireReader): string | undefined;
  /** A name that a message may compress: RFC 3597 §4 allows it to the types of RFC 1035 alone. */
  readonly isCompressibleName?: true;
  /**
   * A name that is signed in lower case: RFC 4034 §6.2 lists the types, and RFC 6840 §5.1 takes NSEC out
   * again. Types that came later are signed as they are (RFC 3597 §7).
   */
  readonly isFoldedName?: true;
}

/** Tokens of one RDATA, left to right. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  readonly origin: Name;
  #at = 0;
  #last: Token | undefined;

  constructor(tokens: readonly Token[], origin: Name) {
    this.#tokens = tokens;
    this.origin = origin;
  }

  get left(): number {
    return this.#tokens.length - this.#at;
  }

  /** The token that was looked at last, for the message when it was wrong. */
  get last(): Token | undefined {
    return this.#last;
  }

  next(): Token | undefined {
    this.#last = this.#tokens[this.#at];
    if (this.#last !== undefined) this.#at++;
    return this.#last;
  }

  /** The next token's text, unless it stands in quotes. */
  word(): string | undefined {
    const token = this.next();
    return token === undefined || token.isQuoted ? undefined : token.text;
  }

  /** The next token's text, without taking it. */
  peekWord(): string | undefined {
    const token = this.#tokens[this.#at];
    return token === undefined || token.isQuoted ? undefined : token.text;
  }

  /** All words that are left, as one: hexadecimal and base64 may be cut anywhere. */
  joinedWords(): string | undefined {
    let joined = "";
    while (this.left > 0) {
      const word = this.word();
      if (word === undefined) return undefined;
      joined += word;
    }
    return joined;
  }
}

export const u8 = unsigned(1);
export const u16 = unsigned(2);
export const u32 = unsigned(4);

/** A name in one of the types of RFC 1035: read through pointers, and may be written as one. */
export const compressibleName: RdataField = {
  ...nameField(true),
  isCompressibleName: true,
  isFoldedName: true,
};
/** A name that RFC 3597 §4 wants read through pointers but never written so. */
export const expandableName: RdataField = { ...nameField(true), isFoldedName: true };
/** A name that is never a pointer, in a type that RFC 4034 §6.2 lists all the same. */
export const foldedName: RdataField = { ...nameField(false), isFoldedName: true };
/** A name in any later type: a pointer in it is an error. */
export const plainName: RdataField = nameField(false);

export const ipv4: RdataField = {
  read: (from, to) => to.octets(from.octets(4)),
  parse(tokens, to) {
    const text = tokens.word();
    const address = text === undefined || text.includes(":") ? undefined : parseAddress(text);
    if (address === undefined) return "an IPv4 address";
    to.octets(address.octets);
    return undefined;
  },
  print: (from) => addressFromOctets(from.octets(4)).text,
};

export const ipv6: RdataField = {
  read: (from, to) => to.octets(from.octets(16)),
  parse(tokens, to) {
    const text = tokens.word();
    const octets = text === undefined ? undefined : parseIpv6(text);
    if (octets === undefined) return "an IPv6 address";
    to.octets(octets);
    return undefined;
  },
  print: (from) => printIpv6(from.octets(16)),
};

/** 16 octets, also for an IPv4-mapped address, which elsewhere is read as the IPv4 address it means. */
export function parseIpv6(text: string): Uint8Array | undefined {
  const address = text.includes(":") ? parseAddress(text) : undefined;
  if (address === undefined || address.family === 6) return address?.octets;
  return Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...address.octets]);
}

export function printIpv6(octets: Uint8Array): string {
  const address = addressFromOctets(octets);
  return address.family === 6 ? address.text : `::ffff:${address.text}`;
}

/** RFC 1035 §3.3: up to 255 octets behind their length. */
export const characterString: RdataField = {
  read(from, to) {
    const length = from.u8();
    to.u8(length);
    to.octets(from.octets(length));
  },
  parse(tokens, to) {
    const octets = parseString(tokens.next());
    if (octets === undefined || octets.length > characterStringOctetsMax) {
      return `a string of at most ${characterStringOctetsMax} octets`;
    }
    to.u8(octets.length);
    to.octets(octets);
    return undefined;
  },
  print: (from) => printQuoted(from.octets(from.u8())),
};

/** One or more character-strings, to the end. */
export const characterStrings: RdataField = {
  read(from, to) {
    do characterString.read(from, to);
    while (from.left > 0);
  },
  parse(tokens, to) {
    let wanted: string | undefined;
    do wanted = characterString.parse(tokens, to);
    while (wanted === undefined && tokens.left > 0);
    return wanted;
  },
  print(from) {
    const texts = [];
    while (from.left > 0) texts.push(characterString.print(from));
    return texts.join(" ");
  },
};

/** A character-string that may be left out, at the end. */
export const maybeCharacterString: RdataField = {
  read(from, to) {
    if (from.left > 0) characterString.read(from, to);
  },
  parse: (tokens, to) => (tokens.left > 0 ? characterString.parse(tokens, to) : undefined),
  print: (from) => (from.left > 0 ? characterString.print(from) : ""),
};

/** One string without a length octet, to the end; at least `octetsMin` long. */
export function stringToEnd(octetsMin: number): RdataField {
  return {
    read: (from, to) => to.octets(atLeast(from, octetsMin)),
    parse(tokens, to) {
      const octets = parseString(tokens.next());
      if (octets === undefined || octets.length < octetsMin) return "a string";
      to.octets(octets);
      return undefined;
    },
    print: (from) => printQuoted(from.octets(from.left)),
  };
}

/** RFC 8659 §4.1.1: a tag of ASCII letters and digits behind its length. */
export const caaTag: RdataField = {
  read(from, to) {
    const tag = from.octets(from.u8());
    if (!isCaaTag(latin1(tag))) throw new MalformedMessage("The CAA tag is not letters and digits");
    to.u8(tag.length);
    to.octets(tag);
  },
  parse(tokens, to) {
    const tag = tokens.word();
    if (tag === undefined || !isCaaTag(tag)) return "a tag of letters and digits";
    to.u8(tag.length);
    for (let i = 0; i < tag.length; i++) to.u8(tag.charCodeAt(i));
    return undefined;
  },
  print: (from) => latin1(from.octets(from.u8())),
};

/** Octets to the end as hexadecimal digits that may be cut by spaces. */
export function hexAtLeast(octetsMin: number): RdataField {
  return octetsToEnd(octetsMin, "hexadecimal digits", parseHex, printHex);
}
export const hex: RdataField = hexAtLeast(1);
/** Octets to the end as base64 that may be cut by spaces. */
export const base64: RdataField = octetsToEnd(1, "base64", parseBase64, printBase64);
/** The same, and nothing at all; for which others have no text (RFC 3597 §5 has). */
export const maybeBase64: RdataField = {
  ...octetsToEnd(0, "base64", parseBase64, printBase64),
  print: (from) => (from.left === 0 ? undefined : base64.print(from)),
};

/** RFC 5155 §3.3: a salt, `-` when there is none. */
export const salt: RdataField = {
  read: characterString.read,
  parse(tokens, to) {
    const word = tokens.word();
    const octets = word === undefined ? undefined : parseHex(word === "-" ? "" : word);
    if (octets === undefined || octets.length > 255) return "hexadecimal digits, or - for none";
    to.u8(octets.length);
    to.octets(octets);
    return undefined;
  },
  print(from) {
    const octets = from.octets(from.u8());
    return octets.length === 0 ? "-" : printHex(octets);
  },
};

/** RFC 5155 §3.3: a hashed owner in base32hex. */
export const hashedOwner: RdataField = {
  read(from, to) {
    const length = from.u8();
    if (length === 0) throw new MalformedMessage("The hashed owner is empty");
    to.u8(length);
    to.octets(from.octets(length));
  },
  parse(tokens, to) {
    const word = tokens.word();
    const octets = word === undefined ? undefined : parseBase32(word);
    if (octets === undefined || octets.length === 0 || octets.length > 255) return "base32hex";
    to.u8(octets.length);
    to.octets(octets);
    return undefined;
  },
  print: (from) => printBase32(from.octets(from.u8())),
};

/** 32 bits of seconds, for which people write `1h30m`. */
export const seconds: RdataField = {
  ...u32,
  parse(tokens, to) {
    const word = tokens.word();
    const value = word === undefined ? undefined : parseSeconds(word);
    if (value === undefined) return "seconds, or a time such as 1h30m";
    to.u32(value);
    return undefined;
  },
};

/** RFC 4034 §3.2: `YYYYMMDDHHmmSS` in UTC, or seconds since 1970. */
export const time: RdataField = {
  ...u32,
  parse(tokens, to) {
    const word = tokens.word();
    const value = word === undefined ? undefined : parseTime(word);
    if (value === undefined) return "a time as YYYYMMDDHHmmSS";
    to.u32(value);
    return undefined;
  },
  print: (from) => new Date(from.u32() * 1_000).toISOString().replaceAll(/[-:T]|\.\d+Z/g, ""),
};

/** A number that also has names, which are read and never printed. */
export function named(field: RdataField, numbers: Readonly<Record<string, number>>): RdataField {
  return {
    ...field,
    parse(tokens, to) {
      const number = numbers[tokens.peekWord()?.toUpperCase() ?? ""];
      if (number === undefined) return field.parse(tokens, to);
      tokens.next();
      return field.parse(
        new TokenReader([{ ...tokens.last!, text: String(number) }], tokens.origin),
        to,
      );
    },
  };
}

function unsigned(octets: 1 | 2 | 4): RdataField {
  const max = 2 ** (8 * octets) - 1;
  const read = (from: WireReader): number =>
    octets === 1 ? from.u8() : octets === 2 ? from.u16() : from.u32();
  const write = (to: WireWriter, value: number): void =>
    octets === 1 ? to.u8(value) : octets === 2 ? to.u16(value) : to.u32(value);
  return {
    read: (from, to) => write(to, read(from)),
    parse(tokens, to) {
      const word = tokens.word();
      if (word === undefined || !/^\d{1,10}$/.test(word) || Number(word) > max) {
        return `a number from 0 to ${max}`;
      }
      write(to, Number(word));
      return undefined;
    },
    print: (from) => String(read(from)),
  };
}

function nameField(mayPoint: boolean): RdataField {
  return {
    read: (from, to) => to.name(mayPoint ? from.name() : from.plainName()),
    parse(tokens, to) {
      const word = tokens.word();
      const name = word === undefined ? undefined : parseName(word, tokens.origin);
      if (name === undefined) return "a domain name";
      to.name(name);
      return undefined;
    },
    print: (from) => from.plainName().toString(),
  };
}

function octetsToEnd(
  octetsMin: number,
  wanted: string,
  parse: (text: string) => Uint8Array | undefined,
  print: (octets: Uint8Array) => string,
): RdataField {
  return {
    read: (from, to) => to.octets(atLeast(from, octetsMin)),
    parse(tokens, to) {
      const joined = tokens.joinedWords();
      const octets = joined === undefined ? undefined : parse(joined);
      if (octets === undefined || octets.length < octetsMin) return wanted;
      to.octets(octets);
      return undefined;
    },
    print: (from) => print(from.octets(from.left)),
  };
}

function atLeast(from: WireReader, octetsMin: number): Uint8Array {
  if (from.left < octetsMin) throw new MalformedMessage(`The RDATA ends early at ${from.at}`);
  return from.octets(from.left);
}

/** A quote inside a word is refused: BIND and Knot read it differently, so its writer meant one of two things. */
function parseString(token: Token | undefined): Uint8Array | undefined {
  if (token === undefined) return undefined;
  if (!token.isQuoted && /(?<!\\)(?:\\\\)*"/.test(token.text)) return undefined;
  return parseEscapes(token.text);
}

function parseTime(word: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(word);
  if (parts === null)
    return /^\d{1,10}$/.test(word) && Number(word) < 2 ** 32 ? Number(word) : undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1).map(Number);
  const ms = Date.UTC(year!, month! - 1, day, hour, minute, second);
  const isSame = new Date(ms).toISOString().replaceAll(/[-:T]|\.\d+Z/g, "") === word;
  return isSame && ms >= 0 && ms < 2 ** 32 * 1_000 ? ms / 1_000 : undefined;
}

function isCaaTag(tag: string): boolean {
  return /^[a-z0-9]{1,255}$/i.test(tag);
}

function latin1(octets: Uint8Array): string {
  return String.fromCharCode(...octets);
}
