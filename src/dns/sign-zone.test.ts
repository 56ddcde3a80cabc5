import { expect, test } from "bun:test";

import { parseName } from "./name.ts";
import { printRdata, typeName, types } from "./record-types.ts";
import type { ResourceRecord } from "./resource-record.ts";
import { signZone } from "./sign-zone.ts";
import { parseZoneFile } from "./zone-file.ts";

const apex = parseName("dyn.test.")!;
const text = `
$TTL 300
@        SOA ns.example. h.example. 1 2 3 4 60
@        NS ns.example.
@        DNSKEY 257 3 13 AAAA
@        CDS 0 0 0 00
a.b.c    A 192.0.2.1
a.b.c    A 192.0.2.2
*.c      TXT x
CUT      NS ns.cut
cut      DS 1 13 2 00
cut      A 192.0.2.3
ns.cut   A 192.0.2.4
open     NS ns.example.
`;

function signer(keyTag: number) {
  return { algorithm: 13, keyTag, sign: () => new Uint8Array(64) };
}

const times = { inception: 1, expiration: 2 };
const signers = { signer: signer(1), keySigners: [signer(1), signer(2)] };
const signed = signZone(parse(text), { apex, ...signers, ...times });

test("a chain of NSEC goes over every name that is ours, in canonical order and back", () => {
  expect(printed(types.NSEC)).toEqual([
    "dyn.test. 60 *.c.dyn.test. NS SOA RRSIG NSEC DNSKEY CDS",
    "*.c.dyn.test. 60 a.b.c.dyn.test. TXT RRSIG NSEC",
    "a.b.c.dyn.test. 60 CUT.dyn.test. A RRSIG NSEC",
    "CUT.dyn.test. 60 open.dyn.test. NS DS RRSIG NSEC", // RFC 4035 §2.3: not the address
    "open.dyn.test. 60 dyn.test. NS RRSIG NSEC",
  ]);
});

test("every RRset of ours is signed once, the keys by every key, and nothing else", () => {
  expect(printed(types.RRSIG).map((line) => line.replace(/ dyn\.test\. A+.*$/, ""))).toEqual([
    "dyn.test. 300 SOA 13 2 300 19700101000002 19700101000001 1",
    "dyn.test. 300 NS 13 2 300 19700101000002 19700101000001 1",
    "dyn.test. 300 DNSKEY 13 2 300 19700101000002 19700101000001 1",
    "dyn.test. 300 DNSKEY 13 2 300 19700101000002 19700101000001 2",
    "dyn.test. 300 CDS 13 2 300 19700101000002 19700101000001 1",
    "dyn.test. 300 CDS 13 2 300 19700101000002 19700101000001 2",
    "dyn.test. 60 NSEC 13 2 60 19700101000002 19700101000001 1",
    "*.c.dyn.test. 300 TXT 13 3 300 19700101000002 19700101000001 1",
    "*.c.dyn.test. 60 NSEC 13 3 60 19700101000002 19700101000001 1",
    "a.b.c.dyn.test. 300 A 13 5 300 19700101000002 19700101000001 1",
    "a.b.c.dyn.test. 60 NSEC 13 5 60 19700101000002 19700101000001 1",
    "cut.dyn.test. 300 DS 13 3 300 19700101000002 19700101000001 1",
    "CUT.dyn.test. 60 NSEC 13 3 60 19700101000002 19700101000001 1",
    "open.dyn.test. 60 NSEC 13 3 60 19700101000002 19700101000001 1",
  ]);
});

test("what was given stays as it was given", () => {
  const given = parse(text);
  expect(signed.slice(0, given.length)).toEqual(given as ResourceRecord[]);
});

function parse(zone: string): readonly ResourceRecord[] {
  const { records, errors } = parseZoneFile(zone, { file: "zone", origin: apex });
  expect(errors).toEqual([]);
  return records;
}

function printed(type: number): readonly string[] {
  expect(typeName(type)).not.toStartWith("TYPE");
  return signed
    .filter((record) => record.type === type)
    .map(({ owner, ttlSeconds, rdata }) => `${owner} ${ttlSeconds} ${printRdata(type, rdata)}`);
}
