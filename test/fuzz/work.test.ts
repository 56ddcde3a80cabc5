/** No input costs more than in proportion to its size. */

import { expect, test } from "bun:test";
import { checkZone } from "../../src/dns/check-zone.ts";
import { readMessage } from "../../src/dns/message.ts";
import { parseName, printName } from "../../src/dns/name.ts";
import { printZone } from "../../src/dns/print-zone.ts";
import { parseRdataText, printRdata, readRdata, types } from "../../src/dns/record-types.ts";
import { MalformedMessage, WireReader } from "../../src/dns/wire.ts";
import { parseZoneFile } from "../../src/dns/zone-file.ts";
import { Responder } from "../../src/nameserver/respond.ts";
import { ZoneReader } from "../../src/zone/zone-reader.ts";
import { ZoneTable } from "../../src/zone/zone-table.ts";
import { serveZoneFile } from "../dns/served-zone.ts";
import { CountedOctets, growth, isLinear } from "./work.ts";

const testMs = 120_000;

/** Messages of about `octets` octets that make a reader look at the same octets again and again. */
const shapes: Readonly<Record<string, (octets: number) => Uint8Array>> = {
  "records whose owners are the longest chain of pointers": (octets) => {
    const links = 125;
    const chain = Array.from({ length: links }, (_, i) => pointer(i === 0 ? 12 : 28 + 2 * (i - 1)));
    const owner = pointer(28 + 2 * (links - 1));
    const record = hex("0001 0001 00000000 0004 c0000201");
    const more = repeat([...owner, ...record], octets);
    return message(1 + more.count, [...recordHead(10, links * 2), ...chain.flat()], more.octets);
  },
  "records whose owners are the longest name": (octets) => {
    const label = [63, ...Array.from({ length: 63 }, () => 0x61)];
    const name = [...label, ...label, ...label, ...label.slice(0, 62).with(0, 61), 0];
    const more = repeat([...pointer(28), ...hex("0001 0001 00000000 0004 c0000201")], octets);
    return message(1 + more.count, [...recordHead(10, name.length), ...name], more.octets);
  },
  "records of no octets": (octets) => {
    const more = repeat([...pointer(12), ...hex("ff00 0001 00000000 0000")], octets);
    return message(more.count, [], more.octets);
  },
  "names in RDATA that point at the longest chain": (octets) => {
    const links = 125;
    const chain = Array.from({ length: links }, (_, i) => pointer(i === 0 ? 12 : 28 + 2 * (i - 1)));
    const target = pointer(28 + 2 * (links - 1));
    const more = repeat([...hex("00 0002 0001 00000000 0002"), ...target], octets);
    return message(1 + more.count, [...recordHead(10, links * 2), ...chain.flat()], more.octets);
  },
  "one name that leads back and back": (octets) => {
    const links = Math.floor(octets / 2);
    const chain = Array.from({ length: links }, (_, i) => pointer(i === 0 ? 12 : 28 + 2 * (i - 1)));
    const last = [...pointer(28 + 2 * (links - 1)), ...hex("0001 0001 00000000 0004 c0000201")];
    return message(2, [...recordHead(10, links * 2), ...chain.flat()], last);
  },
};
/** Pointers have 14 bits, so the eightfold stays below 16 KiB where they matter. */
const smallOctets = 1_800;
/** 127 pointers and the 255 octets they may lead to, for the two octets of an owner among twelve. */
const octetsReadMax = 80;

const table = new ZoneTable({ bytesMax: 8 * 1024 * 1024, hashSeed: 6 });
await serveZoneFile(table, "ddns.test");
const responder = new Responder(new ZoneReader(table.buffer, table.hashSeed, 0));

for (const [shape, make] of Object.entries(shapes)) {
  for (const [who, read] of [
    ["the message reader", tryToRead],
    [
      "the name server",
      (octets: Uint8Array) => void responder.respond(octets, octets.length, "tcp"),
    ],
  ] as const) {
    test(`${who} looks at each octet a bounded number of times: ${shape}`, () => {
      const [less, more] = [smallOctets, smallOctets * growth].map((size) => {
        const octets = make(size);
        const counted = new CountedOctets(octets);
        read(counted.octets);
        expect(counted.count).toBeGreaterThan(12); // it was read
        expect(counted.count).toBeLessThan(octets.length * octetsReadMax);
        return counted.count;
      });
      expect(more! / less!).toBeLessThan(growth * 1.5);
    });
  }
}

