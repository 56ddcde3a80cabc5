import { expect, test } from "bun:test";
import { columnNames, readCsvRows, readNdjson } from "./import-text.ts";
import type { ImportCells } from "./import-text.ts";

const known = `there are ${columnNames.join(", ")}.`;

const ndjson: readonly [text: string, lines: [number, string | ImportCells][]][] = [
  [
    '{"name":"a"}\n\n {"name":"b","v4":null}\r\n',
    [
      [1, { name: "a" }],
      [3, { name: "b", v4: null }],
    ],
  ],
  ['{"name":"a","createdAt":"x","changedAt":null}', [[1, { name: "a" }]]],
  ["{", [[1, "The line is no JSON."]]],
  ["[]\nnull\n7", [1, 2, 3].map((line): [number, string] => [line, "The line is no JSON object."])],
  ['{"name":7}', [[1, "name must be a full host name."]]],
  ['{"v4":true}', [[1, "v4 must be an IPv4 address, or null."]]],
  ['{"login":"yes"}', [[1, "login must be true or false."]]],
  ['{"isBlocked":false}', [[1, `There is no column "isBlocked"; ${known}`]]],
  ['{"__proto__":{"name":"a"}}', [[1, `There is no column "__proto__"; ${known}`]]],
];
const csv: readonly [text: string, lines: [number, string | ImportCells][]][] = [
  [
    "name,v4,login\na, 192.0.2.1 ,yes\nb,,\nc,none,no",
    [
      [2, { name: "a", v4: "192.0.2.1", login: true }],
      [3, { name: "b" }],
      [4, { name: "c", v4: null, login: false }],
    ],
  ],
  ["name,login\na,perhaps", [[2, "login must be true or false."]]],
  ["name,note\na,none", [[2, { name: "a", note: "none" }]]],
  [
    "name,v4\na\nb,1,2",
    [
      [2, "1 fields, where the first line has 2."],
      [3, "3 fields, where the first line has 2."],
    ],
  ],
  ["host\na", [[1, `There is no column "host"; ${known}`]]],
  ["name,name\na,b", [[1, "The column name stands there twice."]]],
  ["v4\n192.0.2.1", [[1, "The first line names no column name."]]],
  ['name\n"a', [[2, "A field in quotes has no end."]]],
];

for (const [read, cases] of [
  [readNdjson, ndjson],
  [readCsvRows, csv],
] as const) {
  for (const [text, lines] of cases) {
    test(`${read.name} of ${JSON.stringify(text)}`, () => {
      const found = [...read(text)].map((one): [number, string | ImportCells] => [
        one.line,
        "why" in one ? one.why : one.cells,
      ]);
      expect(found).toEqual(lines);
    });
  }
}
