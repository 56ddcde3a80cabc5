import { expect, test } from "bun:test";
import { InterfaceIdentifiers, parseIdentifier, printIdentifier } from "./interface-identifier.ts";

const identifiers = [
  ["::1:2:3:4", "::1:2:3:4"],
  ["::0211:22FF:fe33:4455", "::211:22ff:fe33:4455"],
  ["::7:1:2:3:4", "::7:1:2:3:4"], // a subnet behind a /56
  ["0:1::", "0:1::"],
  ["::1", "::1"],
  ["::ffff:1.2.3.4", "::ffff:1.2.3.4"], // anywhere else an address of IPv4
  ["::ffff:102:304", "::ffff:1.2.3.4"],
] as const;
for (const [written, printed] of identifiers) {
  test(`${written} is an identifier`, () => {
    const identifier = parseIdentifier(written)!;
    expect(identifier).toHaveLength(16);
    expect(printIdentifier(identifier)).toBe(printed);
    expect(parseIdentifier(printed)).toEqual(identifier);
  });
}

for (const text of ["", "::", "1", "192.0.2.1", "1::2", "2001:db8::1", "::1/64", "::1%eth0", "x"]) {
  test(`"${text}" is no identifier`, () => expect(parseIdentifier(text)).toBeUndefined());
}

test("identifiers are found by host and by user, and follow a host to another user", () => {
  const table = new InterfaceIdentifiers();
  const one = parseIdentifier("::1")!;
  table.set(1, 10, one);
  table.set(2, 10, one);
  table.set(2, 11, one);
  expect([[...table.ofUser(10)], [...table.ofUser(11)]]).toEqual([[1], [2]]);
  table.delete(1);
  table.delete(1);
  expect([...table.ofUser(10), table.find(1)]).toEqual([undefined]);
  expect(table.find(2)).toBe(one);
});
