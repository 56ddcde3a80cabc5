import { expect, test } from "bun:test";

import { parseName } from "./name.ts";
import { MalformedMessage, MessageFull, WireReader, WireWriter } from "./wire.ts";

function reader(hex: string, start = 0): WireReader {
  return new WireReader(Uint8Array.fromHex(hex.replaceAll(" ", "")), start);
}

test("numbers are read big-endian, also above 2^31", () => {
  const from = reader("01 0203 fffefdfc");
  expect([from.u8(), from.u16(), from.u32(), from.left]).toEqual([1, 0x0203, 0xfffefdfc, 0]);
});

test("what is written is read back", () => {
  const to = new WireWriter();
  to.u8(0xff);
  to.u16(0xfffe);
  to.u32(0xfffefdfc);
  to.patchU16(1, 0x1234);
  const from = new WireReader(to.finish());
  expect([from.u8(), from.u16(), from.u32(), from.left]).toEqual([0xff, 0x1234, 0xfffefdfc, 0]);
});

test("a pointer leads back, and reading goes on behind it", () => {
  // example. at 0; www and a pointer at 9; one octet more
  const from = reader("07 6578616d706c65 00  03 777777 c000  2a", 9);
  expect(from.name().toString()).toBe("www.example.");
  expect(from.u8()).toBe(42);
});

test("names in a part may point out of it, but not run out of it", () => {
  const from = reader("01 61 00  c000 01 62 00", 3);
  const part = from.sub(2);
  expect(part.name().toString()).toBe("a.");
  expect(part.left).toBe(0);
  expect(() => reader("01 61 01 62 00").sub(3).name()).toThrow(MalformedMessage);
});

const malformed = [
  ["", "no octet"],
  ["01", "half a label"],
  ["01 61", "no end"],
  ["c0", "half a pointer"],
  ["c000", "a pointer at itself"],
  ["c002 00", "a pointer forwards"],
  ["01 61 c000", "a loop: the pointer leads to the run it ends"],
  ["40 61 00", "label type 0x40"], // RFC 6891 §5
  ["80 61 00", "label type 0x80"],
  [`${"3f".padEnd(128, "61").repeat(4)} 00`, "257 octets"], // RFC 1035 §2.3.4
] as const;

for (const [hex, why] of malformed) {
  test(`a name is refused: ${why}`, () => {
    expect(() => reader(hex).name()).toThrow(MalformedMessage);
  });
}

test("a chain of 127 pointers is followed, one of 128 is not", () => {
  const chain = (hops: number): WireReader => {
    const to = new WireWriter();
    to.u16(0);
    for (let hop = 0; hop < hops; hop++) to.u16(0xc000 | (hop * 2));
    return new WireReader(to.finish(), hops * 2);
  };
  expect(chain(127).name().isRoot).toBe(true);
  expect(() => chain(128).name()).toThrow(MalformedMessage);
});

test("a plain name may not be compressed", () => {
  expect(reader("01 61 00").plainName().toString()).toBe("a.");
  expect(() => reader("00 c000", 1).plainName()).toThrow(MalformedMessage);
});

test("nothing reads past the end of its part", () => {
  expect(() => reader("0102").sub(1).u16()).toThrow(MalformedMessage);
  expect(() => reader("0102").sub(3)).toThrow(MalformedMessage);
  expect(() => reader("0102").octets(3)).toThrow(MalformedMessage);
});

test("names are compressed against the same octets only, so their case survives", () => {
  const to = new WireWriter();
  const names = ["a.Example.", "b.Example.", "a.Example.", "c.example.", "."];
  for (const name of names) to.compressedName(parseName(name)!);
  expect(to.length).toBe(11 + 4 + 2 + 11 + 1);
  const from = new WireReader(to.finish());
  expect(names.map(() => from.name().toString())).toEqual(names);
});

test("after a rewind nothing points at what is gone", () => {
  const to = new WireWriter();
  to.u16(0);
  to.compressedName(parseName("gone.example.")!);
  to.rewind(2);
  to.compressedName(parseName("kept.example.")!);
  expect(new WireReader(to.finish(), 2).name().toString()).toBe("kept.example.");
});

test("a writer takes its maximum and not one octet more", () => {
  const to = new WireWriter(600);
  to.octets(new Uint8Array(600));
  expect(() => to.u8(0)).toThrow(MessageFull);
  expect(to.finish().length).toBe(600);
});

test("no octet is lost where the buffer grows, whichever write it is that makes it grow", () => {
  const writes: readonly ((to: WireWriter) => void)[] = [
    (to) => to.u8(0x61),
    (to) => to.u16(0x6161),
    (to) => to.u32(0x6161_6161),
    (to) => to.octets(Uint8Array.of(0x61, 0x61, 0x61)),
  ];
  for (const write of writes) {
    for (let before = 500; before < 520; before++) {
      const to = new WireWriter();
      to.octets(new Uint8Array(before).fill(0x61));
      while (to.length < 2_100) write(to);
      expect(to.finish().every((octet) => octet === 0x61)).toBe(true);
    }
  }
});

test("no pointer is made to where 14 bits do not reach", () => {
  const to = new WireWriter();
  to.octets(new Uint8Array(0x4000));
  to.compressedName(parseName("far.example.")!);
  to.compressedName(parseName("far.example.")!);
  expect(to.length).toBe(0x4000 + 13 + 13);
});
