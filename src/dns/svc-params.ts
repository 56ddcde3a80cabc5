/** SvcParams: what SVCB and HTTPS records say about a service, RFC 9460 §2. */

import { parseAddress, addressFromOctets } from "../base/address.ts";
import { parseBase64, printBase64 } from "./binary-text.ts";
import { parseEscapes, printQuoted } from "./character-string.ts";
import { parseIpv6, printIpv6 } from "./rdata-field.ts";
import type { RdataField } from "./rdata-field.ts";
import { MalformedMessage, WireReader, WireWriter } from "./wire.ts";

/** One key: what its value looks like on the wire and in text. */
interface SvcParamRow {
  readonly key: number;
  readonly wants: string;
  isValid(value: Uint8Array): boolean;
  /** From the value with the escapes of a character-string taken out; `undefined` where it stood without `=`. */
  parse(text: Uint8Array | undefined): Uint8Array | undefined;
  /** `undefined`: the key stands alone. */
  print(value: Uint8Array): string | undefined;
}

/** RFC 9460 §14.3.2: key 65535 stays invalid for ever. */
const keyMax = 65_534;

/** RFC 9460 §14.3.2, and RFC 9461 §5 for `dohpath`. A key that is not here is written `keyNNNNN`. */
const svcParams: Readonly<Record<string, SvcParamRow>> = {
  mandatory: {
    key: 0, // RFC 9460 §8
    wants: "names of keys, separated by commas",
    isValid(value) {
      if (value.length % 2 !== 0) return false;
      const keys = readKeys(value);
      return keys.length > 0 && keys.every((key, i) => key > (i === 0 ? 0 : keys[i - 1]!));
    },
    parse(text) {
      const keys = asciiItems(text)?.map(parseKey);
      if (keys === undefined || keys.includes(undefined)) return undefined;
      return writeKeys(keys.map((key) => key!).toSorted((a, b) => a - b));
    },
    print: (value) => readKeys(value).map(printKey).join(","),
  },
  alpn: {
    key: 1, // RFC 9460 §7.1
    wants: "protocol names, separated by commas",
    isValid: (value) => splitAlpn(value) !== undefined,
    parse(text) {
      const ids = text === undefined ? undefined : splitList(text);
      if (ids === undefined || ids.some((id) => id.length === 0 || id.length > 255))
        return undefined;
      return Uint8Array.from(ids.flatMap((id) => [id.length, ...id]));
    },
    print: (value) => printQuoted(joinList(splitAlpn(value) ?? [])),
  },
  "no-default-alpn": {
    key: 2, // RFC 9460 §7.1
    wants: "no value",
    isValid: (value) => value.length === 0,
    parse: (text) => (text === undefined || text.length === 0 ? new Uint8Array() : undefined),
    print: () => undefined,
  },
  port: {
    key: 3, // RFC 9460 §7.2
    wants: "a port from 0 to 65535",
    isValid: (value) => value.length === 2,
    parse(text) {
      const port = text === undefined ? "" : latin1(text);
      return /^\d{1,5}$/.test(port) && Number(port) <= 65_535
        ? writeKeys([Number(port)])
        : undefined;
    },
    print: (value) => String(readKeys(value)[0]),
  },
  ipv4hint: {
    key: 4, // RFC 9460 §7.3
    wants: "IPv4 addresses, separated by commas",
    isValid: (value) => value.length > 0 && value.length % 4 === 0,
    parse: (text) =>
      joinAddresses(text, (item) => (item.includes(":") ? undefined : parseAddress(item)?.octets)),
    print: (value) =>
      chunks(value, 4)
        .map((octets) => addressFromOctets(octets).text)
        .join(","),
  },
  ech: {
    key: 5, // RFC 9460 §14.3.2
    wants: "base64",
    isValid: (value) => value.length > 0,
    parse: (text) =>
      text === undefined || text.length === 0 ? undefined : parseBase64(latin1(text)),
    print: printBase64,
  },
  ipv6hint: {
    key: 6, // RFC 9460 §7.3
    wants: "IPv6 addresses, separated by commas",
    isValid: (value) => value.length > 0 && value.length % 16 === 0,
    parse: (text) => joinAddresses(text, parseIpv6),
    print: (value) => chunks(value, 16).map(printIpv6).join(","),
  },
  dohpath: {
    key: 7, // RFC 9461 §5
    wants: "a URI template",
    isValid: (value) => value.length > 0,
    parse: (text) => (text === undefined || text.length === 0 ? undefined : text),
    print: printQuoted,
  },
};

