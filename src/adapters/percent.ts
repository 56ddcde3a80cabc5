/** Percent-decoding that never fails. Text is one character an octet before and after. */

/** `%zz` is no escape and stays as it is; raw octets above 0x7F stay too. */
export function decodePercent(text: string): string {
  if (!text.includes("%")) return text;
  return text.replace(escapePattern, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}

/** As in forms: `+` is a space, `%2B` is a plus. */
export function decodeFormText(text: string): string {
  return decodePercent(text.includes("+") ? text.replaceAll("+", " ") : text);
}

const escapePattern = /%([0-9a-f]{2})/gi;
