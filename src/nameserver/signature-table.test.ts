import { expect, test } from "bun:test";
import { makeSignatureMemory, SignatureKey, SignatureTable } from "./signature-table.ts";
import type { SignedTimes } from "./signature-table.ts";

/** Room for one set: all keys stand in the same four places. */
const oneSet = 400;
const hourSeconds = 3_600;

function makeKey(version: number, type = 1, keyTag = 2, low = 3, high = 4): SignatureKey {
  const key = new SignatureKey();
  key.set(version, type, keyTag, low, high);
  return key;
}

function open(octets = oneSet) {
  const table = new SignatureTable(makeSignatureMemory(octets));
  const into = new Uint8Array(100);
  const view = new DataView(into.buffer);
  return {
    write(key: SignatureKey, times: SignedTimes, filled: number): void {
      table.write(key, times, new Uint8Array(64).fill(filled));
    },
    clear: () => table.clear(),
    /** What is found, and what came with it. */
    read(key: SignatureKey, nowSeconds: number) {
      into.fill(0xee);
      const found = table.read(key, nowSeconds, into, 10, 30);
      const signature = into.subarray(30, 94);
      return {
        found,
        expiration: view.getUint32(10),
        inception: view.getUint32(14),
        filled: signature.every((octet) => octet === signature[0]) ? signature[0] : undefined,
        isElsewhereUntouched: [...into.subarray(0, 10), ...into.subarray(94)].every(
          (octet) => octet === 0xee,
        ),
      };
    },
  };
}

function timesFrom(nowSeconds: number): SignedTimes {
  return {
    inception: nowSeconds,
    expiration: nowSeconds + 100 * hourSeconds,
    refreshAt: nowSeconds + 50 * hourSeconds,
  };
}

/** Now; when 31 bits end (2038) and when 32 bits end (2106); and after that. */
const epochs = [1_796_000_000, 2 ** 31 - 50, 2 ** 31 + 50, 2 ** 32 - 50, 2 ** 32 + 50] as const;

for (const now of epochs) {
  test(`at ${now} what was written is found, with its times modulo 2^32`, () => {
    const { write, read } = open();
    expect(read(makeKey(1), now).found).toBe("missing");
    write(makeKey(1), timesFrom(now), 0xab);
    expect(read(makeKey(1), now)).toEqual({
      found: "good",
      expiration: (now + 100 * hourSeconds) % 2 ** 32,
      inception: now % 2 ** 32,
      filled: 0xab,
      isElsewhereUntouched: true,
    });
  });

  const ages: readonly [what: string, expiresIn: number, refreshIn: number, found: string][] = [
    ["long before", 100 * hourSeconds, 1, "good"],
    ["when it is to be renewed", 100 * hourSeconds, 0, "due"],
    ["after that", 100 * hourSeconds, -1_000, "due"],
    ["an hour before its end", hourSeconds, -1_000, "due"],
    ["less than an hour before its end", hourSeconds - 1, -1_000, "missing"],
    ["after its end", -1, -1_000, "missing"],
  ];
  for (const [what, expiresIn, refreshIn, found] of ages) {
    test(`at ${now}, ${what}, a signature is ${found}`, () => {
      const { write, read } = open();
      const times = {
        inception: now - 1_000,
        expiration: now + expiresIn,
        refreshAt: now + refreshIn,
      };
      write(makeKey(1), times, 1);
      expect(read(makeKey(1), now).found).toBe(found as "good");
    });
  }

  test(`at ${now} a fifth key takes the place of the oldest, and nothing is pushed out before`, () => {
    const { write, read } = open();
    const order = [3, 1, 4, 2]; // not the order of places
    const later = now + 200; // when all of them have been made
    for (const [i, age] of order.entries()) {
      write(makeKey(i), timesFrom(now + age * 20), i);
      for (let j = 0; j <= i; j++) expect([i, read(makeKey(j), later).filled]).toEqual([i, j]);
    }
    write(makeKey(10), timesFrom(now + 100), 10);
    const left = [0, 1, 2, 3, 10].filter(
      (version) => read(makeKey(version), later).found === "good",
    );
    expect(left).toEqual([0, 2, 3, 10]); // 1 was made first
    write(makeKey(11), timesFrom(now + 120), 11);
    expect(read(makeKey(3), later).found).toBe("missing"); // the next oldest
  });
}

test("a signature that was made while the clock was ahead does not count until then", () => {
  const [now] = epochs;
  const { write, read } = open();
  write(makeKey(1), timesFrom(now), 1);
  expect(read(makeKey(1), now - 1).found).toBe("missing");
  expect(read(makeKey(1), now).found).toBe("good");
});

test("a table that was cleared knows nothing, and takes what comes next", () => {
  const [now] = epochs;
  const { write, read, clear } = open();
  for (let version = 1; version <= 4; version++) write(makeKey(version), timesFrom(now), version);
  clear();
  for (let version = 1; version <= 4; version++) {
    expect(read(makeKey(version), now).found).toBe("missing");
  }
  write(makeKey(3), timesFrom(now), 7);
  expect(read(makeKey(3), now)).toMatchObject({ found: "good", filled: 7 });
});

test("a key that is written again keeps its place, and pushes nothing out", () => {
  const { write, read } = open();
  for (let version = 0; version < 4; version++) write(makeKey(version), timesFrom(1_000), version);
  for (let times = 0; times < 10; times++) write(makeKey(2), timesFrom(2_000 + times), 20 + times);
  expect([0, 1, 2, 3].map((version) => read(makeKey(version), 3_000).filled)).toEqual([
    0, 1, 29, 3,
  ]);
});

const others: readonly [what: string, SignatureKey][] = [
  ["version", makeKey(2)],
  ["type", makeKey(1, 9)],
  ["key tag", makeKey(1, 1, 9)],
  ["low half of the hash", makeKey(1, 1, 2, 9)],
  ["high half of the hash", makeKey(1, 1, 2, 3, 9)],
];
for (const [what, other] of others) {
  test(`a signature for another ${what} is not found`, () => {
    const { write, read } = open();
    write(makeKey(1), timesFrom(1_000), 1);
    expect(read(other, 1_000).found).toBe("missing");
    write(other, timesFrom(1_000), 2);
    expect([read(makeKey(1), 1_000).filled, read(other, 1_000).filled]).toEqual([1, 2]);
  });
}

test("a table of 1 MiB keeps the newest of far more signatures than it has room for", () => {
  const { write, read } = open(1024 * 1024);
  const places = 2_048 * 4; // so many sets of four fit, as a power of two
  for (let version = 1; version <= 100_000; version++) {
    write(makeKey(version), timesFrom(version), version & 0xff);
  }
  let kept = 0;
  for (let version = 1; version <= 100_000; version++) {
    const { found, filled } = read(makeKey(version), 100_000);
    if (found !== "good") continue;
    expect(filled).toBe(version & 0xff);
    kept++;
  }
  expect(kept).toBeGreaterThan(places * 0.9);
  const newest = Array.from({ length: 1_000 }, (_, i) => 100_000 - i);
  const missing = newest.filter((version) => read(makeKey(version), 100_000).found === "missing");
  expect(missing).toEqual([]);
});