test("a reader that begins again at every record is found out by what it looks at", () => {
  const [less, more] = [smallOctets, smallOctets * growth].map((size) => {
    const counted = new CountedOctets(shapes["records of no octets"]!(size));
    for (let end = 0; end < counted.octets.length; end += 12) {
      for (let at = 0; at < end; at += 12) void counted.octets[at];
    }
    return counted.count;
  });
  expect(more! / less!).toBeGreaterThan(growth * 1.5);
});

const apex = parseName("fuzz.example.")!;
const file = { file: "large", origin: apex, recordsMax: 10_000_000 };
const zoneHead = "$TTL 60\n@ SOA ns hostmaster 1 2 3 4 5\n@ NS ns\nns A 192.0.2.1\n";

/** Texts that grow with `size`, each in another direction. */
const zoneTexts: Readonly<Record<string, (size: number) => string>> = {
  "many owners": (size) => lines(size, (i) => `h${i} A 192.0.2.1`),
  "many records of one owner and type": (size) => lines(size, (i) => `@ TXT "${i}"`),
  "many types of one owner": (size) => lines(size, (i) => `@ TYPE${1_000 + (i % 60_000)} \\# 0`),
  "the same record again and again": (size) => lines(size, () => "@ A 192.0.2.1"),
  "owners above each other": (size) =>
    lines(size, (i) => `${Array.from({ length: i % 90 }, () => "a").join(".")}.x${i} A 192.0.2.1`),
  "delegations without addresses": (size) => lines(size, (i) => `d${i} NS n${i}.d${i}`),
  "names below aliases": (size) => lines(size, (i) => `d${i} DNAME x.\na.d${i} A 192.0.2.1`),
  "strings of one record": (size) => `@ TXT ( ${"a ".repeat(Math.min(size * 4, 32_000))} )\n`,
  "one long string": (size) => `@ TXT "${"a".repeat(size * 16)}"\n`,
  "one long word": (size) => `${"a".repeat(size * 16)} A 192.0.2.1\n`,
  "hexadecimal in pieces": (size) => `@ TYPE1000 \\# ${size * 2} ${"00 ".repeat(size * 2)}\n`,
  "base64 in pieces": (size) => `@ DNSKEY 0 3 13 ( ${"AAAA\n".repeat(size * 2)} )\n`,
  backslashes: (size) => `@ TXT "${"\\\\".repeat(size * 8)}"\n`,
  "quotes that do not close": (size) => lines(size, () => '@ TXT "a'),
  "parentheses that do not close": (size) => "(\n".repeat(size * 4),
  "closing parentheses": (size) => ")\n".repeat(size * 4),
  "a comment": (size) => `;${"x".repeat(size * 64)}\n`,
  "empty lines": (size) => "\n".repeat(size * 16),
  "white space": (size) => `${" \t".repeat(size * 16)}\n`,
  "changes of origin": (size) => lines(size, (i) => `$ORIGIN o${i}\n$ORIGIN fuzz.example.`),
  "generated records": (size) => `$GENERATE 1-${Math.min(size, 65_536)} h$ A 192.0.2.1\n`,
  "keys of a service": (size) =>
    `@ HTTPS 1 . ${Array.from({ length: size }, (_, i) => `key${1_000 + i}=a`).join(" ")}\n`,
  "protocols of a service": (size) => `@ HTTPS 1 . alpn=${"h2,".repeat(size * 4)}h2\n`,
  "addresses of a service": (size) =>
    `@ HTTPS 1 . ipv4hint=${"192.0.2.1,".repeat(size)}192.0.2.1\n`,
  "types of a bitmap": (size) =>
    `@ NSEC @ ${Array.from({ length: size }, (_, i) => `TYPE${(i * 257) % 65_536}`).join(" ")}\n`,
};

for (const [direction, make] of Object.entries(zoneTexts)) {
  test(
    `a zone file is parsed, checked and printed in proportion to its size: ${direction}`,
    () => {
      const work = (text: string): void => {
        const { records } = parseZoneFile(text, file);
        printZone(checkZone(records, apex).records, apex);
      };
      expect(isLinear(500, (size) => zoneHead + make(size), work)).toBe(true);
    },
    testMs,
  );
}

