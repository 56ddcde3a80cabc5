import { expect, test } from "bun:test";

import { makeDs } from "../dns/key-records.ts";
import { makeQuery } from "../dns/message.ts";
import type { Flag, Message } from "../dns/message.ts";
import { parseName } from "../dns/name.ts";
import { parseRdataText, types } from "../dns/record-types.ts";
import { classes } from "../dns/resource-record.ts";
import { parentLacks, readParentDs } from "./parent-ds.ts";

const apex = parseName("dyn.test.")!;
const ds = `DS 1 13 2 ${"AB".repeat(32)}`;
const signatureOf = (type: string) =>
  `RRSIG ${type} 13 2 7200 20300101000000 20200101000000 9 test. AAAA`;

// What was asked comes from a cache, which counts its TTL down, or from a server of the parent.
const replies: readonly (readonly [string, readonly Flag[], readonly string[], number, number])[] =
  [
    ["a cache without signatures: its TTL says little", [], [`600 ${ds}`], 1, 86_400],
    ["a cache with a signature", [], [`600 ${ds}`, `600 ${signatureOf("DS")}`], 1, 7_200],
    [
      "a cache with a signature of something else",
      [],
      [`600 ${ds}`, `600 ${signatureOf("A")}`],
      1,
      86_400,
    ],
    ["a server of the parent", ["aa"], [`600 ${ds}`], 1, 600],
    ["a TTL above a day", [], [`172800 ${ds}`], 1, 172_800],
    ["no DS", ["aa"], [], 0, 86_400],
  ];
for (const [what, flags, records, count, ttlSeconds] of replies) {
  test(`the DS of ${what} may be kept for ${ttlSeconds} seconds`, () => {
    const parent = readParentDs(replyOf(flags, records), apex);
    expect([parent.rdatas.length, parent.ttlSeconds]).toEqual([count, ttlSeconds]);
  });
}

const [one, two] = [1, 2].map((i) => Uint8Array.from([1, 1, 3, 13, ...new Uint8Array(64).fill(i)]));
const dsOfOne = makeDs(apex, one!);
const dsOfTwo = makeDs(apex, two!);
/** The same key by its SHA-384 digest, which some parents add. */
const otherDigest = Uint8Array.from([...dsOfOne.subarray(0, 3), 4, ...new Uint8Array(48)]);
const isMissing = expect.stringMatching(/^It has no DS \d+ 13 2 /);
const isLeft = expect.stringMatching(/^It still has DS \d+ 13 2 /);

const parents = [
  ["the key that is wanted", [dsOfOne], [one!], []],
  ["it, by two digests", [dsOfOne, otherDigest], [one!], []],
  ["it by another digest alone", [otherDigest], [one!], [isMissing]],
  ["the key before", [dsOfTwo], [one!], [isMissing, isLeft]],
  ["both", [dsOfTwo, dsOfOne], [one!], [isLeft]],
  ["none", [], [one!], [isMissing]],
  ["none, as is wanted", [], [], []],
  ["one, where none is wanted", [dsOfOne], [], [isLeft]],
] as const;
for (const [what, parent, wanted, lacks] of parents) {
  test(`a parent that names ${what} lacks ${lacks.length}`, () => {
    expect(parentLacks(apex, parent, wanted)).toEqual([...lacks]);
  });
}

function replyOf(flags: readonly Flag[], records: readonly string[]): Message {
  const answers = records.map((line) => {
    const [ttl, type, ...rest] = line.split(" ");
    const code = type === "DS" ? types.DS : types.RRSIG;
    const parsed = parseRdataText(code, rest.join(" "));
    if (parsed.kind === "refused") throw new Error(parsed.why);
    const { rdata } = parsed;
    return { owner: apex, type: code, class: classes.IN, ttlSeconds: Number(ttl), rdata };
  });
  return { ...makeQuery(apex, types.DS, { id: 1, flags }), answers };
}
