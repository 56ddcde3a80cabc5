import { expect, test } from "bun:test";
import fc from "fast-check";
import { foldOctet } from "../dns/name.ts";
import { Arena, roots } from "./arena.ts";
import type { Place } from "./arena.ts";
import { FoldedName } from "./folded-name.ts";
import { findNode, findWildcard, NameIndex } from "./name-index.ts";
import { nameLengthShift, nodeFlags, nodeName, nodeWords } from "./node.ts";

/** Few names, so that they meet; and labels that are no text. */
const anyLabel = fc.constantFrom([97], [65], [98], [0x2a], [0], [0xff, 0x2e], [0x5b], [0x7b]);
const anyName = fc.array(anyLabel, { maxLength: 3 }).map(wire);
const anySpace = fc.constantFrom(0, 1, 5_000);
const anyStep = fc.record({ add: fc.boolean(), name: anyName, space: anySpace });

test("an index holds what a map holds, through every rebuild", () => {
  let rebuilds = 0;
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 100, maxLength: 300 }), (steps) => {
      const arena = new Arena(1 << 20);
      const index = new NameIndex(arena, roots.names, 4);
      const model = new Map<string, Place>();
      const name = new FoldedName(7);
      for (const step of steps) {
        const key = `${step.space} ${step.name.map(foldOctet).join(",")}`;
        name.read(step.name, 0, step.name.length);
        const there = model.get(key);
        const root = arena.root(roots.names);
        if (step.add && there === undefined) {
          index.reserve(1);
          const node = makeNode(arena, name);
          index.add(name.hash(0, step.space), node);
          model.set(key, node);
        } else if (!step.add && there !== undefined) {
          index.remove(name.hash(0, step.space), there);
          model.delete(key);
        }
        if (arena.root(roots.names) !== root) rebuilds++;
        expect(findNode(arena, roots.names, name, 0, step.space)).toBe(model.get(key) ?? 0);
        const star = `${step.space} 1,42,${step.name.map(foldOctet).join(",")}`;
        expect(findWildcard(arena, roots.names, name, 0, step.space)).toBe(model.get(star) ?? 0);
        expect(index.names).toBe(model.size);
      }
      const nodes: Place[] = [];
      index.forEach((_, node) => nodes.push(node));
      expect(nodes.sort(ascending)).toEqual([...model.values()].sort(ascending));
    }),
    { numRuns: 100 },
  );
  expect(rebuilds).toBeGreaterThan(100);
});

test("ten thousand names are found, those that were removed are not", () => {
  const arena = new Arena(1 << 22);
  const index = new NameIndex(arena, roots.names, 4);
  const name = new FoldedName(-5);
  const nodes: Place[] = [];
  for (let i = 0; i < 10_000; i++) {
    readNumber(name, i);
    index.reserve(1);
    nodes.push(makeNode(arena, name));
    index.add(name.hash(0, 3), nodes[i]!);
  }
  for (let i = 0; i < 10_000; i += 2) {
    readNumber(name, i);
    index.remove(name.hash(0, 3), nodes[i]!);
  }
  let found = 0;
  for (let i = 0; i < 10_000; i++) {
    readNumber(name, i);
    const node = findNode(arena, roots.names, name, 0, 3);
    expect(node).toBe(i % 2 === 0 ? 0 : nodes[i]!);
    if (node !== 0) found++;
  }
  expect(found).toBe(5_000);
});

const malformed = [
  ["an empty message", []],
  ["a label that is cut", [3, 97, 97]],
  ["no root", [1, 97]],
  ["a compression pointer", [1, 97, 0xc0, 0x00]],
  ["label type 0x40", [0x41, 97, 0]], // RFC 6891 §5
  ["label type 0x80", [0x81, 97, 0]],
  ["256 octets", [...longName(255).slice(0, -1), 1, 97, 0].slice(0, 256)],
] as const;
for (const [what, octets] of malformed) {
  test(`${what} is not a name`, () => {
    expect(new FoldedName(0).read(Uint8Array.from(octets), 0, octets.length)).toBe(0);
  });
}

test("a name of 255 octets is read, one of 256 is not", () => {
  const name = new FoldedName(0);
  expect(name.read(longName(255), 0, 255)).toBe(255);
  expect(name.read(longName(256), 0, 256)).toBe(0);
});

test("127 labels are read, and each has the hash of the name that begins there", () => {
  const name = new FoldedName(9);
  const octets = Uint8Array.from([...Array.from({ length: 127 }, () => [1, 97]).flat(), 0]);
  expect(name.read(octets, 0, octets.length)).toBe(255);
  expect(name.labelCount).toBe(127);
  const suffix = new FoldedName(9);
  for (let label = 0; label <= 127; label++) {
    expect(suffix.read(octets, label * 2, octets.length)).toBe(255 - label * 2);
    expect(name.hash(label, 4)).toBe(suffix.hash(0, 4));
  }
});

function makeNode(arena: Arena, name: FoldedName): Place {
  const node = arena.allocate(nodeWords(name.length));
  arena.words[node + nodeFlags] = name.length << nameLengthShift;
  arena.bytes.set(name.octets.subarray(0, name.length), (node + nodeName) * 4);
  return node;
}

function readNumber(name: FoldedName, number: number): void {
  const octets = wire([[...Buffer.from(`Host${number}`)], [...Buffer.from("Test")]]);
  expect(name.read(octets, 0, octets.length)).toBe(octets.length);
}

function wire(labels: readonly (readonly number[])[]): Uint8Array {
  return Uint8Array.from([...labels.flatMap((label) => [label.length, ...label]), 0]);
}

/** A name of so many octets. */
function longName(octets: number): Uint8Array {
  const labels: number[][] = [];
  for (let left = octets - 1; left > 0;) {
    const length = Math.min(63, left - 1);
    labels.push(Array.from({ length }, () => 97));
    left -= length + 1;
  }
  return wire(labels);
}

function ascending(a: number, b: number): number {
  return a - b;
}
