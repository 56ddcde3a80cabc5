/** Generators of what the protocol is made of: names, RDATA of every type, records and messages. */

import fc from "fast-check";
import { classes } from "../../src/dns/resource-record.ts";
import type { ResourceRecord } from "../../src/dns/resource-record.ts";
import type { Message, MessageRecord } from "../../src/dns/message.ts";
import { Name, parseName } from "../../src/dns/name.ts";
import { typeCode } from "../../src/dns/record-types.ts";
import type { RecordTypeName } from "../../src/dns/record-types.ts";
import { makeBitmap } from "../../src/dns/type-bitmap.ts";
import { WireWriter } from "../../src/dns/wire.ts";

const octet = fc.integer({ min: 0, max: 255 });
const u16 = octets(2);
const label = fc.uint8Array({ minLength: 1, maxLength: 63 });
const name = fc.array(label, { maxLength: 3 }).map((labels) => {
  let made = Name.root;
  for (const one of labels) made = made.child(one)!;
  return made.octets;
});
const string = fc.uint8Array({ maxLength: 255 }).map((s) => Uint8Array.of(s.length, ...s));
const data = fc.uint8Array({ minLength: 1, maxLength: 80 });
const tag = fc
  .stringMatching(/^[a-zA-Z0-9]{1,15}$/)
  .map((text) => Uint8Array.of(text.length, ...Buffer.from(text)));
const bitmap = fc.array(fc.integer({ min: 0, max: 65_535 }), { maxLength: 12 }).map(makeBitmap);
const size = fc.tuple(fc.nat(9), fc.nat(9)).map(([m, e]) => Uint8Array.of(m * 16 + e));
const alpn = fc.array(fc.uint8Array({ minLength: 1, maxLength: 20 }), {
  minLength: 1,
  maxLength: 4,
});
const svcParams = fc
  .tuple(
    fc.option(alpn.map((ids) => Uint8Array.from(ids.flatMap((id) => [id.length, ...id])))),
    fc.option(u16),
    fc.option(octets(8)),
    fc.option(octets(32)),
    fc.option(data),
    fc.option(fc.uint8Array({ maxLength: 40 })),
  )
  .map(([ids, port, ipv4, ipv6, ech, other]) => {
    const params = [
      [1, ids],
      [2, ids === null ? null : new Uint8Array()],
      [3, port],
      [4, ipv4],
      [5, ech],
      [6, ipv6],
      [7, ech],
      [667, other],
    ] as const;
    const there = params.filter(([, value]) => value !== null);
    const to = new WireWriter();
    if (there.length > 0) for (const number of [0, 2, there[0]![0]]) to.u16(number);
    for (const [key, value] of there) {
      to.u16(key);
      to.u16(value!.length);
      to.octets(value!);
    }
    return to.finish();
  });

function octets(count: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: count, maxLength: count });
}

function join(...parts: fc.Arbitrary<Uint8Array>[]): fc.Arbitrary<Uint8Array> {
  return fc.tuple(...parts).map((all) => Uint8Array.from(all.flatMap((part) => [...part])));
}

const strings = fc
  .array(string, { minLength: 1, maxLength: 4 })
  .map((all) => Uint8Array.from(all.flatMap((s) => [...s])));
const hash = fc
  .uint8Array({ minLength: 1, maxLength: 40 })
  .map((h) => Uint8Array.of(h.length, ...h));

const prefix = fc
  .tuple(fc.constantFrom([1, 4] as const, [2, 16] as const), fc.boolean(), fc.nat(32), data)
  .map(([[family, size], isNegated, bits, address]) => {
    const cut = address.subarray(0, size);
    const sent = cut.subarray(0, cut.findLastIndex((part) => part !== 0) + 1);
    return [0, family, bits, (isNegated ? 0x80 : 0) | sent.length, ...sent];
  });
const prefixes = fc.array(prefix, { maxLength: 4 }).map((all) => Uint8Array.from(all.flat()));
/** By gateway type. */
const gateways = [fc.constant(new Uint8Array()), octets(4), octets(16), name];
const one = (value: number): Uint8Array => Uint8Array.of(value);
const ipsecKey = (gateway: fc.Arbitrary<Uint8Array>, type: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    join(fc.constant(Uint8Array.of(type, 2)), gateway, data),
    join(fc.constant(Uint8Array.of(type, 0)), gateway),
  );