/** RDATA is at most 65,535 octets; within them the work stays in proportion. */
const rdatas: Readonly<Record<string, readonly [type: number, make: (size: number) => number[]]>> =
  {
    strings: [types.TXT, (size) => Array.from({ length: size }, () => [1, 0x22]).flat()],
    "keys of a service": [
      types.SVCB,
      (size) => [
        0,
        1,
        0,
        ...Array.from({ length: size / 4 }, (_, i) => [4 + (i >> 8), i, 0, 0]).flat(),
      ],
    ],
    "protocols of a service": [
      types.SVCB,
      (size) => {
        const ids = Array.from({ length: size }, () => [1, 0x2c]).flat();
        return [0, 1, 0, 0, 1, ids.length >> 8, ids.length & 0xff, ...ids];
      },
    ],
    "mandatory keys of a service": [
      types.SVCB,
      (size) => {
        const keys = Array.from({ length: size / 4 }, (_, i) => 1_000 + i);
        const list = keys.flatMap((key) => [key >> 8, key]);
        const params = keys.flatMap((key) => [key >> 8, key, 0, 0]);
        return [0, 1, 0, 0, 0, list.length >> 8, list.length & 0xff, ...list, ...params];
      },
    ],
    "opaque octets": [types.OPENPGPKEY, (size) => Array.from({ length: size * 2 }, () => 0xff)],
  };

for (const [kind, [type, make]] of Object.entries(rdatas)) {
  test(
    `RDATA is read, printed and parsed in proportion to its size: ${kind}`,
    () => {
      const work = (rdata: Uint8Array): void => {
        for (let i = 0; i < 3; i++) {
          readRdata(type, new WireReader(rdata), rdata.length);
          parseRdataText(type, printRdata(type, rdata));
        }
      };
      expect(isLinear(4_000, (size) => Uint8Array.from(make(size)), work)).toBe(true);
    },
    testMs,
  );
}

test(
  "a name is parsed and printed in proportion to the text, however long that is",
  () => {
    const work = (text: string): void => {
      const name = parseName(text);
      if (name !== undefined) printName(name);
    };
    for (const part of ["a.", "\\", "\\046", "aaaaaaaa", "."]) {
      expect(isLinear(20_000, (size) => part.repeat(size), work)).toBe(true);
    }
  },
  testMs,
);

test(
  "a parser that looks at all it has read for every record is found out by its time",
  () => {
    const work = (text: string): void => {
      const seen: string[] = [];
      for (const line of text.split("\n")) if (!seen.includes(line)) seen.push(line);
    };
    expect(isLinear(150, (size) => lines(size, (i) => `h${i} A 192.0.2.1`), work)).toBe(false);
  },
  testMs,
);

/** A question for the root and `count` answers: those of `first`, then `more`. */
function message(count: number, first: readonly number[], more: readonly number[]): Uint8Array {
  const header = [...hex("0001 0000 0001"), count >> 8, count & 0xff, ...hex("0000 0000")];
  return Uint8Array.from([...header, ...hex("00 0001 0001"), ...first, ...more]);
}

/** Of a record at octet 17, whose RDATA begins at 28. */
function recordHead(type: number, length: number): number[] {
  return [...hex("00"), 0, type, ...hex("0001 00000000"), length >> 8, length & 0xff];
}

function repeat(record: readonly number[], octets: number): { count: number; octets: number[] } {
  const count = Math.floor(octets / record.length);
  return { count, octets: Array.from({ length: count }, () => record).flat() };
}

function pointer(at: number): number[] {
  return [0xc0 | (at >> 8), at & 0xff];
}

function hex(text: string): number[] {
  return [...Uint8Array.fromHex(text.replaceAll(" ", ""))];
}

function lines(count: number, line: (i: number) => string): string {
  return `${Array.from({ length: count }, (_, i) => line(i)).join("\n")}\n`;
}

function tryToRead(octets: Uint8Array): void {
  try {
    readMessage(octets);
  } catch (error) {
    if (!(error instanceof MalformedMessage)) throw error;
  }
}
