import fc from "fast-check";
import { expect, test } from "bun:test";
import { rdataOf } from "../../test/fuzz/arbitraries.ts";

import { parseName } from "./name.ts";
import { isMetaType, isRdata, parseRdata, parseRdataText } from "./record-types.ts";
import { printRdata, readRdata, recordTypes, typeCode, typeName, types } from "./record-types.ts";
import { writeRdata } from "./record-types.ts";
import type { RecordTypeName } from "./record-types.ts";
import { MalformedMessage, WireReader, WireWriter } from "./wire.ts";

const origin = parseName("example.")!;

function hexOf(type: number, text: string): string {
  const parsed = parseRdataText(type, text, origin);
  return parsed.kind === "rdata" ? parsed.rdata.toHex() : parsed.why;
}

const codes = [
  ["MX", 15],
  ["mx", 15],
  ["TYPE15", 15],
  ["type65535", 65_535],
  ["HTTPS", 65],
  ["TYPE65536", undefined],
  ["TYPE", undefined],
  ["constructor", undefined],
  ["", undefined],
] as const;

for (const [text, code] of codes) {
  test(`"${text}" is ${code === undefined ? "no type" : `type ${code}`}`, () => {
    expect(typeCode(text)).toBe(code);
  });
}

test("every type is found by its name and its code, and no code is there twice", () => {
  const names = Object.keys(recordTypes) as RecordTypeName[];
  expect(names.length).toBeGreaterThan(40);
  for (const name of names) expect(typeName(types[name])).toBe(name);
  expect(new Set(Object.values(types)).size).toBe(names.length);
  expect(typeName(65_280)).toBe("TYPE65280");
});

test("types that ask or accompany are told from data", () => {
  for (const type of [0, types.OPT, types.TSIG, types.AXFR, types.ANY]) {
    expect(isMetaType(type)).toBe(true);
  }
  for (const type of [types.A, types.URI, types.SPF, 65_280]) expect(isMetaType(type)).toBe(false);
});

