/** TSIG, RFC 8945: signing one message with a shared secret, and checking one. Transfers of many messages are left out. */

import { createHmac, timingSafeEqual } from "node:crypto";
import { assert } from "../base/assert.ts";
import { parseName } from "./name.ts";
import type { Name } from "./name.ts";
import { types } from "./record-types.ts";
import { classes } from "./resource-record.ts";
import { MalformedMessage, WireReader, WireWriter } from "./wire.ts";

/** RFC 8945 §6. The truncated forms and HMAC-MD5 are left out: nobody should begin with them. */
const algorithmRows = {
  "hmac-sha1": { digest: "sha1", octets: 20 },
  "hmac-sha224": { digest: "sha224", octets: 28 },
  "hmac-sha256": { digest: "sha256", octets: 32 },
  "hmac-sha384": { digest: "sha384", octets: 48 },
  "hmac-sha512": { digest: "sha512", octets: 64 },
} as const;

export type TsigAlgorithm = keyof typeof algorithmRows;
export const tsigAlgorithms = Object.keys(algorithmRows) as readonly TsigAlgorithm[];

/** RFC 8945 §3 and §4.2: the error field of TSIG. */
export const tsigErrors = { BADSIG: 16, BADKEY: 17, BADTIME: 18, BADTRUNC: 22 } as const;

export interface TsigKey {
  readonly name: Name;
  readonly algorithm: TsigAlgorithm;
  readonly secret: Uint8Array;
}

export interface SignedMessage {
  readonly octets: Uint8Array;
  /** The reply's MAC covers it (RFC 8945 §5.3). */
  readonly mac: Uint8Array;
}

/** RFC 8945 §10 recommends it. */
export const fudgeSecondsDefault = 300;
/** RFC 8945 §5.2.2.1: no MAC is cut below it, nor below half of its length. */
const macOctetsMin = 10;
const headerOctets = 12;
const additionalCountAt = 10;

interface Signing {
  readonly timeSeconds: number;
  readonly fudgeSeconds?: number;
  /** In a reply: the MAC of the request. */
  readonly requestMac?: Uint8Array | undefined;
}

/** Puts TSIG behind a whole message, RFC 8945 §5.1. */
export function signMessage(message: Uint8Array, key: TsigKey, signing: Signing): SignedMessage {
  assert(message.length >= headerOctets, "a message has a header");
  const fields: TsigFields = {
    algorithm: mustParse(key.algorithm),
    timeSeconds: signing.timeSeconds,
    fudgeSeconds: signing.fudgeSeconds ?? fudgeSecondsDefault,
    error: 0,
    other: new Uint8Array(),
  };
  const mac = digest(message, key, fields, signing.requestMac);
  const rdata = new WireWriter();
  rdata.name(fields.algorithm);
  writeTime(rdata, fields);
  rdata.u16(mac.length);
  rdata.octets(mac);
  rdata.octets(message.subarray(0, 2));
  rdata.u16(0); // no error
  rdata.u16(0); // no other data
  const to = new WireWriter();
  to.octets(message);
  to.name(key.name);
  to.u16(types.TSIG);
  to.u16(classes.ANY);
  to.u32(0);
  to.u16(rdata.length);
  to.octets(rdata.finish());
  to.patchU16(additionalCountAt, additionalCount(message) + 1);
  return { octets: to.finish(), mac };
}

export type TsigVerdict =
  | {
      readonly kind: "verified";
      readonly mac: Uint8Array;
      /** 0, or what the sender of a reply found wrong with the request's TSIG. */
      readonly error: number;
      /** With BADTIME the sender's clock, in 48 bits (RFC 8945 §5.2.3). */
      readonly other: Uint8Array;
    }
  /** There is none. */
  | { readonly kind: "unsigned" }
  /** There is one without a MAC: BADKEY and BADSIG cannot be signed (RFC 8945 §5.3.2). */
  | { readonly kind: "unsigned-error"; readonly error: number }
  /** FORMERR: it is in the wrong place, twice there, or not what RFC 8945 §4.2 describes. */
  | { readonly kind: "malformed" }
  | { readonly kind: "failed"; readonly error: number };

interface Verifying {
  readonly nowSeconds: number;
  /** When the message is a reply. */
  readonly requestMac?: Uint8Array | undefined;
}

