/** Codes of an authenticator app (RFC 6238): SHA-1, six digits, thirty seconds, because the apps are. */

import { createHmac, timingSafeEqual } from "node:crypto";

/** 160 bits, RFC 4226 §4 R6. */
export const totpSecretOctets = 20;
const stepMs = 30_000;
const digits = 6;
/** RFC 6238 §5.2: one step for clocks that differ and people who type. */
const stepsAround = 1;

/** RFC 4226 §5.3. */
export function makeCode(secret: Uint8Array, step: number, length = digits): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac("sha1", secret).update(counter).digest();
  const offset = mac[19]! & 0x0f;
  const number = mac.readUInt32BE(offset) & 0x7fffffff;
  return String(number % 10 ** length).padStart(length, "0");
}

export function stepAt(nowMs: number): number {
  return Math.floor(nowMs / stepMs);
}

/** The step whose code it is; undefined: of none near now. That each is used once is the store's to hold. */
export function findStep(secret: Uint8Array, code: string, nowMs: number): number | undefined {
  const given = Buffer.from(code.replaceAll(/\s/g, ""));
  let found: number | undefined;
  for (let step = stepAt(nowMs) - stepsAround; step <= stepAt(nowMs) + stepsAround; step++) {
    const right = Buffer.from(makeCode(secret, step));
    if (given.length === right.length && timingSafeEqual(given, right)) found = step;
  }
  return found;
}

/** What a QR code of the secret says; apps read it. */
export function printTotpUri(secret: Uint8Array, issuer: string, account: string): string {
  const label = `${encodeURIComponent(issuer)}:${encodeURIComponent(account)}`;
  const query = `secret=${printBase32(secret)}&issuer=${encodeURIComponent(issuer)}`;
  return `otpauth://totp/${label}?${query}`;
}

/** RFC 4648 §6, without padding. */
export function printBase32(octets: Uint8Array): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  let text = "";
  let bits = 0;
  let value = 0;
  for (const octet of octets) {
    value = (value << 8) | octet;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += alphabet[(value >> bits) & 31];
    }
    value &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + alphabet[(value << (5 - bits)) & 31];
}

/** Where a sealed secret belongs to; see `seal`. */
export function totpPlace(user: number): string {
  return `totp ${user}`;
}