// Octets as the RFCs print them.
const wire = [
  // RFC 9460 appendix D
  ["HTTPS", "0 foo.example.com.", "0000 03666f6f076578616d706c6503636f6d00"],
  ["SVCB", "1 .", "0001 00"],
  ["SVCB", "16 foo.example.com. port=53", "0010 03666f6f076578616d706c6503636f6d00 0003 0002 0035"],
  [
    "SVCB",
    '1 foo.example.com. key667="hello\\210qoo"',
    "0001 03666f6f076578616d706c6503636f6d00 029b 0009 68656c6c6fd2716f6f",
  ],
  [
    "SVCB",
    '1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"',
    "0001 03666f6f076578616d706c6503636f6d00 0006 0020 " +
      "20010db8000000000000000000000001 20010db8000000000000000000530001",
  ],
  [
    "SVCB",
    "16 foo.example.org. (alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1)",
    "0010 03666f6f076578616d706c65036f726700 0000 0004 0001 0004 " +
      "0001 0009 02 6832 05 68332d3139 0004 0004 c0000201",
  ],
  [
    "SVCB",
    '16 foo.example.org. alpn="f\\\\\\\\oo\\\\,bar,h2"',
    "0010 03666f6f076578616d706c65036f726700 0001 000c 08 665c6f6f2c626172 02 6832",
  ],
  [
    "SVCB",
    "16 foo.example.org. alpn=f\\\\\\092oo\\092,bar,h2",
    "0010 03666f6f076578616d706c65036f726700 0001 000c 08 665c6f6f2c626172 02 6832",
  ],
  // RFC 4034 §4.3
  [
    "NSEC",
    "host.example.com. (A MX RRSIG NSEC TYPE1234)",
    "04686f7374076578616d706c6503636f6d00 0006400100000003 041b" +
      "000000000000000000000000000000000000000000000000000020",
  ],
  // RFC 5155 §3.3 and appendix A: base32hex of the hash of the apex
  [
    "NSEC3",
    "1 1 12 aabbccdd 0p9mhaveqvm6t7vbl5lop2u3t2rp3tom MX",
    "01 01 000c 04 aabbccdd 14 065368abeed7ec6e9feba96b8c8bc3e8b791f716 00 02 0001",
  ],
  // RFC 1876 §2: sizes 1 m, 10,000 m and 10 m when left out, 2^31 for the equator
  ["LOC", "0 N 0 E 0m", "00 12 16 13 80000000 80000000 00989680"],
  ["LOC", "90 0 0.001 S 180 W -100000m 0.01 0 90000000", undefined], // over the pole
  ["LOC", "90 S 180 W -100000m 0.01 0 90000000", "00 10 00 99 6cb02700 59604e00 00000000"],
  ["TXT", '"a" b ""', "0161 0162 00"],
  ["CAA", '128 issue "x;y"', "80 05 6973737565 783b79"],
  ["URI", '10 1 "x:"', "000a 0001 783a"],
  ["MX", "10 mail", "000a 046d61696c076578616d706c6500"],
  [
    "RRSIG",
    "TYPE65280 0 0 0 0 4294967295 0 . AA==",
    "ff00 00 00 00000000 00000000 ffffffff 0000 00 00",
  ],
  [
    "RRSIG",
    "A 0 0 0 19700101000001 21060207062815 0 . AA==",
    "0001 00 00 00000000 00000001 ffffffff 0000 00 00",
  ],
  ["RRSIG", "A 0 0 0 19700101000001 21060207062816 0 . AA==", undefined], // 2^32
  ["DNSKEY", "257 3 ED25519 AA==", "0101 03 0f 00"],
  ["DS", "1 13 2 AB cd EF", "0001 0d 02 abcdef"],
  ["NSEC3PARAM", "1 0 0 -", "01 00 0000 00"],
  // RFC 3123 §5: zero octets at the end are not sent, and negation is a bit
  ["APL", "1:192.168.32.0/21 !1:192.168.38.0/28", "0001 15 03 c0a820 0001 1c 83 c0a826"],
  ["APL", "1:0.0.0.0/0 2:ff00::/8", "0001 00 00 0002 08 01 ff"],
  ["APL", "", ""],
  ["APL", "3:192.0.2.0/24", undefined],
  ["APL", "1:192.0.2.0/33", undefined],
  ["APL", "1:2001:db8::/32", undefined],
  ["AFSDB", "1 fs", "0001 026673 07 6578616d706c65 00"],
  ["NSAP", "0x47.0005.80", "47000580"],
  ["NSAP", "0x470", undefined],
  ["KX", "10 .", "000a 00"],
  ["KEY", "49152 3 0", "c000 03 00"], // RFC 2535 §3.1.2: no key
  // RFC 4025 §3.2 without and with a gateway; its §2.1: algorithm 0 has no key
  ["IPSECKEY", "10 1 2 192.0.2.38 AQ==", "0a 01 02 c0000226 01"],
  ["IPSECKEY", "10 0 2 . AQ ==", "0a 00 02 01"],
  ["IPSECKEY", "10 3 2 gw.example. AQ==", "0a 03 02 026777 07 6578616d706c65 00 01"],
  ["IPSECKEY", "10 0 0 .", "0a 00 00"],
  ["IPSECKEY", "10 0 0 . AQ==", undefined],
  ["IPSECKEY", "10 0 2 .", undefined],
  ["IPSECKEY", "10 4 2 . AQ==", undefined],
  ["IPSECKEY", "10 2 2 192.0.2.38 AQ==", undefined],
  // RFC 8777 §4.3
  ["AMTRELAY", "10 0 1 203.0.113.15", "0a 01 cb00710f"],
  ["AMTRELAY", "128 1 3 amt.example.", "80 83 03616d74 07 6578616d706c65 00"],
  ["AMTRELAY", "0 1 0 .", "00 80"],
  ["AMTRELAY", "0 2 0 .", undefined],
  ["AMTRELAY", "0 1 4 .", undefined],
  ["HIP", "2 AABB AQID r.", "02 02 0003 aabb 010203 0172 00"], // RFC 8005 §5
  ["HIP", "2 AABB", undefined],
  ["CSYNC", "66 3 A NS AAAA", "00000042 0003 0004 60000008"], // RFC 7477 §2.1.1
  ["ZONEMD", `1 1 240 ${"AB".repeat(12)}`, `00000001 01 f0 ${"ab".repeat(12)}`],
  ["ZONEMD", `1 1 240 ${"AB".repeat(11)}`, undefined], // RFC 8976 §2.2.4: 12 octets or more
  // RFC 6742 §2.1.2, §2.2.2 and §2.3.2: leading zeros may be left out of a group
  ["NID", "10 14:4fff:ff20:ee64", "000a 00144fffff20ee64"],
  ["L32", "10 10.1.2.0", "000a 0a010200"],
  ["L64", "10 2001:0DB8:1140:1000", "000a 20010db811401000"],
  ["L64", "10 2001:db8::1000", undefined],
  ["EUI48", "00-00-5e-00-53-2a", "00005e00532a"], // RFC 7043 §3.2
  ["EUI48", "00:00:5e:00:53:2a", undefined],
  ["EUI64", "00-00-5e-ef-10-00-00-2a", "00005eef1000002a"], // RFC 7043 §4.2
  ["ISDN", '"150862028003217"', `0f ${Buffer.from("150862028003217").toHex()}`], // RFC 1183 §3.2
  ["DSYNC", "CDS NOTIFY 5359 .", "003b 01 14ef 00"], // RFC 9859 §2.1
  ["A", "\\# 4 C0 000 201", "c0000201"], // RFC 3597 §5
  ["NULL", "\\# 0", ""],
] as const;