/** The checks of RFC 8945 §5.2 in their order: key, MAC, time. */
export function verifyMessage(message: Uint8Array, key: TsigKey, given: Verifying): TsigVerdict {
  let tsig: TsigRecord | "none";
  try {
    tsig = readTsig(message);
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
    return { kind: "malformed" };
  }
  if (tsig === "none") return { kind: "unsigned" };
  const { error, mac, other } = tsig;
  if (mac.length === 0 && error !== 0) return { kind: "unsigned-error", error };
  // RFC 8945 §5.2.1. Names compare without case.
  const isKnown = tsig.keyName.isSame(key.name) && tsig.algorithm.isSame(mustParse(key.algorithm));
  if (!isKnown) return { kind: "failed", error: tsigErrors.BADKEY };
  // RFC 8945 §5.2.2.1
  const { octets } = algorithmRows[key.algorithm];
  if (mac.length > octets || mac.length < Math.max(macOctetsMin, octets / 2)) {
    return { kind: "malformed" };
  }
  const expected = digest(tsig.signedPart, key, tsig, given.requestMac).subarray(0, mac.length);
  if (!timingSafeEqual(expected, mac)) return { kind: "failed", error: tsigErrors.BADSIG };
  // RFC 8945 §5.2.3
  if (Math.abs(given.nowSeconds - tsig.timeSeconds) > tsig.fudgeSeconds) {
    return { kind: "failed", error: tsigErrors.BADTIME };
  }
  return { kind: "verified", mac, error, other };
}

/** What the MAC covers besides the message, RFC 8945 §4.3.3. */
interface TsigFields {
  readonly algorithm: Name;
  readonly timeSeconds: number;
  readonly fudgeSeconds: number;
  readonly error: number;
  readonly other: Uint8Array;
}

interface TsigRecord extends TsigFields {
  readonly keyName: Name;
  readonly mac: Uint8Array;
  /** The message as it was before TSIG was put behind it. */
  readonly signedPart: Uint8Array;
}

function digest(
  message: Uint8Array,
  key: TsigKey,
  fields: TsigFields,
  requestMac: Uint8Array | undefined,
): Uint8Array {
  const to = new WireWriter();
  to.name(key.name.folded());
  to.u16(classes.ANY);
  to.u32(0);
  to.name(fields.algorithm.folded());
  writeTime(to, fields);
  to.u16(fields.error);
  to.u16(fields.other.length);
  to.octets(fields.other);
  const hmac = createHmac(algorithmRows[key.algorithm].digest, key.secret);
  if (requestMac !== undefined) {
    hmac.update(Uint8Array.of(requestMac.length >> 8, requestMac.length & 0xff));
    hmac.update(requestMac);
  }
  return Uint8Array.from(hmac.update(message).update(to.finish()).digest());
}

function writeTime(to: WireWriter, fields: TsigFields): void {
  to.u16(Math.floor(fields.timeSeconds / 2 ** 32));
  to.u32(fields.timeSeconds % 2 ** 32);
  to.u16(fields.fudgeSeconds);
}

/** Walks to the last record. Throws `MalformedMessage`, also when TSIG is not the last (RFC 8945 §5.1). */
function readTsig(message: Uint8Array): TsigRecord | "none" {
  const from = new WireReader(message);
  from.octets(4);
  const [questions, answers, authority, additional] = [
    from.u16(),
    from.u16(),
    from.u16(),
    from.u16(),
  ];
  for (let i = 0; i < questions; i++) {
    from.name();
    from.octets(4);
  }
  const records = answers + authority + additional;
  for (let i = 1; i <= records; i++) {
    const start = from.at;
    const keyName = from.name();
    const type = from.u16();
    const recordClass = from.u16();
    const ttlSeconds = from.u32();
    const rdata = from.sub(from.u16());
    if (type !== types.TSIG) continue;
    const isLast = i === records && additional > 0 && from.left === 0;
    if (!isLast || recordClass !== classes.ANY || ttlSeconds !== 0) {
      throw new MalformedMessage("TSIG is not the last record, or not of class ANY and TTL 0");
    }
    return readRecord(message, start, keyName, rdata);
  }
  return "none";
}

function readRecord(
  message: Uint8Array,
  start: number,
  keyName: Name,
  rdata: WireReader,
): TsigRecord {
  const algorithm = rdata.plainName();
  const timeSeconds = rdata.u16() * 2 ** 32 + rdata.u32();
  const fudgeSeconds = rdata.u16();
  const mac = Uint8Array.from(rdata.octets(rdata.u16()));
  const originalId = rdata.octets(2);
  const error = rdata.u16();
  const other = Uint8Array.from(rdata.octets(rdata.u16()));
  if (rdata.left > 0) throw new MalformedMessage("Octets are left behind TSIG");
  // RFC 8945 §4.3.2: with the ID it was sent with, and without TSIG in the count.
  const to = new WireWriter();
  to.octets(originalId);
  to.octets(message.subarray(2, start));
  to.patchU16(additionalCountAt, additionalCount(message) - 1);
  const signedPart = to.finish();
  return { keyName, algorithm, timeSeconds, fudgeSeconds, mac, error, other, signedPart };
}

function additionalCount(message: Uint8Array): number {
  return message[additionalCountAt]! * 0x100 + message[additionalCountAt + 1]!;
}

function mustParse(algorithm: TsigAlgorithm): Name {
  const name = parseName(algorithm);
  assert(name !== undefined, "the names of algorithms are names");
  return name;
}
