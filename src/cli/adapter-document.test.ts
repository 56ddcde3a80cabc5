import { describe, expect, test } from "bun:test";
import fc from "fast-check";

import { parseAddress } from "../base/address.ts";
import { readAdapterDocument } from "./adapter-document.ts";
import { readRecorded } from "./recorded-request.ts";

const numRuns = 3_000;
const seed = 20_261_201;

describe("whatever is handed over", () => {
  const yaml = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        "id: ",
        "match:",
        "\n",
        "  ",
        "- ",
        "[",
        "{",
        "}",
        ": ",
        "&a ",
        "*a",
        "|",
        '"',
      ),
      fc.constantFrom(
        "requests:",
        "__proto__: ",
        "mapping: ",
        "!!js/regexp ",
        "GET /x HTTP/1.0",
        "\t",
      ),
      fc.string({ maxLength: 3 }),
    ),
    maxLength: 40,
  });
  test("a document that is none has mistakes with a place, and nothing throws", () => {
    fc.assert(
      fc.property(yaml, (text) => {
        const reading = readAdapterDocument("x.yaml", text);
        expect(reading.kind).toBe("mistakes");
        if (reading.kind === "mistakes") expect(reading.mistakes.length).toBeGreaterThan(0);
      }),
      { numRuns, seed },
    );
  });

  const words = fc.string({
    unit: fc.oneof(
      fc.constantFrom(
        "curl ",
        "http://",
        "-u ",
        "a:b",
        "@",
        "%zz",
        "%c3",
        "'",
        '"',
        "\\",
        "\n",
        " ",
      ),
      fc.constantFrom(
        "-d ",
        "--data-urlencode ",
        "--json ",
        "-H ",
        "X: y",
        "é",
        "\0",
        "€",
        "?",
        "#",
      ),
      fc.string({ maxLength: 3 }),
    ),
    maxLength: 30,
  });
  test("a request that is none is not understood, and nothing throws", () => {
    const peer = parseAddress("192.0.2.1")!;
    const kinds = new Map<string, number>();
    fc.assert(
      fc.property(fc.constantFrom("curl d.test ", "http://", "GET /", ""), words, (start, rest) => {
        const { kind } = readRecorded(`${start}${rest}`, peer);
        kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      }),
      { numRuns, seed },
    );
    expect(kinds.get("request")).toBeGreaterThan(100);
    expect(kinds.get("not-understood")).toBeGreaterThan(100);
  });
});
