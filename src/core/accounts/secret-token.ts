/** Secrets that the service makes and somebody brings back: of a session, a link, a mail. Kept as their hash alone. */

import { createHash } from "node:crypto";
import type { Chance } from "../../base/chance.ts";
import { makeSecretText } from "../../base/chance.ts";

/** 44 characters of base58 are 257 bits: nobody guesses one, so that a plain hash is enough at rest (ASVS 6.5.2). */
const secretCharacters = 44;
/** 22 characters are 128 bits: two alike are as good as impossible. */
const idCharacters = 22;

export interface SecretToken {
  /** Only who is given it has it. */
  readonly secret: string;
  readonly hash: Uint8Array;
  /** Names it in lists and logs; proves nothing. */
  readonly id: string;
}

export function makeSecretToken(chance: Chance): SecretToken {
  const secret = makeSecretText(chance, secretCharacters);
  return { secret, hash: hashSecret(secret), id: makeSecretText(chance, idCharacters) };
}

/** SHA-256. The whole secret counts: there is no look-up by a part of it (Technitium 15.6 had one). */
export function hashSecret(secret: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(secret).digest());
}
