import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { findValues, parametersMax, parseParameters } from "./parameters.ts";
import { decodePercent } from "./percent.ts";

const form = "application/x-www-form-urlencoded";

/** Keys and values, in order. */
function pairs(query: string, contentType?: string, body = ""): readonly string[] | undefined {
  return parseParameters(query, contentType, body)?.map(({ key, value }) => `${key}=${value}`);
}

describe("parameters", () => {
  const cases: readonly (readonly [string, string, readonly string[]])[] = [
    ["nothing", "", []],
    ["in order", "b=1&a=2", ["b=1", "a=2"]],
    ["keys have no case", "IPV4ADDR=1&TZOName=x", ["ipv4addr=1", "tzoname=x"]],
    ["a trailing ampersand", "a=1&", ["a=1"]],
    ["empty pairs", "&&a=1&&", ["a=1"]],
    ["an empty key", "=1", ["=1"]],
    ["a key without a value", "token", ["token="]],
    ["further equals signs belong to the value", "a=b=c==", ["a=b=c=="]],
    ["a semicolon separates", "a=1;b=2", ["a=1", "b=2"]],
    ["a second question mark separates", "a=1?b=2", ["a=1", "b=2"]], // USG
    ["plus is a space", "a=+x+y+", ["a=x y"]],
    ["an escaped plus is one", "a=x%2By", ["a=x+y"]],
    ["spaces around are trimmed", "a=%20x%20", ["a=x"]],
    ["raw spaces stay inside", "model=TD-2304SS LIGHT", ["model=TD-2304SS LIGHT"]], // Tecvoz
    ["an escape that is none", "a=%zz%4", ["a=%zz%4"]],
    ["octets stay octets", "a=M%FCller&b=M\xfcller&c=%C3%BC", ["a=Müller", "b=Müller", "c=Ã¼"]],
    ["an encoded ampersand separates nothing", "a=1%26b=2", ["a=1&b=2"]],
    ["a name in the key", "host[a.b]=1", ["host[a.b]=1"]], // dnsever
    ["line ends are no space", "a=%0d%0a", ["a=\r\n"]],
    ["nobody names a segment of the path", "{token}=x&%7Btoken%7D=y&a=1&{", ["a=1"]],
    ["keys of objects", "__proto__=1&constructor=2", ["__proto__=1", "constructor=2"]],
  ];
  for (const [title, query, expected] of cases) {
    test(title, () => {
      expect(pairs(query)).toEqual(expected);
    });
  }

  test("the raw pair is kept", () => {
    expect(parseParameters("mac=a+b/%63==", undefined, "")![0]).toEqual({
      key: "mac",
      value: "a b/c==",
      raw: "mac=a+b/%63==",
    });
  });

  const bodies: readonly (readonly [string, string | undefined, string, readonly string[]])[] = [
    ["a form follows the query", form, "a=2&c=3\r\n", ["a=1", "a=2", "c=3"]],
    ["a form with a character set", `${form}; charset=utf-8`, "a=2", ["a=1", "a=2"]],
    ["a form of no declared type", undefined, "a=2", ["a=1", "a=2"]],
    ["a form with a semicolon in it", form, "a=2;3", ["a=1", "a=2;3"]],
    ["another type", "text/plain", "a=2", ["a=1"]],
    ["multipart", "multipart/form-data; boundary=x", "--x\r\n", ["a=1"]],
    ["JSON", "application/json", '{"B":"x","n":5,"t":true}', ["a=1", "b=x", "n=5", "t=true"]],
    ["JSON of no declared type", undefined, '{"b":"x"}', ["a=1", "b=x"]],
    ["a list in JSON", "application/json", '{"b":["x","y"]}', ["a=1", "b=x,y"]],
    ["what is deeper in JSON is left out", "application/json", '{"b":{"c":1},"d":null}', ["a=1"]],
    ["JSON that is no object", "application/json", "[1]", ["a=1"]],
    ["JSON that is none", "application/json", '{"b":', ["a=1"]],
    ["UTF-8 in JSON", "application/json", '{"b":"\xc3\xbc"}', ["a=1", "b=\xc3\xbc"]],
    ["an escape in JSON", "application/json", '{"b":"\\u00fc"}', ["a=1", "b=\xc3\xbc"]],
    ["a segment of the path in JSON", "application/json", '{"{token}":"x"}', ["a=1"]],
    ["__proto__ in JSON", "application/json", '{"__proto__":"1"}', ["a=1", "__proto__=1"]],
  ];
  for (const [title, contentType, body, expected] of bodies) {
    test(title, () => {
      expect(pairs("a=1", contentType, body)).toEqual(expected);
    });
  }

  test("JSON as deep as a body can be is no trouble", () => {
    expect(pairs("", "application/json", `{"a":${"[".repeat(2_040)}${"]".repeat(2_040)}}`)).toEqual(
      ["a="],
    );
    expect(pairs("", "application/json", "[".repeat(4_096))).toEqual([]);
  });

  test("nothing reaches the prototype of all objects", () => {
    parseParameters("__proto__[x]=1&__proto__=y", "application/json", '{"__proto__":{"x":1}}');
    expect("x" in {}).toBe(false);
  });

  test("more than the limit are refused, from the query, a form and JSON alike", () => {
    const many = (count: number): string =>
      Array.from({ length: count }, (_, i) => `a${i}`).join("&");
    const json = (count: number): string =>
      JSON.stringify(Object.fromEntries(Array.from({ length: count }, (_, i) => [`b${i}`, i])));
    expect(pairs(many(parametersMax))).toHaveLength(parametersMax);
    expect(pairs(many(parametersMax + 1))).toBeUndefined();
    expect(pairs(many(parametersMax), form, "b=1")).toBeUndefined();
    expect(pairs(many(parametersMax), "application/json", json(1))).toBeUndefined();
    expect(pairs("", "application/json", json(parametersMax + 1))).toBeUndefined();
  });

  test("values are found in order, whatever the keys of objects are called", () => {
    const parameters = parseParameters("a=1&b=2&A=3", undefined, "")!;
    expect(findValues(parameters, "a")).toEqual(["1", "3"]);
    expect(findValues(parameters, "constructor")).toEqual([]);
  });
});

