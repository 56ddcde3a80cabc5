import { expect, test } from "bun:test";
import fc from "fast-check";
import { addressFromOctets } from "../base/address.ts";
import { addressTextMax, putAddressText } from "./address-text.ts";

function print(octets: Uint8Array): string {
  const into = Buffer.alloc(addressTextMax + 8);
  return into.toString("latin1", 3, putAddressText(into, 3, octets, octets.length as 4 | 16));
}

/** Groups that are often zero, so that runs of them come in all places and lengths. */
const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }));
const ipv6 = fc
  .array(group, { minLength: 8, maxLength: 8 })
  .map((groups) => Uint8Array.from(groups.flatMap((value) => [value >> 8, value & 0xff])));
const mapped = fc
  .uint8Array({ minLength: 4, maxLength: 4 })
  .map((octets) => Uint8Array.from([0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, ...octets]));

for (const [what, octets] of [
  ["IPv4", fc.uint8Array({ minLength: 4, maxLength: 4 })],
  ["IPv6", ipv6],
  ["IPv4-mapped", mapped],
] as const) {
  test(`${what} addresses are written as everywhere else`, () => {
    fc.assert(
      fc.property(octets, (address) => {
        expect(print(address)).toBe(addressFromOctets(address).text);
      }),
      { numRuns: 2_000 },
    );
  });
}

test("the longest text has 39 octets", () => {
  expect(print(new Uint8Array(16).fill(0xfe))).toHaveLength(addressTextMax);
});
