/** QR codes (ISO/IEC 18004) of one text: byte mode, error correction M, as the path of an SVG. */

export interface QrCode {
  /** Side in modules, without the quiet zone of four that must be around it. */
  readonly size: number;
  /** Dark modules as a path, one unit a module. */
  readonly path: string;
}

/** By version from 1: correction octets a block, and blocks, at level M (table 9). */
const blocks: readonly (readonly [number, number])[] = [
  [10, 1],
  [16, 1],
  [26, 1],
  [18, 2],
  [24, 2],
  [16, 4],
  [18, 4],
  [22, 4],
  [22, 5],
  [26, 5],
  [30, 5],
  [22, 8],
  [22, 9],
  [24, 9],
  [24, 10],
  [28, 10],
  [28, 11],
  [26, 13],
  [26, 14],
  [26, 16],
];

/** Throws when the text is longer than the largest of these holds: some 660 octets. */
export function drawQrCode(text: string): QrCode {
  const modules = makeModules(new TextEncoder().encode(text));
  const size = modules.length;
  const path = modules
    .flatMap((row, y) => [...row].map((dark, x) => (dark === 1 ? `M${x} ${y}h1v1h-1z` : "")))
    .join("");
  return { size, path };
}

/** Rows of modules, 1 is dark. */
export function makeModules(octets: Uint8Array): readonly Uint8Array[] {
  const version = chooseVersion(octets.length);
  const codewords = addCorrection(makeData(octets, version), version);
  const grid = new Grid(version);
  grid.fill(codewords);
  return grid.maskBest();
}

function chooseVersion(octets: number): number {
  for (let version = 1; version <= blocks.length; version++) {
    const headerBits = 4 + lengthBits(version);
    if (octets * 8 + headerBits <= dataOctets(version) * 8) return version;
  }
  throw new Error(`A QR code for ${octets} octets would be too large`);
}

/** Bits of the count of octets. */
function lengthBits(version: number): number {
  return version < 10 ? 8 : 16;
}

/** All modules that are not function patterns, in octets. */
function wholeOctets(version: number): number {
  let modules = (16 * version + 128) * version + 64;
  if (version >= 2) {
    const aligns = Math.floor(version / 7) + 2;
    modules -= (25 * aligns - 10) * aligns - 55;
    if (version >= 7) modules -= 36;
  }
  return Math.floor(modules / 8);
}

function dataOctets(version: number): number {
  const [correction, count] = blocks[version - 1]!;
  return wholeOctets(version) - correction * count;
}

