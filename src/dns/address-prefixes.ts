/** Lists of address prefixes: what APL records hold, RFC 3123 §4 and §5. */

import { addressFromOctets, parseAddress } from "../base/address.ts";
import { parseIpv6, printIpv6 } from "./rdata-field.ts";
import type { RdataField } from "./rdata-field.ts";
import { MalformedMessage } from "./wire.ts";

interface AddressFamily {
  readonly number: number;
  readonly octets: number;
  parse(text: string): Uint8Array | undefined;
  print(octets: Uint8Array): string;
}

/** IANA's address family numbers; RFC 3123 §4.1 and §4.2 define these two. */
const families: readonly AddressFamily[] = [
  {
    number: 1,
    octets: 4,
    parse: (text) => (text.includes(":") ? undefined : parseAddress(text)?.octets),
    print: (octets) => addressFromOctets(octets).text,
  },
  { number: 2, octets: 16, parse: parseIpv6, print: printIpv6 },
];

const negationBit = 0x80;

/** `1:192.168.32.0/21 !1:192.168.38.0/28`, to the end; none at all is a list, too. */
export const addressPrefixes: RdataField = {
  read(from, to) {
    while (from.left > 0) {
      const number = from.u16();
      const prefixBits = from.u8();
      const head = from.u8();
      const address = from.octets(head & ~negationBit);
      const family = families.find((one) => one.number === number);
      if (family === undefined) throw new MalformedMessage(`Address family ${number}`);
      if (prefixBits > family.octets * 8 || address.length > family.octets) {
        throw new MalformedMessage("An address prefix that is too long");
      }
      // RFC 3123 §4: zero octets at the end are not sent.
      if (address.at(-1) === 0) throw new MalformedMessage("An address prefix that ends in zero");
      to.u16(number);
      to.u8(prefixBits);
      to.u8(head);
      to.octets(address);
    }
  },
  parse(tokens, to) {
    while (tokens.left > 0) {
      const parts = /^(!?)(\d{1,5}):([^/]+)\/(\d{1,3})$/.exec(tokens.word() ?? "");
      const family = families.find((one) => one.number === Number(parts?.[2]));
      const address = family?.parse(parts![3]!);
      const prefixBits = Number(parts?.[4]);
      if (family === undefined || address === undefined || prefixBits > family.octets * 8) {
        return "address prefixes as 1:192.0.2.0/24 or !2:2001:db8::/32";
      }
      const sent = address.subarray(0, address.findLastIndex((octet) => octet !== 0) + 1);
      to.u16(family.number);
      to.u8(prefixBits);
      to.u8((parts![1] === "!" ? negationBit : 0) | sent.length);
      to.octets(sent);
    }
    return undefined;
  },
  print(from) {
    const texts: string[] = [];
    while (from.left > 0) {
      const number = from.u16();
      const prefixBits = from.u8();
      const head = from.u8();
      const family = families.find((one) => one.number === number)!;
      const address = new Uint8Array(family.octets);
      address.set(from.octets(head & ~negationBit));
      const sign = head >= negationBit ? "!" : "";
      texts.push(`${sign}${number}:${family.print(address)}/${prefixBits}`);
    }
    return texts.join(" ");
  },
};