const rowsByKey = new Map(Object.values(svcParams).map((row) => [row.key, row]));
const namesByKey = new Map(Object.entries(svcParams).map(([name, row]) => [row.key, name]));

/** All parameters to the end of the RDATA, in ascending order of keys. */
export const svcParamsField: RdataField = {
  read(from, to) {
    const params = new Map<number, Uint8Array>();
    let keyBefore = -1;
    while (from.left > 0) {
      const key = from.u16();
      if (key <= keyBefore) throw new MalformedMessage("SvcParam keys are out of order");
      keyBefore = key;
      params.set(key, from.octets(from.u16()));
    }
    const fault = findFault(params);
    if (fault !== undefined) throw new MalformedMessage(`SvcParams without ${fault}`);
    writeParams(params, to);
  },
  parse(tokens, to) {
    const params = new Map<number, Uint8Array>();
    while (tokens.left > 0) {
      const parts = /^([a-z0-9-]+)(?:=([^]*))?$/.exec(tokens.word() ?? "");
      const key = parts === null ? undefined : parseKey(parts[1]!);
      if (parts === null || key === undefined) return "key=value";
      if (params.has(key)) return "each key once";
      const value = parseValue(parts[1]!, parts[2]);
      if (value === undefined)
        return `${parts[1]} with ${svcParams[parts[1]!]?.wants ?? "a string"}`;
      params.set(key, value);
    }
    const sorted = new Map([...params].toSorted(([a], [b]) => a - b));
    const fault = findFault(sorted);
    if (fault !== undefined) return fault;
    writeParams(sorted, to);
    return undefined;
  },
  print(from) {
    const texts: string[] = [];
    while (from.left > 0) {
      const key = from.u16();
      const value = from.octets(from.u16());
      const row = rowsByKey.get(key);
      const text = row === undefined ? printQuoted(value) : row.print(value);
      texts.push(text === undefined ? printKey(key) : `${printKey(key)}=${text}`);
    }
    return texts.join(" ");
  },
};

/** What is wanted and not there. RFC 9460 §8 and §7.1.1 about keys that need each other. */
function findFault(params: ReadonlyMap<number, Uint8Array>): string | undefined {
  for (const [key, value] of params) {
    if (key > keyMax) return "a key below 65535";
    const row = rowsByKey.get(key);
    if (row !== undefined && !row.isValid(value)) return `${printKey(key)} with ${row.wants}`;
  }
  const mandatory = readKeys(params.get(svcParams["mandatory"]!.key) ?? new Uint8Array());
  const missing = mandatory.find((key) => !params.has(key));
  if (missing !== undefined) return `${printKey(missing)}, which is mandatory`;
  const alpn = svcParams["alpn"]!.key;
  if (params.has(svcParams["no-default-alpn"]!.key) && !params.has(alpn)) {
    return "alpn beside no-default-alpn";
  }
  return undefined;
}

function writeParams(params: ReadonlyMap<number, Uint8Array>, to: WireWriter): void {
  for (const [key, value] of params) {
    to.u16(key);
    to.u16(value.length);
    to.octets(value);
  }
}

