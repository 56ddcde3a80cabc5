/** Addresses of servers, as operators write them. */

import { expect, test } from "bun:test";
import { parseServerAddress, printServerAddress } from "./server-address.ts";

const cases: readonly (readonly [string, string | undefined, number?])[] = [
  ["192.0.2.53", "192.0.2.53", 53],
  ["192.0.2.53:53", "192.0.2.53", 53],
  ["192.0.2.53:5353", "192.0.2.53:5353", 5_353],
  ["2001:DB8::53", "2001:db8::53", 53],
  ["[2001:db8::53]:5353", "[2001:db8::53]:5353", 5_353],
  ["[2001:db8::53]", undefined],
  ["[192.0.2.53]:53", undefined],
  ["192.0.2.53:0", undefined],
  ["192.0.2.53:65536", undefined],
  ["192.0.2.53:", undefined],
  ["localhost:53", undefined],
  ["ns.example.net", undefined],
  ["", undefined],
];
for (const [text, wanted, port] of cases) {
  test(`${JSON.stringify(text)} is ${wanted ?? "no server"}`, () => {
    const parsed = parseServerAddress(text, 53);
    expect(parsed && printServerAddress(parsed, 53)).toBe(wanted);
    expect(parsed?.port).toBe(port);
  });
}
