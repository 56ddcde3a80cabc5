/**
 * What a signed zone adds to an answer for who asks with DO: RRSIG beside each RRset, and an NSEC where
 * something is denied (RFC 4035 §3.1), in the compact form of RFC 9824. Signatures come from the table;
 * one that is missing is asked for, and the answer waits. No allocation.
 */

import { SipHash } from "../base/sip-hash.ts";
import { nameOctetsMax } from "../dns/name.ts";
import { types } from "../dns/record-types.ts";
import type { Place } from "../zone/arena.ts";
import {
  blockCountMask,
  blockFirst,
  blockHasNs,
  blockHead,
  blockVersion,
  keySetTagsMax,
  nextRrset,
  noKeyTag,
  recordHeadOctets,
  rrsetHead,
  rrsetOctets,
  rrsetRecords,
  signingActiveTag,
  signingKeySetTags,
} from "../zone/node.ts";
import type { ZoneReader } from "../zone/zone-reader.ts";
import { nxname } from "./query.ts";
import { pointerMax, putU16, putU32, readU16, readU32 } from "./reply.ts";
import type { Reply } from "./reply.ts";
import { SignatureKey, SignatureTable, signatureOctets } from "./signature-table.ts";
import { SigningRequests } from "./signing-requests.ts";
import { putSuccessor } from "./successor.ts";

/** RFC 6605 §2. */
const ecdsaP256Sha256 = 13;
/** RFC 4034 §3.1: type covered, algorithm, labels, original TTL, expiration, inception, key tag. */
const rrsigFixedOctets = 18;
const timesAt = 8;
/** RFC 4034 §4.1.2: 256 windows of types, each of two octets and up to 32 of bits. */
const bitmapOctetsMax = 256 * (2 + 32);

export interface SigningParts {
  readonly signatures: SharedArrayBuffer;
  readonly requests: SharedArrayBuffer;
  readonly bell: SharedArrayBuffer;
  /** 16 octets. */
  readonly hashKey: Uint8Array;
}

export class SignedReply {
  /** A signature is being made: the same question can be answered in a moment. */
  isWaiting = false;
  /** A signature is missing and cannot be asked for now. */
  isOverloaded = false;
  readonly #reply: Reply;
  readonly #zones: ZoneReader;
  readonly #table: SignatureTable;
  readonly #requests: SigningRequests;
  readonly #hash: SipHash;
  readonly #key = new SignatureKey();
  /** What a made-up record is hashed from: sizes, TTL, owner and RDATA. */
  readonly #content = new Uint8Array(6 + nameOctetsMax * 2 + bitmapOctetsMax);
  readonly #bitmap = new Uint8Array(bitmapOctetsMax);
  #bitmapOctets = 0;
  /** Where the window that is being filled begins in `#bitmap`. */
  #windowAt = 0;
  #nowMs = 0;
  #nowSeconds = 0;

  constructor(reply: Reply, zones: ZoneReader, parts: SigningParts) {
    this.#reply = reply;
    this.#zones = zones;
    this.#table = new SignatureTable(parts.signatures);
    this.#requests = new SigningRequests(parts.requests, parts.bell);
    this.#hash = new SipHash(parts.hashKey);
  }

  begin(nowMs: number, nowSeconds: number): void {
    this.isWaiting = false;
    this.isOverloaded = false;
    this.#nowMs = nowMs;
    this.#nowSeconds = nowSeconds;
  }

