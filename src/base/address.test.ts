import { expect, test } from "bun:test";
import fc from "fast-check";
import { addressFromOctets, isWithin, parseAddress, parseCidr, reach } from "./address.ts";

const canonical = [
  ["192.0.2.1", "192.0.2.1"],
  ["0.0.0.0", "0.0.0.0"],
  ["2001:DB8::1", "2001:db8::1"], // RFC 5952 §4.3: lower case
  ["2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"], // §4.2.3: the first of two equal runs
  ["2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"], // §4.2.2: one zero group is not cut
  ["2001:0db8::0001", "2001:db8::1"], // §4.1
  ["::", "::"],
  ["1::", "1::"],
  ["::ffff:192.0.2.7", "192.0.2.7"], // an IPv4 address in IPv6 clothes
  ["64:ff9b::192.0.2.33", "64:ff9b::c000:221"], // RFC 6052 §2.4
] as const;

for (const [written, read] of canonical) {
  test(`${written} is read as ${read}`, () => expect(parseAddress(written)?.text).toBe(read));
}

// What other parsers take for 10.0.0.1, 127.0.0.1 or worse, and what is no address at all.
const refused = [
  "",
  " ",
  "1",
  "127.1",
  "0x7f.1",
  "0x7f.0.0.1",
  "010.0.0.1",
  "192.0.2.01",
  "192.0.2.256",
  "192.0.2.1.",
  ".192.0.2.1",
  "192.0.2",
  "192.0.2.1.5",
  " 192.0.2.1",
  "192.0.2.1 ",
  "1.2.3.4/32",
  "fe80::1%eth0",
  "[2001:db8::1]",
  "2001:db8::1::2",
  ":1",
  "1:",
  ":::",
  "1:2:3:4:5:6:7",
  "1:2:3:4:5:6:7:8:9",
  "1:2:3:4:5:6:7:8::",
  "12345::",
  "g::",
  "::1.2.3",
  "1.2.3.4::",
  "::1.2.3.4.5",
  "::ffff:1.2.3.256",
  "2130706433",
  "١.٢.٣.٤",
];

for (const text of refused) {
  test(`"${text}" is not an address`, () => expect(parseAddress(text)).toBeUndefined());
}

test("every address is read back as it was printed", () => {
  const octets = fc.oneof(
    fc.uint8Array({ minLength: 4, maxLength: 4 }),
    fc.uint8Array({ minLength: 16, maxLength: 16 }),
    // Many zero groups, so that runs are cut in every place.
    fc
      .array(fc.constantFrom(0, 0, 0, 1), { minLength: 16, maxLength: 16 })
      .map((values) => Uint8Array.from(values)),
  );
  fc.assert(
    fc.property(octets, (given) => {
      const address = addressFromOctets(given);
      expect(parseAddress(address.text)).toEqual(address);
    }),
  );
});

const reaches = [
  ["8.8.8.8", "global"],
  ["203.0.113.7", "documentation"], // RFC 5737 §3; inadyn's fake-address
  ["2001:db8::7", "documentation"],
  ["2606:4700::1", "global"],
  ["10.1.2.3", "not-global"],
  ["100.64.0.1", "not-global"], // RFC 6598: carrier NAT
  ["127.0.0.1", "not-global"],
  ["169.254.1.1", "not-global"],
  ["172.31.255.255", "not-global"],
  ["172.32.0.0", "global"],
  ["192.168.0.1", "not-global"],
  ["198.19.0.1", "not-global"],
  ["0.1.2.3", "not-global"],
  ["224.0.0.1", "not-global"],
  ["255.255.255.255", "not-global"],
  ["::1", "not-global"],
  ["::", "not-global"],
  ["fd00::1", "not-global"],
  ["fe80::1", "not-global"],
  ["ff02::1", "not-global"],
  ["::ffff:10.0.0.1", "not-global"],
  ["64:ff9b::10.0.0.1", "not-global"], // a private address behind NAT64
  ["64:ff9b::8.8.8.8", "global"],
  ["2002:0a00:0001::1", "not-global"], // 6to4 around 10.0.0.1
  ["2002:0808:0808::1", "global"],
] as const;

for (const [text, expected] of reaches) {
  test(`${text} is ${expected}`, () => expect(reach(parseAddress(text)!)).toBe(expected));
}

const networks = [
  ["10.0.0.0/8", "10.255.0.1", true],
  ["10.0.0.0/8", "11.0.0.0", false],
  ["192.0.2.128/25", "192.0.2.127", false],
  ["192.0.2.128/25", "192.0.2.200", true],
  ["192.0.2.7", "192.0.2.7", true],
  ["2001:db8::/33", "2001:db8:7fff::1", true],
  ["2001:db8::/33", "2001:db8:8000::1", false],
  ["0.0.0.0/0", "2001:db8::1", false],
] as const;

for (const [network, address, expected] of networks) {
  test(`${address} is ${expected ? "" : "not "}within ${network}`, () => {
    expect(isWithin(parseAddress(address)!, parseCidr(network)!)).toBe(expected);
  });
}

for (const text of ["10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/08", "::ffff:10.0.0.0/8"]) {
  test(`"${text}" is not a network`, () => expect(parseCidr(text)).toBeUndefined());
}
