import { expect, test } from "bun:test";
import { SipHash } from "./sip-hash.ts";

const key = Uint8Array.from({ length: 16 }, (_, i) => i);

function hashOf(octets: Uint8Array, start = 0, end = octets.length): string {
  const sip = new SipHash(key);
  sip.hash(octets, start, end);
  const hash = new DataView(new ArrayBuffer(8));
  hash.setInt32(0, sip.low, true);
  hash.setInt32(4, sip.high, true);
  return Buffer.from(hash.buffer).toString("hex");
}

/** The authors' own vectors (Aumasson and Bernstein, appendix A): input 00 01 02 … of each length. */
const vectors = [
  [0, "310e0edd47db6f72"],
  [1, "fd67dc93c539f874"],
  [7, "37d1018bf50002ab"],
  [8, "6224939a79f5f593"],
  [15, "e545be4961ca29a1"],
  [16, "db9bc2577fcc2a3f"],
  [63, "724506eb4c328a95"],
] as const;

for (const [length, hash] of vectors) {
  test(`${length} octets hash to ${hash}`, () => {
    expect(hashOf(Uint8Array.from({ length }, (_, i) => i))).toBe(hash);
  });
}

test("only the octets between start and end count", () => {
  const octets = Uint8Array.from([9, 9, 0, 1, 2, 3, 4, 5, 6, 9]);
  expect(hashOf(octets, 2, 9)).toBe("37d1018bf50002ab");
});
