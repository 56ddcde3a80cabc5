import { expect, test } from "bun:test";
import { readMessage } from "../../src/dns/message.ts";
import { parseName, printName } from "../../src/dns/name.ts";
import { isRdata, parseRdataText, printRdata, typeCode } from "../../src/dns/record-types.ts";
import { MalformedMessage, WireReader } from "../../src/dns/wire.ts";
import { fuzzMessage, fuzzRdata } from "./dns-targets.ts";
import { parseHexLine, parseRdataLine, readFixtures } from "./fixtures.ts";

for (const { why, line } of readFixtures("messages/valid.txt")) {
  test(`a message is read and written back: ${why}`, () => {
    const octets = parseHexLine(line);
    expect(readMessage(octets)).toBeDefined();
    fuzzMessage(octets);
  });
}

for (const { why, line } of readFixtures("messages/invalid.txt")) {
  test(`a message is malformed: ${why}`, () => {
    expect(() => readMessage(parseHexLine(line))).toThrow(MalformedMessage);
  });
}

for (const { why, line } of readFixtures("rdata/valid.txt")) {
  test(`RDATA is read, printed and parsed: ${why}`, () => {
    const { type, rdata } = parseRdataLine(line);
    const code = typeCode(type)!;
    expect(isRdata(code, rdata)).toBe(true);
    expect(parseRdataText(code, printRdata(code, rdata))).toEqual({ kind: "rdata", rdata });
    fuzzRdata(Uint8Array.of(code >> 8, code, ...rdata));
  });
}

for (const { why, line } of readFixtures("rdata/invalid.txt")) {
  test(`octets are not RDATA: ${why}`, () => {
    const { type, rdata } = parseRdataLine(line);
    const code = typeCode(type)!;
    expect(isRdata(code, rdata)).toBe(false);
    expect(printRdata(code, rdata)).toStartWith("\\# ");
  });
}

for (const { why, line } of readFixtures("names/valid.txt")) {
  test(`a text is a name: ${why}`, () => {
    const [text = "", hex = ""] = line.split(" ");
    const name = parseName(text)!;
    expect(name.octets.toHex()).toBe(hex);
    expect(parseName(printName(name))!.octets.toHex()).toBe(hex);
    const from = new WireReader(name.octets);
    expect(from.plainName().octets.toHex()).toBe(hex);
    expect(from.left).toBe(0);
  });
}

for (const { why, line } of readFixtures("names/invalid.txt")) {
  test(`a text is not a name: ${why}`, () => {
    expect(parseName(line)).toBeUndefined();
  });
}
