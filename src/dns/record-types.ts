/** Record types: THE table. Names, codes, and what RDATA looks like on the wire and in text follow from it. */

import { addressPrefixes } from "./address-prefixes.ts";
import { printHex, parseHex } from "./binary-text.ts";
import { amtRelay, ipsecKey } from "./gateway.ts";
import { hardwareAddress, locator, nsapAddress } from "./hex-groups.ts";
import { hostIdentity } from "./host-identity.ts";
import { loc } from "./loc.ts";
import { Name } from "./name.ts";
import { base64, caaTag, characterString, characterStrings } from "./rdata-field.ts";
import { TokenReader, compressibleName, expandableName, foldedName } from "./rdata-field.ts";
import { hashedOwner, hex, hexAtLeast, ipv4, ipv6, maybeBase64 } from "./rdata-field.ts";
import { maybeCharacterString, named, plainName, salt, seconds } from "./rdata-field.ts";
import { stringToEnd, time, u16, u32, u8 } from "./rdata-field.ts";
import type { RdataField } from "./rdata-field.ts";
import { svcParamsField } from "./svc-params.ts";
import { typeBitmap } from "./type-bitmap.ts";
import { MalformedMessage, MessageFull, WireReader, WireWriter } from "./wire.ts";
import { parseTokens } from "./zone-token.ts";
import type { Token } from "./zone-token.ts";

/** One row says all there is to say about a record type. */
interface RecordTypeRow {
  readonly code: number;
  /** In order of the wire and of the text. Left out: only the form of RFC 3597 §5. */
  readonly fields?: readonly RdataField[];
}

/** IANA's numbers; RFC 4034 appendix A.1 has these names for them. */
const algorithm = named(u8, {
  DELETE: 0, // RFC 8078 §4
  RSAMD5: 1,
  DH: 2,
  DSA: 3,
  RSASHA1: 5,
  "DSA-NSEC3-SHA1": 6, // RFC 5155 §2
  "RSASHA1-NSEC3-SHA1": 7, // RFC 5155 §2
  RSASHA256: 8, // RFC 5702 §2.1
  RSASHA512: 10, // RFC 5702 §2.2
  ECDSAP256SHA256: 13, // RFC 6605 §2
  ECDSAP384SHA384: 14, // RFC 6605 §2
  ED25519: 15, // RFC 8080 §5
  ED448: 16, // RFC 8080 §5
  INDIRECT: 252,
  PRIVATEDNS: 253,
  PRIVATEOID: 254,
});

const certificateType = named(u16, {
  PKIX: 1, // RFC 4398 §2.1
  SPKI: 2,
  PGP: 3,
  IPKIX: 4,
  ISPKI: 5,
  IPGP: 6,
  ACPKIX: 7,
  IACPKIX: 8,
  URI: 253,
  OID: 254,
});

/** RFC 9859 §2.1: how a parent wants to be told. */
const synchronisation = named(u8, { NOTIFY: 1 });

/** RFC 4034 §3.2: a type by its name. */
const coveredType: RdataField = {
  ...u16,
  parse(tokens, to) {
    const type = typeCode(tokens.word() ?? "");
    if (type === undefined) return "a record type";
    to.u16(type);
    return undefined;
  },
  print: (from) => typeName(from.u16()),
};

const bitmap = typeBitmap({ parse: (text) => typeCode(text), print: (type) => typeName(type) });
const signature = (signer: RdataField): readonly RdataField[] => [
  coveredType,
  algorithm,
  u8,
  seconds,
  time,
  time,
  u16,
  signer,
  base64,
];
const delegationSigner = [u16, algorithm, u8, hex] as const;
const publicKey = [u16, u8, algorithm, base64] as const;
const service = [u16, plainName, svcParamsField] as const;

