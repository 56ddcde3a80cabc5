/** Type bitmaps: which types an owner has, RFC 4034 §4.1.2. */

import type { RdataField } from "./rdata-field.ts";
import { MalformedMessage } from "./wire.ts";
import type { WireReader } from "./wire.ts";

/** RFC 4034 §4.1.2: a window block holds 256 types, in at most 32 octets. */
const windowOctetsMax = 32;

/** How types are written; the table of types is built from this field and so cannot be imported here. */
export interface TypeText {
  parse(text: string): number | undefined;
  print(type: number): string;
}

export function typeBitmap(typeText: TypeText): RdataField {
  return {
    read(from, to) {
      let windowBefore = -1;
      while (from.left > 0) {
        const window = from.u8();
        if (window <= windowBefore) throw new MalformedMessage("Bitmap windows are out of order");
        windowBefore = window;
        const bits = readBits(from);
        to.u8(window);
        to.u8(bits.length);
        to.octets(bits);
      }
    },
    parse(tokens, to) {
      const types: number[] = [];
      while (tokens.left > 0) {
        const word = tokens.word();
        const type = word === undefined ? undefined : typeText.parse(word);
        if (type === undefined) return "a record type";
        types.push(type);
      }
      to.octets(makeBitmap(types));
      return undefined;
    },
    print(from) {
      const texts: string[] = [];
      while (from.left > 0) {
        const window = from.u8();
        const bits = readBits(from);
        for (let bit = 0; bit < bits.length * 8; bit++) {
          if ((bits[bit >> 3]! & (0x80 >> (bit & 7))) !== 0) {
            texts.push(typeText.print(window * 256 + bit));
          }
        }
      }
      return texts.join(" ");
    },
  };
}

/** In wire form; the order of `types` and repeats in it do not matter. */
export function makeBitmap(types: Iterable<number>): Uint8Array {
  const windows = new Map<number, Uint8Array>();
  for (const type of types) {
    const window = type >> 8;
    const bits = windows.get(window) ?? new Uint8Array(windowOctetsMax);
    bits[(type & 0xff) >> 3]! |= 0x80 >> (type & 7);
    windows.set(window, bits);
  }
  const octets: number[] = [];
  for (const [window, bits] of [...windows].toSorted(([a], [b]) => a - b)) {
    const length = bits.findLastIndex((octet) => octet !== 0) + 1;
    octets.push(window, length, ...bits.subarray(0, length));
  }
  return Uint8Array.from(octets);
}

/** RFC 4034 §4.1.2: blocks without types and zero octets at the end are left out. */
function readBits(from: WireReader): Uint8Array {
  const length = from.u8();
  if (length === 0 || length > windowOctetsMax) {
    throw new MalformedMessage(`A bitmap window of ${length} octets`);
  }
  const bits = from.octets(length);
  if (bits[length - 1] === 0) throw new MalformedMessage("A bitmap window ends in zero");
  return bits;
}
