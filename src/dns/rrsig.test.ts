import { expect, test } from "bun:test";

import { isSignature, findPublicKey, parsePrivateKey, signOctets } from "./ecdsa.ts";
import { deleteCdnskey, deleteCds, keyTag, makeDnskey, makeDs } from "./key-records.ts";
import { parseName } from "./name.ts";
import { makeNsec } from "./nsec.ts";
import { canonicalRdata, parseRdataText, printRdata, types } from "./record-types.ts";
import type { RecordTypeName } from "./record-types.ts";
import { rrsigLabels, signedData, writeRrsig } from "./rrsig.ts";
import type { RrsigFields } from "./rrsig.ts";

// RFC 6605 §6.1
const apex = parseName("example.net.")!;
const www = parseName("www.example.net.")!;
const secret = Uint8Array.fromBase64("GU6SnQ/Ou+xC5RumuIUIuJZteXT2z0O/ok1s38Et6mQ=");
const dnskey = rdataOf(
  "DNSKEY",
  "257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edb krSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==",
);
const ds = "55648 13 2 B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17";
const rrsig = rdataOf(
  "RRSIG",
  "A 13 3 3600 20100909100439 20100812100439 55648 example.net. " +
    "qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXA yGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==",
);
const signature = rrsig.slice(-64);
const fields: RrsigFields = {
  typeCovered: types.A,
  algorithm: 13,
  labels: 3,
  originalTtlSeconds: 3_600,
  expiration: Date.UTC(2010, 8, 9, 10, 4, 39) / 1_000,
  inception: Date.UTC(2010, 7, 12, 10, 4, 39) / 1_000,
  keyTag: 55_648,
  signer: apex,
};
const address = Uint8Array.of(192, 0, 2, 1);

test("the key of RFC 6605 §6.1 gives its DNSKEY, key tag and DS", () => {
  expect(makeDnskey(findPublicKey(secret)!)).toEqual(dnskey);
  expect(keyTag(dnskey)).toBe(55_648);
  expect(printRdata(types.DS, makeDs(apex, dnskey))).toBe(ds);
  expect(printRdata(types.DS, makeDs(parseName("EXAMPLE.Net.")!, dnskey))).toBe(ds);
});

test("the signature of RFC 6605 §6.1 is over our octets, and over no others", () => {
  const publicKey = dnskey.subarray(4);
  const isOver = (rrsigFields: RrsigFields, owner = www, rdata = address): boolean =>
    isSignature(publicKey, signedData(rrsigFields, owner, [rdata]), signature);
  expect(isOver(fields)).toBe(true);
  expect(
    isOver({ ...fields, signer: parseName("Example.NET.")! }, parseName("WWW.example.net.")!),
  ).toBe(true);
  expect(isOver(fields, apex.child(Buffer.from("wwx"))!)).toBe(false);
  expect(isOver(fields, www, Uint8Array.of(192, 0, 2, 2))).toBe(false);
  expect(isOver({ ...fields, originalTtlSeconds: 3_601 })).toBe(false);
  expect(isOver({ ...fields, expiration: fields.expiration + 1 })).toBe(false);
});

test("the RDATA of RFC 6605 §6.1 is what we write", () => {
  expect(writeRrsig(fields, signature)).toEqual(rrsig);
});

test("what we sign is verified, as r and s of 32 octets", () => {
  const data = signedData(fields, www, [address]);
  const made = signOctets(parsePrivateKey(secret)!, data);
  expect(made.length).toBe(64);
  expect(isSignature(dnskey.subarray(4), data, made)).toBe(true);
  made[63]! ^= 1;
  expect(isSignature(dnskey.subarray(4), data, made)).toBe(false);
});

for (const [why, octets] of [
  ["0", new Uint8Array(32)],
  ["above the order of the curve", new Uint8Array(32).fill(0xff)],
  ["too short", new Uint8Array(31).fill(1)],
] as const) {
  test(`a number that is ${why} is no private key`, () => {
    expect(parsePrivateKey(octets)).toBeUndefined();
  });
}

test("the key of RFC 4034 §5.4 has its tag, and the SHA-256 DS of RFC 4509 §2.3", () => {
  const key = rdataOf(
    "DNSKEY",
    "256 3 5 AQOeiiR0GOMYkDshWoSKz9Xz fwJr1AYtsmx3TGkJaNXVbfi/ 2pHm822aJ5iI9BMzNXxeYCmZ " +
      "DRD99WYwYqUSdjMmmAphXdvx egXd/M5+X7OrzKBaMbCVdFLU Uh6DhweJBjEVv5f2wwjM9Xzc nOf+EPbtG9DMBmADjFDc2w/r ljwvFw==",
  );
  expect(keyTag(key)).toBe(60_485);
  expect(printRdata(types.DS, makeDs(parseName("dskey.example.com.")!, key))).toBe(
    "60485 5 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A",
  );
});

