/** Character-strings as text: RFC 1035 §5.1 quoting, one character an octet. */

/** RFC 1035 §3.3: one length octet. */
export const characterStringOctetsMax = 255;

/**
 * Takes the escapes out of the text between the quotes: `\DDD` and `\X`. `undefined` when an escape is
 * not one or a character is not an octet.
 */
export function parseEscapes(text: string): Uint8Array | undefined {
  const octets = new Uint8Array(text.length);
  let length = 0;
  for (let i = 0; i < text.length; i++) {
    let code = text.charCodeAt(i);
    if (code === 0x5c) {
      const decimal = /^\d{3}/.exec(text.slice(i + 1, i + 4));
      if (decimal !== null) {
        code = Number(decimal[0]);
        i += 3;
      } else {
        i++;
        if (i >= text.length) return undefined;
        code = text.charCodeAt(i);
        if (code >= 0x30 && code <= 0x39) return undefined;
      }
    }
    if (code > 0xff) return undefined;
    octets[length] = code;
    length++;
  }
  return octets.slice(0, length);
}

/** The text between the quotes: printable ASCII as it is, all else as `\DDD`. */
export function printEscapes(octets: Uint8Array): string {
  let text = "";
  for (const octet of octets) {
    if (octet < 0x20 || octet > 0x7e) text += `\\${String(octet).padStart(3, "0")}`;
    else if (octet === 0x22 || octet === 0x5c) text += `\\${String.fromCharCode(octet)}`;
    else text += String.fromCharCode(octet);
  }
  return text;
}

/** In quotes, whatever it holds, so that an empty string and one with spaces look alike. */
export function printQuoted(octets: Uint8Array): string {
  return `"${printEscapes(octets)}"`;
}
