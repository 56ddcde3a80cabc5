import { describe, expect, test } from "bun:test";
import { addressFromOctets, parseAddress } from "../base/address.ts";
import { fitsBehind, isOfPublicNetwork, joinPrefix, parsePrefix } from "./prefix.ts";

function octets(text: string): Uint8Array {
  return parseAddress(text)!.octets;
}

describe("what is written as a prefix", () => {
  const cases: readonly (readonly [string, network: string, rest: string | undefined])[] = [
    ["2001:db8:1:2::/64", "2001:db8:1:2::", undefined], // <ip6lanprefix> of a FRITZ!Box
    ["2001:DB8:1::/48", "2001:db8:1::", undefined],
    ["2001:db8:1:200::/56", "2001:db8:1:200::", undefined],
    ["2001:db8:1:2:3:4:5:6/64", "2001:db8:1:2::", "::3:4:5:6"], // deSEC
    ["2001:db8::1/128", "2001:db8::1", undefined],
    ["2001:db8::ff/121", "2001:db8::80", "::7f"],
    ["2001:db8::/16", "2001::", "0:db8::"],
    ["fd00:1::/64", "fd00:1::", undefined],
  ];
  for (const [text, network, rest] of cases) {
    test(text, () => {
      const prefix = parsePrefix(text)!;
      expect(addressFromOctets(prefix.network).text).toBe(network);
      expect(prefix.rest && addressFromOctets(prefix.rest).text).toBe(rest);
      expect(prefix.text).toBe(text);
    });
  }

  const none = [
    "",
    "2001:db8::",
    "2001:db8::/",
    "2001:db8::/15",
    "2001:db8::/129",
    "2001:db8::/064",
    "2001:db8::/+64",
    "2001:db8::/64 ",
    "2001:db8::/64/64",
    "2001:db8::%eth0/64",
    "192.0.2.0/24",
    "::ffff:192.0.2.0/120", // IPv4 in another dress
    "::/64",
    "::1/128",
    "/64",
    "<ip6lanprefix>",
  ];
  for (const text of none) {
    test(`"${text}" is none`, () => expect(parsePrefix(text)).toBeUndefined());
  }
});

describe("addresses behind a prefix", () => {
  const cases = [
    ["2001:db8:1:2::/64", "::1:2:3:4", "2001:db8:1:2:1:2:3:4"],
    ["2001:db8:1:2::/64", "2001:db8:ffff:ffff::9", "2001:db8:1:2::9"],
    ["2001:db8:1:200::/56", "::7:1:2:3:4", "2001:db8:1:207:1:2:3:4"],
    ["2001:db8:8000::/33", "2001:db8:ffff::9", "2001:db8:ffff::9"],
    ["2001:db8:8000::/33", "2001:db8:7fff::9", "2001:db8:ffff::9"],
    ["2001:db8::1/128", "::9", "2001:db8::1"],
  ] as const;
  for (const [prefix, low, joined] of cases) {
    test(`${prefix} and ${low}`, () => {
      const made = joinPrefix(parsePrefix(prefix)!, octets(low));
      expect(addressFromOctets(made).text).toBe(joined);
    });
  }

  const fits = [
    ["2001:db8:1:2::/64", "::1:2:3:4", true],
    ["2001:db8:1:2::/64", "::7:1:2:3:4", false], // the number of a subnet that is not ours to give
    ["2001:db8:1:200::/56", "::7:1:2:3:4", true],
    ["2001:db8:1:200::/57", "::80:1:2:3:4", false],
    ["2001:db8:1:200::/57", "::7f:1:2:3:4", true],
    ["2001:db8::1/128", "::1", false],
    ["2001:db8::100/120", "::ff", true],
  ] as const;
  for (const [prefix, identifier, isFit] of fits) {
    test(`${identifier} ${isFit ? "fits" : "does not fit"} behind ${prefix}`, () => {
      expect(fitsBehind(parsePrefix(prefix)!, octets(identifier))).toBe(isFit);
    });
  }
});

const networks = [
  ["2001:db8:1:2::/64", true], // documentation
  ["2a02:8108::/32", true],
  ["fd00:1::/64", false],
  ["fe80::/64", false],
  ["ff02::/16", false],
  ["2002:a00::/24", false], // 6to4 of 10.0.0.0/8
  ["64:ff9b::/96", false],
] as const;
for (const [text, isPublic] of networks) {
  test(`${text} ${isPublic ? "may" : "may not"} stand in a public zone`, () => {
    expect(isOfPublicNetwork(parsePrefix(text)!)).toBe(isPublic);
  });
}
