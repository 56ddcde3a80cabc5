/**
 * Response rate limiting: a forged question makes us send answers to somebody who never asked. Answers
 * are counted by network, in a table of fixed size that all threads share without locks. Above the
 * limit a client is asked to come over TCP, which a forger cannot, or hears nothing. Who has a valid
 * cookie, or comes over TCP, is not counted (RFC 7873 §5.2.3).
 */

import type { Cidr } from "../base/address.ts";
import type { Peer } from "./peer.ts";

export interface ResponseLimitRule {
  /** Answers a second to one network; 0 is no limit. */
  readonly perSecond: number;
  /** Above the limit every so manieth question is answered with TC, the others not at all; 0: none is. */
  readonly slip: number;
  /** Networks without a limit. */
  readonly exempt: readonly Cidr[];
}

export type Limited = "answer" | "truncate" | "drop";

/** Octets of an address that make a network: an IPv4 /24 or an IPv6 /56, which is one customer or less. */
const networkOctets = { 4: 3, 16: 7 } as const;

/** What may come at once, in seconds of the rate: resolvers fetch what expires together. */
const burstSeconds = 5;

/**
 * A network's entry is its hash and the time at which all that was sent to it would be paid for at the
 * allowed rate (GCRA): one number that decays by itself.
 */
const entryWords = 2;
const ways = 4;
/** Each set holds the networks with one hash. 256 KiB in all: 32,768 networks that are over at once. */
const sets = 8_192;
const tableOctets = sets * ways * entryWords * 4;
/** Time is counted in parts of a millisecond, so that high rates come out right. */
const partsPerMs = 64;

export function makeResponseLimitTable(): SharedArrayBuffer {
  return new SharedArrayBuffer(tableOctets);
}

export class ResponseLimit {
  readonly #entries: Int32Array;
  readonly #rule: ResponseLimitRule;
  readonly #seed: number;
  readonly #costParts: number;
  readonly #burstParts: number;
  #skipped = 0;

  /** `seed` keeps strangers from finding networks that share an entry with somebody else's. */
  constructor(rule: ResponseLimitRule, table: SharedArrayBuffer, seed: number) {
    this.#rule = rule;
    this.#entries = new Int32Array(table);
    this.#seed = seed | 0;
    this.#costParts = rule.perSecond === 0 ? 0 : (1_000 * partsPerMs) / rule.perSecond;
    this.#burstParts = burstSeconds * 1_000 * partsPerMs;
  }

  /** Counts one answer to this peer and says what it may be. */
  take(peer: Peer, nowMs: number): Limited {
    if (this.#costParts === 0 || !this.#isOver(peer, nowMs) || this.#isExempt(peer))
      return "answer";
    const { slip } = this.#rule;
    if (slip === 0) return "drop";
    this.#skipped++;
    if (this.#skipped < slip) return "drop";
    this.#skipped = 0;
    return "truncate";
  }

  /** Threads may overwrite each other's count; then an answer more leaves. */
  #isOver(peer: Peer, nowMs: number): boolean {
    const entries = this.#entries;
    const now = Math.floor(nowMs * partsPerMs) | 0;
    let hash = this.#seed;
    const octets = networkOctets[peer.length];
    for (let i = 0; i < octets; i++) hash = mix(hash ^ peer.octets[i]!);
    hash = mix(hash ^ peer.length);
    // The set comes from one half of the hash and the mark from all of it; 0 marks an empty entry.
    const mark = hash === 0 ? 1 : hash;
    const first = ((hash >>> 16) % sets) * ways * entryWords;
    let chosen = first;
    let least = Infinity;
    for (let at = first; at < first + ways * entryWords; at += entryWords) {
      const ahead = entries[at] === 0 ? -1 : (entries[at + 1]! - now) | 0;
      // Paid for, or from so long ago that the time has wrapped.
      const owed = ahead < 0 || ahead > this.#burstParts + this.#costParts ? 0 : ahead;
      if (entries[at] === mark) {
        if (owed + this.#costParts > this.#burstParts) return true;
        entries[at + 1] = (now + owed + this.#costParts) | 0;
        return false;
      }
      if (owed < least) {
        least = owed;
        chosen = at;
      }
    }
    // A network that was not known takes the place of the one that owes least.
    entries[chosen] = mark;
    entries[chosen + 1] = (now + this.#costParts) | 0;
    return false;
  }

  #isExempt(peer: Peer): boolean {
    for (const { network, prefixLength } of this.#rule.exempt) {
      if (network.octets.length === peer.length && isWithin(peer, network.octets, prefixLength)) {
        return true;
      }
    }
    return false;
  }
}

function isWithin(peer: Peer, network: Uint8Array, prefixLength: number): boolean {
  const whole = prefixLength >> 3;
  for (let i = 0; i < whole; i++) if (peer.octets[i] !== network[i]) return false;
  const rest = prefixLength & 7;
  return rest === 0 || ((peer.octets[whole]! ^ network[whole]!) & (0xff00 >> rest) & 0xff) === 0;
}

/** A step of a hash that spreads every bit (the finaliser of MurmurHash3). */
function mix(value: number): number {
  let mixed = Math.imul(value ^ (value >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
}