function makeData(octets: Uint8Array, version: number): Uint8Array {
  const bits: number[] = [];
  const put = (value: number, length: number): void => {
    for (let bit = length - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  put(0b0100, 4); // byte mode
  put(octets.length, lengthBits(version));
  for (const octet of octets) put(octet, 8);
  const room = dataOctets(version) * 8;
  put(0, Math.min(4, room - bits.length)); // terminator
  while (bits.length % 8 !== 0) bits.push(0);
  for (let pad = 0xec; bits.length < room; pad ^= 0xec ^ 0x11) put(pad, 8);
  const data = new Uint8Array(bits.length / 8);
  for (const [at, bit] of bits.entries()) data[at >> 3]! |= bit << (7 - (at & 7));
  return data;
}

/** Splits into blocks, gives each its correction, and takes octets of all in turn. */
function addCorrection(data: Uint8Array, version: number): Uint8Array {
  const [correction, count] = blocks[version - 1]!;
  const whole = wholeOctets(version);
  const shortBlocks = count - (whole % count);
  const shortData = Math.floor(whole / count) - correction;
  const divisor = makeDivisor(correction);
  const parts: { readonly data: Uint8Array; readonly correction: Uint8Array }[] = [];
  for (let block = 0, at = 0; block < count; block++) {
    const length = shortData + (block < shortBlocks ? 0 : 1);
    const part = data.subarray(at, at + length);
    at += length;
    parts.push({ data: part, correction: remainder(part, divisor) });
  }
  const out: number[] = [];
  for (let at = 0; at <= shortData; at++) {
    for (const part of parts) if (at < part.data.length) out.push(part.data[at]!);
  }
  for (let at = 0; at < correction; at++) for (const part of parts) out.push(part.correction[at]!);
  return new Uint8Array(out);
}

/** In GF(256) modulo x^8 + x^4 + x^3 + x^2 + 1. */
export function multiply(a: number, b: number): number {
  let product = 0;
  for (let bit = 7; bit >= 0; bit--) {
    product = (product << 1) ^ ((product >> 7) * 0x11d);
    product ^= ((b >> bit) & 1) * a;
  }
  return product;
}

function makeDivisor(degree: number): Uint8Array {
  const divisor = new Uint8Array(degree);
  divisor[degree - 1] = 1;
  for (let i = 0, root = 1; i < degree; i++, root = multiply(root, 2)) {
    for (let at = 0; at < degree; at++) {
      divisor[at] = multiply(divisor[at]!, root) ^ (divisor[at + 1] ?? 0);
    }
  }
  return divisor;
}

function remainder(data: Uint8Array, divisor: Uint8Array): Uint8Array {
  const rest = new Uint8Array(divisor.length);
  for (const octet of data) {
    const factor = octet ^ rest[0]!;
    rest.copyWithin(0, 1);
    rest[rest.length - 1] = 0;
    for (const [at, coefficient] of divisor.entries()) rest[at]! ^= multiply(coefficient, factor);
  }
  return rest;
}

const masks: readonly ((x: number, y: number) => boolean)[] = [
  (x, y) => (x + y) % 2 === 0,
  (_x, y) => y % 2 === 0,
  (x) => x % 3 === 0,
  (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0,
  (x, y) => ((x * y) % 2) + ((x * y) % 3) === 0,
  (x, y) => (((x * y) % 2) + ((x * y) % 3)) % 2 === 0,
  (x, y) => (((x + y) % 2) + ((x * y) % 3)) % 2 === 0,
];

class Grid {
  readonly #version: number;
  readonly #size: number;
  readonly #rows: readonly Uint8Array[];
  /** Modules that hold no data. */
  readonly #isFunction: readonly Uint8Array[];

  constructor(version: number) {
    this.#version = version;
    this.#size = version * 4 + 17;
    const blank = (): Uint8Array[] =>
      Array.from({ length: this.#size }, () => new Uint8Array(this.#size));
    this.#rows = blank();
    this.#isFunction = blank();
    this.#drawFunctions();
  }

  /** Two columns at a time from the right, up and down in turn. */
  fill(codewords: Uint8Array): void {
    let at = 0;
    for (let right = this.#size - 1; right >= 1; right -= 2) {
      if (right === 6) right = 5; // the timing pattern
      for (let step = 0; step < this.#size; step++) {
        const isUp = ((right + 1) & 2) === 0;
        const y = isUp ? this.#size - 1 - step : step;
        for (const x of [right, right - 1]) {
          if (this.#isFunction[y]![x] === 1 || at >= codewords.length * 8) continue;
          this.#rows[y]![x] = (codewords[at >> 3]! >> (7 - (at & 7))) & 1;
          at++;
        }
      }
    }
  }

  /** The mask that looks least like something else. */
  maskBest(): readonly Uint8Array[] {
    let best: { readonly mask: number; readonly penalty: number } | undefined;
    for (let mask = 0; mask < masks.length; mask++) {
      this.#applyMask(mask);
      this.#drawFormat(mask);
      const penalty = penaltyOf(this.#rows);
      if (best === undefined || penalty < best.penalty) best = { mask, penalty };
      this.#applyMask(mask); // takes it away again
    }
    this.#applyMask(best!.mask);
    this.#drawFormat(best!.mask);
    return this.#rows;
  }

  #applyMask(mask: number): void {
    const isInverted = masks[mask]!;
    for (let y = 0; y < this.#size; y++) {
      for (let x = 0; x < this.#size; x++) {
        if (this.#isFunction[y]![x] === 0 && isInverted(x, y)) this.#rows[y]![x]! ^= 1;
      }
    }
  }

  #drawFunctions(): void {
    const last = this.#size - 1;
    for (let i = 0; i < this.#size; i++) {
      this.#set(6, i, i % 2 === 0);
      this.#set(i, 6, i % 2 === 0);
    }
    for (const [x, y] of [
      [3, 3],
      [last - 3, 3],
      [3, last - 3],
    ] as const)
      this.#drawFinder(x, y);
    const places = alignments(this.#version);
    for (const x of places) {
      for (const y of places) {
        const isAtFinder =
          (x === 6 && y === 6) || (x === 6 && y === last - 6) || (x === last - 6 && y === 6);
        if (!isAtFinder) this.#drawSquares(x, y, 2, (ring) => ring !== 1);
      }
    }
    this.#drawFormat(0);
    this.#drawVersion();
  }

  #drawFinder(x: number, y: number): void {
    this.#drawSquares(x, y, 4, (ring) => ring !== 2 && ring !== 4);
  }

  /** Rings around a middle, as far as they lie within. */
  #drawSquares(x: number, y: number, reach: number, isDark: (ring: number) => boolean): void {
    for (let dy = -reach; dy <= reach; dy++) {
      for (let dx = -reach; dx <= reach; dx++) {
        const ring = Math.max(Math.abs(dx), Math.abs(dy));
        this.#set(x + dx, y + dy, isDark(ring));
      }
    }
  }

  /** Level M is 0. BCH (15, 5), masked so that it is never blank. */
  #drawFormat(mask: number): void {
    let rest = mask;
    for (let i = 0; i < 10; i++) rest = (rest << 1) ^ ((rest >> 9) * 0x537);
    const bits = ((mask << 10) | rest) ^ 0x5412;
    const bit = (at: number): boolean => ((bits >> at) & 1) === 1;
    for (let i = 0; i <= 5; i++) this.#set(8, i, bit(i));
    this.#set(8, 7, bit(6));
    this.#set(8, 8, bit(7));
    this.#set(7, 8, bit(8));
    for (let i = 9; i < 15; i++) this.#set(14 - i, 8, bit(i));
    for (let i = 0; i < 8; i++) this.#set(this.#size - 1 - i, 8, bit(i));
    for (let i = 8; i < 15; i++) this.#set(8, this.#size - 15 + i, bit(i));
    this.#set(8, this.#size - 8, true);
  }

  /** From version 7. BCH (18, 6). */
  #drawVersion(): void {
    if (this.#version < 7) return;
    let rest = this.#version;
    for (let i = 0; i < 12; i++) rest = (rest << 1) ^ ((rest >> 11) * 0x1f25);
    const bits = (this.#version << 12) | rest;
    for (let i = 0; i < 18; i++) {
      const isDark = ((bits >> i) & 1) === 1;
      const far = this.#size - 11 + (i % 3);
      const near = Math.floor(i / 3);
      this.#set(far, near, isDark);
      this.#set(near, far, isDark);
    }
  }

  #set(x: number, y: number, isDark: boolean): void {
    if (x < 0 || y < 0 || x >= this.#size || y >= this.#size) return;
    this.#rows[y]![x] = isDark ? 1 : 0;
    this.#isFunction[y]![x] = 1;
  }
}

function alignments(version: number): readonly number[] {
  if (version === 1) return [];
  const count = Math.floor(version / 7) + 2;
  const size = version * 4 + 17;
  const step = Math.ceil((version * 4 + 4) / (count * 2 - 2)) * 2;
  const places = [6];
  for (let at = size - 7; places.length < count; at -= step) places.splice(1, 0, at);
  return places;
}

/** Long runs, blocks of one colour, what looks like a finder, and one colour too much of all. */
function penaltyOf(rows: readonly Uint8Array[]): number {
  const size = rows.length;
  const lines = [
    ...rows.map((row) => row.join("")),
    ...rows.map((_row, x) => rows.map((row) => row[x]).join("")),
  ];
  let penalty = 0;
  for (const line of lines) {
    for (const [run] of line.matchAll(/0{5,}|1{5,}/g)) penalty += run.length - 2;
    penalty += 40 * [...line.matchAll(/(?=00001011101|10111010000)/g)].length;
  }
  for (let y = 1; y < size; y++) {
    for (let x = 1; x < size; x++) {
      const sum = rows[y]![x]! + rows[y]![x - 1]! + rows[y - 1]![x]! + rows[y - 1]![x - 1]!;
      if (sum === 0 || sum === 4) penalty += 3;
    }
  }
  const dark = rows.reduce((sum, row) => sum + row.reduce((inRow, each) => inRow + each, 0), 0);
  return penalty + 10 * Math.floor(Math.abs((dark * 20) / (size * size) - 10));
}
