import { expect, test } from "bun:test";
import fc from "fast-check";
import { Arena, ArenaFull, ArenaView } from "./arena.ts";
import type { Place } from "./arena.ts";
import { blockRrsets, writeBlock } from "./block.ts";

interface Block {
  readonly place: Place;
  readonly words: number;
  readonly stamp: number;
}

const anyWords = fc.constantFrom(1, 4, 4, 5, 63, 64, 65, 80, 81, 400);
const anyStep = fc.oneof(
  fc.record({ do: fc.constant("allocate" as const), words: anyWords }),
  fc.record({ do: fc.constant("retire" as const), which: fc.nat() }),
  fc.record({ do: fc.constantFrom("enter" as const, "leave" as const), reader: fc.nat(3) }),
  fc.record({ do: fc.constant("reclaim" as const) }),
);

test("no two blocks in use share a word, and none is given out while a reader may see it", () => {
  let reused = 0;
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 150, maxLength: 400 }), (steps) => {
      const arena = new Arena(1 << 22);
      const view = new ArenaView(arena.buffer);
      const inUse: Block[] = [];
      /** What each reader could see when it entered, or that came later. */
      const visible = new Map<number, Block[]>();
      const places = new Set<Place>();
      for (const [stamp, step] of steps.entries()) {
        switch (step.do) {
          case "allocate": {
            const { words } = step;
            const place = arena.allocate(words);
            const block = { place, words, stamp };
            arena.words.fill(stamp, place, place + words);
            if (places.has(place)) reused++;
            places.add(place);
            inUse.push(block);
            for (const seen of visible.values()) seen.push(block);
            break;
          }
          case "retire": {
            const [block] = inUse.splice(step.which % Math.max(1, inUse.length), 1);
            if (block !== undefined) arena.retire(block.place, block.words);
            break;
          }
          case "enter":
            view.enter(step.reader);
            visible.set(step.reader, [...inUse]);
            break;
          case "leave":
            view.leave(step.reader);
            visible.delete(step.reader);
            break;
          case "reclaim":
            arena.reclaim();
            break;
        }
        for (const block of [...inUse, ...[...visible.values()].flat()]) expectWhole(arena, block);
      }
    }),
    { numRuns: 60 },
  );
  expect(reused).toBeGreaterThan(50);
});

test("the check above notices an arena that gives blocks out at once", () => {
  const arena = new Arena(1 << 16);
  const block = { place: arena.allocate(8), words: 8, stamp: 1 };
  arena.words.fill(1, block.place, block.place + 8);
  arena.retire(block.place, 8);
  arena.reclaim(); // no reader has entered, so the place is free
  const next = arena.allocate(8);
  arena.words.fill(2, next, next + 8);
  expect(() => expectWhole(arena, block)).toThrow();
});

test("epochs may wrap around", () => {
  const arena = new Arena(1 << 16);
  const epochWord = 1;
  arena.words[epochWord] = 0x7fff_fffe;
  for (let i = 0; i < 6; i++) {
    const place = arena.allocate(4);
    arena.enter(0);
    arena.retire(place, 4);
    arena.reclaim();
    expect(arena.allocate(4)).not.toBe(place);
    arena.leave(0);
    arena.reclaim();
  }
  arena.words[epochWord] = -1;
  arena.reclaim();
  expect(arena.words[epochWord]).toBe(1); // 0 would mean that nobody reads
});

test("a reader that ended inside does not keep blocks for ever", () => {
  const arena = new Arena(1 << 16);
  arena.enter(5);
  const place = arena.allocate(4);
  arena.retire(place, 4);
  arena.reclaim();
  expect(arena.allocate(4)).not.toBe(place);
  arena.forgetReader(5);
  arena.reclaim();
  expect(arena.allocate(4)).toBe(place);
});

test("what is allocated and retired in turn takes up no more and more", () => {
  const arena = new Arena(1 << 18);
  for (let i = 0; i < 100_000; i++) {
    const words = 1 + (i % 200);
    arena.retire(arena.allocate(words), words);
  }
  arena.reclaim();
  expect(arena.bytesInUse).toBe(0);
});

test("a full arena says so, and the setting that gives it more", () => {
  const arena = new Arena(1 << 16);
  expect(() => arena.allocate(1 << 15)).toThrow(ArenaFull);
  expect(() => arena.allocate(1 << 15)).toThrow("dnsMemoryMiB");
  expect(arena.bytesInUse).toBe(0);
});

test("a size class wastes at most a fifth above 64 words, and one word below", () => {
  for (let words = 1; words < 5_000; words++) {
    const arena = new Arena(1 << 16);
    arena.allocate(words);
    const given = arena.bytesInUse / 4;
    expect(given).toBeGreaterThanOrEqual(words);
    if (words <= 64) expect(given - words).toBeLessThanOrEqual(1);
    else expect(given).toBeLessThan(words * 1.25);
  }
});

test("octets beyond the first 2 GiB are told apart from those below", () => {
  const arena = new Arena(4_095 * 2 ** 20);
  arena.allocate(2 ** 29 + 100); // address space, never touched
  const block = writeBlock(arena, [
    { type: 1, ttlSeconds: 5, rdatas: [Uint8Array.of(1, 2, 3, 4)] },
  ]);
  expect(block * 4).toBeGreaterThan(2 ** 31);
  expect(blockRrsets(arena, block)).toEqual([
    { type: 1, ttlSeconds: 5, rdatas: [Uint8Array.of(1, 2, 3, 4)] },
  ]);
  expect(() => arena.allocate(2 ** 29)).toThrow("4095 MiB");
});

function expectWhole(arena: Arena, { place, words, stamp }: Block): void {
  for (let at = place; at < place + words; at++) {
    if (arena.words[at] !== stamp) throw new Error(`word ${at} of block ${place} was overwritten`);
  }
}
