import { expect, test } from "bun:test";

import { makeQuery, opcodes, readMessage, writeMessage } from "./message.ts";
import type { Message, MessageRecord } from "./message.ts";
import { parseName } from "./name.ts";
import { parseRdataText, typeCode, types } from "./record-types.ts";
import { classes } from "./resource-record.ts";
import { makeUpdate } from "./update-message.ts";
import { MalformedMessage } from "./wire.ts";

function name(text: string) {
  return parseName(text)!;
}

function record(owner: string, type: string, text: string, ttlSeconds = 60): MessageRecord {
  const code = typeCode(type)!;
  const parsed = parseRdataText(code, text);
  if (parsed.kind === "refused") throw new Error(parsed.why);
  return { owner: name(owner), type: code, class: classes.IN, ttlSeconds, rdata: parsed.rdata };
}

function octets(hex: string): Uint8Array {
  return Uint8Array.fromHex(hex.replaceAll(/\s/g, ""));
}

const header = "1234 8580 0001 0001 0000 0000";
const question = "04686f7374 076578616d706c6500 0001 0001";

test("a query has the octets of RFC 1035 §4.1", () => {
  const query = makeQuery(name("host.example."), types.A, { id: 0x1234, flags: ["rd"] });
  expect(writeMessage(query)).toEqual(octets(`1234 0100 0001 0000 0000 0000 ${question}`));
});

test("a query with EDNS ends in OPT (RFC 6891 §6.1.2)", () => {
  const edns = { isDnssecOk: true, options: [{ code: 10, octets: octets("0102030405060708") }] };
  const query = makeQuery(name("host.example."), types.A, { id: 1, edns });
  const opt = "00 0029 04d0 00 00 8000 000c 000a 0008 0102030405060708";
  expect(writeMessage(query)).toEqual(octets(`0001 0000 0001 0000 0000 0001 ${question} ${opt}`));
  expect(readMessage(writeMessage(query))).toEqual(query);
});

test("a reply is read: flags, names through pointers, RDATA uncompressed", () => {
  const answer = "c00c 000f 0001 0000003c 0009 000a 046d61696c c011";
  const message = readMessage(octets(`${header} ${question} ${answer}`));
  expect([...message.flags]).toEqual(["qr", "aa", "rd", "ra"]);
  expect(message.answers).toEqual([record("host.example.", "MX", "10 mail.example.")]);
});

test("a reply is written compressed and read back as it was", () => {
  const message: Message = {
    ...makeQuery(name("www.example."), types.A, { id: 7, edns: {} }),
    flags: new Set(["qr", "aa"]),
    rcode: 16 + 7, // BADCOOKIE: all 12 bits, RFC 6891 §6.1.3
    answers: [
      record("www.example.", "CNAME", "host.example."),
      record("host.Example.", "A", "192.0.2.1", 2 ** 31 - 1),
    ],
    authority: [record("example.", "SOA", "ns1.example. h.example. 4294967295 2 3 4 5")],
    additional: [record("x.example.", "HTTPS", "1 . alpn=h2")],
  };
  const written = writeMessage(message);
  expect(readMessage(written)).toEqual(message);
  expect(written.length).toBeLessThan(190);
});

test("what does not fit is left out, TC says so, and OPT stays (RFC 2181 §9, RFC 6891 §7)", () => {
  const answers = Array.from({ length: 50 }, (_, i) => record("a.example.", "A", `192.0.2.${i}`));
  const whole: Message = {
    ...makeQuery(name("a.example."), types.A, { id: 1, edns: {} }),
    answers,
  };
  const cut = readMessage(writeMessage(whole, { maxOctets: 512 }));
  expect(cut.flags.has("tc")).toBe(true);
  expect(cut.answers).toEqual(answers.slice(0, cut.answers.length));
  // 12 header, 15 question, 16 a record with its owner as a pointer, 11 OPT
  expect(cut.answers.length).toBe(Math.floor((512 - 12 - 15 - 11) / 16));
  expect(cut.edns).toBeDefined();
});