test("CDS and CDNSKEY that ask for no DS are those of RFC 8078 §4", () => {
  expect(deleteCds).toEqual(rdataOf("CDS", "0 0 0 00"));
  expect(deleteCdnskey).toEqual(rdataOf("CDNSKEY", "0 3 0 AA=="));
});

test("an NSEC keeps the case of the next name", () => {
  const next = parseName("Host.example.com.")!;
  const text = "Host.example.com. A RRSIG NSEC NXNAME"; // RFC 9824 §2
  const made = makeNsec(next, [types.NXNAME, types.NSEC, types.A, types.RRSIG]);
  expect(printRdata(types.NSEC, made)).toBe(text);
  expect(made).toEqual(rdataOf("NSEC", text));
});

const owners = [
  ["example.net.", 2],
  ["www.example.net.", 3],
  ["*.example.net.", 2], // RFC 4034 §3.1.3
  ["a.*.example.net.", 4],
  ["\\042.example.net.", 2], // the same octet
  [".", 0],
] as const;
for (const [owner, labels] of owners) {
  test(`a signature of ${owner} has ${labels} labels`, () => {
    expect(rrsigLabels(parseName(owner)!)).toBe(labels);
  });
}

test("what a wildcard gives is signed as the wildcard, whatever was asked for", () => {
  const under = { ...fields, labels: 2 };
  const wildcard = signedData(under, parseName("*.example.net.")!, [address]);
  for (const owner of ["a.example.net.", "b.a.example.net.", "B.*.Example.net."]) {
    expect(signedData(under, parseName(owner)!, [address])).toEqual(wildcard);
  }
  expect(signedData({ ...fields, labels: 3 }, www, [address])).not.toEqual(wildcard);
});

test("an RRset is signed as a set, in canonical order: RFC 4034 §6.3", () => {
  const set = { ...fields, typeCovered: types.TXT };
  const [a, b, ab] = ["a", "b", "ab"].map((text) => rdataOf("TXT", text)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const sorted = signedData(set, www, [a, b, ab]);
  expect(signedData(set, www, [ab, b, a, b])).toEqual(sorted);
  const records = `${recordHead(2)}0161${recordHead(2)}0162${recordHead(3)}026162`;
  expect(sorted.toHex()).toEndWith(`${apex.octets.toHex()}${records}`);
});

/** RFC 4034 §6.2 (3), without what RFC 6840 §5.1 took out and what was never a name. */
const folded: Readonly<Partial<Record<RecordTypeName, readonly [string, string]>>> = {
  NS: ["A.B.", "a.b."],
  MD: ["A.", "a."],
  MF: ["A.", "a."],
  CNAME: ["A.", "a."],
  SOA: ["A. B. 1 2 3 4 5", "a. b. 1 2 3 4 5"],
  MB: ["A.", "a."],
  MG: ["A.", "a."],
  MR: ["A.", "a."],
  PTR: ["A.", "a."],
  MINFO: ["A. B.", "a. b."],
  MX: ["1 A.", "1 a."],
  RP: ["A. B.", "a. b."],
  AFSDB: ["1 A.", "1 a."],
  RT: ["1 A.", "1 a."],
  PX: ["1 A. B.", "1 a. b."],
  NAPTR: ['1 2 "U" "E2U" "!X!Y!" A.', '1 2 "U" "E2U" "!X!Y!" a.'],
  KX: ["1 A.", "1 a."],
  SRV: ["1 2 3 A.", "1 2 3 a."],
  DNAME: ["A.", "a."],
  RRSIG: ["A 13 0 1 2 3 4 A. AAAA", "A 13 0 1 2 3 4 a. AAAA"],
};
for (const [type, [written, signed]] of Object.entries(folded)) {
  const name = type as RecordTypeName;
  test(`the names in ${type} are signed in lower case, and nothing else of it is changed`, () => {
    expect(canonicalRdata(types[name], rdataOf(name, written))).toEqual(rdataOf(name, signed));
  });
}

const asWritten: Readonly<Partial<Record<RecordTypeName, string>>> = {
  NSEC: "A.B. A", // RFC 6840 §5.1
  SVCB: "1 A.B.", // RFC 3597 §7
  HTTPS: "1 A.B.",
  HINFO: '"A" "B"', // RFC 6840 §5.1: listed, and has no name
  TXT: '"A"',
  CAA: '0 issue "A.B."',
};
for (const [type, written] of Object.entries(asWritten)) {
  const name = type as RecordTypeName;
  test(`${type} is signed as it is written`, () => {
    expect(canonicalRdata(types[name], rdataOf(name, written))).toEqual(rdataOf(name, written));
  });
}

/** The head of a TXT record of `www` in the signed octets, with its RDATA length. */
function recordHead(length: number): string {
  return `${www.octets.toHex()}0010000100000e10${length.toString(16).padStart(4, "0")}`;
}

function rdataOf(type: RecordTypeName, text: string): Uint8Array {
  const parsed = parseRdataText(types[type], text);
  if (parsed.kind === "refused") throw new Error(`${type} ${text}: ${parsed.why}`);
  return parsed.rdata;
}
