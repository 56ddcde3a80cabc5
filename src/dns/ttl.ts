/** Times to live as text: seconds, or with BIND's units. */

/** RFC 2181 §8: 31 bits; more would be read as 0. */
export const ttlSecondsMax = 2 ** 31 - 1;

const unitSeconds: Readonly<Record<string, number>> = {
  s: 1,
  m: 60,
  h: 3_600,
  d: 86_400,
  w: 604_800,
};

/**
 * `3600`, or `1h30m`: with units every number has one. `undefined` when it is not a time or does not
 * fit 32 bits. No RFC knows the units; BIND, Knot and NSD all read them.
 */
export function parseSeconds(text: string): number | undefined {
  if (text.length > 40 || !/^(?:\d+|(?:\d+[smhdw])+)$/i.test(text)) return undefined;
  let total = 0;
  for (const [, digits, unit] of text.matchAll(/(\d+)([a-z]?)/gi)) {
    total += Number(digits) * (unit === "" ? 1 : unitSeconds[unit!.toLowerCase()]!);
  }
  return total < 2 ** 32 ? total : undefined;
}
