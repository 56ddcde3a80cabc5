import { expect, test } from "bun:test";
import { putSuccessor } from "./successor.ts";

/** Labels as latin1 text, the apex's last; a dot in a label is a dot. */
function wire(labels: readonly string[]): Uint8Array<ArrayBuffer> {
  const octets: number[] = [];
  for (const label of labels) octets.push(label.length, ...Buffer.from(label, "latin1"));
  return Uint8Array.from([...octets, 0]);
}

function successor(labels: readonly string[], apex: readonly string[]): Uint8Array<ArrayBuffer> {
  const name = wire(labels);
  const into = new Uint8Array(300);
  const end = putSuccessor(name, 0, name.length, wire(apex).length, into, 0);
  return into.slice(0, end);
}

/** RFC 4034 §6.1, told as it is written there: labels from the right, as octets in lower case. */
function compare(a: Uint8Array, b: Uint8Array): number {
  const labelsOf = (name: Uint8Array): Buffer[] => {
    const labels: Buffer[] = [];
    for (let at = 0; name[at] !== 0; at += name[at]! + 1) {
      const text = Buffer.from(name.slice(at + 1, at + 1 + name[at]!)).toString("latin1");
      labels.unshift(
        Buffer.from(
          text.replace(/[A-Z]/g, (x) => x.toLowerCase()),
          "latin1",
        ),
      );
    }
    return labels;
  };
  const [x, y] = [labelsOf(a), labelsOf(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const order = Buffer.compare(x[i]!, y[i]!);
    if (order !== 0) return order;
  }
  return x.length - y.length;
}

const apex = ["zone", "test"];
const long = (octets: number, fill = "a"): string[] => {
  // 255 octets: labels of 63, then what is left.
  const labels: string[] = [];
  let left = octets - wire(apex).length;
  while (left > 0) {
    const label = Math.min(63, left - 1);
    if (left - 1 - label === 1) labels.unshift(fill.repeat(label - 1));
    else labels.unshift(fill.repeat(label));
    left -= labels[0]!.length + 1;
  }
  return [...labels, ...apex];
};

const cases = [
  ["a host", ["cam1", ...apex], ["\x00", "cam1", ...apex]],
  ["the apex", apex, ["\x00", ...apex]],
  ["a label that ends in 0xff", ["a\xff", ...apex], ["\x00", "a\xff", ...apex]],
] as const;
for (const [what, labels, expected] of cases) {
  test(`after ${what} comes the first name below it`, () => {
    expect(successor(labels, apex)).toEqual(wire(expected));
  });
}

for (const octets of [252, 253, 254, 255]) {
  test(`a name of ${octets} octets has a successor that is a name, greater, and in the zone`, () => {
    for (const fill of ["a", "z", "@", "\xff", "\x00"]) {
      const labels = long(octets, fill);
      const name = wire(labels);
      expect(name.length).toBe(octets);
      const next = successor(labels, apex);
      expect(next.length).toBeLessThanOrEqual(255);
      expect(next.slice(-wire(apex).length)).toEqual(wire(apex));
      const isWrapped = next.length === wire(apex).length;
      expect(isWrapped || compare(next, name) > 0).toBe(true);
    }
  });
}

test("behind an @ comes [ and no capital letter, which would sort as a small one", () => {
  const labels = long(255, "@");
  const next = successor(labels, apex);
  expect(next[next[0]!]).toBe(0x5b);
});

test("after a name whose labels cannot grow comes the apex again", () => {
  const full = "\xff".repeat(63);
  const rest = "\xff".repeat(255 - 11 - 64 * 3 - 1);
  const labels = [rest, full, full, full, ...apex];
  expect(wire(labels).length).toBe(255);
  const next = successor(labels, apex);
  expect(next).toEqual(wire(apex));
});