  /**
   * Adds the RRSIG of an RRset that was just put into the reply. Its owner is the last `ownerLength`
   * octets of the name that was looked up and stands at `ownerAt`; `ttlSeconds` is the one it was
   * given; `isExpanded`: it is a wildcard's. Returns how many records that were.
   */
  putSignatures(
    rrset: Place,
    block: Place,
    ownerAt: number,
    ownerLength: number,
    ttlSeconds: number,
    isExpanded: boolean,
  ): number {
    const { lookUp, view, name } = this.#zones;
    const { words, bytes } = view;
    const type = words[rrset + rrsetHead]! >>> 16;
    const version = words[block + blockVersion]!;
    const recordsAt = (rrset + rrsetRecords) * 4;
    const recordOctets = words[rrset + rrsetOctets]!;
    const originalTtl = readU32(bytes, recordsAt + 6);
    let low = 0;
    let high = 0;
    if (isExpanded) {
      // RFC 9824 §3: what a wildcard gives is signed as if the name had it, and needs no proof beside it.
      this.#hash.hash(name.octets, 0, name.length);
      low = this.#hash.low;
      high = this.#hash.high;
    }
    // One key signs, but every key that a validator may hold a DS of signs the keys (RFC 7344 §4.1).
    const isOfKeys = isOfKeySet(type) && block === lookUp.apexBlock;
    const firstTag = lookUp.signing + (isOfKeys ? signingKeySetTags : signingActiveTag);
    const tags = isOfKeys ? keySetTagsMax : 1;
    let put = 0;
    for (let i = 0; i < tags; i++) {
      const tag = words[firstTag + i]!;
      if (tag === noKeyTag) continue;
      this.#key.set(version, type, tag, low, high);
      put += this.#putSignature(
        ownerAt,
        ownerLength,
        ttlSeconds,
        originalTtl,
        bytes,
        recordsAt,
        recordOctets,
      );
    }
    return put;
  }

  /**
   * RFC 9824 §3.1: says what types the name has, by an NSEC of its own, and that it is not there at all by
   * NXNAME among them. `block`: the records of the name, 0 without any; `isSigned`: with its RRSIG.
   * Returns how many records.
   */
  putDenial(
    block: Place,
    isThere: boolean,
    ownerAt: number,
    ownerLength: number,
    ttlSeconds: number,
    isSigned: boolean,
  ): number {
    const reply = this.#reply;
    const { lookUp, name, view } = this.#zones;
    const nameAt = name.length - ownerLength;
    this.#makeBitmap(block, isThere);
    const { octets } = reply;
    const head = reply.length;
    const rdataAt = head + recordHeadOctets;
    // The successor is at most one label longer.
    const room = recordHeadOctets + ownerLength + 2 + this.#bitmapOctets;
    if (ownerAt > pointerMax || !reply.hasRoom(room)) {
      reply.isTruncated = true;
      return 0;
    }
    reply.putRecordHead(ownerAt, types.NSEC, ttlSeconds, 0);
    let end = putSuccessor(name.octets, nameAt, ownerLength, lookUp.apexLength, octets, rdataAt);
    for (let i = 0; i < this.#bitmapOctets; i++) octets[end++] = this.#bitmap[i]!;
    reply.length = end;
    const rdataOctets = reply.length - rdataAt;
    putU16(octets, head + 10, rdataOctets);
    if (!isSigned) return 1;

    const content = this.#content;
    content[0] = lookUp.apexLength;
    content[1] = ownerLength;
    putU32(content, 2, ttlSeconds);
    let at = 6;
    for (let i = 0; i < ownerLength; i++) content[at++] = name.octets[nameAt + i]!;
    for (let i = 0; i < rdataOctets; i++) content[at++] = octets[rdataAt + i]!;
    this.#hash.hash(content, 0, at);
    const tag = view.words[lookUp.signing + signingActiveTag]!;
    this.#key.set(0, types.NSEC, tag, this.#hash.low, this.#hash.high);
    const recordOctets = recordHeadOctets + rdataOctets;
    return (
      1 +
      this.#putSignature(ownerAt, ownerLength, ttlSeconds, ttlSeconds, octets, head, recordOctets)
    );
  }

  /** The RRSIG of the NSEC of a name without records, and not the NSEC itself. Returns how many records. */
  putDenialSignature(
    isThere: boolean,
    ownerAt: number,
    ownerLength: number,
    ttlSeconds: number,
  ): number {
    const reply = this.#reply;
    const head = reply.length;
    if (this.putDenial(0, isThere, ownerAt, ownerLength, ttlSeconds, true) < 2) return 0;
    const signatureAt = head + recordHeadOctets + readU16(reply.octets, head + 10);
    // It can be moved: only its owner is a pointer, and that leads in front of both.
    reply.octets.copyWithin(head, signatureAt, reply.length);
    reply.length -= signatureAt - head;
    return 1;
  }

  /** RFC 4034 §4.1.2, into `#bitmap`. RRSIG and NSEC are at every name that can be asked for. */
  #makeBitmap(block: Place, isThere: boolean): void {
    const { words } = this.#zones.view;
    const head = block === 0 ? 0 : words[block + blockHead]!;
    // What stands at a delegation beside NS and DS is the child's (RFC 4035 §2.3).
    const isCut = (head & blockHasNs) !== 0 && block !== this.#zones.lookUp.apexBlock;
    this.#bitmapOctets = 0;
    this.#windowAt = -1;
    let made = 0; // of RRSIG, NSEC and NXNAME, which stand in no block, how many are in
    let rrset = block + blockFirst;
    for (let left = head & blockCountMask; left > 0; left--) {
      const type = words[rrset + rrsetHead]! >>> 16; // in rising order, see `writeBlock`
      rrset = nextRrset(words, rrset);
      if (isCut && type !== types.NS && type !== types.DS) continue;
      if (made === 0 && type > types.NSEC) made = this.#addMade();
      this.#addType(type);
    }
    if (made === 0) this.#addMade();
    if (!isThere) this.#addType(nxname);
  }

  #addMade(): number {
    this.#addType(types.RRSIG);
    this.#addType(types.NSEC);
    return 2;
  }

  /** Types come in rising order. */
  #addType(type: number): void {
    const bitmap = this.#bitmap;
    const window = type >>> 8;
    const octet = (type & 0xff) >> 3;
    if (this.#windowAt < 0 || bitmap[this.#windowAt] !== window) {
      this.#windowAt = this.#bitmapOctets;
      bitmap[this.#bitmapOctets++] = window;
      bitmap[this.#bitmapOctets++] = 0;
    }
    const first = this.#windowAt + 2;
    while (this.#bitmapOctets <= first + octet) bitmap[this.#bitmapOctets++] = 0;
    bitmap[first + octet]! |= 0x80 >> (type & 7);
    bitmap[this.#windowAt + 1] = octet + 1;
  }

  /** One RRSIG with the signature of `#key`. */
  #putSignature(
    ownerAt: number,
    ownerLength: number,
    ttlSeconds: number,
    originalTtlSeconds: number,
    records: Uint8Array,
    recordsAt: number,
    recordOctets: number,
  ): number {
    const reply = this.#reply;
    const { lookUp, name } = this.#zones;
    const { apexLength } = lookUp;
    const rdataOctets = rrsigFixedOctets + apexLength + signatureOctets;
    if (!reply.hasRoom(recordHeadOctets + rdataOctets)) return 0;
    const rdataAt = reply.length + recordHeadOctets;
    const into = reply.octets;
    const signerAt = rdataAt + rrsigFixedOctets;
    const key = this.#key;
    const found = this.#table.read(
      key,
      this.#nowSeconds,
      into,
      rdataAt + timesAt,
      signerAt + apexLength,
    );
    const nameAt = name.length - ownerLength;
    if (found !== "good") {
      const isAsked = this.#requests.ask(
        key,
        this.#nowMs,
        name.octets,
        nameAt,
        ownerLength,
        apexLength,
        originalTtlSeconds,
        records,
        recordsAt,
        recordOctets,
      );
      if (found === "missing") {
        if (isAsked) this.isWaiting = true;
        else this.isOverloaded = true;
        return 0;
      }
    }
    reply.putRecordHead(ownerAt, types.RRSIG, ttlSeconds, rdataOctets);
    putU16(into, rdataAt, key.type);
    into[rdataAt + 2] = ecdsaP256Sha256;
    into[rdataAt + 3] = countLabels(name.octets, nameAt);
    putU32(into, rdataAt + 4, originalTtlSeconds);
    putU16(into, rdataAt + 16, key.keyTag);
    const apexAt = name.length - apexLength;
    for (let i = 0; i < apexLength; i++) into[signerAt + i] = name.octets[apexAt + i]!;
    reply.length = rdataAt + rdataOctets;
    return 1;
  }
}

/** RFC 4034 §3.1.3: neither the root nor a leftmost `*` is counted. */
function countLabels(name: Uint8Array, start: number): number {
  let count = 0;
  let at = start;
  if (name[at] === 1 && name[at + 1] === 0x2a) at += 2;
  while (name[at] !== 0) {
    count++;
    at += name[at]! + 1;
  }
  return count;
}

function isOfKeySet(type: number): boolean {
  return type === types.DNSKEY || type === types.CDS || type === types.CDNSKEY;
}
