import { expect, test } from "bun:test";
import { Dice } from "../../test/dns/mutate.ts";
import { ParkedQueries } from "./parked-queries.ts";

/** As many as it holds, the longest message, and how long one waits. */
const parkedMax = 256;
const parkedOctetsMax = 512;
const parkedMs = 1_000;

function message(number: number, octets = 40): Uint8Array {
  const made = new Uint8Array(octets).fill(number & 0xff);
  made[0] = number >> 8;
  made[1] = number;
  return made;
}

function numberOf(parked: { readonly message: Uint8Array }): number {
  return (parked.message[0]! << 8) | parked.message[1]!;
}

/** The numbers of those that wait, in the order in which they are looked at. */
function list(queries: ParkedQueries, nowMs: number): number[] {
  const seen: number[] = [];
  queries.answer(nowMs, (parked) => {
    seen.push(numberOf(parked));
    return false;
  });
  return seen;
}

test("it holds as many as it says, none longer than it says, and has room again for those that are done", () => {
  const queries = new ParkedQueries();
  expect(queries.add(message(0, parkedOctetsMax + 1), parkedOctetsMax + 1, 0)).toBeUndefined();
  expect(queries.add(message(0, parkedOctetsMax), parkedOctetsMax, 0)).toBeDefined();
  for (let number = 1; number < parkedMax; number++) {
    expect(queries.add(message(number), 40, 0)).toBeDefined();
  }
  expect(queries.add(message(9_999), 40, 0)).toBeUndefined();
  expect(queries.count).toBe(parkedMax);
  queries.answer(100, (parked) => numberOf(parked) === 0);
  expect(queries.count).toBe(parkedMax - 1);
  expect(queries.add(message(1_000), 40, 100)).toBeDefined();
  expect(queries.add(message(1_001), 40, 100)).toBeUndefined();
  const numbers = list(queries, 200);
  expect(numbers).toEqual([...Array.from({ length: parkedMax - 1 }, (_, i) => i + 1), 1_000]);
});

test("a message is copied, and only its own octets count", () => {
  const queries = new ParkedQueries();
  const octets = message(5, 300);
  const parked = queries.add(octets, 200, 0)!;
  octets.fill(0xff);
  expect(parked.length).toBe(200);
  expect([...parked.message.subarray(0, 200)]).toEqual([...message(5, 200)]);
});

test("one waits for a second and is then looked at for the last time", () => {
  const queries = new ParkedQueries();
  queries.add(message(1), 40, 5_000);
  const looks: [number, boolean][] = [];
  for (const nowMs of [5_000, 5_500, 5_999, 6_000]) {
    queries.answer(nowMs, (_, isLast) => {
      looks.push([nowMs, isLast]);
      return isLast;
    });
  }
  expect(looks).toEqual([
    [5_000, false],
    [5_500, false],
    [5_999, false],
    [5_000 + parkedMs, true],
  ]);
  expect(queries.count).toBe(0);
});

test("while the oldest waits, those behind it are looked at now and then, and answered out of order", () => {
  const queries = new ParkedQueries();
  for (const number of [1, 2, 3]) queries.add(message(number), 40, 1_000);
  const look = (nowMs: number): number[] => {
    const seen: number[] = [];
    queries.answer(nowMs, (parked) => {
      seen.push(numberOf(parked));
      return numberOf(parked) === 3;
    });
    return seen;
  };
  expect(look(1_000)).toEqual([1, 2, 3]);
  expect(look(1_001)).toEqual([1]);
  expect(look(1_019)).toEqual([1]);
  expect(look(1_020)).toEqual([1, 2]);
  queries.add(message(4), 40, 1_021);
  expect(look(1_040)).toEqual([1, 2, 4]);
});

test("whatever comes and goes, each query is kept once, in order, with its way back, until it is done with", () => {
  const dice = new Dice(8);
  const queries = new ParkedQueries();
  let model: { readonly number: number; readonly untilMs: number }[] = [];
  let number = 0;
  let nowMs = 0;
  let refused = 0;
  let lastLooks = 0;
  for (let step = 0; step < 3_000; step++) {
    nowMs += dice.roll(30);
    for (let come = dice.roll(step % 1_000 < 100 ? 250 : 8); come > 0; come--) {
      number = (number + 1) % 65_536;
      const octets = 20 + dice.roll(200);
      const parked = queries.add(message(number, octets), octets, nowMs);
      if (parked === undefined) {
        refused++;
        continue;
      }
      parked.name.fill(number & 0xff);
      parked.socket = number;
      model.push({ number, untilMs: nowMs + parkedMs });
    }
    const looked: number[] = [];
    const done = new Set<number>();
    queries.answer(nowMs, (parked, isLast) => {
      const found = numberOf(parked);
      const expected = model.find((each) => each.number === found);
      looked.push(found);
      expect(expected).toBeDefined();
      expect(isLast).toBe(nowMs >= expected!.untilMs);
      expect([parked.socket, parked.name[31], parked.message[parked.length - 1]]).toEqual([
        found,
        found & 0xff,
        found & 0xff,
      ]);
      if (isLast) lastLooks++;
      // Some signatures never come.
      const isDone = isLast || (found % 50 !== 0 && dice.roll(3) > 0);
      if (isDone) done.add(found);
      return isDone;
    });
    const inOrder = model.filter((each) => looked.includes(each.number));
    expect(looked).toEqual(inOrder.map((each) => each.number));
    model = model.filter((each) => !done.has(each.number));
    expect(queries.count).toBe(model.length);
  }
  expect(refused).toBeGreaterThan(100);
  expect(lastLooks).toBeGreaterThan(100);
});