const amtRelay = (relay: fc.Arbitrary<Uint8Array>, type: number): fc.Arbitrary<Uint8Array> =>
  join(fc.constantFrom(one(type), one(type | 0x80)), relay);

/** Wire RDATA by type, for every type that has a form of its own. */
export const rdataOf: Readonly<Partial<Record<RecordTypeName, fc.Arbitrary<Uint8Array>>>> = {
  A: octets(4),
  NS: name,
  MD: name,
  MF: name,
  CNAME: name,
  SOA: join(name, name, octets(20)),
  MB: name,
  MG: name,
  MR: name,
  PTR: name,
  HINFO: join(string, string),
  MINFO: join(name, name),
  MX: join(u16, name),
  TXT: strings,
  RP: join(name, name),
  AFSDB: join(u16, name),
  X25: string,
  ISDN: fc.oneof(string, join(string, string)),
  RT: join(u16, name),
  NSAP: data,
  SIG: join(octets(18), name, data),
  KEY: join(octets(4), fc.uint8Array({ maxLength: 80 })),
  PX: join(u16, name, name),
  GPOS: join(string, string, string),
  AAAA: fc.oneof(
    octets(16),
    octets(4).map((v4) => Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...v4)),
  ),
  LOC: join(
    fc.constant(Uint8Array.of(0)),
    size,
    size,
    size,
    fc.integer({ min: 2 ** 31 - 324e6, max: 2 ** 31 + 324e6 }).map(fourOctets),
    fc.integer({ min: 2 ** 31 - 648e6, max: 2 ** 31 + 648e6 }).map(fourOctets),
    octets(4),
  ),
  SRV: join(octets(6), name),
  NAPTR: join(octets(4), string, string, string, name),
  KX: join(u16, name),
  CERT: join(octets(5), data),
  DNAME: name,
  APL: prefixes,
  IPSECKEY: join(octet.map(one), fc.oneof(...gateways.map(ipsecKey))),
  DS: join(octets(4), data),
  SSHFP: join(u16, data),
  RRSIG: join(octets(18), name, data),
  NSEC: join(name, bitmap),
  DNSKEY: join(octets(4), data),
  DHCID: data,
  NSEC3: join(octets(4), string, hash, bitmap),
  NSEC3PARAM: join(octets(4), string),
  TLSA: join(octets(3), data),
  SMIMEA: join(octets(3), data),
  HIP: fc
    .tuple(octet, data, data, fc.array(name, { maxLength: 3 }))
    .map(([algorithm, tag, key, servers]) =>
      Uint8Array.from([
        tag.length,
        algorithm,
        0,
        key.length,
        ...tag,
        ...key,
        ...servers.flatMap((server) => [...server]),
      ]),
    ),
  TALINK: join(name, name),
  CDS: join(octets(4), data),
  CDNSKEY: join(octets(4), data),
  OPENPGPKEY: data,
  CSYNC: join(octets(6), bitmap),
  ZONEMD: join(octets(6), fc.uint8Array({ minLength: 12, maxLength: 64 })),
  SVCB: join(u16, name, svcParams),
  HTTPS: join(u16, name, svcParams),
  DSYNC: join(octets(5), name),
  SPF: strings,
  NID: octets(10),
  L32: octets(6),
  L64: octets(10),
  LP: join(u16, name),
  EUI48: octets(6),
  EUI64: octets(8),
  URI: join(octets(4), data),
  CAA: join(
    octet.map((o) => Uint8Array.of(o)),
    tag,
    fc.uint8Array({ maxLength: 300 }),
  ),
  AVC: strings,
  AMTRELAY: join(octet.map(one), fc.oneof(...gateways.map(amtRelay))),
  RESINFO: strings,
  WALLET: strings,
  DLV: join(octets(4), data),
};

function fourOctets(value: number): Uint8Array {
  const to = new WireWriter();
  to.u32(value);
  return to.finish();
}

/** Any name, also of the most octets and labels that there may be. */
export const anyName: fc.Arbitrary<Name> = fc
  .oneof(
    fc.array(label, { maxLength: 6, size: "max" }),
    fc.array(fc.uint8Array({ minLength: 1, maxLength: 2 }), { maxLength: 128, size: "max" }),
  )
  .map((labels) => below(Name.root, labels));

