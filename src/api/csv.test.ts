import { expect, test } from "bun:test";
import fc from "fast-check";
import { readCsv } from "./csv.ts";

const cases: readonly [text: string, records: (string | number)[][]][] = [
  ["", []],
  ["a,b", [[1, "a", "b"]]],
  [
    "a,b\r\nc,d\r\n",
    [
      [1, "a", "b"],
      [2, "c", "d"],
    ],
  ],
  [
    "a\rb\n\n\nc",
    [
      [1, "a"],
      [2, "b"],
      [5, "c"],
    ],
  ],
  [
    "\ufeffname;v4\ncam;1",
    [
      [1, "name", "v4"],
      [2, "cam", "1"],
    ],
  ], // as spreadsheets write it where the comma is in numbers
  ["a;b,c", [[1, "a;b", "c"]]],
  [",", [[1, "", ""]]],
  ['"a,b","c ""d""",""', [[1, "a,b", 'c "d"', ""]]],
  [
    '"two\nlines",b\nc',
    [
      [1, "two\nlines", "b"],
      [3, "c"],
    ],
  ],
  [
    'a"b,c\nd',
    [
      [1, "A quote stands within a field that has none around it."],
      [2, "d"],
    ],
  ],
  [
    '"a"b\nd',
    [
      [1, "Something stands behind the closing quote of a field."],
      [2, "d"],
    ],
  ],
  [
    '"a\nb',
    [
      [1, "A field in quotes has no end."],
      [2, "b"],
    ],
  ],
];

for (const [text, records] of cases) {
  test(`${JSON.stringify(text)} is read`, () => {
    const read = [...readCsv(text)].map((record) =>
      "why" in record ? [record.line, record.why] : [record.line, ...record.fields],
    );
    expect(read).toEqual(records);
  });
}

test("what is written by RFC 4180 is read again, with the line of each record", () => {
  const field = fc.string({ unit: fc.constantFrom("a", '"', ",", ";", "\n", "\r", " ", "é") });
  const record = fc.array(field, { minLength: 2, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(record, { maxLength: 5 }), (records) => {
      const header = ["name", "v4"];
      const quote = (text: string): string => `"${text.replaceAll('"', '""')}"`;
      const lines = [header, ...records].map((fields) => fields.map(quote).join(","));
      const read = [...readCsv(`${lines.join("\r\n")}\r\n`)];
      expect(read.map((one) => "fields" in one && one.fields)).toEqual([header, ...records]);
      let line = 1;
      for (const [index, text] of lines.entries()) {
        expect(read[index]?.line).toBe(line);
        line += 1 + (text.match(/\r\n?|\n/g)?.length ?? 0);
      }
    }),
  );
});