/** Every record type that we know by name. To add one, add a row. */
export const recordTypes = {
  A: { code: 1, fields: [ipv4] }, // RFC 1035 §3.4.1
  NS: { code: 2, fields: [compressibleName] }, // RFC 1035 §3.3.11
  MD: { code: 3, fields: [compressibleName] }, // RFC 1035 §3.3.4
  MF: { code: 4, fields: [compressibleName] }, // RFC 1035 §3.3.5
  CNAME: { code: 5, fields: [compressibleName] }, // RFC 1035 §3.3.1
  SOA: {
    code: 6, // RFC 1035 §3.3.13
    fields: [compressibleName, compressibleName, u32, seconds, seconds, seconds, seconds],
  },
  MB: { code: 7, fields: [compressibleName] }, // RFC 1035 §3.3.3
  MG: { code: 8, fields: [compressibleName] }, // RFC 1035 §3.3.6
  MR: { code: 9, fields: [compressibleName] }, // RFC 1035 §3.3.8
  NULL: { code: 10 }, // RFC 1035 §3.3.10
  PTR: { code: 12, fields: [compressibleName] }, // RFC 1035 §3.3.12
  HINFO: { code: 13, fields: [characterString, characterString] }, // RFC 1035 §3.3.2
  MINFO: { code: 14, fields: [compressibleName, compressibleName] }, // RFC 1035 §3.3.7
  MX: { code: 15, fields: [u16, compressibleName] }, // RFC 1035 §3.3.9
  TXT: { code: 16, fields: [characterStrings] }, // RFC 1035 §3.3.14
  RP: { code: 17, fields: [expandableName, expandableName] }, // RFC 1183 §2.2
  AFSDB: { code: 18, fields: [u16, expandableName] }, // RFC 1183 §1
  X25: { code: 19, fields: [characterString] }, // RFC 1183 §3.1
  ISDN: { code: 20, fields: [characterString, maybeCharacterString] }, // RFC 1183 §3.2
  RT: { code: 21, fields: [u16, expandableName] }, // RFC 1183 §3.3
  NSAP: { code: 22, fields: [nsapAddress] }, // RFC 1706 §5
  SIG: { code: 24, fields: signature(expandableName) }, // RFC 2535 §4.1; RFC 2931 §3: SIG(0)
  KEY: { code: 25, fields: [u16, u8, algorithm, maybeBase64] }, // RFC 2535 §3.1; no key: §3.1.2
  PX: { code: 26, fields: [u16, expandableName, expandableName] }, // RFC 2163 §4
  GPOS: { code: 27, fields: [characterString, characterString, characterString] }, // RFC 1712 §3
  AAAA: { code: 28, fields: [ipv6] }, // RFC 3596 §2.2
  LOC: { code: 29, fields: [loc] }, // RFC 1876 §2
  SRV: { code: 33, fields: [u16, u16, u16, expandableName] }, // RFC 2782
  NAPTR: {
    code: 35, // RFC 3403 §4.1
    fields: [u16, u16, characterString, characterString, characterString, expandableName],
  },
  KX: { code: 36, fields: [u16, foldedName] }, // RFC 2230 §3.1
  CERT: { code: 37, fields: [certificateType, u16, algorithm, base64] }, // RFC 4398 §2
  DNAME: { code: 39, fields: [foldedName] }, // RFC 6672 §2.1
  OPT: { code: 41 }, // RFC 6891 §6.1
  APL: { code: 42, fields: [addressPrefixes] }, // RFC 3123 §4
  DS: { code: 43, fields: delegationSigner }, // RFC 4034 §5.1
  SSHFP: { code: 44, fields: [u8, u8, hex] }, // RFC 4255 §3.1
  IPSECKEY: { code: 45, fields: [ipsecKey] }, // RFC 4025 §2
  RRSIG: { code: 46, fields: signature(foldedName) }, // RFC 4034 §3.1
  NSEC: { code: 47, fields: [plainName, bitmap] }, // RFC 4034 §4.1
  DNSKEY: { code: 48, fields: publicKey }, // RFC 4034 §2.1
  DHCID: { code: 49, fields: [base64] }, // RFC 4701 §3.1
  NSEC3: { code: 50, fields: [u8, u8, u16, salt, hashedOwner, bitmap] }, // RFC 5155 §3.2
  NSEC3PARAM: { code: 51, fields: [u8, u8, u16, salt] }, // RFC 5155 §4.2
  TLSA: { code: 52, fields: [u8, u8, u8, hex] }, // RFC 6698 §2.1
  SMIMEA: { code: 53, fields: [u8, u8, u8, hex] }, // RFC 8162 §2
  HIP: { code: 55, fields: [hostIdentity] }, // RFC 8005 §5
  TALINK: { code: 58, fields: [plainName, plainName] }, // registered with IANA, no RFC
  CDS: { code: 59, fields: delegationSigner }, // RFC 7344 §3.1
  CDNSKEY: { code: 60, fields: publicKey }, // RFC 7344 §3.2
  OPENPGPKEY: { code: 61, fields: [base64] }, // RFC 7929 §2.1
  CSYNC: { code: 62, fields: [u32, u16, bitmap] }, // RFC 7477 §2.1
  ZONEMD: { code: 63, fields: [u32, u8, u8, hexAtLeast(12)] }, // RFC 8976 §2.2
  SVCB: { code: 64, fields: service }, // RFC 9460 §2.2
  HTTPS: { code: 65, fields: service }, // RFC 9460 §9
  DSYNC: { code: 66, fields: [coveredType, synchronisation, u16, plainName] }, // RFC 9859 §2.1
  SPF: { code: 99, fields: [characterStrings] }, // RFC 4408 §3.1.1; retired by RFC 7208 §3.1
  NID: { code: 104, fields: [u16, locator] }, // RFC 6742 §2.1
  L32: { code: 105, fields: [u16, ipv4] }, // RFC 6742 §2.2
  L64: { code: 106, fields: [u16, locator] }, // RFC 6742 §2.3
  LP: { code: 107, fields: [u16, plainName] }, // RFC 6742 §2.4
  EUI48: { code: 108, fields: [hardwareAddress(6)] }, // RFC 7043 §3
  EUI64: { code: 109, fields: [hardwareAddress(8)] }, // RFC 7043 §4
  NXNAME: { code: 128 }, // RFC 9824 §2: only in the bitmap of an NSEC
  TKEY: { code: 249 }, // RFC 2930 §2
  TSIG: { code: 250 }, // RFC 8945 §4.1
  IXFR: { code: 251 }, // RFC 1995 §3
  AXFR: { code: 252 }, // RFC 5936 §2.1
  ANY: { code: 255 }, // RFC 1035 §3.2.3
  URI: { code: 256, fields: [u16, u16, stringToEnd(1)] }, // RFC 7553 §4.5
  CAA: { code: 257, fields: [u8, caaTag, stringToEnd(0)] }, // RFC 8659 §4.1
  AVC: { code: 258, fields: [characterStrings] }, // registered with IANA, no RFC
  AMTRELAY: { code: 260, fields: [amtRelay] }, // RFC 8777 §4
  RESINFO: { code: 261, fields: [characterStrings] }, // RFC 9606 §3
  WALLET: { code: 262, fields: [characterStrings] }, // registered with IANA, no RFC
  DLV: { code: 32_769, fields: delegationSigner }, // RFC 4431 §2; retired by RFC 8749
} as const satisfies Record<string, RecordTypeRow>;

