/** Octets as letters: hexadecimal, base64 and base32hex, each read strictly. */

/** Both cases; an even number of digits. */
export function parseHex(text: string): Uint8Array | undefined {
  if (text.length % 2 !== 0 || /[^0-9a-f]/i.test(text)) return undefined;
  return Uint8Array.fromHex(text);
}

/** Upper case, as zone files have it since RFC 4034 §5.3. */
export function printHex(octets: Uint8Array): string {
  return octets.toHex().toUpperCase();
}

/** RFC 4648 §4 with its padding, and §3.5: unused bits are zero, so that one value has one text. */
export function parseBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || /[^A-Za-z0-9+/=]/.test(text)) return undefined;
  try {
    return Uint8Array.fromBase64(text, { lastChunkHandling: "strict" });
  } catch {
    return undefined; // a SyntaxError is the only way the runtime says no
  }
}

export function printBase64(octets: Uint8Array): string {
  return octets.toBase64();
}

/** RFC 4648 §7; without padding, as RFC 5155 §3.3 writes it. */
const base32Digits = "0123456789ABCDEFGHIJKLMNOPQRSTUV";

export function parseBase32(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(Math.floor((text.length * 5) / 8));
  let bits = 0;
  let bitCount = 0;
  let at = 0;
  for (const character of text.toUpperCase()) {
    const digit = base32Digits.indexOf(character);
    if (digit === -1) return undefined;
    bits = (bits << 5) | digit;
    bitCount += 5;
    if (bitCount >= 8) {
      bitCount -= 8;
      octets[at] = bits >> bitCount;
      at++;
      bits &= (1 << bitCount) - 1;
    }
  }
  return bitCount < 5 && bits === 0 ? octets : undefined;
}

export function printBase32(octets: Uint8Array): string {
  let text = "";
  let bits = 0;
  let bitCount = 0;
  for (const octet of octets) {
    bits = (bits << 8) | octet;
    bitCount += 8;
    while (bitCount >= 5) {
      bitCount -= 5;
      text += base32Digits[bits >> bitCount]!;
      bits &= (1 << bitCount) - 1;
    }
  }
  return bitCount === 0 ? text : text + base32Digits[bits << (5 - bitCount)]!;
}
