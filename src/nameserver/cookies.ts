/**
 * DNS cookies (RFC 7873) as RFC 9018 makes them, so that every server with the same secret knows the
 * others' cookies: a client that brings one back has shown that its address is its own.
 */

import { createHmac } from "node:crypto";
import type { Clock } from "../base/clock.ts";
import { SipHash, sipKeyOctets } from "../base/sip-hash.ts";
import type { Peer } from "./peer.ts";

/** RFC 7873 §4: what the client makes up, and what servers add (RFC 9018 §4: 16 octets). */
export const clientCookieOctets = 8;
const serverCookieOctets = 16;
export const cookieOctets = clientCookieOctets + serverCookieOctets;

/** RFC 9018 §4.3: how old a cookie may be, how far its maker's clock may be ahead, when a new one is due. */
const oldestSeconds = 3_600;
const aheadSeconds = 300;
const renewAfterSeconds = 1_800;

/** RFC 9018 §4.1: version 1, then three octets of zero. */
const version = 1;
const timeAt = clientCookieOctets + 4;
const hashAt = clientCookieOctets + 8;

/**
 * What all threads read and one writes: a word that is odd while the secrets change and another number
 * afterwards, then the secrets of this, the previous and the next period, so that servers whose clocks
 * differ know each other's cookies (RFC 9018 §5).
 */
const secretsHeldMax = 3;
const versionOctets = 4;
const sharedOctets = versionOctets + secretsHeldMax * sipKeyOctets;

/** RFC 7873 §7.1: a secret should not serve for longer than 26 hours. */
const periodMs = 24 * 3_600 * 1_000;

/** The writer's side. Servers with the same master secret have the same cookie secrets at the same time. */
export class CookieSecrets {
  readonly buffer = new SharedArrayBuffer(sharedOctets);
  readonly #master: Uint8Array;
  readonly #clock: Clock;
  #period = -1;

  constructor(master: Uint8Array, clock: Clock) {
    this.#master = master;
    this.#clock = clock;
    this.update();
  }

  /** To be called now and then, several times a period. */
  update(): void {
    const period = Math.floor(this.#clock.now() / periodMs);
    if (period === this.#period) return;
    this.#period = period;
    const version = new Int32Array(this.buffer, 0, 1);
    const secrets = new Uint8Array(this.buffer, versionOctets);
    Atomics.add(version, 0, 1);
    for (const [i, of] of [period, period - 1, period + 1].entries()) {
      const hmac = createHmac("sha256", this.#master).update(`dns cookie secret ${of}`).digest();
      secrets.set(hmac.subarray(0, sipKeyOctets), i * sipKeyOctets);
    }
    Atomics.add(version, 0, 1);
  }
}

export class ServerCookies {
  readonly #version: Int32Array;
  readonly #secrets: Uint8Array;
  #versionRead = -1;
  /** The current secret first. */
  readonly #hashes: readonly SipHash[];
  /** RFC 9018 §4.4: client cookie, version, reserved, time, address. */
  readonly #input = new Uint8Array(hashAt + 16);

  constructor(shared: SharedArrayBuffer) {
    this.#version = new Int32Array(shared, 0, 1);
    this.#secrets = new Uint8Array(shared, versionOctets);
    const none = new Uint8Array(sipKeyOctets);
    this.#hashes = Array.from({ length: secretsHeldMax }, () => new SipHash(none));
    this.#read();
  }

  /** Whether the cookie of `cookieOctets` octets at `at` is one of ours, made for this peer and not too old. */
  isValid(message: Uint8Array, at: number, peer: Peer, nowSeconds: number): boolean {
    if (message[at + clientCookieOctets] !== version) return false;
    const age = (nowSeconds - readTime(message, at)) | 0; // RFC 1982 arithmetic, see RFC 9018 §4.3
    if (age > oldestSeconds || age < -aheadSeconds) return false;
    this.#read();
    const length = this.#fill(message, at, hashAt, peer);
    for (let i = 0; i < this.#hashes.length; i++) {
      const hash = this.#hashes[i]!;
      hash.hash(this.#input, 0, length);
      if (isHash(hash, message, at + hashAt)) return true;
    }
    return false;
  }

  /**
   * Writes the cookie for the answer at `to`: the client's own, and ours. A valid one that is young
   * enough goes back as it came (RFC 9018 §4.3).
   */
  write(
    into: Uint8Array,
    to: number,
    message: Uint8Array,
    at: number,
    isValid: boolean,
    peer: Peer,
    nowSeconds: number,
  ): void {
    const isYoung = isValid && ((nowSeconds - readTime(message, at)) | 0) < renewAfterSeconds;
    const copied = isYoung ? cookieOctets : clientCookieOctets;
    for (let i = 0; i < copied; i++) into[to + i] = message[at + i]!;
    if (isYoung) return;
    into[to + clientCookieOctets] = version;
    for (let i = 1; i < 4; i++) into[to + clientCookieOctets + i] = 0;
    for (let i = 0; i < 4; i++) into[to + timeAt + i] = nowSeconds >>> (24 - 8 * i);
    this.#read();
    const length = this.#fill(into, to, hashAt, peer);
    const hash = this.#hashes[0]!;
    hash.hash(this.#input, 0, length);
    for (let i = 0; i < 4; i++) into[to + hashAt + i] = hash.low >>> (8 * i);
    for (let i = 0; i < 4; i++) into[to + hashAt + 4 + i] = hash.high >>> (8 * i);
  }

  /** Puts together what is hashed. Returns its length. */
  #fill(from: Uint8Array, at: number, length: number, peer: Peer): number {
    for (let i = 0; i < length; i++) this.#input[i] = from[at + i]!;
    for (let i = 0; i < peer.length; i++) this.#input[length + i] = peer.octets[i]!;
    return length + peer.length;
  }

  /** Takes over secrets that the writer has changed. While it changes them the old ones do. */
  #read(): void {
    const version = Atomics.load(this.#version, 0);
    if (version === this.#versionRead || (version & 1) !== 0) return;
    const secrets = this.#secrets.slice();
    if (Atomics.load(this.#version, 0) !== version) return;
    this.#versionRead = version;
    for (const [i, hash] of this.#hashes.entries()) {
      hash.setKey(secrets.subarray(i * sipKeyOctets, (i + 1) * sipKeyOctets));
    }
  }
}

function readTime(cookie: Uint8Array, at: number): number {
  const time = at + timeAt;
  return (
    (cookie[time]! << 24) | (cookie[time + 1]! << 16) | (cookie[time + 2]! << 8) | cookie[time + 3]!
  );
}

function isHash(hash: SipHash, cookie: Uint8Array, at: number): boolean {
  let difference = 0;
  for (let i = 0; i < 4; i++) {
    difference |= cookie[at + i]! ^ ((hash.low >>> (8 * i)) & 0xff);
    difference |= cookie[at + 4 + i]! ^ ((hash.high >>> (8 * i)) & 0xff);
  }
  return difference === 0;
}
