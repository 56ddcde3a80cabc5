/** Zone serials: numbers that go round. */

/** RFC 1982 §2: serials have 32 bits. */
const serialCount = 2 ** 32;

/**
 * The serial after this one. 0 is left out, though RFC 1982 §7 has nothing against it: some
 * secondaries and tools take it for "no serial".
 */
export function nextSerial(serial: number): number {
  return serial + 1 >= serialCount ? 1 : serial + 1;
}

/**
 * RFC 1982 §3.2: whether `a` comes after `b`. At a distance of exactly 2^31 the RFC leaves it
 * undefined; neither is newer then, so that nothing is transferred on a guess.
 */
export function isNewerSerial(a: number, b: number): boolean {
  const ahead = (a - b + serialCount) % serialCount;
  return ahead !== 0 && ahead < serialCount / 2;
}
