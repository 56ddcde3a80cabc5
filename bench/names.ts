/** What every contestant serves: one zone of numbered hosts. */

/** RFC 6761 §6.2: `.test` is nobody's. */
export const apex = "dyn.test";
export const credential = { username: "bench", password: "5LmWq2rTz9XbKc7HdVnY" };

/** Names that the updates go round. */
export const hostsUpdated = 10_000;

/** The address that a host has at first: 10.0.0.0 and up. */
export function hostOctets(host: number): Uint8Array {
  return new Uint8Array([10, host >> 16, host >> 8, host]);
}

/** A different address for every number: 11.0.0.0 and up. */
export function addressOctets(number: number): Uint8Array {
  return new Uint8Array([11 + (number >>> 24), number >>> 16, number >>> 8, number]);
}
