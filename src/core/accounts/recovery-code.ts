/** Codes for who lost the second factor: ten, each good once. */

import { createHmac } from "node:crypto";
import type { Chance } from "../../base/chance.ts";

export const recoveryCodes = 10;
/** Without 0, 1, i, l, o and u: it is copied from paper. */
const alphabet = "23456789abcdefghjkmnpqrstvwxyz";
const characters = 16; // 78 bits

export function makeRecoveryCodes(chance: Chance): readonly string[] {
  return Array.from({ length: recoveryCodes }, () => {
    const text = makeText(chance);
    return text.match(/.{4}/g)!.join("-");
  });
}

function makeText(chance: Chance): string {
  let text = "";
  while (text.length < characters) {
    for (const octet of chance.octets(characters)) {
      // 240 is the largest multiple of 30 an octet can hold: above it the choice would not be even.
      if (octet < 240 && text.length < characters) text += alphabet[octet % 30];
    }
  }
  return text;
}

/** As it is kept: under a key outside the database, so that a copy of it cannot be searched. */
export function hashRecoveryCode(pepper: Uint8Array, user: number, code: string): string {
  const text = code.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
  return createHmac("sha256", pepper).update(`recovery ${user} ${text}`).digest("base64url");
}
