import { expect, test } from "bun:test";
import { printOctets } from "../../src/web/octets.ts";

const cases = [
  ["HTTP/1.1 200 OK\r\n\r\ngood", "HTTP/1.1 200 OK\\r\\n\n\\r\\n\ngood"],
  ["0\r\n", "0\\r\\n"],
  ["a\tb\u0000c", "a\\tb\\x00c"],
  ["a\\r", "a\\\\r"], // an escape that was sent is told apart from one that was made
] as const;

for (const [octets, shown] of cases) {
  test(`${JSON.stringify(octets)} is shown as ${JSON.stringify(shown)}`, () => {
    expect(printOctets(octets)).toBe(shown);
  });
}
