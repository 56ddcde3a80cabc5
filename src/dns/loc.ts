/** LOC: where on Earth a name is, RFC 1876. */

import type { RdataField, TokenReader } from "./rdata-field.ts";
import { MalformedMessage } from "./wire.ts";
import type { WireReader, WireWriter } from "./wire.ts";

/** RFC 1876 §2: the only version there is. Later ones would be opaque to us. */
const locVersion = 0;
/** RFC 1876 §2: 2^31 is the equator or the prime meridian; one step is a thousandth of an arc second. */
const originMs = 2 ** 31;
const msPerDegree = 3_600_000;
const latitudeMsMax = 90 * msPerDegree;
const longitudeMsMax = 180 * msPerDegree;
/** RFC 1876 §2: altitude counts centimetres from 100,000 m below the spheroid. */
const altitudeBaseCm = 10_000_000;

/** RFC 1876 §3: what is taken when sizes are left out: 1 m, 10,000 m and 10 m. */
const sizesCm = [100, 1_000_000, 1_000] as const;

const sizeWanted = "a size in metres, from 0 to 90000000.00";

/** The whole RDATA as one field: its parts are optional from the right. */
export const loc: RdataField = {
  read(from, to) {
    const version = from.u8();
    to.u8(version);
    if (version !== locVersion) return to.octets(from.octets(from.left));
    for (let i = 0; i < sizesCm.length; i++) {
      const size = from.u8();
      if (size >> 4 > 9 || (size & 0xf) > 9) throw new MalformedMessage("A LOC size is no number");
      to.u8(size);
    }
    for (const max of [latitudeMsMax, longitudeMsMax]) {
      const angle = from.u32();
      if (Math.abs(angle - originMs) > max) throw new MalformedMessage("A LOC angle is too large");
      to.u32(angle);
    }
    to.u32(from.u32());
  },

  parse(tokens, to) {
    const latitude = parseAngle(tokens, ["N", "S"], latitudeMsMax);
    if (latitude === undefined) return "a latitude as degrees [minutes [seconds]] N or S";
    const longitude = parseAngle(tokens, ["E", "W"], longitudeMsMax);
    if (longitude === undefined) return "a longitude as degrees [minutes [seconds]] E or W";
    const altitudeCm = parseCm(tokens.word() ?? "");
    const altitude = altitudeCm === undefined ? -1 : altitudeCm + altitudeBaseCm;
    if (altitude < 0 || altitude >= 2 ** 32) return "an altitude in metres";

    to.u8(locVersion);
    for (const fallbackCm of sizesCm) {
      const cm = tokens.left === 0 ? fallbackCm : parseCm(tokens.word() ?? "");
      if (cm === undefined || cm < 0 || cm > 9e9) return sizeWanted;
      writeSize(to, cm);
    }
    to.u32(latitude);
    to.u32(longitude);
    to.u32(altitude);
    return undefined;
  },

  print(from) {
    if (from.u8() !== locVersion) return undefined;
    const sizes = sizesCm.map(() => readSizeCm(from));
    if (sizes.includes(undefined)) return undefined;
    const latitude = printAngle(from.u32() - originMs, "N", "S");
    const longitude = printAngle(from.u32() - originMs, "E", "W");
    const altitude = printCm(from.u32() - altitudeBaseCm);
    return [latitude, longitude, altitude, ...sizes.map((cm) => printCm(cm!))].join(" ");
  },
};

/** From the equator or meridian, as on the wire. */
function parseAngle(
  tokens: TokenReader,
  [plus, minus]: readonly [string, string],
  msMax: number,
): number | undefined {
  const patterns = [/^\d{1,3}$/, /^\d{1,2}$/, /^\d{1,2}(?:\.\d{1,3})?$/];
  let ms = 0;
  for (let i = 0; i <= patterns.length; i++) {
    const word = tokens.word() ?? "";
    const direction = word.toUpperCase();
    if (i > 0 && (direction === plus || direction === minus)) {
      return ms > msMax ? undefined : originMs + (direction === plus ? ms : -ms);
    }
    if (!patterns[i]?.test(word) || (i > 0 && Number(word) >= 60)) return undefined;
    ms += Math.round(Number(word) * (msPerDegree / 60 ** i));
  }
  return undefined;
}

function printAngle(ms: number, plus: string, minus: string): string {
  const whole = Math.abs(ms);
  const degrees = Math.floor(whole / msPerDegree);
  const minutes = Math.floor((whole % msPerDegree) / 60_000);
  const seconds = ((whole % 60_000) / 1_000).toFixed(3);
  return `${degrees} ${minutes} ${seconds} ${ms < 0 ? minus : plus}`;
}

/** `-12.34m`; the `m` may be left out. */
function parseCm(word: string): number | undefined {
  const parts = /^(-?)(\d{1,8})(?:\.(\d{1,2}))?m?$/i.exec(word);
  if (parts === null) return undefined;
  const cm = Number(parts[2]) * 100 + Number((parts[3] ?? "").padEnd(2, "0"));
  return parts[1] === "-" ? -cm : cm;
}

function printCm(cm: number): string {
  const whole = Math.abs(cm);
  const fraction = String(whole % 100).padStart(2, "0");
  return `${cm < 0 ? "-" : ""}${Math.floor(whole / 100)}.${fraction}m`;
}

/** RFC 1876 §2: a digit and a power of ten in centimetres. Further digits are dropped, as its appendix A does. */
function writeSize(to: WireWriter, cm: number): void {
  const digits = String(cm);
  to.u8((Number(digits[0]) << 4) | (digits.length - 1));
}

/** `undefined` for zero with a power of ten, which no text stands for. */
function readSizeCm(from: WireReader): number | undefined {
  const size = from.u8();
  return size >> 4 === 0 && size !== 0 ? undefined : (size >> 4) * 10 ** (size & 0xf);
}