export type RecordTypeName = keyof typeof recordTypes;

const names = Object.keys(recordTypes) as RecordTypeName[];

/** Codes by name: `types.MX` is 15. */
export const types = Object.fromEntries(names.map((name) => [name, recordTypes[name].code])) as {
  readonly [Type in RecordTypeName]: (typeof recordTypes)[Type]["code"];
};

const namesByCode = new Map<number, RecordTypeName>(
  names.map((name) => [recordTypes[name].code, name]),
);

/** The code of `MX`, `mx` or `TYPE15` (RFC 3597 §5). */
export function typeCode(text: string): number | undefined {
  const name = text.toUpperCase();
  if (Object.hasOwn(recordTypes, name)) return recordTypes[name as RecordTypeName].code;
  const digits = /^TYPE(\d{1,5})$/.exec(name);
  return digits !== null && Number(digits[1]) <= 65_535 ? Number(digits[1]) : undefined;
}

/** `MX`, or `TYPE65280` where there is no name. */
export function typeName(type: number): string {
  return namesByCode.get(type) ?? `TYPE${type}`;
}

/** RFC 6895 §3.1: types that ask or accompany and are never data in a zone. */
export function isMetaType(type: number): boolean {
  return type === 0 || type === types.OPT || (type >= 128 && type <= 255);
}

/**
 * Takes RDATA of `length` octets from a message and gives it back with all names uncompressed. Throws
 * `MalformedMessage` when it is not of its type's form.
 */
export function readRdata(type: number, from: WireReader, length: number): Uint8Array {
  const rdata = from.sub(length);
  const fields = findFields(type);
  if (fields === undefined) return rdata.octets(length).slice();
  const to = new WireWriter();
  for (const field of fields) field.read(rdata, to);
  if (rdata.left > 0) {
    throw new MalformedMessage(`${rdata.left} octets are left behind ${typeName(type)} RDATA`);
  }
  return to.finish();
}

/** Writes what `readRdata` gave back, with the names compressed that may be (RFC 3597 §4). */
export function writeRdata(type: number, rdata: Uint8Array, to: WireWriter): void {
  const fields = findFields(type) ?? [];
  if (rdata.length === 0 || !fields.some((field) => field.isCompressibleName))
    return to.octets(rdata);
  const from = new WireReader(rdata);
  for (const field of fields) {
    if (field.isCompressibleName) to.compressedName(from.name());
    else field.read(from, to);
  }
}

