/** Octets that are written as groups of hexadecimal digits: EUI48, EUI64, NID, L64 and NSAP. */

import { parseHex } from "./binary-text.ts";
import { MalformedMessage } from "./wire.ts";
import type { RdataField } from "./rdata-field.ts";

/** RFC 7043 §3.2 and §4.2: `00-00-5e-00-53-2a`. */
export function hardwareAddress(octets: 6 | 8): RdataField {
  return {
    read: (from, to) => to.octets(from.octets(octets)),
    parse(tokens, to) {
      const groups = tokens.word()?.split("-") ?? [];
      if (groups.length !== octets || !groups.every((group) => /^[0-9a-f]{2}$/i.test(group))) {
        return `${octets} pairs of hexadecimal digits with - between them`;
      }
      for (const group of groups) to.u8(Number.parseInt(group, 16));
      return undefined;
    },
    print: (from) => chunks(from.octets(octets), 1).join("-"),
  };
}

/** RFC 6742 §2.1.2 and §2.3.2: 64 bits as half an IPv6 address, `2001:db8:1140:1000`; no `::` in it. */
export const locator: RdataField = {
  read: (from, to) => to.octets(from.octets(8)),
  parse(tokens, to) {
    const groups = tokens.word()?.split(":") ?? [];
    if (groups.length !== 4 || !groups.every((group) => /^[0-9a-f]{1,4}$/i.test(group))) {
      return "four groups of hexadecimal digits with : between them";
    }
    for (const group of groups) to.u16(Number.parseInt(group, 16));
    return undefined;
  },
  print: (from) => chunks(from.octets(8), 2).join(":"),
};

/** RFC 1706 §7: `0x47.0005.80…`; the dots are for the eye. */
export const nsapAddress: RdataField = {
  read(from, to) {
    if (from.left === 0) throw new MalformedMessage("The NSAP address is empty");
    to.octets(from.octets(from.left));
  },
  parse(tokens, to) {
    const digits = /^0x([0-9a-f.]+)$/i.exec(tokens.word() ?? "")?.[1]?.replaceAll(".", "") ?? "";
    const octets = parseHex(digits);
    if (octets === undefined || octets.length === 0) return "0x and hexadecimal digits";
    to.octets(octets);
    return undefined;
  },
  print: (from) => `0x${from.octets(from.left).toHex()}`,
};

function chunks(octets: Uint8Array, size: number): string[] {
  const groups: string[] = [];
  for (let at = 0; at < octets.length; at += size) {
    groups.push(octets.subarray(at, at + size).toHex());
  }
  return groups;
}