function parseKey(name: string): number | undefined {
  const row = Object.hasOwn(svcParams, name) ? svcParams[name] : undefined;
  if (row !== undefined) return row.key;
  const digits = /^key(0|[1-9]\d{0,4})$/.exec(name);
  return digits !== null && Number(digits[1]) <= keyMax ? Number(digits[1]) : undefined;
}

function printKey(key: number): string {
  return namesByKey.get(key) ?? `key${key}`;
}

/** RFC 9460 §2.1: the value of `keyNNNNN` is a character-string of any length, also for known keys. */
function parseValue(name: string, written: string | undefined): Uint8Array | undefined {
  const text = written === undefined ? undefined : unquote(written);
  const octets = text === undefined ? undefined : parseEscapes(text);
  if (written !== undefined && octets === undefined) return undefined;
  const row = Object.hasOwn(svcParams, name) ? svcParams[name] : undefined;
  const value = row === undefined ? (octets ?? new Uint8Array()) : row.parse(octets);
  return value === undefined || value.length > 65_535 ? undefined : value;
}

/** `undefined` when there is a quote anywhere but at both ends. */
function unquote(written: string): string | undefined {
  const quoted = /^"((?:[^"\\]|\\[^])*)"$/.exec(written);
  if (quoted !== null) return quoted[1];
  return /^(?:[^"\\]|\\[^])*$/.test(written) ? written : undefined;
}

/** RFC 9460 appendix A.1: commas part items; `\,` and `\\` are a comma and a backslash in an item. */
function splitList(text: Uint8Array): Uint8Array[] | undefined {
  const items: Uint8Array[] = [];
  let item: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const octet = text[i]!;
    if (octet === 0x2c) {
      items.push(Uint8Array.from(item));
      item = [];
    } else if (octet === 0x5c) {
      i++;
      if (text[i] !== 0x2c && text[i] !== 0x5c) return undefined;
      item.push(text[i]!);
    } else {
      item.push(octet);
    }
  }
  return [...items, Uint8Array.from(item)];
}

function joinList(items: readonly Uint8Array[]): Uint8Array {
  const text: number[] = [];
  for (const [i, item] of items.entries()) {
    if (i > 0) text.push(0x2c);
    for (const octet of item) text.push(...(octet === 0x2c || octet === 0x5c ? [0x5c] : []), octet);
  }
  return Uint8Array.from(text);
}

/** `undefined` unless it is a list of strings, at least one, none empty. */
function splitAlpn(value: Uint8Array): Uint8Array[] | undefined {
  const ids: Uint8Array[] = [];
  for (let at = 0; at < value.length; at += 1 + value[at]!) {
    const id = value.subarray(at + 1, at + 1 + value[at]!);
    if (id.length === 0 || id.length !== value[at]) return undefined;
    ids.push(id);
  }
  return ids.length === 0 ? undefined : ids;
}

/** Items that need no escapes: names of keys and addresses. */
function asciiItems(text: Uint8Array | undefined): string[] | undefined {
  return text === undefined ? undefined : latin1(text).split(",");
}

function joinAddresses(
  text: Uint8Array | undefined,
  parse: (item: string) => Uint8Array | undefined,
): Uint8Array | undefined {
  const octets: number[] = [];
  for (const item of asciiItems(text) ?? [""]) {
    const address = parse(item);
    if (address === undefined) return undefined;
    octets.push(...address);
  }
  return Uint8Array.from(octets);
}

function readKeys(value: Uint8Array): number[] {
  return chunks(value, 2).map((chunk) => new WireReader(chunk).u16());
}

function writeKeys(keys: readonly number[]): Uint8Array {
  const to = new WireWriter();
  for (const key of keys) to.u16(key);
  return to.finish();
}

function chunks(octets: Uint8Array, size: number): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let at = 0; at < octets.length; at += size) parts.push(octets.subarray(at, at + size));
  return parts;
}

function latin1(octets: Uint8Array): string {
  let text = "";
  for (const octet of octets) text += String.fromCharCode(octet);
  return text;
}