for (const [type, text, hex] of wire) {
  test(`${type} ${text} is ${hex === undefined ? "refused" : "these octets"}`, () => {
    const found = hexOf(types[type], text);
    if (hex === undefined) expect(found).toStartWith("Found");
    else expect(found).toBe(hex.replaceAll(" ", ""));
  });
}

// Whole RDATA that a message may bring and that is of no type's form.
const malformed = [
  ["A", "c00002", "3 octets"],
  ["A", "c000020100", "5 octets"],
  ["AAAA", "", "nothing"],
  ["TXT", "", "no string: RFC 1035 §3.3.14 wants one or more"],
  ["TXT", "0261", "a string that does not end"],
  ["MX", "000a", "no name"],
  ["SOA", "0000", "no numbers"],
  ["DS", "00010d02", "no digest"],
  ["CAA", "0000", "an empty tag"],
  ["CAA", "00012d", "a tag that is not letters and digits"],
  ["URI", "00000000", "an empty target: RFC 7553 §4.4"],
  ["NSEC", "00 0001c0 0001c0", "a window twice"],
  ["NSEC", "00 0000", "an empty window"],
  ["NSEC", "00 0002c000", "a window that ends in zero"],
  ["NSEC", `00 0021 ${"01".repeat(33)}`, "a window of 33 octets"],
  ["SVCB", "0001 00 0003 0002 0035 0001 0003 026832", "keys out of order"],
  ["SVCB", "0001 00 0003 0002 0035 0003 0002 0035", "a key twice"],
  ["SVCB", "0001 00 0000 0002 0001", "a mandatory key that is not there"],
  ["SVCB", "0001 00 0000 0002 0000", "mandatory in its own list, RFC 9460 §8"],
  ["SVCB", "0001 00 0000 0003 000100", "half a mandatory key"],
  ["SVCB", "0001 00 0001 0002 0268", "an alpn that does not end"],
  ["SVCB", "0001 00 0004 0003 c00002", "three octets of IPv4"],
  ["SVCB", "0001 00 ffff 0000", "key 65535"],
  ["LOC", "00 12 16 13 80000000 80000000 009896", "15 octets"],
  ["LOC", "00 a2 16 13 80000000 80000000 00989680", "a size of ten tens"],
  ["LOC", "00 12 16 13 ffffffff 80000000 00989680", "a latitude beyond the pole"],
  ["SRV", "0000000000", "no target"],
  ["APL", "0001 21 00", "a prefix of 33 bits"],
  ["APL", "0001 18 04 c0000200", "a zero octet at its end"],
  ["APL", "0001 18 05 c000020001", "five octets of IPv4"],
  ["APL", "0003 00 00", "an address family that is not known"],
  ["APL", "0001 18 03 c000", "an address that does not end"],
  ["NSAP", "", "nothing"],
  ["IPSECKEY", "0a 01 02 c00002", "a gateway that does not end"],
  ["IPSECKEY", "0a 04 02 01", "gateway type 4"],
  ["IPSECKEY", "0a 00 00 01", "a key of no algorithm"],
  ["IPSECKEY", "0a 00 02", "an algorithm without a key"],
  ["AMTRELAY", "0a 80 00", "octets behind no relay"],
  ["AMTRELAY", "0a 04", "relay type 4"],
  ["HIP", "00 02 0001 01", "no tag"],
  ["HIP", "01 02 0000 01", "no key"],
  ["HIP", "01 02 0001 0101 01", "a server that does not end"],
  ["ZONEMD", "00000001 01 01 00", "a digest of one octet"],
  ["EUI48", "00005e0053", "five octets"],
  ["L64", "000a 20010db8114010", "seven octets"],
  ["CSYNC", "00000042 0003 0000", "an empty window"],
] as const;

