/** Records as people write them. */

import { describe, expect, test } from "bun:test";
import { parseName } from "./name.ts";
import { parseRecord } from "./parse-record.ts";
import { printRdata, typeName } from "./record-types.ts";

const apex = parseName("dyn.test.")!;

describe("an owner", () => {
  const cases = [
    ["@", "dyn.test."],
    ["www", "www.dyn.test."],
    ["a.b", "a.b.dyn.test."],
    ["*", "*.dyn.test."],
    ["www.dyn.test", "www.dyn.test."],
    ["WWW.Dyn.Test.", "WWW.Dyn.Test."],
    ["dyn.test", "dyn.test."],
    ["_acme-challenge.www", "_acme-challenge.www.dyn.test."],
    [" www ", "www.dyn.test."],
    ["www.other.test.", undefined],
    ["", undefined],
    ["a..b", undefined],
    ["bücher", undefined],
    ["a b", undefined],
  ] as const;
  for (const [text, wanted] of cases) {
    test(`${JSON.stringify(text)} is ${wanted ?? "refused"}`, () => {
      const parsed = parseRecord({ owner: text, type: "TXT", data: "a" }, apex);
      const found = parsed.kind === "record" ? parsed.owner.toString() : parsed.field;
      expect(found).toBe(wanted ?? "owner");
    });
  }
});

describe("type and data", () => {
  const cases = [
    ["txt", "hello", 'TXT "hello"'],
    ["TXT", '"two words" "ü"', 'TXT "two words" "\\195\\188"'],
    ["MX", "10 mail.dyn.test", "MX 10 mail.dyn.test."],
    ["TYPE15", "10 mail.dyn.test.", "MX 10 mail.dyn.test."],
    ["TYPE65280", "\\# 1 ff", "TYPE65280 \\# 1 FF"],
    ["CAA", '0 issue "ca.test"', 'CAA 0 issue "ca.test"'],
  ] as const;
  for (const [type, data, wanted] of cases) {
    test(`${type} ${data}`, () => {
      const parsed = parseRecord({ owner: "@", type, data }, apex);
      if (parsed.kind === "refused") throw new Error(parsed.why);
      expect(`${typeName(parsed.type)} ${printRdata(parsed.type, parsed.rdata)}`).toBe(wanted);
    });
  }

  const refused = [
    ["ANY", "a", "type"],
    ["OPT", "", "type"],
    ["NOTHING", "a", "type"],
    ["TYPE99999", "\\# 0", "type"],
    ["A", "192.0.2.300", "data"],
    ["A", "", "data"],
    ["A", "192.0.2.1 192.0.2.2", "data"],
    ["MX", "mail.dyn.test", "data"],
    ["TXT", '"open', "data"],
    ["TXT", "a\nb", "data"],
    ["TYPE65280", "ff", "data"],
  ] as const;
  for (const [type, data, field] of refused) {
    test(`${type} ${JSON.stringify(data)} is refused`, () => {
      const parsed = parseRecord({ owner: "@", type, data }, apex);
      expect(parsed).toMatchObject({ kind: "refused", field, why: expect.stringMatching(/\S\.$/) });
    });
  }
});
