import { expect, test } from "bun:test";
import { findText, jsonReply, parseJsonObject } from "./json-text.ts";

test.each([
  ['{"a":"b"}', "a", "b"],
  ['{"a":1}', "a", undefined],
  ['{"a":null}', "a", undefined],
  ["{}", "a", undefined],
  ["{}", "__proto__", undefined],
  ["{}", "constructor", undefined],
  ['{"__proto__":"b"}', "__proto__", "b"],
  ['{"a":"\\u00e9"}', "a", "é"],
  ['{"a":"\xc3\xa9"}', "a", "é"], // octets of UTF-8
  ['{"a":"b","a":"c"}', "a", "c"],
])("%j has at %s %p", (body, key, expected) => {
  expect(findText(parseJsonObject(body)!, key)).toBe(expected);
});

test.each(["", "a", "[]", '["a"]', "null", "1", '"a"', "{", '{"a":}', `${"[".repeat(4_096)}`])(
  "%j is no object",
  (body) => {
    expect(parseJsonObject(body)).toBeUndefined();
  },
);

test("what is printed is ASCII, compact, and reads back as it was", () => {
  const value = { name: "Käse \u{1f9c0} \u007f\u2028", list: [true, 0] };
  const { body, contentType } = jsonReply(200, value);
  expect(contentType).toBe("application/json");
  expect(body).toBe('{"name":"K\\u00e4se \\ud83e\\uddc0 \\u007f\\u2028","list":[true,0]}');
  expect(JSON.parse(body)).toEqual(value);
});