for (const [type, hex, why] of malformed) {
  test(`${type} is refused: ${why}`, () => {
    const rdata = Uint8Array.fromHex(hex.replaceAll(" ", ""));
    expect(() => readRdata(types[type], new WireReader(rdata), rdata.length)).toThrow(
      MalformedMessage,
    );
    expect(isRdata(types[type], rdata)).toBe(false);
    expect(printRdata(types[type], rdata)).toStartWith(`\\# ${rdata.length}`);
  });
}

test("names are read through pointers in the types of RFC 1035 and RFC 3597 §4 only", () => {
  const read = (type: number, hex: string): string => {
    const message = Uint8Array.fromHex(`0161 00 ${hex}`.replaceAll(" ", ""));
    return readRdata(type, new WireReader(message, 3), message.length - 3).toHex();
  };
  expect(read(types.MX, "000a c000")).toBe("000a016100");
  expect(read(types.SRV, "000000000000 c000")).toBe("000000000000016100");
  expect(read(types.MINFO, "c000 c000")).toBe("016100016100");
  expect(read(types.AFSDB, "0001 c000")).toBe("0001016100");
  expect(() => read(types.KX, "0001 c000")).toThrow(MalformedMessage);
  expect(() => read(types.DNAME, "c000")).toThrow(MalformedMessage);
  expect(() => read(types.SVCB, "0001 c000")).toThrow(MalformedMessage);
});

test("names are written as pointers in the types of RFC 1035 only", () => {
  const lengthOf = (type: number, text: string): number => {
    const to = new WireWriter();
    to.name(origin);
    to.rewind(0);
    to.compressedName(origin);
    const start = to.length;
    const parsed = parseRdataText(type, text);
    if (parsed.kind === "rdata") writeRdata(type, parsed.rdata, to);
    return to.length - start;
  };
  expect(lengthOf(types.NS, "example.")).toBe(2);
  expect(lengthOf(types.SOA, "example. example. 1 2 3 4 5")).toBe(24);
  expect(lengthOf(types.SRV, "0 0 0 example.")).toBe(6 + 9);
  expect(lengthOf(types.DNAME, "example.")).toBe(9);
});

test("every type with a form of its own is among the properties", () => {
  const rows = Object.entries(recordTypes).filter(([, row]) => "fields" in row);
  expect(Object.keys(rdataOf).toSorted()).toEqual(rows.map(([typed]) => typed).toSorted());
});

for (const [type, rdata] of Object.entries(rdataOf)) {
  const code = typeCode(type)!;
  test(`${type}: what is printed is read back, and most of it has a form of its own`, () => {
    let opaque = 0;
    let runs = 0;
    fc.assert(
      fc.property(rdata, (octetsOfOne) => {
        expect(isRdata(code, octetsOfOne)).toBe(true);
        const text = printRdata(code, octetsOfOne);
        runs++;
        if (text.startsWith("\\#")) opaque++;
        const parsed = parseRdataText(code, text);
        if (parsed.kind === "refused") throw new Error(`${text}: ${parsed.why}`);
        expect(parsed.rdata.toHex()).toBe(octetsOfOne.toHex());
      }),
      { numRuns: 100, seed: 1876 },
    );
    expect(opaque).toBeLessThan(runs / 2);
  });
}

test("RDATA of any octets and type is printed so that it is read back", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 300 }),
      fc.uint8Array({ maxLength: 60 }),
      (type, rdata) => {
        const parsed = parseRdataText(type, printRdata(type, rdata));
        if (isRdata(type, rdata)) expect(parsed).toEqual({ kind: "rdata", rdata });
        else expect(parsed.kind).toBe("refused");
      },
    ),
    { numRuns: 2_000, seed: 3597 },
  );
});

test("RDATA that would not fit 16 bits of length is refused", () => {
  const token = { text: "x".repeat(255), isQuoted: true, line: 1, column: 1 };
  expect(
    parseRdata(
      types.TXT,
      Array.from({ length: 256 }, () => token),
    ).kind,
  ).toBe("refused");
  expect(
    parseRdata(
      types.TXT,
      Array.from({ length: 255 }, () => token),
    ).kind,
  ).toBe("rdata");
});
