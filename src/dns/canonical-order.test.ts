import { expect, test } from "bun:test";

import { canonicalKey, sortRdatas } from "./canonical-order.ts";
import { parseName } from "./name.ts";

test("names stand in the order of RFC 4034 §6.1", () => {
  const sorted = [
    "example.",
    "a.example.",
    "yljkjljk.a.example.",
    "Z.a.example.",
    "zABC.a.EXAMPLE.",
    "z.example.",
    "\\000.z.example.", // this one is ours: the lowest octet
    "\\001.z.example.",
    "*.z.example.",
    "\\200.z.example.",
  ];
  const keyed = sorted.toReversed().map((text) => ({ text, key: canonicalKey(parseName(text)!) }));
  const found = keyed.toSorted((a, b) => (a.key < b.key ? -1 : 1)).map(({ text }) => text);
  expect(found).toEqual(sorted);
});

test("RDATA stand in the order of RFC 4034 §6.3: as octets without a sign, a beginning first, each once", () => {
  const sorted = ["", "00", "0000", "7f", "80", "80ff", "ff"];
  const rdatas = [...sorted.toReversed(), "80"].map((hex) => Uint8Array.fromHex(hex));
  expect(sortRdatas(rdatas).map((rdata) => rdata.toHex())).toEqual(sorted);
});
