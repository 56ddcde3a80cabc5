/** Spaces around a value, as people type them into the fields of a device. */

/**
 * Spaces and tabs only: a line end is no white space here, it must fail where a name is checked, and
 * the octet A0, which `trim()` takes for a space, ends the `à` of UTF-8. No pattern, since one for
 * the end of a text tries again from each space in it.
 */
export function trimSpaces(text: string): string {
  return cutTrimmed(text, 0, text.length);
}

/** The part from `from` up to `to`, trimmed: one slice where cutting and trimming would make two. */
export function cutTrimmed(text: string, from: number, to: number): string {
  let start = from;
  let end = to;
  while (start < end && isSpace(text.charCodeAt(start))) start++;
  while (end > start && isSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x09;
}