const apex = parseName("fuzz.example.")!;
/** Few labels, in both cases: names meet, repeat and lie below each other. */
const ownLabel = fc
  .constantFrom("a", "A", "b", "*", ".", "\0\xff", "@", "$", '"', "\\", ";(")
  .map((text) => Uint8Array.from(text, (character) => character.charCodeAt(0)));
const owner = fc.array(ownLabel, { maxLength: 3 }).map((labels) => below(apex, labels));
const ttlSeconds = fc.constantFrom(0, 60, 3_600, 2 ** 31 - 1);

/** A record of any type that may be in a zone, most of them of one with a form of its own. */
const typedRdata = fc.oneof(
  ...Object.entries(rdataOf).map(([type, rdata]) =>
    rdata.map((octetsOfOne) => ({ type: typeCode(type)!, rdata: octetsOfOne })),
  ),
  fc.record({ type: fc.constantFrom(10, 65_280), rdata: fc.uint8Array({ maxLength: 40 }) }),
);

export const zoneRecord: fc.Arbitrary<ResourceRecord> = fc
  .tuple(owner, ttlSeconds, typedRdata)
  .map(([ownerOfOne, ttl, typed]) => ({ owner: ownerOfOne, ttlSeconds: ttl, ...typed }));

/** In class IN as above; in the classes of UPDATE also without RDATA; in any other whatever there is. */
const messageRecord: fc.Arbitrary<MessageRecord> = fc
  .tuple(zoneRecord, fc.constantFrom(...Object.values(classes), 65_280), fc.boolean())
  .map(([record, recordClass, isEmpty]) => {
    const mayBeEmpty = recordClass === classes.ANY || recordClass === classes.NONE;
    const rdata = mayBeEmpty && isEmpty ? new Uint8Array() : record.rdata;
    return { ...record, rdata, class: recordClass };
  });
const section = fc.array(messageRecord, { maxLength: 6 });

const edns = fc.record({
  udpOctets: fc.nat(65_535),
  version: fc.nat(255),
  isDnssecOk: fc.boolean(),
  options: fc.array(fc.record({ code: fc.nat(65_535), octets: fc.uint8Array({ maxLength: 40 }) }), {
    maxLength: 4,
  }),
});

export const anyMessage: fc.Arbitrary<Message> = fc
  .record({
    id: fc.nat(65_535),
    flags: fc.subarray(["qr", "aa", "tc", "rd", "ra", "z", "ad", "cd"] as const),
    opcode: fc.nat(15),
    rcode: fc.nat(0xfff),
    questions: fc.array(
      fc.record({
        name: fc.oneof(anyName, owner),
        type: fc.nat(65_535),
        class: fc.nat(65_535),
      }),
      { maxLength: 2 },
    ),
    answers: section,
    authority: section,
    additional: section,
    edns: fc.option(edns, { nil: undefined }),
  })
  .map((message) => ({
    ...message,
    flags: new Set(message.flags),
    rcode: message.edns === undefined ? message.rcode & 15 : message.rcode,
  }));

/** Labels from right to left, as many as a name can hold. */
function below(top: Name, labels: readonly Uint8Array[]): Name {
  let made = top;
  for (const one of labels) made = made.child(one) ?? made;
  return made;
}

/** Text that nearly is what a zone file holds: tokens, layout and escapes in any order. */
export const nearlyZoneText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      fc.constantFrom("$ORIGIN", "$TTL", "$INCLUDE", "$GENERATE", "1-3", "a$", "${0,3,x}", "IN"),
      fc.constantFrom("CH", "60", "1h30m", "@", "*", "(", ")", '"', ";", "\\", "\\#", "\\.", "\\1"),
      fc.constantFrom(
        "\na 60 A 192.0.2.1\n",
        '\nb 1h TXT "x" y\n',
        "\n* 0 MX 1 a\n",
        "\n$TTL 1m\n",
      ),
      fc.constantFrom("\\255", "=", ",", " ", "\t", "\n", "\r\n", "\n@ ", "\n ", "192.0.2.1"),
      fc.constantFrom(...Object.keys(rdataOf), "TYPE65280", "TYPE65536"),
      fc.string({ unit: fc.nat(255).map((code) => String.fromCharCode(code)), maxLength: 3 }),
    ),
    { maxLength: 40 },
  )
  .map((tokens) => tokens.map((token) => (token.length > 1 ? `${token} ` : token)).join(""));
