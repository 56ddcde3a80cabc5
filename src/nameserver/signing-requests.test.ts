import { expect, test } from "bun:test";
import { Dice } from "../../test/dns/mutate.ts";
import { SignatureKey } from "./signature-table.ts";
import {
  makeRequestMemory,
  makeSigningBell,
  SigningInbox,
  SigningRequests,
} from "./signing-requests.ts";

interface Wanted {
  readonly version: number;
  readonly type: number;
  readonly keyTag: number;
  readonly hashLow: number;
  readonly hashHigh: number;
  readonly owner: Uint8Array;
  readonly apexLength: number;
  readonly ttlSeconds: number;
  readonly records: Uint8Array;
}

/** A ring with both ends, and the time that passes between requests. */
function openRing() {
  const memory = makeRequestMemory();
  const bell = makeSigningBell();
  const requests = new SigningRequests(memory, bell);
  const inbox = new SigningInbox(memory);
  const key = new SignatureKey();
  /** Copied out of larger memory, as on the way of a query. */
  const ask = (wanted: Wanted, nowMs: number): boolean => {
    const { owner, records } = wanted;
    const name = Uint8Array.from([9, 9, 9, ...owner, 9]);
    const message = new Uint8Array(records.length + 7).fill(9);
    message.set(records, 5);
    key.set(wanted.version, wanted.type, wanted.keyTag, wanted.hashLow, wanted.hashHigh);
    const { apexLength, ttlSeconds } = wanted;
    return requests.ask(
      key,
      nowMs,
      name,
      3,
      owner.length,
      apexLength,
      ttlSeconds,
      message,
      5,
      records.length,
    );
  };
  const take = (): Wanted | undefined => {
    const request = inbox.take();
    if (request === undefined) return undefined;
    const { version, type, keyTag, hashLow, hashHigh } = request.key;
    const { owner, apexLength, ttlSeconds, records } = request;
    return {
      version,
      type,
      keyTag,
      hashLow,
      hashHigh,
      owner,
      apexLength,
      ttlSeconds,
      records,
    };
  };
  return { ask, take, bell: new Int32Array(bell) };
}

function makeWanted(dice: Dice, version: number, recordOctets: number): Wanted {
  const word = (): number => dice.roll(2 ** 32) | 0;
  const ownerLength = 1 + dice.roll(255);
  return {
    version,
    type: dice.roll(65_536),
    keyTag: dice.roll(65_536),
    hashLow: word(),
    hashHigh: word(),
    owner: Uint8Array.from({ length: ownerLength }, () => dice.roll(256)),
    apexLength: 1 + dice.roll(ownerLength),
    ttlSeconds: dice.roll(2 ** 32),
    records: new Uint8Array(recordOctets).fill(dice.roll(256)),
  };
}

test("requests of random sizes come out whole and in order, whatever waits between: none is lost or twice", () => {
  const dice = new Dice(3);
  const { ask, take } = openRing();
  const model: Wanted[] = [];
  let version = 0;
  let refused = 0;
  let taken = 0;
  let emptied = 0;
  for (let step = 0; step < 20_000; step++) {
    // Phases in which one end is quicker than the other, so that the ring is full, and empty, again and again.
    const asks = dice.roll(100) < (Math.floor(step / 500) % 2 === 0 ? 70 : 25);
    if (asks) {
      // Most are small; some as large as an RRset can be.
      const octets = dice.roll(40) === 0 ? dice.roll(65_536) : dice.roll(400);
      const wanted = makeWanted(dice, ++version, octets);
      if (ask(wanted, step * 1_000)) model.push(wanted);
      else refused++;
      continue;
    }
    const expected = model.shift();
    expect(take()).toEqual(expected);
    if (expected === undefined) emptied++;
    else taken++;
  }
  for (const expected of model) expect(take()).toEqual(expected);
  expect(take()).toBeUndefined();
  // Both ends were reached, and the ring went round many times.
  expect(refused).toBeGreaterThan(50);
  expect(emptied).toBeGreaterThan(50);
  expect(taken).toBeGreaterThan(3_000);
}, 60_000);

test("a full ring refuses, keeps what it has, and takes more as soon as some is taken out", () => {
  const dice = new Dice(4);
  const { ask, take, bell } = openRing();
  const model: Wanted[] = [];
  for (let version = 1; ; version++) {
    const wanted = makeWanted(dice, version, 1_000);
    if (!ask(wanted, version * 1_000)) break;
    model.push(wanted);
  }
  expect(model.length).toBeGreaterThan(150); // 262,144 octets hold so many
  expect(bell[0]).toBe(model.length); // nobody is called for what was refused
  expect(ask(makeWanted(dice, 9_999, 65_535), 0)).toBe(false);
  for (const wanted of model.splice(0, 2)) expect(take()).toEqual(wanted);
  const another = makeWanted(dice, 10_000, 900);
  expect(ask(another, 1e9)).toBe(true);
  for (const wanted of [...model, another]) expect(take()).toEqual(wanted);
  expect(take()).toBeUndefined();
});

test("the largest RRset there can be finds room in an empty ring, wherever that stands", () => {
  const dice = new Dice(5);
  const { ask, take } = openRing();
  for (let version = 1; version < 200; version++) {
    const wanted = makeWanted(dice, version, 65_535);
    expect([version, ask(wanted, version * 1_000)]).toEqual([version, true]);
    expect(take()).toEqual(wanted);
    const between = makeWanted(dice, version + 1_000, dice.roll(3_000));
    expect(ask(between, version * 1_000)).toBe(true);
    expect(take()).toEqual(between);
  }
});

test("what was asked for a moment ago is not asked for again, and after a while it is", () => {
  const { ask, take, bell } = openRing();
  const wanted = makeWanted(new Dice(6), 1, 100);
  expect(ask(wanted, 5_000)).toBe(true);
  expect(ask(wanted, 5_199)).toBe(true);
  expect(take()).toEqual(wanted);
  expect(take()).toBeUndefined();
  expect(bell[0]).toBe(1);
  expect(ask(wanted, 5_200)).toBe(true);
  expect(take()).toEqual(wanted);
  // What differs in one word of the key is something else.
  for (const other of [
    { ...wanted, version: 2 },
    { ...wanted, type: wanted.type ^ 1 },
    { ...wanted, keyTag: wanted.keyTag ^ 1 },
    { ...wanted, hashLow: wanted.hashLow ^ 1 },
  ]) {
    expect(ask(other, 5_201)).toBe(true);
    expect(take()).toEqual(other);
  }
});