describe("whatever comes in", () => {
  test("parameters are a bounded list and nothing longer than what came", () => {
    expect(findCrash(parseParameters)).toBeUndefined();
  });

  test("decoding that throws on a bad escape would be found", () => {
    expect(
      findCrash((query, contentType, body) =>
        parseParameters(decodeURIComponent(query), contentType, body),
      ),
    ).toBeDefined();
  });
});

/** A query, type and body on which `parse` throws or gives more than it was given. */
function findCrash(parse: typeof parseParameters): string | undefined {
  const octets = fc.string({
    unit: fc.oneof(
      fc.constantFrom("%", "&", ";", "=", "?", "+", "%zz", "%00", "{", '"', "__proto__", "\\u0000"),
      fc.nat(255).map((octet) => String.fromCharCode(octet)),
    ),
    maxLength: 200,
  });
  const type = fc.constantFrom(undefined, form, "application/json", "x");
  const details = fc.check(
    fc.property(octets, type, octets, (query, contentType, body) => {
      const parameters = parse(query, contentType, body);
      if (parameters === undefined) return;
      expect(parameters.length).toBeLessThanOrEqual(parametersMax);
      for (const { key, value, raw } of parameters) {
        // JSON can hold at most twice the octets in `\u` escapes than it is long.
        expect(key.length + value.length + raw.length).toBeLessThanOrEqual(
          6 * (query.length + body.length),
        );
      }
    }),
    { numRuns: 3_000, seed: 20_240_611 },
  );
  return details.failed ? JSON.stringify(details.counterexample) : undefined;
}

test("percent-decoding takes any octets", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary-ascii" }), (text) => {
      expect(decodePercent(text).length).toBeLessThanOrEqual(text.length);
    }),
    { numRuns: 500, seed: 7 },
  );
});