/** RFC 4034 §6.2: RDATA as it is signed, with its names in lower case where its type wants that. */
export function canonicalRdata(type: number, rdata: Uint8Array): Uint8Array {
  const fields = findFields(type) ?? [];
  if (rdata.length === 0 || !fields.some((field) => field.isFoldedName)) return rdata;
  const from = new WireReader(rdata);
  const to = new WireWriter();
  for (const field of fields) {
    if (field.isFoldedName) to.name(from.plainName().folded());
    else field.read(from, to);
  }
  return to.finish();
}

/** Whether these octets are RDATA of this type, names uncompressed. */
export function isRdata(type: number, rdata: Uint8Array): boolean {
  try {
    return isSame(readRdata(type, new WireReader(rdata), rdata.length), rdata);
  } catch (error) {
    if (error instanceof MalformedMessage) return false;
    throw error;
  }
}

export type ParsedRdata =
  | { readonly kind: "rdata"; readonly rdata: Uint8Array }
  | {
      readonly kind: "refused";
      /** One sentence. */
      readonly why: string;
      readonly wanted: string;
      /** The token in question; `undefined` when there was one too few. */
      readonly found: Token | undefined;
    };

/** Reads RDATA as a zone file has it: in its type's own form, or for any type as RFC 3597 §5 has it. */
export function parseRdata(
  type: number,
  tokens: readonly Token[],
  origin: Name = Name.root,
): ParsedRdata {
  const first = tokens[0];
  if (first?.text === "\\#" && !first.isQuoted) return parseOpaque(type, tokens);
  const fields = findFields(type);
  if (fields === undefined) return refused("\\# and the RDATA in hexadecimal", first);

  const reader = new TokenReader(tokens, origin);
  const to = new WireWriter();
  try {
    for (const field of fields) {
      const wanted = field.parse(reader, to);
      if (wanted !== undefined) return refused(wanted, reader.last);
    }
  } catch (error) {
    if (error instanceof MessageFull) return refused("RDATA of at most 65535 octets", reader.last);
    throw error;
  }
  if (reader.left > 0) return refused("no more fields", reader.next());
  return { kind: "rdata", rdata: to.finish() };
}

/** The same from a text such as `10 mail.example.`. */
export function parseRdataText(type: number, text: string, origin: Name = Name.root): ParsedRdata {
  const tokens = parseTokens(text);
  if (tokens === undefined)
    return refused("quotes and parentheses in pairs, on one line", undefined);
  return parseRdata(type, tokens, origin);
}

/**
 * Canonical text of uncompressed RDATA. What is not of its type's form, or has no text there, is
 * printed as RFC 3597 §5 has it, so that whatever came in from anywhere can be shown.
 */
export function printRdata(type: number, rdata: Uint8Array): string {
  const fields = findFields(type);
  if (fields === undefined || !isRdata(type, rdata)) return printOpaque(rdata);
  const from = new WireReader(rdata);
  const texts = fields.map((field) => field.print(from));
  if (texts.includes(undefined)) return printOpaque(rdata);
  return texts.filter((text) => text !== "").join(" ");
}

/** `\# 4 0A000001`: a length, and as many octets in words of any length. */
function parseOpaque(type: number, tokens: readonly Token[]): ParsedRdata {
  const [, length, ...words] = tokens;
  if (length === undefined || length.isQuoted || !/^\d{1,5}$/.test(length.text)) {
    return refused("the length of the RDATA", length);
  }
  const rdata = parseHex(words.map((word) => word.text).join(""));
  if (rdata === undefined || rdata.length !== Number(length.text) || rdata.length > 65_535) {
    return refused(`${length.text} octets in hexadecimal`, words[0] ?? length);
  }
  if (!isRdata(type, rdata)) return refused(`octets that are RDATA of ${typeName(type)}`, words[0]);
  return { kind: "rdata", rdata };
}

function printOpaque(rdata: Uint8Array): string {
  return rdata.length === 0 ? "\\# 0" : `\\# ${rdata.length} ${printHex(rdata)}`;
}

function findFields(type: number): readonly RdataField[] | undefined {
  const name = namesByCode.get(type);
  const row: RecordTypeRow | undefined = name === undefined ? undefined : recordTypes[name];
  return row?.fields;
}

function refused(wanted: string, found: Token | undefined): ParsedRdata {
  const text = found === undefined ? "the end of the line" : `"${found.text.slice(0, 80)}"`;
  return { kind: "refused", why: `Found ${text}, wanted ${wanted}.`, wanted, found };
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  return a.length === b.length && a.every((octet, i) => octet === b[i]);
}
