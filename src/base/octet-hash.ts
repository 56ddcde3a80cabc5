/** A hash over octets for tables of our own, begun with a seed so that nobody can choose what collides. */

/** FNV-1a's step: xor, then multiply. */
export function hashOctet(hash: number, octet: number): number {
  return Math.imul(hash ^ octet, 0x0100_0193);
}

/**
 * Spreads the entropy over all bits (the finaliser of MurmurHash3). Every step can be undone, so
 * different values stay different.
 */
export function spreadHash(hash: number): number {
  let mixed = hash;
  mixed ^= mixed >>> 16;
  mixed = Math.imul(mixed, 0x85eb_ca6b);
  mixed ^= mixed >>> 13;
  mixed = Math.imul(mixed, 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
}
