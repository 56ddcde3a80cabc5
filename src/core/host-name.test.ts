import { expect, test } from "bun:test";
import fc from "fast-check";
import { parseName } from "../dns/name.ts";
import { hostDnsName, parseHostName } from "./host-name.ts";

const long = "a".repeat(63);

for (const [written, kept] of [
  ["cam1.dyn.test", "cam1.dyn.test"],
  [" CAM1.Dyn.TEST. ", "cam1.dyn.test"],
  ["_acme-challenge.cam1.dyn.test", "_acme-challenge.cam1.dyn.test"],
  ["xn--bcher-kva.test", "xn--bcher-kva.test"],
  [`${long}.test`, `${long}.test`],
] as const) {
  test(`"${written}" is the host ${kept}`, () =>
    expect<string | undefined>(parseHostName(written)).toBe(kept));
}

const refused = [
  "",
  ".",
  "cam1",
  "a..b",
  ".a.b",
  "-a.test",
  "a-.test",
  `${long}a.test`,
  "a b.test",
  "*.test",
  "a.test\r\nx",
  "a.test\0",
  "ä.test",
  "a.test\u2028",
  "a/b.test",
  "a.test:80",
  "<x>.test",
  `${"a.".repeat(127)}b`,
  "__proto__",
];

for (const text of refused) {
  test(`${JSON.stringify(text.slice(0, 40))} is not a full host name`, () => {
    expect(parseHostName(text)).toBeUndefined();
  });
}

test("the longest host name is a name on the wire", () => {
  const text = `${`${"a".repeat(49)}.`.repeat(5)}abc`;
  expect(text.length).toBe(253);
  const host = parseHostName(text);
  expect(host === undefined ? 0 : hostDnsName(host).octets.length).toBe(255);
});

test("the wire form of a host name is what the general parser makes of it", () => {
  const inner = fc.constantFrom(..."abcxyz0189-_");
  const outer = fc.constantFrom(..."abcxyz0189_");
  const label = fc
    .tuple(outer, fc.string({ unit: inner, maxLength: 61 }), fc.constantFrom("", "a", "_", "9"))
    .map(([first, middle, last]) => (last === "" ? first : first + middle + last));
  let compared = 0;
  fc.assert(
    fc.property(fc.array(label, { minLength: 2, maxLength: 130 }), (labels) => {
      const host = parseHostName(labels.join("."));
      if (host === undefined) return; // too long in all
      expect(hostDnsName(host).octets).toEqual(parseName(`${host}.`)!.octets);
      compared++;
    }),
    { numRuns: 3_000 },
  );
  expect(compared).toBeGreaterThan(1_000);
});
