import { describe, expect, test } from "bun:test";
import { makeModules, multiply } from "./qr-code.ts";

const texts = [
  "",
  "a",
  "nameward",
  "otpauth://totp/Nameward:alice?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Nameward",
  "ä€🦊",
  "x".repeat(213),
  "y".repeat(214),
  "z".repeat(660),
];

describe("what a reader of QR codes reads", () => {
  for (const text of texts) {
    test(`of ${text.length} characters is what was written`, () => {
      expect(readModules(makeModules(new TextEncoder().encode(text)))).toBe(text);
    });
  }

  test("is noticed to be wrong when modules of the data are turned", () => {
    const modules = makeModules(new TextEncoder().encode("nameward")).map((row) => row.slice());
    modules[15]![15]! ^= 1;
    expect(() => readModules(modules)).toThrow("damaged");
  });
});

test("more than the largest holds is refused", () => {
  expect(() => makeModules(new Uint8Array(667))).toThrow("too large");
});

/** A reader of its own: format, mask, order, blocks and correction from the tables of ISO/IEC 18004. */
function readModules(rows: readonly Uint8Array[]): string {
  const size = rows.length;
  const version = (size - 17) / 4;
  const at = (x: number, y: number): number => rows[y]![x]!;
  const formatPlaces: [number, number][] = [
    [8, 0],
    [8, 1],
    [8, 2],
    [8, 3],
    [8, 4],
    [8, 5],
    [8, 7],
    [8, 8],
    [7, 8],
    [5, 8],
    [4, 8],
    [3, 8],
    [2, 8],
    [1, 8],
    [0, 8],
  ];
  const format = formatPlaces.reduce((sum, [x, y], bit) => sum | (at(x, y) << bit), 0);
  // Table C.1: level M, masks 0 to 7.
  const formats = [0x5412, 0x5125, 0x5e7c, 0x5b4b, 0x45f9, 0x40ce, 0x4f97, 0x4aa0];
  const mask = formats.indexOf(format);
  if (mask === -1) throw new Error("no format of level M");
  const isTurned = (x: number, y: number): boolean =>
    [
      (x + y) % 2,
      y % 2,
      x % 3,
      (x + y) % 3,
      (Math.floor(y / 2) + Math.floor(x / 3)) % 2,
      ((x * y) % 2) + ((x * y) % 3),
      (((x * y) % 2) + ((x * y) % 3)) % 2,
      (((x + y) % 2) + ((x * y) % 3)) % 2,
    ][mask] === 0;
  const bits: number[] = [];
  let isUp = true;
  for (let right = size - 1; right > 0; right -= 2) {
    if (right === 6) right--;
    for (let step = 0; step < size; step++) {
      const y = isUp ? size - 1 - step : step;
      for (const x of [right, right - 1]) {
        if (isFunction(x, y, size, version)) continue;
        bits.push(at(x, y) ^ (isTurned(x, y) ? 1 : 0));
      }
    }
    isUp = !isUp;
  }
  const codewords = Array.from({ length: Math.floor(bits.length / 8) }, (_none, index) =>
    bits.slice(index * 8, index * 8 + 8).reduce((sum, bit) => sum * 2 + bit, 0),
  );
  return readCodewords(codewords, version);
}

/** Table E.1. */
const alignments: Readonly<Record<number, readonly number[]>> = {
  1: [],
  2: [6, 18],
  3: [6, 22],
  4: [6, 26],
  5: [6, 30],
  6: [6, 34],
  7: [6, 22, 38],
  8: [6, 24, 42],
  9: [6, 26, 46],
  10: [6, 28, 50],
  11: [6, 30, 54],
  12: [6, 32, 58],
  20: [6, 34, 62, 90],
};

function isFunction(x: number, y: number, size: number, version: number): boolean {
  if (x === 6 || y === 6) return true;
  if ((x < 9 && y < 9) || (x < 9 && y >= size - 8) || (x >= size - 8 && y < 9)) return true;
  if (version >= 7 && ((x >= size - 11 && y < 6) || (y >= size - 11 && x < 6))) return true;
  const places = alignments[version];
  if (places === undefined) throw new Error(`The test has no alignment of version ${version}`);
  return places.some((cx) =>
    places.some((cy) => {
      const isCorner =
        (cx === 6 && cy === 6) || (cx === 6 && cy === size - 7) || (cx === size - 7 && cy === 6);
      return !isCorner && Math.abs(x - cx) <= 2 && Math.abs(y - cy) <= 2;
    }),
  );
}

/** Table 9, level M: blocks and their data octets, then octets of correction in each. */
const groups: Readonly<Record<number, readonly [(readonly [number, number])[], number]>> = {
  1: [[[1, 16]], 10],
  7: [[[4, 31]], 18],
  6: [[[4, 27]], 16],
  10: [
    [
      [4, 43],
      [1, 44],
    ],
    26,
  ],
  11: [
    [
      [1, 50],
      [4, 51],
    ],
    30,
  ],
  20: [
    [
      [3, 41],
      [13, 42],
    ],
    26,
  ],
};

function readCodewords(codewords: readonly number[], version: number): string {
  const group = groups[version];
  if (group === undefined) throw new Error(`The test has no blocks of version ${version}`);
  const [shapes, correction] = group;
  const blocks = shapes.flatMap(([count, length]) =>
    Array.from({ length: count }, () => ({ length, octets: [] as number[] })),
  );
  let next = 0;
  const longest = Math.max(...blocks.map(({ length }) => length));
  for (let row = 0; row < longest; row++) {
    for (const block of blocks) if (row < block.length) block.octets.push(codewords[next++]!);
  }
  for (let row = 0; row < correction; row++)
    for (const block of blocks) block.octets.push(codewords[next++]!);
  expect(next).toBe(codewords.length);
  for (const { octets } of blocks) {
    for (let power = 0, root = 1; power < correction; power++, root = multiply(root, 2)) {
      const syndrome = octets.reduce((sum, octet) => multiply(sum, root) ^ octet, 0);
      if (syndrome !== 0) throw new Error("a block is damaged");
    }
  }
  const data = blocks.flatMap(({ length, octets }) => octets.slice(0, length));
  const hex = data.map((octet) => octet.toString(16).padStart(2, "0")).join("");
  if (hex[0] !== "4") throw new Error("no byte mode");
  const digits = version < 10 ? 2 : 4;
  const length = Number.parseInt(hex.slice(1, 1 + digits), 16);
  return Buffer.from(hex.slice(1 + digits, 1 + digits + length * 2), "hex").toString();
}