test("additional records are left out without TC", () => {
  const additional = Array.from({ length: 50 }, (_, i) =>
    record("a.example.", "A", `192.0.2.${i}`),
  );
  const whole: Message = { ...makeQuery(name("a.example."), types.A, { id: 1 }), additional };
  const cut = readMessage(writeMessage(whole, { maxOctets: 512 }));
  expect(cut.flags.has("tc")).toBe(false);
  expect(cut.additional.length).toBeLessThan(50);
});

test("an UPDATE is written as RFC 2136 §2 has it, and read back with its empty RDATA", () => {
  const owner = name("h.example.");
  const type = types.A;
  const rdata = octets("c0000201");
  const update = makeUpdate(name("example."), {
    id: 1,
    prerequisites: [
      { kind: "name-in-use", owner },
      { kind: "name-not-in-use", owner },
      { kind: "rrset-exists", owner, type },
      { kind: "rrset-does-not-exist", owner, type },
      { kind: "rrset-has", owner, type, rdata },
    ],
    changes: [
      { kind: "add", record: { owner, type, ttlSeconds: 60, rdata } },
      { kind: "delete-rrset", owner, type },
      { kind: "delete-name", owner },
      { kind: "delete-record", owner, type, rdata },
    ],
  });
  const zone = "076578616d706c6500 0006 0001";
  const first = "0168 c00c"; // h.example.; later ones point at it
  const prerequisites = `
    ${first} 00ff 00ff 00000000 0000
    c019 00ff 00fe 00000000 0000
    c019 0001 00ff 00000000 0000
    c019 0001 00fe 00000000 0000
    c019 0001 0001 00000000 0004 c0000201`;
  const changes = `
    c019 0001 0001 0000003c 0004 c0000201
    c019 0001 00ff 00000000 0000
    c019 00ff 00ff 00000000 0000
    c019 0001 00fe 00000000 0004 c0000201`;
  const written = writeMessage(update);
  expect(written).toEqual(
    octets(`0001 2800 0001 0005 0004 0000 ${zone} ${prerequisites} ${changes}`),
  );
  expect(readMessage(written)).toEqual(update);
  expect(update.opcode).toBe(opcodes.UPDATE);
});

const malformed = [
  ["", "nothing"],
  ["1234 0000 0001 0000 0000", "half a header"],
  ["1234 0000 0001 0000 0000 0000", "a question that is not there"],
  ["1234 0000 0000 ffff 0000 0000", "65,535 answers that are not there"],
  [`1234 0000 0001 0000 0000 0000 ${question} 00`, "an octet too many"],
  [`${header} ${question} c00c 0001 0001 00000000 0000`, "an A record without address in class IN"],
  [`${header} ${question} c00c 0001 0001 00000000 0005 c000020100`, "an address of 5 octets"],
  [`${header} ${question} c00c 0001 0001 00000000 0004 c00002`, "RDATA that does not end"],
  [`${header} ${question} 00 0029 0200 00000000 0000`, "OPT among the answers"],
  [
    "1234 0000 0000 0000 0000 0002 00 0029 0200 00000000 0000 00 0029 0200 00000000 0000",
    "OPT twice",
  ],
  ["1234 0000 0000 0000 0000 0001 0161 00 0029 0200 00000000 0000", "OPT with an owner"],
  ["1234 0000 0000 0000 0000 0001 00 0029 0200 00000000 0003 000a 00", "half an option"],
] as const;

for (const [hex, why] of malformed) {
  test(`a message is refused: ${why}`, () => {
    expect(() => readMessage(octets(hex))).toThrow(MalformedMessage);
  });
}

test("RDATA of another class is kept as it is", () => {
  const chaos = "c00c 0010 0003 00000000 0002 0141";
  const message = readMessage(octets(`${header} ${question} ${chaos}`));
  expect(message.answers[0]!.rdata).toEqual(octets("0141"));
  expect(readMessage(writeMessage(message))).toEqual(message);
});
