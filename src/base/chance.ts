/** Chance as an argument, so that a test can be repeated. */

export interface Chance {
  /** `length` octets nobody can guess. */
  octets(length: number): Uint8Array;
}

export const systemChance: Chance = {
  octets: (length) => crypto.getRandomValues(new Uint8Array(length)),
};

/** Base58: no 0, O, I or l, so that it can be read from a screen and typed into a camera. */
const base58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/** `length` characters of base58, each worth 5.86 bits. */
export function makeSecretText(chance: Chance, length: number): string {
  let text = "";
  while (text.length < length) {
    for (const octet of chance.octets(length)) {
      // 232 is the largest multiple of 58 an octet can hold: above it the choice would not be even.
      if (octet < 232 && text.length < length) text += base58[octet % 58];
    }
  }
  return text;
}
